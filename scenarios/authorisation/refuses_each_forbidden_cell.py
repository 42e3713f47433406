"""The authorisation matrix: every cell that the profile forbids."""

from harness.model import Claim, Role, Safety, Severity
from harness.oracles import refuses_forbidden_cells
from harness.registry import scenario
from harness.stage import Stage
from simulators.access.matrix import cells, walk


@scenario(
    id="AUT-020",
    verifies=["HOUSE/ROLE-MATRIX", "PS3.7/C.5/0124"],
    threats=["T-CONF-30", "T-INTEG-01"],
    weakness=["CWE-862", "CWE-863"],
    references=["Orthanc-issue52"],
    role=Role.ACCEPTOR,
    needs={Claim.ROLE_MATRIX},
    severity=Severity.HIGH,
    twin="AUT-930",
    control="get_skips_roles",
    oracles=[refuses_forbidden_cells()],
    budget_s=120,
    safety=Safety.STORES_OBJECTS,
)
def refuses_each_forbidden_cell(stage: Stage) -> None:
    """No identity is served what the owner of the device has forbidden it.

    The profile says who may do what with which objects. Each forbidden cell is tried by the
    identity that it forbids, with an object that really is there, because one gap is enough: a
    role that guards the query and forgets the retrieve gives away as much as none.

    Remedy: Decide on each operation by caller, operation and object, and deny what nobody granted.
    """
    walk(stage, cells(stage, "forbidden"))
