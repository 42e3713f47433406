"""WEB-07: a Content-Length that is a promise only."""

from harness.model import Role, Severity
from harness.oracles import peak_memory_below
from harness.oracles.web_service import serves_the_web
from harness.registry import scenario
from harness.stage import Stage
from scenarios.web.steps import FINDS
from simulators.web import multipart
from simulators.web.client import WebClient
from simulators.web.honest import look
from simulators.web.request import Request
from simulators.web.target import entitled, path_of

_WATCHED_S = 3.0


@scenario(
    id="WEB-007",
    verifies=["HOUSE/BOUNDED-MEMORY"],
    threats=["T-AVAIL-03"],
    weakness=["CWE-789"],
    references=["CVE-2026-5440"],
    role=Role.ACCEPTOR,
    needs=FINDS,
    severity=Severity.HIGH,
    twin="WEB-900",
    control="web_allocates_content_length",
    oracles=[peak_memory_below(32), serves_the_web()],
    budget_s=60,
    alone=True,
)
def declares_a_gigabyte(stage: Stage) -> None:
    """A Content-Length of a gibibyte costs the server no memory before the octets come.

    A number in a header field is not paid for. Two octets of body follow, and silence.

    Remedy: Refuse what exceeds the limit at once (413); let buffers grow with what has come.
    """
    request = Request(
        method="POST",
        target=path_of(stage, "studies"),
        headers=(("Content-Type", multipart.content_type()),),
        length=str(1 << 30),
        body=b"--",
    )
    with WebClient(stage) as client:
        client.put(entitled(stage, request), what="1 GiB declared", lie=["Content-Length"])
        look(stage)
        client.conclude_answer("1 GiB declared", timeout_s=_WATCHED_S)
