"""WEB-17: a stranger asks for the end of a workitem."""

from harness.model import Claim, Role, Safety, Severity
from harness.oracles.web import turns_away
from harness.oracles.web_service import changes_nothing
from harness.registry import scenario
from harness.stage import Stage
from scenarios.web.steps import FINDS, require_web
from simulators.web.client import WebClient
from simulators.web.target import patient_token_of, with_token
from simulators.web.workitems import (
    SCHEDULED,
    cancel,
    require_taken,
    require_workitem,
    witness_state,
)


@scenario(
    id="WEB-017F",
    verifies=["HOUSE/WEB-WORKITEM-LOCK", "HOUSE/NO-EFFECT"],
    threats=["T-INTEG-20"],
    weakness=["CWE-862"],
    role=Role.ACCEPTOR,
    needs=FINDS | {Claim.WEB_UPS, Claim.WEB_PATIENT_TOKEN},
    severity=Severity.HIGH,
    twin="WEB-903",
    control="web_ups_cancels_for_anybody",
    oracles=[turns_away(401, 403, 404), changes_nothing()],
    budget_s=60,
    safety=Safety.STORES_OBJECTS,
)
def cancels_the_work_of_another(stage: Stage) -> None:
    """Whoever is entitled to his own records cancels no workitem of another patient.

    A request to cancel needs no Transaction UID. Where it does not need a right either, a link
    that one patient was given takes the examinations of all others from the list. Before, somebody
    who may cancels another workitem: this device does it.

    Remedy: Ask for the same right as for any other change before a request to cancel is heard.
    """
    require_web(stage)
    require_taken(stage, cancel(stage, require_workitem(stage, 2)))
    item = require_workitem(stage)
    with WebClient(stage) as client:
        client.ask(with_token(cancel(stage, item), patient_token_of(stage)), stimulus=True)
    witness_state(stage, item, SCHEDULED)
