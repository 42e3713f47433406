"""The twin of the scenarios that lie in an answer to a search."""

from harness.model import Claim, Role, Safety, Severity
from harness.oracles.agents import plants_nothing_outside, prints_no_commands, takes
from harness.registry import scenario
from harness.stage import Stage
from simulators.origin.asking import plays_honestly


@scenario(
    id="WEB-950",
    verifies=["HOUSE/HONEST-SERVICE", "HOUSE/AGENT-INSIDE"],
    threats=["T-AVAIL-06"],
    weakness=[],
    role=Role.USER_AGENT,
    needs={Claim.AGENT_SEARCH},
    severity=Severity.MEDIUM,
    twin=None,
    control="agent_leaves_traces",
    oracles=[takes(), plants_nothing_outside(), prints_no_commands()],
    budget_s=30,
    safety=Safety.NON_DESTRUCTIVE,
    bystander=False,
)
def answers_an_honest_search(stage: Stage) -> None:
    """An honest search answer is taken.

    A client that takes no answer is safe from all of them and of no use; what it refuses of a
    hostile server says something only where it takes the honest one.

    Remedy: Take DICOM JSON (PS3.18 F), and end with the documented code.
    """
    plays_honestly(stage, "search")
