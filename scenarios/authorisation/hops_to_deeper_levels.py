"""AUT-08: objects of a forbidden study, asked for by UIDs that were guessed or overheard."""

from harness.model import Claim, Role, Safety, Severity
from harness.oracles import refuses_forbidden_cells
from harness.registry import scenario
from harness.stage import Stage
from simulators.access.detours import at_other_levels, take
from simulators.access.shelf import Shelf


@scenario(
    id="AUT-008",
    verifies=["HOUSE/ROLE-MATRIX", "HOUSE/ONE-DECISION", "PS3.7/C.5/0124"],
    threats=["T-CONF-30"],
    weakness=["CWE-639"],
    references=["CVE-2026-25927"],
    role=Role.ACCEPTOR,
    needs={Claim.ROLE_MATRIX, Claim.GUARDS_OBJECTS},
    severity=Severity.HIGH,
    twin="AUT-930",
    control="hops_levels",
    oracles=[refuses_forbidden_cells()],
    budget_s=60,
    safety=Safety.STORES_OBJECTS,
)
def hops_to_deeper_levels(stage: Stage) -> None:
    """A study that a caller may not have stays closed at series, image and patient level.

    UIDs are no secrets: they stand in reports, in logs and in links. Where the patient is checked
    at the level of studies only, whoever knows the UID of a series or an image takes it directly,
    with or without the keys above it.

    Remedy: Find the patient of every object that matches, and decide on that, at every level.
    """
    shelf = Shelf(stage)
    take(stage, at_other_levels(stage, shelf), shelf)
