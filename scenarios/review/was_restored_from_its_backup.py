"""REV-010: a backup that nobody has ever tried."""

from harness.model import Question, Severity
from harness.stage import Stage
from scenarios.review import inspection


@inspection(
    id="REV-010",
    verifies=[
        "HOUSE/RESTORE-EXERCISED",
        "IEC62443-4-2/CR-7.3",
        "IEC62443-4-2/CR-7.4",
        "MDS2/DTBK-5",
    ],
    threats=["T-AVAIL-40"],
    weakness=[],
    severity=Severity.HIGH,
    question=Question(
        ask=(
            "Was a restore exercised in the last twelve months, from a copy that an intruder on "
            "the network cannot overwrite?"
        ),
        look=(
            "Read the protocol of the exercise: what was restored, how long it took, what was "
            "missing."
        ),
        attach="The protocol of the exercise.",
        who="IT operations",
    ),
)
def was_restored_from_its_backup(stage: Stage) -> None:
    """The device was restored from its backup in the last twelve months.

    Ransomware looks for backups first, and a backup that was never restored is a hope. What counts
    is a restore that was exercised, complete, and quick enough for a department to bear.

    Remedy: Keep a copy offline or unchangeable, restore it once a year on a spare device, and
    measure the time.
    """
    stage.ask()
