"""PAR-07 by STOW-RS: VRs that exist, and are not the attribute's own."""

from harness.model import Role, Safety, Severity
from harness.oracles.web_keeping import keeps_or_refuses
from harness.registry import scenario
from harness.stage import Stage
from simulators.datasets.representations import WRONG_VRS
from simulators.web.depositing import GIVES_BACK, leaves_built


@scenario(
    id="PAR-307",
    verifies=["HOUSE/STAYS-IN-SERVICE", "HOUSE/NOTHING-LOST", "PS3.5/6.2"],
    threats=["T-AVAIL-02", "T-AVAIL-05"],
    weakness=["CWE-704"],
    references=["CVE-2024-28130", "CVE-2026-5442"],
    role=Role.ACCEPTOR,
    needs=GIVES_BACK,
    severity=Severity.HIGH,
    twin="WEB-901",
    control="confuses_types",
    oracles=[keeps_or_refuses()],
    budget_s=40,
    safety=Safety.STORES_OBJECTS,
    vary=[{"file": name} for name in WRONG_VRS],
)
def names_another_representation(stage: Stage) -> None:
    """An attribute of a posted file with a wrong VR confuses no parser.

    Code that asks the dictionary what an attribute is, and takes it for that whatever stands in
    the file, casts a number to a list. Web servers do it when they make JSON of what came.

    Remedy: Let the VR in the file decide how a value is read, and the dictionary whether you
    use it.
    """
    leaves_built(stage, WRONG_VRS)
