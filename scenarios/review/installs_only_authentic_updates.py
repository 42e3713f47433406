"""REV-002: an update from somebody else."""

from harness.model import Question, Severity
from harness.stage import Stage
from scenarios.review import inspection


@inspection(
    id="REV-002",
    verifies=["HOUSE/AUTHENTIC-UPDATE", "IEC62443-4-2/CR-3.10-RE1"],
    threats=["T-INTEG-40"],
    weakness=["CWE-494", "CWE-347"],
    severity=Severity.CRITICAL,
    question=Question(
        ask=(
            "Does the device refuse an update that was altered, and one started by somebody "
            "without the right?"
        ),
        look=(
            "Change one byte of an update package and try to install it; try to install the "
            "honest one as a user without the right."
        ),
        attach="The message of the refused update, or the log of it.",
        who="clinical engineering, with the manufacturer's service",
    ),
)
def installs_only_authentic_updates(stage: Stage) -> None:
    """An altered update is refused, and an honest one is installed by authorised staff only.

    An update replaces everything that the device is. Whoever can alter it on its way, on a stick or
    on a server, owns the device from then on. A good device verifies a signature of its maker
    before anything is installed, and asks who installs.

    Remedy: Sign updates, verify the signature on the device before anything is written, and ask for
    authorisation.
    """
    stage.ask()
