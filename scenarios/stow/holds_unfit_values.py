"""PAR-05 by STOW-RS: odd lengths, and values that do not fit their VR."""

from harness.model import Role, Safety, Severity
from harness.oracles.web_keeping import keeps_or_refuses
from harness.registry import scenario
from harness.stage import Stage
from simulators.datasets.lengths import UNFIT
from simulators.web.depositing import GIVES_BACK, leaves_built


@scenario(
    id="PAR-305",
    verifies=["HOUSE/NOTHING-LOST", "HOUSE/STAYS-IN-SERVICE", "PS3.5/7.1"],
    threats=["T-INTEG-07", "T-AVAIL-05"],
    weakness=["CWE-130"],
    references=["CVE-2025-14607"],
    role=Role.ACCEPTOR,
    needs=GIVES_BACK,
    severity=Severity.HIGH,
    twin="WEB-901",
    control="drops_odd_octets",
    oracles=[keeps_or_refuses()],
    budget_s=40,
    safety=Safety.STORES_OBJECTS,
    vary=[{"file": name} for name in UNFIT],
)
def holds_unfit_values(stage: Stage) -> None:
    """A value of an odd or unfit length is refused, or comes back as it was posted.

    Rounding a length down drops an octet, rounding up takes one that is not there. Either
    changes an object that was answered as stored.

    Remedy: Refuse odd lengths, or keep the octets; never correct a value that you do not own.
    """
    leaves_built(stage, UNFIT)
