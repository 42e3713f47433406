"""REV-003: an update that fails half-way."""

from harness.model import Question, Severity
from harness.stage import Stage
from scenarios.review import inspection


@inspection(
    id="REV-003",
    verifies=["HOUSE/UPDATE-UNDONE", "IEC62443-4-2/CR-3.10"],
    threats=["T-INTEG-40", "T-AVAIL-40"],
    weakness=["CWE-1329"],
    severity=Severity.HIGH,
    question=Question(
        ask=(
            "Does the device work again after an interrupted update, and is a way back to an "
            "older version recorded or refused?"
        ),
        look=(
            "Interrupt an update, by cutting the power if that is permitted; then try to "
            "install an older version."
        ),
        attach="Log of the update and of the way back.",
        who="clinical engineering, with the manufacturer's service",
    ),
)
def goes_back_from_a_failed_update(stage: Stage) -> None:
    """A failed update leaves a device that works, and going back to an old version is noticed.

    A device that is out of service after an interrupted update is not updated again soon. The
    opposite is as bad: whoever can put an old version back opens every hole that was mended since.

    Remedy: Keep the version that works until the new one has started, and record or refuse each way
    back.
    """
    stage.ask()
