"""REV-009: nobody can log in, and the patient is on the table."""

from harness.model import Question, Severity
from harness.stage import Stage
from scenarios.review import inspection


@inspection(
    id="REV-009",
    verifies=["HOUSE/EMERGENCY-ACCESS", "MDS2/EMRG-1"],
    threats=["T-AVAIL-42"],
    weakness=[],
    severity=Severity.HIGH,
    question=Question(
        ask="Does emergency access work while the directory cannot be reached, and is it recorded?",
        look=(
            "Cut the connection to the directory, and open an examination as a person on duty "
            "would."
        ),
        attach="The record of that access.",
        who="clinical engineering, with a clinician",
    ),
)
def gives_access_in_an_emergency(stage: Stage) -> None:
    """Clinical staff get at a patient's images in an emergency, and each such access is recorded.

    An attack on the directory or on the network locks out everybody, the staff of the emergency
    room first. A way in that is known, exercised and recorded keeps patients safe and is no back
    door.

    Remedy: Offer emergency access that works without a network, is recorded, and ends by itself.
    """
    stage.ask()
