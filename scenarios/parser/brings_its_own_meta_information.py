"""PAR-11: elements of groups 0000 and 0002, and untrue group lengths, in a data set."""

from harness.model import Claim, Role, Safety, Severity
from harness.oracles import keeps_what_it_acknowledges, reacts, shows_true_identity
from harness.registry import scenario
from harness.stage import Stage
from simulators.datasets.placement import FOREIGN_GROUPS
from simulators.readback import offer_and_look_back


@scenario(
    id="PAR-011",
    verifies=[
        "HOUSE/ONE-READING",
        "HOUSE/NOTHING-LOST",
        "HOUSE/STAYS-IN-SERVICE",
        "PS3.5/7.2",
        "PS3.10/7.1",
    ],
    threats=["T-INTEG-07", "T-INTEG-01"],
    weakness=["CWE-436"],
    role=Role.ACCEPTOR,
    needs={Claim.STORAGE_SCP},
    severity=Severity.HIGH,
    twin="PAR-910",
    control="lets_data_set_override_meta",
    oracles=[reacts(prefers_refusal=True), shows_true_identity(), keeps_what_it_acknowledges()],
    safety=Safety.STORES_OBJECTS,
    vary=[{"element": name} for name in FOREIGN_GROUPS],
)
def brings_its_own_meta_information(stage: Stage) -> None:
    """Elements of the command or of the file meta information in a data set change nothing.

    Written behind the real file meta information, such elements look like a part of it. A device
    that lets them replace the transfer syntax or the UID turns a stored image into one that nobody
    can read, or into another one. Group lengths were retired because they are so often wrong, and
    whoever jumps by them lands anywhere. A good device refuses the object, drops the elements, or
    keeps them without heeding them.

    Remedy: Take the meta information from the association alone, and ignore the lengths of groups.
    """
    offer_and_look_back(stage, FOREIGN_GROUPS[str(stage.case["element"])])
