"""WEB-07: chunk after chunk."""

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

_PIECE = 1 << 20
_PIECES = 128


@scenario(
    id="WEB-007B",
    verifies=["HOUSE/BOUNDED-MEMORY", "HOUSE/WEB-BOUNDED"],
    threats=["T-AVAIL-03"],
    weakness=["CWE-770"],
    role=Role.ACCEPTOR,
    needs=FINDS,
    severity=Severity.HIGH,
    twin="WEB-900",
    control="web_body_unbounded",
    oracles=[peak_memory_below(96), serves_the_web()],
    budget_s=90,
    alone=True,
)
def sends_a_body_without_end(stage: Stage) -> None:
    """A chunked body that does not end is given up before it fills the memory.

    Chunks announce no total, so that a limit on Content-Length never sees them. The body is the
    header of one part and zeros, 128 MiB of them.

    Remedy: Count what has come and answer 413 at the limit; write large parts to the disk.
    """
    opening = b"--%b\r\nContent-Type: application/dicom\r\n\r\n" % multipart.BOUNDARY.encode()
    request = Request(
        method="POST",
        target=path_of(stage, "studies"),
        headers=(("Content-Type", multipart.content_type()),),
        chunks=b"%x\r\n%b\r\n" % (len(opening), opening),
    )
    piece = b"%x\r\n%b\r\n" % (_PIECE, bytes(_PIECE))
    with WebClient(stage) as client:
        client.put(entitled(stage, request), what="an endless body", stimulus=True)
        client.pour(piece, _PIECES)
        client.conclude_answer("an endless body")
    look(stage)
