"""RES-009: objects until the storage is full."""

from harness.model import Claim, Role, Safety, Severity
from harness.oracles import loses_nothing, refuses_when_full
from harness.registry import scenario
from harness.stage import Stage
from simulators.load.fullness import filled
from simulators.load.scene import look_for


@scenario(
    id="RES-009",
    verifies=["HOUSE/STORAGE-FULL", "PS3.4/B.2.3"],
    threats=["T-AVAIL-09", "T-INTEG-08"],
    weakness=["CWE-393", "CWE-400"],
    role=Role.ACCEPTOR,
    needs={
        Claim.ACCEPTOR,
        Claim.STORAGE_SCP,
        Claim.CONCURRENT_ASSOCIATIONS,
        Claim.STORAGE_QUOTA,
        Claim.RESTARTABLE,
    },
    severity=Severity.HIGH,
    twin="LOAD-900",
    control="full_disk_says_success",
    oracles=[loses_nothing(), refuses_when_full()],
    budget_s=120,
    safety=Safety.STORES_OBJECTS,
    alone=True,
    bystander=False,
)
def fills_the_storage(stage: Stage) -> None:
    """A device whose storage is full refuses objects as out of resources, and loses none.

    A full disk is the oldest way to take an archive down, and the quietest to lose images: the
    write fails where nobody looks, and the modality is told that all is well and deletes its copy.
    Afterwards we remove our objects from the storage folder, which is why it has to be ours.

    Remedy: Check every write and the flush; answer A700H, and keep nothing of what did not fit.
    """
    with filled(stage) as driven:
        look_for(stage, driven.acknowledged)
