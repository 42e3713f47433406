"""WEB-17: the end of a workitem that another performs."""

from harness.model import Claim, Role, Safety, Severity
from harness.oracles.web import turns_away
from harness.oracles.web_service import changes_nothing
from harness.registry import scenario
from harness.stage import Stage
from scenarios.web.steps import FINDS, require_web
from simulators.web.client import WebClient
from simulators.web.target import entitled
from simulators.web.workitems import (
    COMPLETED,
    IN_PROGRESS,
    change,
    require_workitem,
    stranger_of,
    witness_state,
)


@scenario(
    id="WEB-017",
    verifies=["HOUSE/WEB-WORKITEM-LOCK", "HOUSE/NO-EFFECT"],
    threats=["T-INTEG-20"],
    weakness=["CWE-862"],
    role=Role.ACCEPTOR,
    needs=FINDS | {Claim.WEB_UPS},
    severity=Severity.HIGH,
    twin="WEB-903",
    control="web_ups_ignores_lock",
    oracles=[turns_away(400, 409), changes_nothing()],
    budget_s=60,
    safety=Safety.STORES_OBJECTS,
)
def ends_the_work_of_another(stage: Stage) -> None:
    """A workitem in progress ends only for whoever shows its Transaction UID.

    The Transaction UID is the only key to a workitem. A server that does not compare it lets
    everybody declare an examination done, which nobody then does.

    Remedy: Compare the Transaction UID before any change of state (PS3.4 CC.2.1), and answer 400 or
    409.
    """
    require_web(stage)
    item = require_workitem(stage, claimed=True)
    for state in (COMPLETED, "CANCELED"):
        for lock in (None, "", stranger_of(stage), f"{item.lock}.1"):
            with WebClient(stage) as client:
                request = entitled(stage, change(stage, item, state, lock))
                client.ask(request, what=f"{state} with lock {lock!r:.40}", lie=["body"])
    witness_state(stage, item, IN_PROGRESS)
