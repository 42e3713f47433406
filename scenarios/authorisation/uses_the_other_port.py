"""What is allowed, asked for on the TLS port of a device that has both."""

from harness.model import Claim, Role, Safety, Severity
from harness.oracles import serves_allowed_cells
from harness.registry import scenario
from harness.stage import Stage
from simulators.access.matrix import TLS, cells, walk
from simulators.lab import lab_of


@scenario(
    id="AUT-914",
    verifies=["HOUSE/ROLE-MATRIX", "HOUSE/HONEST-SERVICE"],
    threats=["T-AVAIL-03"],
    weakness=["CWE-863"],
    role=Role.ACCEPTOR,
    needs={
        Claim.ROLE_MATRIX,
        Claim.PLAIN_ACCEPTOR,
        Claim.TLS_ACCEPTOR,
        Claim.TRUST_CONTROLLED,
    },
    severity=Severity.MEDIUM,
    twin=None,
    control="fails_find",
    oracles=[serves_allowed_cells()],
    budget_s=120,
    safety=Safety.STORES_OBJECTS,
)
def uses_the_other_port(stage: Stage) -> None:
    """Each identity is served on the TLS port what it is allowed.

    Whether a refusal on the TLS port is a decision about a role, or only means that nobody gets
    anything there, shows by what is allowed: it has to be served there as well.

    Remedy: Let the roles that hold on the plain port hold on the TLS port too.
    """
    walk(stage, cells(stage, "allowed"), secure=lab_of(stage).trust.client, path=TLS)
