"""REV-008: a record that nobody can read."""

from harness.model import Question, Severity
from harness.stage import Stage
from scenarios.review import inspection


@inspection(
    id="REV-008",
    verifies=["HOUSE/AUDIT-READABLE", "IEC62443-4-2/CR-6.1", "IHE/ITI-20"],
    threats=["T-INTEG-30", "T-CONF-40", "T-INTEG-53"],
    weakness=["CWE-778"],
    severity=Severity.MEDIUM,
    question=Question(
        ask=(
            "Can an administrator see who opened, exported and deleted a test examination, and "
            "can a common user not?"
        ),
        look=(
            "Open, export and delete a synthetic examination; look for the three events; try it "
            "as a common user."
        ),
        attach="The three records, as exported by the device; only of synthetic patients.",
        who="IT security",
    ),
)
def shows_its_audit_trail(stage: Stage) -> None:
    """An administrator can see who opened, changed, exported or deleted which examination.

    An insider who reads the record of a neighbour is found only by a trail that names person,
    patient and time, and that he cannot alter. A trail that needs the manufacturer to be read is
    not read.

    Remedy: Record these events with person, patient and time, show them to auditors, and send them
    to a repository.
    """
    stage.ask()
