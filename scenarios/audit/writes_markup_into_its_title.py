"""AUD-04: an AE title that is XML, and is refused."""

from harness.model import Claim, Role, Severity
from harness.oracles.audit import keeps_texts_apart, reports_each
from harness.registry import scenario
from harness.stage import Stage
from simulators.audit.deeds import call_as_stranger
from simulators.audit.trail import Trail


@scenario(
    id="AUD-004B",
    verifies=["HOUSE/AUDIT-TEXT", "HOUSE/AUDIT-REFUSALS", "PS3.15/A.5.1"],
    threats=["T-INTEG-53", "T-INTEG-06"],
    weakness=["CWE-91", "CWE-117"],
    role=Role.ACCEPTOR,
    needs={Claim.AUDIT, Claim.AUDIT_ALERTS, Claim.CHECKS_CALLING_AE},
    severity=Severity.MEDIUM,
    twin="AUD-900",
    control="audit_unescaped",
    oracles=[keeps_texts_apart(), reports_each()],
    budget_s=40,
    alone=True,
)
def writes_markup_into_its_title(stage: Stage) -> None:
    """An AE title of a stranger breaks no audit message.

    Whoever is refused chooses the text by which the refusal is reported. If that breaks the
    message, any number of attempts leaves nothing that a repository can read.

    Remedy: Have an XML library write the message; sixteen characters are enough to break one.
    """
    trail = Trail(stage)
    call_as_stranger(stage, trail, f'"><x {stage.token[:9]}<')
    trail.conclude()
