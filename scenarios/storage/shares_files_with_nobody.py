"""STO-12: permissions of what was stored."""

from harness.model import Claim, Role, Safety, Severity
from harness.oracles import opens_nothing_to_others
from harness.registry import scenario
from harness.stage import Stage
from simulators.marking import marked, offer
from simulators.modes import tell_modes
from simulators.storage_folder import storage_folder


@scenario(
    id="STO-012",
    verifies=["HOUSE/FILE-MODES"],
    threats=["T-CONF-04", "T-INTEG-02"],
    weakness=["CWE-276", "CWE-732"],
    references=["pydicom-fileinstance"],
    role=Role.ACCEPTOR,
    needs={Claim.STORAGE_SCP, Claim.STORAGE_FOLDER},
    severity=Severity.MEDIUM,
    twin="STO-910",
    control="world_writable_files",
    oracles=[opens_nothing_to_others()],
    safety=Safety.STORES_OBJECTS,
    alone=True,
)
def shares_files_with_nobody(stage: Stage) -> None:
    """What a device stores is open to no other user of its machine beyond the umask.

    Every program on an archive's machine runs as some user. An image that all of them may write is
    an image that any of them may alter, and no association was needed. The umask of whoever starts
    the device says what others may have at most; a device that widens it decided so itself.

    Remedy: Create files with mode 0600 and folders with 0700, and widen by configuration only.
    """
    folder = storage_folder(stage)
    stage.require(folder, "the storage folder is not known")
    assert folder is not None
    offer(stage, marked(stage, 1), actor="attacker", stimulus=True)
    tell_modes(stage, folder)
