"""The twin of the retrieve scenarios."""

from harness.model import Claim, Role, Safety, Severity
from harness.oracles import returns_matches, succeeds
from harness.registry import scenario
from harness.stage import Stage
from simulators.queries import associate_to_retrieve, get, store_honestly, study_keys
from simulators.requestor import Requestor


@scenario(
    id="STO-902",
    verifies=["HOUSE/HONEST-SERVICE", "PS3.4/C.4"],
    threats=["T-AVAIL-02"],
    weakness=[],
    role=Role.ACCEPTOR,
    needs={Claim.STORAGE_SCP, Claim.RETRIEVE_SCP},
    severity=Severity.MEDIUM,
    twin=None,
    control="fails_get",
    oracles=[succeeds(), returns_matches()],
    safety=Safety.STORES_OBJECTS,
    # Alone: what stores at the same time elsewhere must not decide over its negative twins.
    alone=True,
)
def returns_what_it_stored(stage: Stage) -> None:
    """An honest C-GET brings back the object that an honest C-STORE left.

    Refusing retrieval to strangers means something only where friends are served: an archive that
    returns nothing to anybody would pass every test of its access control.

    Remedy: Answer C-GET of the Study Root model on a context that takes the role of storage SCU.
    """
    thing = store_honestly(stage)
    with Requestor(stage) as peer:
        associate_to_retrieve(peer)
        get(peer, study_keys(thing.study, retrieve=True), expected=1, stimulus=True)
        peer.release()
