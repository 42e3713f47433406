"""AUT-06: a known peer asks for a service that it was not granted."""

from harness.model import Claim, Role, Safety, Severity
from harness.oracles import refuses_forbidden_cells
from harness.registry import scenario
from harness.stage import Stage
from simulators.access.detours import on_granted_contexts, take
from simulators.access.shelf import Shelf


@scenario(
    id="AUT-006",
    verifies=["HOUSE/ROLE-MATRIX", "HOUSE/CONTEXT-CHECK", "PS3.7/C.5", "PS3.7/C.5/0124"],
    threats=["T-CONF-30", "T-INTEG-01"],
    weakness=["CWE-862", "CWE-863"],
    references=["Orthanc-issue52"],
    role=Role.ACCEPTOR,
    needs={Claim.ROLE_MATRIX, Claim.GRANTS_SERVICES},
    severity=Severity.HIGH,
    twin="AUT-930",
    control="trusts_negotiated_contexts",
    oracles=[refuses_forbidden_cells()],
    budget_s=60,
    safety=Safety.STORES_OBJECTS,
)
def asks_on_the_context_of_another_service(stage: Stage) -> None:
    """A service that was not granted is refused on the context of one that was.

    A modality that may only store has an accepted context all the same. Products that decide by
    context, and then run whatever command comes on it, let it query, retrieve and delete there. A
    good device looks at the command too, and refuses it with 0124H, 0122H or an A-ABORT.

    Remedy: Check each request against the abstract syntax of its context and the caller's role.
    """
    shelf = Shelf(stage)
    take(stage, on_granted_contexts(stage, shelf), shelf)
