"""WEB-17: the Transaction UID of another."""

from harness.model import Claim, Role, Safety, Severity
from harness.oracles.web import gives_away_nothing
from harness.registry import scenario
from harness.stage import Stage
from scenarios.web.steps import FINDS, require_web
from simulators.web.client import WebClient
from simulators.web.target import entitled
from simulators.web.workitems import require_workitem, retrieve


@scenario(
    id="WEB-017C",
    verifies=["HOUSE/WEB-WORKITEM-LOCK"],
    threats=["T-INTEG-20"],
    weakness=["CWE-200"],
    role=Role.ACCEPTOR,
    needs=FINDS | {Claim.WEB_UPS},
    severity=Severity.HIGH,
    twin="WEB-903",
    control="web_ups_tells_lock",
    oracles=[gives_away_nothing("the Transaction UID of the performer is told")],
    budget_s=60,
    safety=Safety.STORES_OBJECTS,
)
def reads_the_key_of_a_workitem(stage: Stage) -> None:
    """A workitem is given without the Transaction UID of its performer.

    The Transaction UID is a password in the form of a number: a server that gives it to whoever
    asks for the workitem protects nothing by it.

    Remedy: Leave it out of every answer and report (PS3.18 11.5).
    """
    require_web(stage)
    item = require_workitem(stage, claimed=True)
    with WebClient(stage) as client:
        request = entitled(stage, retrieve(stage, item))
        client.ask(request, stimulus=True, marks={"the lock": item.lock.encode()})
