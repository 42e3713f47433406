"""AUT-01 for Retrieve: an AE title that nobody has configured."""

from harness.model import Claim, Role, Safety, Severity
from harness.oracles import not_served
from harness.registry import scenario
from harness.stage import Stage
from simulators.queries import RETRIEVE, TAKES_OBJECTS, get, store_honestly, study_keys
from simulators.requestor import Requestor
from simulators.uninvited import is_let_in, stranger


@scenario(
    id="AUT-001D",
    verifies=["HOUSE/AE-ALLOW-LIST", "PS3.8/9.3.4/CALLING", "PS3.7/C.5/0124"],
    threats=["T-CONF-03", "T-IMPERS-01"],
    weakness=["CWE-306"],
    references=["Orthanc-default-store", "Aplite-2023"],
    role=Role.ACCEPTOR,
    needs={Claim.STORAGE_SCP, Claim.RETRIEVE_SCP, Claim.CHECKS_CALLING_AE},
    severity=Severity.CRITICAL,
    twin="STO-902",
    control="unknown_ae_may_query",
    oracles=[not_served(source=1, reason=3)],
    safety=Safety.STORES_OBJECTS,
)
def gives_objects_to_friends_only(stage: Stage) -> None:
    """A C-GET from an unknown AE title brings back no object.

    C-GET needs no listener and no destination: whoever is let in takes the images with him on the
    same connection. A good device rejects the association of a stranger, or refuses him the
    retrieve context, or answers that there is nothing.

    Remedy: Reject associations from unlisted AE titles, or refuse them the retrieve contexts.
    """
    thing = store_honestly(stage)
    with Requestor(stage, calling=stranger(stage)) as attacker:
        if is_let_in(attacker, RETRIEVE, lie="calling", user_items=(TAKES_OBJECTS,)):
            get(attacker, study_keys(thing.study, retrieve=True))
