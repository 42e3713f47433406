"""INT-08, second part: the object was stored, and then its file was lost."""

from harness.model import Claim, Role, Safety, Severity
from harness.oracles import commits_nothing_else
from harness.registry import scenario
from harness.stage import Stage
from simulators.integrity import delete
from simulators.objects import uid
from simulators.promises import commit, witness_report
from simulators.queries import store_honestly


@scenario(
    id="INT-008B",
    verifies=["PS3.4/J.3", "HOUSE/COMMITS-WHAT-IT-HAS"],
    threats=["T-INTEG-08", "T-INTEG-21"],
    weakness=["CWE-345"],
    role=Role.ACCEPTOR,
    needs={
        Claim.STORAGE_SCP,
        Claim.STORAGE_COMMITMENT_SCP,
        Claim.RESTARTABLE,
        Claim.CHECKS_STORED,
    },
    severity=Severity.HIGH,
    twin="INT-905",
    control="commits_without_looking",
    oracles=[commits_nothing_else(0x0112)],
    safety=Safety.STORES_OBJECTS,
)
def commits_only_what_is_still_there(stage: Stage) -> None:
    """Storage commitment is refused for an object whose file is no longer there.

    Databases outlive disks: the entry of an object is still there when its file was deleted, lost
    with a volume, or never moved along. A commitment from the entry alone makes the modality
    delete the last copy. The file of one object is removed from the storage folder here.

    Remedy: Open the file of each object before it is committed; report it as failed (0112H).
    """
    stored = store_honestly(stage)
    known = (stored.sop_class, stored.sop_instance)
    stage.require(delete(stage, stored), "no file of the object was found in the storage folder")
    report = commit(stage, [known], uid(stage, 9))
    witness_report(stage, report, known=[], unknown=[known])
