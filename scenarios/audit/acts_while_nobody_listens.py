"""AUD-06: what was done while the repository was away."""

from harness.model import Claim, Role, Safety, Severity
from harness.oracles.audit import reports_each
from harness.registry import scenario
from harness.stage import Stage
from simulators.audit.absence import away
from simulators.audit.deeds import honest_deed
from simulators.audit.trail import Trail


@scenario(
    id="AUD-006B",
    verifies=["HOUSE/AUDIT-COMPLETE", "IHE/ITI-20/STORED"],
    threats=["T-INTEG-53"],
    weakness=["CWE-778"],
    role=Role.ACCEPTOR,
    needs={Claim.AUDIT, Claim.AUDIT_KEEPS},
    severity=Severity.MEDIUM,
    twin="AUD-900",
    control="audit_drops_when_down",
    oracles=[reports_each()],
    budget_s=60,
    safety=Safety.STORES_OBJECTS,
    alone=True,
)
def acts_while_nobody_listens(stage: Stage) -> None:
    """What is done while the audit repository is away is reported when it is back.

    Otherwise whoever wants to leave no trace cuts the way to the repository first, and what is
    lost by chance is lost at the worst moment: when the network is in trouble.

    Remedy: Keep messages until they are taken, within a bound that is documented.
    """
    trail = Trail(stage)
    with away(stage, until_tried=True):
        honest_deed(stage, trail)
    trail.conclude()
