"""STO-07: several objects with the same SOP Instance UID come at the same time."""

from harness.model import Claim, Role, Safety, Severity
from harness.oracles import keeps_one_of_them
from harness.registry import scenario
from harness.stage import Stage
from simulators.custody import Custody
from simulators.simultaneous import SIDE, several, store_together


@scenario(
    id="STO-007",
    verifies=["HOUSE/NO-SILENT-REPLACEMENT", "HOUSE/NOTHING-LOST", "PS3.4/B.2.3"],
    threats=["T-INTEG-01", "T-INTEG-08"],
    weakness=["CWE-362"],
    references=["DCMTK-62602e11f", "DCMTK-8036ce889", "pydicom-fileinstance"],
    role=Role.ACCEPTOR,
    needs={Claim.STORAGE_SCP, Claim.CONCURRENT_ASSOCIATIONS},
    severity=Severity.HIGH,
    twin="STO-911",
    control="mixes_parallel_stores",
    oracles=[keeps_one_of_them()],
    safety=Safety.STORES_OBJECTS,
    alone=True,
)
def stores_one_uid_on_many_associations(stage: Stage) -> None:
    """Of several objects with one UID that come at the same time exactly one is kept, and whole.

    A modality that tries again before its first attempt was given up, or somebody who wants it so,
    sends one UID twice at a time. Where both write to one file, the header of one image stands
    over the pixels of another, and nobody can tell. Eight associations send eight different objects
    of one name, fragment by fragment in turn; what is there afterwards must be one of them.

    Remedy: Write each arrival to a file of its own, made exclusively; rename it under a lock.
    """
    custody, things = Custody(stage), several(stage, alike=True)
    taken = store_together(stage, things)
    custody.look(things[0].study, least=min(taken, 1), side=SIDE)
