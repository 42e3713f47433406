"""AUT-01 for Query: an AE title that nobody has configured."""

from harness.model import Claim, Role, Safety, Severity
from harness.oracles import not_served
from harness.registry import scenario
from harness.stage import Stage
from simulators.objects import uid
from simulators.queries import QUERY, find, store_honestly, study_keys
from simulators.requestor import Requestor
from simulators.uninvited import is_let_in, stranger


@scenario(
    id="AUT-001C",
    verifies=["HOUSE/AE-ALLOW-LIST", "PS3.8/9.3.4/CALLING", "PS3.7/C.5/0124"],
    threats=["T-CONF-03", "T-IMPERS-01"],
    weakness=["CWE-306"],
    references=["Orthanc-default-store", "Aplite-2023"],
    role=Role.ACCEPTOR,
    needs={Claim.QUERY_SCP, Claim.CHECKS_CALLING_AE},
    severity=Severity.HIGH,
    twin="DIM-900",
    control="unknown_ae_may_query",
    oracles=[not_served(source=1, reason=3)],
    safety=Safety.STORES_OBJECTS,
)
def answers_queries_of_friends_only(stage: Stage) -> None:
    """A C-FIND from an unknown AE title learns nothing.

    Thousands of archives answer queries of anybody who can reach their port, and give away names,
    birth dates and examinations of their patients. A good device rejects the association of a
    stranger; one that finds nothing for him keeps its data just as well.

    Remedy: Reject associations from unlisted AE titles, or refuse them the query contexts.
    """
    stores = Claim.STORAGE_SCP in stage.profile.claims()
    study = store_honestly(stage).study if stores else uid(stage, 2)
    with Requestor(stage, calling=stranger(stage)) as attacker:
        if is_let_in(attacker, (QUERY,), lie="calling"):
            find(attacker, study_keys(study))
