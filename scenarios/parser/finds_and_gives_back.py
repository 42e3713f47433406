"""The twin of the scenarios that nothing but query and retrieve can judge."""

from harness.model import Claim, Role, Safety, Severity
from harness.oracles import keeps_what_it_acknowledges, shows_true_identity, succeeds
from harness.registry import scenario
from harness.stage import Stage
from simulators.datasets import honest
from simulators.readback import offer_and_look_back


@scenario(
    id="PAR-911",
    verifies=["HOUSE/HONEST-SERVICE", "HOUSE/NOTHING-LOST", "PS3.4/C.4"],
    threats=["T-INTEG-01"],
    weakness=[],
    role=Role.ACCEPTOR,
    needs={Claim.STORAGE_SCP, Claim.QUERY_SCP, Claim.RETRIEVE_SCP},
    severity=Severity.MEDIUM,
    twin=None,
    control="fails_get",
    oracles=[succeeds(), shows_true_identity(), keeps_what_it_acknowledges()],
    safety=Safety.STORES_OBJECTS,
    # Alone: what stores at the same time elsewhere must not decide over its negative twins.
    alone=True,
)
def finds_and_gives_back(stage: Stage) -> None:
    """An honest object is found under its patient, and given back whole.

    What an archive lists and gives back of a hostile object means something only where it lists an
    honest one truly, and gives it back with every element that makes it an image of a patient.

    Remedy: Let queries and retrieves see an object as soon as its C-STORE is answered.
    """
    offer_and_look_back(stage, honest)
