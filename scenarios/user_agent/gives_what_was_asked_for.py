"""The twin of the scenarios that lie in an answer to a retrieval."""

from harness.model import Claim, Role, Safety, Severity
from harness.oracles.agents import plants_nothing_outside, takes
from harness.registry import scenario
from harness.stage import Stage
from simulators.origin.asking import plays_honestly


@scenario(
    id="WEB-951",
    verifies=["HOUSE/HONEST-SERVICE"],
    threats=["T-INTEG-05"],
    weakness=[],
    role=Role.USER_AGENT,
    needs={Claim.AGENT_RETRIEVE},
    severity=Severity.MEDIUM,
    twin=None,
    control="agent_forgets_to_write",
    oracles=[takes(), plants_nothing_outside()],
    budget_s=30,
    safety=Safety.NON_DESTRUCTIVE,
    bystander=False,
)
def gives_what_was_asked_for(stage: Stage) -> None:
    """An instance that was asked for is taken, and lies where it should.

    A client that takes no answer is safe from all of them and of no use; what it refuses of a
    hostile server says something only where it takes the honest one.

    Remedy: Take multipart/related with one part of application/dicom (PS3.18 10.4), and write it.
    """
    plays_honestly(stage, "retrieve")
