"""The twin of the scenarios that lie in an answer to a store request."""

from harness.model import Claim, Role, Safety, Severity
from harness.oracles.agents import takes
from harness.registry import scenario
from harness.stage import Stage
from simulators.origin.asking import plays_honestly


@scenario(
    id="WEB-952",
    verifies=["HOUSE/HONEST-SERVICE"],
    threats=["T-INTEG-05"],
    weakness=[],
    role=Role.USER_AGENT,
    needs={Claim.AGENT_STORE},
    severity=Severity.MEDIUM,
    twin=None,
    control="agent_stores_nothing",
    oracles=[takes()],
    budget_s=30,
    safety=Safety.NON_DESTRUCTIVE,
    bystander=False,
)
def takes_what_is_stored(stage: Stage) -> None:
    """An object goes out whole to a server that stores it, and that is told as success.

    What a client says of failed stores says something only where it stores with success, and where
    the object is really on its way.

    Remedy: Send the object as one part of multipart/related (PS3.18 10.5), and read the answer.
    """
    plays_honestly(stage, "store")
