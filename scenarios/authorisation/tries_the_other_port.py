"""AUT-14: what is forbidden on one port, asked for on the other."""

from harness.model import Claim, Role, Safety, Severity
from harness.oracles import refuses_forbidden_cells
from harness.registry import scenario
from harness.stage import Stage
from simulators.access.matrix import PLAIN, TLS, cells, walk
from simulators.lab import lab_of


@scenario(
    id="AUT-014",
    verifies=["HOUSE/ROLE-MATRIX", "HOUSE/ONE-DECISION"],
    threats=["T-CONF-30", "T-INTEG-01"],
    weakness=["CWE-288"],
    references=["arc-2462", "CVE-2020-14477", "CVE-2018-17906"],
    role=Role.ACCEPTOR,
    needs={
        Claim.ROLE_MATRIX,
        Claim.PLAIN_ACCEPTOR,
        Claim.TLS_ACCEPTOR,
        Claim.TRUST_CONTROLLED,
    },
    severity=Severity.HIGH,
    twin="AUT-914",
    control="tls_skips_roles",
    oracles=[refuses_forbidden_cells()],
    budget_s=120,
    safety=Safety.STORES_OBJECTS,
)
def tries_the_other_port(stage: Stage) -> None:
    """What is forbidden is forbidden on every port that the device has.

    Rules grow around the port that everybody uses. Where the other one came later, with code of
    its own, it is easily taken for granted that whoever has a certificate may do everything.

    Remedy: Let one place decide for all ports, by the identity and not by the way it came.
    """
    forbidden = cells(stage, "forbidden")
    walk(stage, forbidden, path=PLAIN)
    walk(stage, forbidden, secure=lab_of(stage).trust.client, path=TLS)
