"""PAR-06 by STOW-RS: VRs that do not exist."""

from harness.model import Role, Safety, Severity
from harness.oracles.web_keeping import keeps_or_refuses
from harness.registry import scenario
from harness.stage import Stage
from simulators.datasets.representations import UNKNOWN_VRS
from simulators.web.depositing import GIVES_BACK, leaves_built


@scenario(
    id="PAR-306",
    verifies=["HOUSE/NOTHING-LOST", "HOUSE/ONE-READING", "HOUSE/STAYS-IN-SERVICE", "PS3.5/7.1.2"],
    threats=["T-INTEG-07", "T-AVAIL-05"],
    weakness=["CWE-20"],
    references=["CVE-2026-3650"],
    role=Role.ACCEPTOR,
    needs=GIVES_BACK,
    severity=Severity.HIGH,
    twin="WEB-901",
    control="ends_at_unknown_vr",
    oracles=[keeps_or_refuses()],
    budget_s=40,
    safety=Safety.STORES_OBJECTS,
    vary=[{"file": name} for name in UNKNOWN_VRS],
)
def names_no_representation(stage: Stage) -> None:
    """A posted file with an unknown VR is refused, or kept whole.

    Behind a VR that nobody knows it is unclear how long the length is. Some parsers end there
    without a word, and store what they have.

    Remedy: Treat an unknown VR as one with a long length (PS3.5 6.2), or refuse the object.
    """
    leaves_built(stage, UNKNOWN_VRS)
