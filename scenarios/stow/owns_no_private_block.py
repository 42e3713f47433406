"""PAR-13 by STOW-RS: private elements without an owner."""

from harness.model import Role, Safety, Severity
from harness.oracles.web_keeping import keeps_or_refuses
from harness.registry import scenario
from harness.stage import Stage
from simulators.datasets.placement import PRIVATE
from simulators.web.depositing import GIVES_BACK, leaves_built


@scenario(
    id="PAR-313",
    verifies=["HOUSE/NOTHING-LOST", "HOUSE/STAYS-IN-SERVICE", "PS3.5/7.8"],
    threats=["T-INTEG-07"],
    weakness=["CWE-20"],
    role=Role.ACCEPTOR,
    needs=GIVES_BACK,
    severity=Severity.MEDIUM,
    twin="WEB-901",
    control="drops_private_un",
    oracles=[keeps_or_refuses(malformed=False)],
    budget_s=40,
    safety=Safety.STORES_OBJECTS,
    vary=[{"file": name} for name in PRIVATE],
)
def owns_no_private_block(stage: Stage) -> None:
    """Private elements of a posted file come back as they were, whoever owns them.

    What has no creator, or two, is nobody's to interpret, and nobody's to drop. Reconstructions
    and dose may be in it.

    Remedy: Keep unknown elements as they came.
    """
    leaves_built(stage, PRIVATE)
