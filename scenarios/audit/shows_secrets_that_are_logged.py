"""AUD-09: the secrets of users, right and wrong, in what is written down."""

from harness.model import Claim, Role, Safety, Severity
from harness.oracles.audit import keeps_secrets_to_itself
from harness.registry import scenario
from harness.stage import Stage
from simulators.audit.secrets import show_secrets


@scenario(
    id="AUD-009",
    verifies=["HOUSE/LOG-NO-SECRETS"],
    threats=["T-CONF-30"],
    weakness=["CWE-532"],
    references=["CVE-2020-12023"],
    role=Role.ACCEPTOR,
    needs={Claim.USER_IDENTITY, Claim.RESTARTABLE},
    severity=Severity.HIGH,
    twin="AUT-910",
    control="logs_user_secrets",
    oracles=[keeps_secrets_to_itself()],
    budget_s=40,
    safety=Safety.STORES_OBJECTS,
    alone=True,
)
def shows_secrets_that_are_logged(stage: Stage) -> None:
    """Passcodes and tokens of users stand neither in the log nor in the audit trail.

    Logs are sent to manufacturers, kept for years and read by many. A wrong passcode is a secret
    too: it is the right one with a slip, or that of another system.

    Remedy: Log who called and what became of it, never the item that he called with.
    """
    show_secrets(stage)
