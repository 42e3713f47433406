"""PAR-08 and 18 by STOW-RS: a transfer syntax that is not the file's own, and two readings."""

from harness.model import Role, Safety, Severity
from harness.oracles.web_keeping import keeps_or_refuses
from harness.registry import scenario
from harness.stage import Stage
from simulators.corpus.structure import SYNTAX
from simulators.datasets.identities import DISPUTED
from simulators.datasets.representations import SWAPS
from simulators.web.depositing import GIVES_BACK, leaves_built, leaves_from

_BUILT = {**SWAPS, **DISPUTED}


@scenario(
    id="PAR-308",
    verifies=["HOUSE/ONE-READING", "HOUSE/STAYS-IN-SERVICE", "PS3.5/10"],
    threats=["T-INTEG-07", "T-INTEG-01"],
    weakness=["CWE-436"],
    role=Role.ACCEPTOR,
    needs=GIVES_BACK,
    severity=Severity.HIGH,
    twin="WEB-901",
    control="guesses_transfer_syntax",
    oracles=[keeps_or_refuses()],
    budget_s=40,
    safety=Safety.STORES_OBJECTS,
    vary=[{"file": name} for name in {**SYNTAX.makers, **DISPUTED}],
)
def says_another_syntax(stage: Stage) -> None:
    """A file in another encoding than it says shows no identity that is made up.

    Under another transfer syntax the same octets are other elements. A server that guesses
    instead of reading finds a Patient ID somewhere, and files the image under it.

    Remedy: Read by the declared transfer syntax alone, and refuse what is none.
    """
    if stage.case["file"] in _BUILT:
        leaves_built(stage, _BUILT)
    else:
        leaves_from(stage, SYNTAX)
