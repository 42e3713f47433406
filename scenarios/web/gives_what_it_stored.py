"""WEB-901: an honest STOW-RS, then an honest WADO-RS."""

from harness.model import Role, Safety, Severity
from harness.oracles.web import answers_with
from harness.registry import scenario
from harness.stage import Stage
from scenarios.web.steps import GIVES
from simulators.web.client import WebClient
from simulators.web.honest import store_by_web, wado
from simulators.web.target import entitled


@scenario(
    id="WEB-901",
    verifies=["HOUSE/HONEST-SERVICE"],
    threats=["T-INTEG-08"],
    weakness=[],
    role=Role.ACCEPTOR,
    needs=GIVES,
    severity=Severity.MEDIUM,
    twin=None,
    control="web_stow_says_success",
    oracles=[answers_with("pixels", "instance")],
    budget_s=30,
    safety=Safety.STORES_OBJECTS,
)
def gives_what_it_stored(stage: Stage) -> None:
    """An object that was stored by STOW-RS is given back by WADO-RS with its pixels.

    The twin of whatever asks for objects: who gives nothing to anybody has refused nothing.

    Remedy: Serve stored instances as they are to clients that accept any transfer syntax.
    """
    thing = store_by_web(stage)
    marks = {"pixels": bytes(range(256)), "instance": thing.sop_instance.encode()}
    with WebClient(stage) as client:
        client.ask(entitled(stage, wado(stage, thing)), stimulus=True, marks=marks)
