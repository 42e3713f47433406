"""PAR-12: tags that stand twice, or out of order."""

from harness.model import Claim, Role, Safety, Severity
from harness.oracles import keeps_what_it_acknowledges, reacts, shows_true_identity
from harness.registry import scenario
from harness.stage import Stage
from simulators.datasets.placement import DISORDER
from simulators.readback import offer_and_look_back


@scenario(
    id="PAR-012",
    verifies=["HOUSE/ONE-READING", "HOUSE/NOTHING-LOST", "HOUSE/STAYS-IN-SERVICE", "PS3.5/7.1"],
    threats=["T-INTEG-07", "T-INTEG-01"],
    weakness=["CWE-436", "CWE-694"],
    role=Role.ACCEPTOR,
    needs={Claim.STORAGE_SCP, Claim.QUERY_SCP, Claim.RETRIEVE_SCP},
    severity=Severity.HIGH,
    twin="PAR-911",
    control="last_duplicate_wins",
    oracles=[reacts(prefers_refusal=True), shows_true_identity(), keeps_what_it_acknowledges()],
    safety=Safety.STORES_OBJECTS,
    vary=[{"disorder": name} for name in DISORDER],
)
def repeats_and_disorders_tags(stage: Stage) -> None:
    """An object that names two patients is not shown as one's and given back as the other's.

    The standard lets an element stand once, and in its order, and says nothing on those who break
    that. Where an index takes the last value and the stored object keeps the first, the list of the
    archive and the screen of the viewer show two patients for one image. A good device answers a
    failure status; one that takes such an object does so in one way throughout.

    Remedy: Refuse tags that repeat or descend, or mend the data set once, before anything else
    reads it.
    """
    offer_and_look_back(stage, DISORDER[str(stage.case["disorder"])])
