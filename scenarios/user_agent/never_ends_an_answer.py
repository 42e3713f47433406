"""WEB-07, turned round: matches without end."""

from harness.model import Claim, Role, Safety, Severity
from harness.oracles.agents import bounded_answer, refuses_answer
from harness.registry import scenario
from harness.stage import Stage
from simulators.origin.asking import plays
from simulators.origin.framing import endless


@scenario(
    id="WEB-105",
    verifies=["HOUSE/AGENT-BOUNDED", "HOUSE/AGENT-IN-ORDER"],
    threats=["T-AVAIL-08", "T-AVAIL-07"],
    weakness=["CWE-770"],
    role=Role.USER_AGENT,
    needs={Claim.AGENT_SEARCH},
    severity=Severity.HIGH,
    twin="WEB-950",
    control="agent_collects_without_limit",
    oracles=[bounded_answer(45.0, 48 << 20), refuses_answer()],
    budget_s=30,
    safety=Safety.NON_DESTRUCTIVE,
    alone=True,
    bystander=False,
)
def never_ends_an_answer(stage: Stage) -> None:
    """A search answer that does not end is given up before it fills the memory.

    Nothing announces how long a chunked answer will be. We stop at 64 MiB; an attacker does not. A
    good client knows how much it can use, and leaves the rest.

    Remedy: Set a bound for the size of an answer, and close the connection there.
    """
    plays(stage, "search", lambda _asked: endless(stage), "matches without end")
