"""PAR-16 by STOW-RS: files that end too early."""

from harness.model import Role, Safety, Severity
from harness.oracles.web_keeping import keeps_or_refuses
from harness.registry import scenario
from harness.stage import Stage
from simulators.corpus.structure import CUT
from simulators.web.depositing import GIVES_BACK, leaves_from


@scenario(
    id="PAR-316",
    verifies=[
        "HOUSE/STAYS-IN-SERVICE",
        "HOUSE/ORDERLY-REFUSAL",
        "HOUSE/NO-READ-PAST-LENGTH",
        "PS3.5/7.1",
    ],
    threats=["T-AVAIL-02", "T-AVAIL-05"],
    weakness=["CWE-125", "CWE-20"],
    references=["CVE-2022-2121", "CVE-2024-23912"],
    role=Role.ACCEPTOR,
    needs=GIVES_BACK,
    severity=Severity.HIGH,
    twin="WEB-901",
    control="crashes_on_cut_element",
    oracles=[keeps_or_refuses()],
    budget_s=40,
    safety=Safety.STORES_OBJECTS,
    vary=[{"file": name} for name in CUT.makers],
)
def is_cut_off(stage: Stage) -> None:
    """A posted file that ends in the middle is refused, wherever it ends.

    The length of the part is true, and what is in it is not whole. Each place where something
    may end is a place where a parser reads on.

    Remedy: Check what is left before each read, and list the object as failed.
    """
    leaves_from(stage, CUT)
