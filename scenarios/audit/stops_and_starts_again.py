"""AUD-01: the device is stopped and started, which ends and begins its own story."""

from harness.model import Claim, Role, Severity
from harness.oracles.audit import reports_each, writes_valid_messages
from harness.registry import scenario
from harness.stage import Stage
from simulators.audit.deeds import restart
from simulators.audit.trail import Trail
from simulators.requestor import Requestor


@scenario(
    id="AUD-001B",
    verifies=["HOUSE/AUDIT-COMPLETE", "PS3.15/A.5.3", "IHE/ITI-20/EVENTS"],
    threats=["T-INTEG-53"],
    weakness=["CWE-778"],
    role=Role.ACCEPTOR,
    needs={Claim.AUDIT, Claim.AUDIT_ACTIVITY, Claim.RESTARTABLE, Claim.VERIFICATION_SCP},
    severity=Severity.LOW,
    twin="AUD-900",
    control="audit_forgets_restarts",
    oracles=[reports_each(), writes_valid_messages()],
    budget_s=60,
    alone=True,
    bystander=False,
)
def stops_and_starts_again(stage: Stage) -> None:
    """That a device stops, and starts, is reported.

    Between the two nothing is recorded. A trail that does not say so cannot be told from one of
    which an hour was cut out, and who can restart a device can act while nobody writes.

    Remedy: Report Application Activity first thing after the start and last thing before the end.
    """
    with Requestor(stage) as peer:
        peer.associate()
        peer.echo(stimulus=True)
        peer.release()
    trail = Trail(stage)
    restart(stage, trail)
    trail.conclude()
