"""REV-005: the password from the manual."""

from harness.model import Claim, Question, Role, Severity
from harness.oracles.reviews import attested
from harness.registry import scenario
from harness.stage import Stage


@scenario(
    id="REV-005",
    verifies=["HOUSE/NO-DEFAULT-PASSWORDS", "IEC62443-4-2/CR-1.5", "MDS2/PAUT-5", "MDS2/SGUD-3"],
    threats=["T-IMPERS-40", "T-IMPERS-41"],
    weakness=["CWE-1392", "CWE-798"],
    role=Role.DEVICE,
    needs={Claim.REVIEWS},
    severity=Severity.CRITICAL,
    twin=None,
    control="fails_inspection",
    oracles=[attested()],
    budget_s=1.0,
    bystander=False,
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
