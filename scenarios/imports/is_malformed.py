"""PAR-03 to 18 by import: files that are wrong in structure."""

from harness.model import Role, Safety, Severity
from harness.oracles.web_keeping import keeps_or_refuses
from harness.registry import scenario
from harness.stage import Stage
from scenarios.imports.steps import every_file_of, imports
from simulators.corpus.meta import NONE
from simulators.corpus.structure import (
    CUT,
    DISORDERED,
    FOREIGN,
    ITEMS,
    ODD,
    OPEN,
    SYNTAX,
    UNKNOWN,
    WRONG,
)
from simulators.web.ways_in import IMPORTS

_SHELVES = {
    shelf.name: shelf
    for shelf in (NONE, CUT, OPEN, ITEMS, ODD, UNKNOWN, WRONG, FOREIGN, DISORDERED, SYNTAX)
}


@scenario(
    id="PAR-350",
    verifies=[
        "HOUSE/ORDERLY-REFUSAL",
        "HOUSE/NO-READ-PAST-LENGTH",
        "HOUSE/NOTHING-LOST",
        "HOUSE/ONE-READING",
        "HOUSE/STAYS-IN-SERVICE",
        "PS3.10/7.1",
    ],
    threats=["T-AVAIL-02", "T-AVAIL-05", "T-INTEG-07"],
    weakness=["CWE-125", "CWE-130", "CWE-20", "CWE-436"],
    role=Role.ACCEPTOR,
    needs=IMPORTS,
    severity=Severity.HIGH,
    twin="WEB-911",
    control="crashes_on_cut_element",
    oracles=[keeps_or_refuses()],
    budget_s=40,
    safety=Safety.STORES_OBJECTS,
    vary=every_file_of(*_SHELVES.values()),
)
def is_malformed(stage: Stage) -> None:
    """An imported file that is wrong in structure is refused, or kept as it came.

    Import is the door of discs and drives: nobody associates, no transfer syntax is agreed, and
    the octets are whatever lay in a folder. Guards that stand before C-STORE and STOW-RS do not
    stand here.

    Remedy: Let every door lead through one parser, and answer a refusal with 400.
    """
    imports(stage, _SHELVES[str(stage.case["shelf"])])
