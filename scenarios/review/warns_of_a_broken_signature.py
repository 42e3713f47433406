"""REV-001: a signature that nobody checks for the reader."""

from harness.model import Question, Severity
from harness.stage import Stage
from scenarios.review import inspection


@inspection(
    id="REV-001",
    verifies=["HOUSE/SHOWS-BROKEN-SIGNATURE"],
    threats=["T-INTEG-21", "T-INTEG-60"],
    weakness=["CWE-347", "CWE-451"],
    severity=Severity.HIGH,
    question=Question(
        ask=(
            "Does the viewer warn its user when the digital signature of an object does not verify?"
        ),
        look=(
            "Store an object with a digital signature, change one pixel of the stored copy, and "
            "open it in the viewer."
        ),
        attach="A screenshot of the viewer with the altered object.",
        who="clinical engineering",
    ),
)
def warns_of_a_broken_signature(stage: Stage) -> None:
    """A viewer warns its user of an object whose digital signature does not verify.

    Whoever reaches the storage alters an image and leaves the signature as it was. A viewer that
    shows such an image like any other makes the signature worthless: the reader relies on what was
    altered. A good viewer says so on the image, and the warning cannot be overlooked.

    Remedy: Verify digital signatures when an object is opened, and show the result on the image
    itself.
    """
    stage.ask()
