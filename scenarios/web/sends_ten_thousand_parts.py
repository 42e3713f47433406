"""WEB-06: ten thousand parts."""

from harness.model import Role, Safety, Severity
from harness.oracles import peak_memory_below
from harness.oracles.web_service import serves_the_web
from harness.registry import scenario
from harness.stage import Stage
from scenarios.web.steps import FINDS, require_web
from simulators.web import multipart
from simulators.web.client import WebClient
from simulators.web.honest import look, stow_body
from simulators.web.target import entitled

_PARTS = 10_000


@scenario(
    id="WEB-006H",
    verifies=["HOUSE/BOUNDED-MEMORY", "HOUSE/STAYS-IN-SERVICE"],
    threats=["T-AVAIL-03"],
    weakness=["CWE-770"],
    role=Role.ACCEPTOR,
    needs=FINDS,
    severity=Severity.MEDIUM,
    twin="WEB-900",
    control="web_parts_unbounded",
    oracles=[peak_memory_below(128), serves_the_web()],
    budget_s=90,
    safety=Safety.STORES_OBJECTS,
    alone=True,
)
def sends_ten_thousand_parts(stage: Stage) -> None:
    """A body of ten thousand parts that hold nothing takes no memory for each of them.

    A part costs the client thirty octets. Whoever makes an object, a file or a thread for each
    before looking pays a thousand times that.

    Remedy: Take parts one by one as they come, and stop at the first that is no object.
    """
    require_web(stage)
    body = multipart.body([multipart.Part(content=b"")] * _PARTS)
    with WebClient(stage) as client:
        client.ask(entitled(stage, stow_body(stage, body)), lie=["body"], timeout_s=30.0)
    look(stage)
