"""AUT-13: the second object of an association, or of a request, is a forbidden one."""

from harness.model import Claim, Role, Safety, Severity
from harness.oracles import refuses_forbidden_cells
from harness.registry import scenario
from harness.stage import Stage
from simulators.access.mixtures import mix


@scenario(
    id="AUT-013",
    verifies=["HOUSE/ROLE-MATRIX", "HOUSE/ONE-DECISION", "PS3.7/C.5/0124"],
    threats=["T-CONF-30", "T-INTEG-01"],
    weakness=["CWE-863"],
    references=["arc-450"],
    role=Role.ACCEPTOR,
    needs={Claim.ROLE_MATRIX, Claim.DECIDES_BY_OBJECT},
    severity=Severity.MEDIUM,
    twin="AUT-930",
    control="decides_by_first_object",
    oracles=[refuses_forbidden_cells()],
    budget_s=40,
    safety=Safety.STORES_OBJECTS,
)
def mixes_permitted_and_forbidden_objects(stage: Stage) -> None:
    """Each object is decided on for itself, not by the first one of an association or request.

    A decision costs time, so it is tempting to make it once: for the first object that is stored,
    or the first study of a list. Whoever puts a permitted object in front then brings the rest
    along.

    Remedy: Decide on every object that is stored or that matches, however many come together.
    """
    mix(stage)
