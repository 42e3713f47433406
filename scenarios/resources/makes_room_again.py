"""RES-015: room is made after the storage was full."""

from harness.model import Claim, Role, Safety, Severity
from harness.oracles import refuses_when_full, stores_again
from harness.registry import scenario
from harness.stage import Stage
from simulators.load.fullness import filled, store_again


@scenario(
    id="RES-015",
    verifies=["HOUSE/STORAGE-FULL", "HOUSE/RECOVERS"],
    threats=["T-AVAIL-09"],
    weakness=["CWE-404"],
    role=Role.ACCEPTOR,
    needs={
        Claim.ACCEPTOR,
        Claim.STORAGE_SCP,
        Claim.CONCURRENT_ASSOCIATIONS,
        Claim.STORAGE_QUOTA,
        Claim.RESTARTABLE,
    },
    severity=Severity.MEDIUM,
    twin="LOAD-900",
    control="stays_full",
    oracles=[stores_again(), refuses_when_full()],
    budget_s=120,
    safety=Safety.STORES_OBJECTS,
    alone=True,
    bystander=False,
)
def makes_room_again(stage: Stage) -> None:
    """A device whose storage was full stores again as soon as there is room.

    Whoever fills a disk once should not have taken the archive out of service until somebody
    restarts it. After our objects have been removed from the storage folder, honest objects of
    the same size must be taken.

    Remedy: Look at the free space when it is needed, not once; do not remember a full disk.
    """
    with filled(stage) as driven:
        pass
    store_again(stage, driven)
