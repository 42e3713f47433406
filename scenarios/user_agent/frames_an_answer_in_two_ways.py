"""WEB-07, turned round: lengths that no reader may mend."""

from harness.model import Claim, Role, Safety, Severity
from harness.oracles.agents import refuses_answer
from harness.registry import scenario
from harness.stage import Stage
from simulators.origin.asking import plays
from simulators.origin.exchange import Reply
from simulators.origin.framing import AMBIGUOUS
from simulators.origin.honest import found


@scenario(
    id="WEB-103",
    verifies=["HOUSE/AGENT-TRUE-SUCCESS"],
    threats=["T-INTEG-05"],
    weakness=["CWE-444"],
    role=Role.USER_AGENT,
    needs={Claim.AGENT_SEARCH},
    severity=Severity.MEDIUM,
    twin="WEB-950",
    control="agent_mends_lengths",
    oracles=[refuses_answer()],
    budget_s=30,
    safety=Safety.NON_DESTRUCTIVE,
    bystander=False,
    vary=[{"how": name} for name in AMBIGUOUS],
)
def frames_an_answer_in_two_ways(stage: Stage) -> None:
    """An answer whose length is contradictory or no number is refused.

    A proxy ends such an answer in one place and the client in another, so that the next answer that
    the client reads is of the attacker's making. RFC 9112 6.3 has a client close the connection and
    discard the answer.

    Remedy: Take digits for a length and hexadecimal digits for a chunk size, and nothing else.
    """
    how = str(stage.case["how"])
    reply = Reply(pieces=[AMBIGUOUS[how](found(stage))], lie="framing")
    plays(stage, "search", lambda _asked: reply, how)
