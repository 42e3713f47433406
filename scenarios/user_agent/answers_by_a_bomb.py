"""WEB-08, turned round: an answer that becomes a thousand times longer."""

from harness.model import Claim, Role, Safety, Severity
from harness.oracles.agents import bounded_answer
from harness.registry import scenario
from harness.stage import Stage
from simulators.origin.asking import plays
from simulators.origin.framing import bomb


@scenario(
    id="WEB-104",
    verifies=["HOUSE/AGENT-BOUNDED", "HOUSE/BOUNDED-INFLATE"],
    threats=["T-AVAIL-08"],
    weakness=["CWE-409"],
    role=Role.USER_AGENT,
    needs={Claim.AGENT_SEARCH},
    severity=Severity.HIGH,
    twin="WEB-950",
    control="agent_expands_without_limit",
    oracles=[bounded_answer(15.0, 96 << 20)],
    budget_s=30,
    safety=Safety.NON_DESTRUCTIVE,
    alone=True,
    bystander=False,
)
def answers_by_a_bomb(stage: Stage) -> None:
    """A compressed answer is expanded within a bound.

    Fewer than two hundred kilobytes become 192 MiB in a client that expands what it gets, and in
    each of its copies again. Most libraries expand by themselves and without a bound.

    Remedy: Expand piece by piece, count, and give up at a bound; or ask for no compression.
    """
    reply = bomb(stage)
    plays(stage, "search", lambda _asked: reply, "an answer that expands without end")
