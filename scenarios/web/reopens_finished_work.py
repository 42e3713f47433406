"""WEB-17: a workitem that is completed, and claimed once more."""

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
    require_taken,
    require_workitem,
    stranger_of,
    witness_state,
)


@scenario(
    id="WEB-017E",
    verifies=["HOUSE/WEB-WORKITEM-LOCK", "HOUSE/NO-EFFECT"],
    threats=["T-INTEG-20"],
    weakness=["CWE-841"],
    role=Role.ACCEPTOR,
    needs=FINDS | {Claim.WEB_UPS},
    severity=Severity.MEDIUM,
    twin="WEB-903",
    control="web_ups_reopens",
    oracles=[turns_away(400, 409), changes_nothing()],
    budget_s=60,
    safety=Safety.STORES_OBJECTS,
)
def reopens_finished_work(stage: Stage) -> None:
    """A workitem that is completed is never again in progress, nor cancelled, for anybody.

    What is completed has been reported and paid for. A server that lets it be claimed again has a
    patient irradiated twice by the same order, or takes back what was done.

    Remedy: Let no state follow COMPLETED and CANCELED (PS3.4 Table CC.1.1-2), and answer 409.
    """
    require_web(stage)
    item = require_workitem(stage, claimed=True)
    require_taken(stage, change(stage, item, COMPLETED, item.lock))
    for state, lock in (
        (IN_PROGRESS, stranger_of(stage)),
        (IN_PROGRESS, item.lock),
        ("CANCELED", item.lock),
    ):
        with WebClient(stage) as client:
            request = entitled(stage, change(stage, item, state, lock))
            client.ask(request, what=f"{state} after its end, with lock {lock}", lie=["body"])
    witness_state(stage, item, COMPLETED)
