"""AUD-03: a user who cannot prove who he is."""

from harness.model import Claim, Role, Severity
from harness.oracles.audit import reports_each, writes_valid_messages
from harness.registry import scenario
from harness.stage import Stage
from simulators.audit.deeds import log_in
from simulators.audit.trail import Trail


@scenario(
    id="AUD-003B",
    verifies=["HOUSE/AUDIT-REFUSALS", "HOUSE/AUDIT-TRUE", "PS3.15/A.5.3"],
    threats=["T-INTEG-53", "T-CONF-30"],
    weakness=["CWE-778"],
    role=Role.ACCEPTOR,
    needs={Claim.AUDIT, Claim.AUDIT_LOGINS, Claim.USER_IDENTITY},
    severity=Severity.MEDIUM,
    twin="AUD-900",
    control="audit_outcome_always_success",
    oracles=[reports_each(), writes_valid_messages()],
    budget_s=40,
    alone=True,
)
def comes_with_a_wrong_password(stage: Stage) -> None:
    """A user who does not prove who he is is reported, and as a failure.

    Guessed passwords show as many failed logins of one user. A trail that has none of them, or that
    calls each of them a success, hides the attack or accuses the victim.

    Remedy: Report User Authentication (Login) with the outcome that the caller is told.
    """
    trail = Trail(stage)
    log_in(stage, trail, proven=False)
    trail.conclude()
