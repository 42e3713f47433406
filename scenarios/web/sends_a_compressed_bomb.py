"""WEB-08: a compressed body that is a thousand times as large."""

from harness.model import Role, Severity
from harness.oracles import peak_memory_below
from harness.oracles.web_service import serves_the_web
from harness.registry import scenario
from harness.stage import Stage
from scenarios.web.steps import FINDS
from simulators.web import multipart
from simulators.web.client import WebClient
from simulators.web.documents import gzip_zeros
from simulators.web.honest import look
from simulators.web.request import Request
from simulators.web.target import entitled, path_of

_EXPANDED = 200 << 20


@scenario(
    id="WEB-008",
    verifies=["HOUSE/BOUNDED-INFLATE", "HOUSE/BOUNDED-MEMORY"],
    threats=["T-AVAIL-03", "T-AVAIL-05"],
    weakness=["CWE-409"],
    references=["CVE-2026-5438"],
    role=Role.ACCEPTOR,
    needs=FINDS,
    severity=Severity.HIGH,
    twin="WEB-900",
    control="web_inflates_without_limit",
    oracles=[peak_memory_below(96), serves_the_web()],
    budget_s=90,
    alone=True,
)
def sends_a_compressed_bomb(stage: Stage) -> None:
    """A compressed body is expanded within a bound.

    A limit on the length of a request says nothing of what it becomes: 200 KiB of Content-Encoding
    gzip are 200 MiB of zeros, and one client can send many.

    Remedy: Count while expanding and answer 413 at the limit, or take no compressed requests (415).
    """
    opening = b"--%b\r\nContent-Type: application/dicom\r\n\r\n" % multipart.BOUNDARY.encode()
    request = Request(
        method="POST",
        target=path_of(stage, "studies"),
        headers=(("Content-Type", multipart.content_type()), ("Content-Encoding", "gzip")),
        body=gzip_zeros(opening, _EXPANDED),
    )
    with WebClient(stage) as client:
        client.ask(entitled(stage, request), lie=["body"], timeout_s=30.0)
    look(stage)
