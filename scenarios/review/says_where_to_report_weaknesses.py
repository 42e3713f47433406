"""REV-006: a finder whom nobody answers."""

from harness.model import Question, Severity
from harness.stage import Stage
from scenarios.review import inspection


@inspection(
    id="REV-006",
    verifies=["HOUSE/VULNERABILITY-CONTACT", "MDS2/CSUP-11"],
    threats=["T-INTEG-41", "T-AVAIL-61"],
    weakness=["CWE-1059"],
    severity=Severity.MEDIUM,
    question=Question(
        ask=(
            "Is there a published address for reports of weaknesses, with times for an answer, "
            "and do advisories reach you?"
        ),
        look=(
            "Find the policy without the help of the manufacturer; look for advisories on this "
            "product."
        ),
        attach="The policy, and an advisory as an example.",
        who="IT security",
    ),
)
def says_where_to_report_weaknesses(stage: Stage) -> None:
    """The manufacturer takes reports of weaknesses, and tells customers of remedies in stated time.

    Whoever finds a weakness and is heard by nobody publishes it, or sells it. A policy with an
    address, a first answer in stated time and advisories for customers let the good side be first.

    Remedy: Publish a policy for coordinated disclosure with an address that is read, and send
    advisories.
    """
    stage.ask()
