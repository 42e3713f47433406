"""REV-005: the password from the manual."""

from harness.model import Question, Severity
from harness.stage import Stage
from scenarios.review import inspection


@inspection(
    id="REV-005",
    verifies=["HOUSE/NO-DEFAULT-PASSWORDS", "IEC62443-4-2/CR-1.5", "MDS2/PAUT-5", "MDS2/SGUD-3"],
    threats=["T-IMPERS-40", "T-IMPERS-41"],
    weakness=["CWE-1392", "CWE-798"],
    severity=Severity.CRITICAL,
    question=Question(
        ask=(
            "Was the password of every account changed at installation, those of service, "
            "database and boot loader too?"
        ),
        look="Go through the list of accounts in the manual; try the shipped password of each.",
        attach="The list of accounts with the date of the change; never a password.",
        who="IT security",
    ),
)
def has_no_default_passwords(stage: Stage) -> None:
    """No account of the installed device keeps the password that it was shipped with.

    Passwords of manuals and service notes are on lists that every scanner tries. One account that
    was forgotten, of the service, of the database or of the boot loader, is enough for everything
    else.

    Remedy: Force a change of every password at installation, list all accounts, and do without
    fixed ones.
    """
    stage.ask()
