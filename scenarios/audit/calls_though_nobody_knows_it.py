"""AUD-03: associations that are refused for their AE titles."""

from harness.model import Claim, Role, Severity
from harness.oracles.audit import reports_each, writes_valid_messages
from harness.registry import scenario
from harness.stage import Stage
from simulators.audit.deeds import call_as_stranger, call_for_nobody
from simulators.audit.trail import Trail


@scenario(
    id="AUD-003",
    verifies=["HOUSE/AUDIT-REFUSALS", "IHE/ITI-20/AUTHENTICATION-FAILURE", "PS3.15/A.5.3"],
    threats=["T-INTEG-53", "T-IMPERS-01"],
    weakness=["CWE-778"],
    role=Role.ACCEPTOR,
    needs={Claim.AUDIT, Claim.AUDIT_ALERTS, Claim.CHECKS_CALLED_AE, Claim.CHECKS_CALLING_AE},
    severity=Severity.MEDIUM,
    twin="AUD-900",
    control="audit_failures_missing",
    oracles=[reports_each(), writes_valid_messages()],
    budget_s=40,
    alone=True,
    vary=[{"unknown": title} for title in ("calling", "called")],
)
def calls_though_nobody_knows_it(stage: Stage) -> None:
    """A station that is refused for its AE title is reported as that.

    Who tries titles until one is served is seen in the refusals, and nowhere else: the one call
    that succeeds looks like all others. Programs that report where a service is performed report
    no refusal, because none was.

    Remedy: Report a Security Alert (Node Authentication) with address and title for each refusal.
    """
    trail = Trail(stage)
    if stage.case["unknown"] == "calling":
        call_as_stranger(stage, trail)
    else:
        call_for_nobody(stage, trail)
    trail.conclude()
