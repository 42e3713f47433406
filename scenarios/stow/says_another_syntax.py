"""PAR-08 by STOW-RS: a transfer syntax that is not the file's own."""

from harness.model import Role, Safety, Severity
from harness.oracles.web_keeping import keeps_or_refuses
from harness.registry import scenario
from harness.stage import Stage
from simulators.corpus.structure import SYNTAX
from simulators.datasets.representations import SWAPS
from simulators.web.depositing import GIVES_BACK, leaves_built, leaves_from


@scenario(
    id="PAR-308",
    verifies=["HOUSE/ONE-READING", "HOUSE/STAYS-IN-SERVICE", "PS3.5/10"],
    threats=["T-INTEG-07", "T-INTEG-01"],
    weakness=["CWE-436"],
    role=Role.ACCEPTOR,
    needs=GIVES_BACK,
    severity=Severity.HIGH,
    twin="WEB-901",
    control="searches_for_identity",
    oracles=[keeps_or_refuses()],
    budget_s=40,
    safety=Safety.STORES_OBJECTS,
    vary=[{"file": name} for name in SYNTAX.makers],
)
def says_another_syntax(stage: Stage) -> None:
    """A file in another encoding than it says shows no identity that is made up.

    Under another transfer syntax the same octets are other elements. A server that searches for
    a Patient ID where none stands finds one somewhere, and files the image under it.

    Remedy: Read by the declared transfer syntax alone, and refuse what is none.
    """
    if stage.case["file"] in SWAPS:
        leaves_built(stage, SWAPS)
    else:
        leaves_from(stage, SYNTAX)
