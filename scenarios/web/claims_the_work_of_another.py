"""WEB-17: a workitem is claimed twice."""

from harness.model import Claim, Role, Safety, Severity
from harness.oracles.web import turns_away
from harness.oracles.web_service import changes_nothing
from harness.registry import scenario
from harness.stage import Stage
from scenarios.web.steps import FINDS, require_web
from simulators.web.client import WebClient
from simulators.web.honest import ask_politely
from simulators.web.target import entitled
from simulators.web.workitems import (
    COMPLETED,
    IN_PROGRESS,
    change,
    require_workitem,
    state_of,
    stranger_of,
)


@scenario(
    id="WEB-017B",
    verifies=["HOUSE/WEB-WORKITEM-LOCK", "HOUSE/NO-EFFECT"],
    threats=["T-INTEG-20"],
    weakness=["CWE-362"],
    role=Role.ACCEPTOR,
    needs=FINDS | {Claim.WEB_UPS},
    severity=Severity.HIGH,
    twin="WEB-903",
    control="web_ups_claims_again",
    oracles=[turns_away(400, 409), changes_nothing()],
    budget_s=60,
    safety=Safety.STORES_OBJECTS,
)
def claims_the_work_of_another(stage: Stage) -> None:
    """A workitem that somebody performs is not given to a second performer.

    Two modalities that both believe to perform a step irradiate a patient twice; and the first of
    them can no longer end what it began.

    Remedy: Let a workitem be claimed from SCHEDULED only (PS3.4 Table CC.1.1-2), in one step with
    the lock.
    """
    require_web(stage)
    item = require_workitem(stage, claimed=True)
    with WebClient(stage) as client:
        request = entitled(stage, change(stage, item, IN_PROGRESS, stranger_of(stage)))
        client.ask(request, lie=["body"])
    ask_politely(stage, change(stage, item, COMPLETED, item.lock))
    kept = state_of(stage, item) == COMPLETED
    stage.observe("effect", "polite", what="whose the workitem is", changed=not kept)
