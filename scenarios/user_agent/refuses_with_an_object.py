"""An answer that says that there is nothing, with an object all the same."""

from harness.model import Claim, Role, Safety, Severity
from harness.oracles.agents import refuses_answer
from harness.registry import scenario
from harness.stage import Stage
from simulators.origin.asking import plays
from simulators.origin.bodies import refusals
from simulators.origin.exchange import Reply


@scenario(
    id="WEB-121",
    verifies=["HOUSE/AGENT-TRUE-SUCCESS"],
    threats=["T-INTEG-05"],
    weakness=["CWE-252"],
    role=Role.USER_AGENT,
    needs={Claim.AGENT_RETRIEVE},
    severity=Severity.MEDIUM,
    twin="WEB-951",
    control="agent_ignores_status",
    oracles=[refuses_answer()],
    budget_s=30,
    safety=Safety.NON_DESTRUCTIVE,
    bystander=False,
    vary=[{"status": "401"}, {"status": "404"}, {"status": "500"}, {"status": "206"}],
)
def refuses_with_an_object(stage: Stage) -> None:
    """The content of an answer that says "no", or "a part", is not taken for the object.

    Whoever can make a server, a proxy or a cache answer with an error chooses its content. A client
    that reads on after the status takes that content for what it asked for.

    Remedy: Take 200 for a whole instance, and nothing else.
    """
    status = str(stage.case["status"])
    reply = Reply(pieces=[refusals(stage)[status].framed()], lie="status")
    plays(stage, "retrieve", lambda _asked: reply, f"an object with status {status}")
