"""REV-009: nobody can log in, and the patient is on the table."""

from harness.model import Claim, Question, Role, Severity
from harness.oracles.reviews import attested
from harness.registry import scenario
from harness.stage import Stage


@scenario(
    id="REV-009",
    verifies=["HOUSE/EMERGENCY-ACCESS", "MDS2/EMRG-1"],
    threats=["T-AVAIL-42"],
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
