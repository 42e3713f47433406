"""The twin of the storage scenarios."""

from harness.model import Claim, Role, Safety, Severity
from harness.oracles import succeeds
from harness.registry import scenario
from harness.stage import Stage
from simulators.objects import synthetic_object
from simulators.queries import STORAGE
from simulators.requestor import Requestor


@scenario(
    id="STO-900",
    verifies=["HOUSE/HONEST-SERVICE", "PS3.4/B.2.3"],
    threats=["T-AVAIL-02"],
    weakness=[],
    role=Role.ACCEPTOR,
    needs={Claim.STORAGE_SCP},
    severity=Severity.MEDIUM,
    twin=None,
    control="fails_store",
    oracles=[succeeds()],
    safety=Safety.STORES_OBJECTS,
    # Alone: what stores at the same time elsewhere must not decide over its negative twins.
    alone=True,
)
def stores_an_honest_object(stage: Stage) -> None:
    """An honest C-STORE of a conforming object is answered with success.

    A storage that turns away every object also turns away every hostile one; only a device that
    takes honest images can be called secure for the ones that it refuses.

    Remedy: Accept Secondary Capture Image Storage from peers that the configuration permits.
    """
    with Requestor(stage) as peer:
        peer.associate((STORAGE,))
        thing = synthetic_object(stage, transfer_syntax=peer.contexts[STORAGE.id])
        peer.store(thing, stimulus=True)
        peer.release()
