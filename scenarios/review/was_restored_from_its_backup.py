"""REV-010: a backup that nobody has ever tried."""

from harness.model import Claim, Question, Role, Severity
from harness.oracles.reviews import attested
from harness.registry import scenario
from harness.stage import Stage


@scenario(
    id="REV-010",
    verifies=[
        "HOUSE/RESTORE-EXERCISED",
        "IEC62443-4-2/CR-7.3",
        "IEC62443-4-2/CR-7.4",
        "MDS2/DTBK-5",
    ],
    threats=["T-AVAIL-40"],
    weakness=[],
    role=Role.DEVICE,
    needs={Claim.REVIEWS},
    severity=Severity.HIGH,
    twin=None,
    control="fails_inspection",
    oracles=[attested()],
    budget_s=1.0,
    bystander=False,
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
