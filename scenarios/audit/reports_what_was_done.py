"""The honest event: something that the device claims to report, done once."""

from harness.model import Claim, Role, Safety, Severity
from harness.oracles.audit import reports_each
from harness.registry import scenario
from harness.stage import Stage
from simulators.audit.deeds import honest_deed
from simulators.audit.trail import Trail


@scenario(
    id="AUD-900",
    verifies=["HOUSE/AUDIT-COMPLETE", "PS3.15/A.5"],
    threats=["T-INTEG-53"],
    weakness=["CWE-778"],
    role=Role.ACCEPTOR,
    needs={Claim.AUDIT},
    severity=Severity.MEDIUM,
    twin=None,
    control="audit_says_nothing",
    oracles=[reports_each()],
    budget_s=40,
    safety=Safety.STORES_OBJECTS,
    alone=True,
)
def reports_what_was_done(stage: Stage) -> None:
    """An honest exchange that the device claims to report comes to the audit repository.

    Whoever reports nothing at all forges nothing and drops nothing: what the others of this family
    find is worth something only where this one holds.

    Remedy: Point the device to {audit_host} and {audit_port}, by the transport of the profile.
    """
    trail = Trail(stage)
    honest_deed(stage, trail)
    trail.conclude()
