"""The twin of the scenarios that look at what became of an object."""

from harness.model import Claim, Role, Safety, Severity
from harness.oracles import keeps_what_it_acknowledges, shows_true_identity, succeeds
from harness.registry import scenario
from harness.stage import Stage
from simulators.datasets import honest
from simulators.readback import content_of, look_back, offer
from simulators.wire import uids


@scenario(
    id="PAR-910",
    verifies=["HOUSE/HONEST-SERVICE", "HOUSE/NOTHING-LOST", "PS3.4/B.2.3"],
    threats=["T-INTEG-01"],
    weakness=[],
    role=Role.ACCEPTOR,
    needs={Claim.STORAGE_SCP},
    severity=Severity.MEDIUM,
    twin=None,
    control="fails_store",
    oracles=[succeeds(), shows_true_identity(), keeps_what_it_acknowledges()],
    safety=Safety.STORES_OBJECTS,
    # Alone: what stores at the same time elsewhere must not decide over its negative twins.
    alone=True,
)
def gives_back_what_it_stored(stage: Stage) -> None:
    """An honest object is stored, and where that is claimed, found and given back whole.

    Whether a hostile object was lost, or came under another patient, can be told only of a device
    that finds and gives back an honest one of the same class and transfer syntax.

    Remedy: Let queries and retrieves see an object as soon as its C-STORE is answered.
    """
    specimens = [
        honest(content_of(stage, number), syntax)
        for number, syntax in enumerate((uids.EXPLICIT_LE, uids.IMPLICIT_LE), 1)
    ]
    for taken, status in offer(stage, specimens):
        look_back(stage, taken, status)
