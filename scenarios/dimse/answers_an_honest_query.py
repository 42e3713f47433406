"""The twin of the query scenarios."""

from harness.model import Claim, Role, Safety, Severity
from harness.oracles import returns_matches, succeeds
from harness.registry import scenario
from harness.stage import Stage
from simulators.objects import uid
from simulators.queries import QUERY, find, store_honestly, study_keys
from simulators.requestor import Requestor


@scenario(
    id="DIM-900",
    verifies=["HOUSE/HONEST-SERVICE", "PS3.4/C.4"],
    threats=["T-AVAIL-02"],
    weakness=[],
    role=Role.ACCEPTOR,
    needs={Claim.QUERY_SCP},
    severity=Severity.MEDIUM,
    twin=None,
    control="fails_find",
    oracles=[succeeds(), returns_matches()],
    safety=Safety.STORES_OBJECTS,
    # Alone: what stores at the same time elsewhere must not decide over its negative twins.
    alone=True,
)
def answers_an_honest_query(stage: Stage) -> None:
    """An honest C-FIND ends with success and finds the study that was stored.

    A query service that fails for everybody leaks nothing to anybody. A refusal counts only when
    an honest peer gets its answer; a device that claims storage as well must also find what an
    honest peer has just stored.

    Remedy: Answer C-FIND of the Study Root model by pending matches and a final success.
    """
    stores = Claim.STORAGE_SCP in stage.profile.claims()
    study = store_honestly(stage).study if stores else uid(stage, 2)
    with Requestor(stage) as peer:
        peer.associate((QUERY,))
        find(peer, study_keys(study), expected=int(stores), stimulus=True)
        peer.release()
