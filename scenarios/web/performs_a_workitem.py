"""WEB-903: a workitem from its creation to its end."""

from harness.model import Claim, Role, Safety, Severity
from harness.oracles.web import answers_with
from harness.registry import scenario
from harness.stage import Stage
from scenarios.web.steps import FINDS, require_web
from simulators.web.client import WebClient
from simulators.web.honest import ask_politely
from simulators.web.target import entitled
from simulators.web.workitems import COMPLETED, change, require_workitem, retrieve


@scenario(
    id="WEB-903",
    verifies=["HOUSE/HONEST-SERVICE"],
    threats=["T-INTEG-08"],
    weakness=[],
    role=Role.ACCEPTOR,
    needs=FINDS | {Claim.WEB_UPS},
    severity=Severity.MEDIUM,
    twin=None,
    control="web_ups_forgets",
    oracles=[answers_with("end")],
    budget_s=60,
    safety=Safety.STORES_OBJECTS,
)
def performs_a_workitem(stage: Stage) -> None:
    """A workitem is created, claimed and completed by whoever claimed it.

    A device that refuses every change of state also refuses those of strangers.

    Remedy: Keep the state that was acknowledged (PS3.4 CC.2.1).
    """
    require_web(stage)
    item = require_workitem(stage, claimed=True)
    ask_politely(stage, change(stage, item, COMPLETED, item.lock))
    with WebClient(stage) as client:
        request = entitled(stage, retrieve(stage, item))
        client.ask(request, stimulus=True, marks={"end": COMPLETED.encode()})
