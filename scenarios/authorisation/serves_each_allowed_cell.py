"""The authorisation matrix: every cell that the profile allows."""

from harness.model import Claim, Role, Safety, Severity
from harness.oracles import serves_allowed_cells
from harness.registry import scenario
from harness.stage import Stage
from simulators.access.matrix import cells, walk


@scenario(
    id="AUT-930",
    verifies=["HOUSE/ROLE-MATRIX", "HOUSE/HONEST-SERVICE"],
    threats=["T-AVAIL-03"],
    weakness=["CWE-863"],
    role=Role.ACCEPTOR,
    needs={Claim.ROLE_MATRIX},
    severity=Severity.MEDIUM,
    twin=None,
    control="fails_find",
    oracles=[serves_allowed_cells()],
    budget_s=120,
    safety=Safety.STORES_OBJECTS,
)
def serves_each_allowed_cell(stage: Stage) -> None:
    """Each identity is served what the owner of the device has allowed it.

    A device that refuses everybody keeps its secrets and helps nobody, and its refusals prove
    nothing. So every cell that is allowed is used, by the identity that it allows.

    Remedy: Grant in the device what the profile says is granted, or correct the profile.
    """
    walk(stage, cells(stage, "allowed"))
