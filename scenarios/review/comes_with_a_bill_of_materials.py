"""REV-007: components that nobody knows of."""

from harness.model import Claim, Question, Role, Severity
from harness.oracles.reviews import attested
from harness.registry import scenario
from harness.stage import Stage


@scenario(
    id="REV-007",
    verifies=[
        "HOUSE/BILL-OF-MATERIALS",
        "IEC62443-4-2/CR-7.8",
        "MDS2/SBOM-1",
        "MDS2/SBOM-2.1",
        "MDS2/SBOM-2.3",
    ],
    threats=["T-INTEG-41"],
    weakness=["CWE-1104"],
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
            "Is there a bill of materials for exactly the installed version, readable by a "
            "program, with names and versions?"
        ),
        look=(
            "Compare its version with that of the device; look for three components that you "
            "know are there."
        ),
        attach="The bill of materials.",
        who="IT security",
    ),
)
def comes_with_a_bill_of_materials(stage: Stage) -> None:
    """A bill of materials names the software components of exactly the installed version.

    When the next weakness of a common library is published, a hospital has hours to find out which
    of its devices have it. Without a list it asks every manufacturer, and waits.

    Remedy: Deliver SPDX or CycloneDX with every version, with names, versions and suppliers.
    """
    stage.ask()
