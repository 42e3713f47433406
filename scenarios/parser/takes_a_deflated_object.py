"""The twin of the deflate scenarios."""

from harness.model import Claim, Role, Safety, Severity
from harness.oracles import succeeds
from harness.registry import scenario
from harness.stage import Stage
from simulators import hostile
from simulators.queries import DEFLATED_STORAGE
from simulators.requestor import Requestor


@scenario(
    id="PAR-901",
    verifies=["HOUSE/HONEST-SERVICE", "PS3.4/B.2.3", "PS3.5/A.5"],
    threats=["T-AVAIL-05"],
    weakness=[],
    role=Role.ACCEPTOR,
    needs={Claim.STORAGE_SCP, Claim.DEFLATED},
    severity=Severity.MEDIUM,
    twin=None,
    control="refuses_deflated",
    oracles=[succeeds()],
    safety=Safety.STORES_OBJECTS,
    # Alone: what stores at the same time elsewhere must not decide over its negative twins.
    alone=True,
)
def takes_a_deflated_object(stage: Stage) -> None:
    """An honest object of the deflated transfer syntax is stored with success.

    A device that claims Deflated Explicit VR Little Endian but refuses every such object would
    withstand every deflate bomb, and prove nothing by it.

    Remedy: Accept the deflated transfer syntax only where its objects are really taken.
    """
    with Requestor(stage) as peer:
        peer.associate((DEFLATED_STORAGE,))
        thing = hostile.as_object(hostile.elements(stage), peer.contexts[DEFLATED_STORAGE.id])
        peer.store(thing, stimulus=True)
        peer.release()
