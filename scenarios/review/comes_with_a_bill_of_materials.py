"""REV-007: components that nobody knows of."""

from harness.model import Question, Severity
from harness.stage import Stage
from scenarios.review import inspection


@inspection(
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
    severity=Severity.MEDIUM,
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
