"""REV-006: a finder whom nobody answers."""

from harness.model import Claim, Question, Role, Severity
from harness.oracles.reviews import attested
from harness.registry import scenario
from harness.stage import Stage


@scenario(
    id="REV-006",
    verifies=["HOUSE/VULNERABILITY-CONTACT", "MDS2/CSUP-11"],
    threats=["T-INTEG-41", "T-AVAIL-61"],
    weakness=["CWE-1059"],
    role=Role.DEVICE,
    needs={Claim.REVIEWS},
    severity=Severity.MEDIUM,
    twin=None,
    control="fails_inspection",
    oracles=[attested()],
    budget_s=1.0,
    bystander=False,
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
