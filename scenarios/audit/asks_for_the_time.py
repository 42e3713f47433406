"""AUD-12: the time of an event."""

from datetime import UTC, datetime

from harness.model import Claim, Role, Safety, Severity
from harness.oracles.audit import tells_the_time
from harness.registry import scenario
from harness.stage import Stage
from simulators.audit.deeds import honest_deed
from simulators.audit.trail import Trail


@scenario(
    id="AUD-012",
    verifies=["PS3.15/A.5.2/TIME"],
    threats=["T-INTEG-53"],
    weakness=["CWE-778"],
    role=Role.ACCEPTOR,
    needs={Claim.AUDIT},
    severity=Severity.LOW,
    twin="AUD-900",
    control="audit_time_without_zone",
    oracles=[tells_the_time()],
    budget_s=40,
    safety=Safety.STORES_OBJECTS,
    alone=True,
)
def asks_for_the_time(stage: Stage) -> None:
    """The time of an event names its time zone, and is the time at which it was.

    Once a year an hour happens twice, and reports of three sites are put in one order by a person
    who was at none of them. A time without a zone can be moved by hours by whoever tells the story.

    Remedy: Write UTC with a Z, or the offset (RFC 3339).
    """
    trail = Trail(stage)
    honest_deed(stage, trail)
    trail.conclude()
    stage.observe("clock", "repository", utc=datetime.now(UTC).isoformat())
