"""CRT-08 for requestors: a server beyond the name constraints of its authority."""

from harness.model import Claim, Role, Severity
from harness.oracles import client_refuses, tls_refused
from harness.registry import scenario
from harness.stage import Stage
from harness.verdict import Outcome
from simulators.handshakes.identities import cases, names_of, show_specimen

_NAMES = names_of("constraints", "server", about="RFC5280/4.2.1.10")


@scenario(
    id="CRT-108B",
    verifies=["HOUSE/AUTHORITY-LIMITS", "RFC5280/4.2.1.10"],
    threats=["T-IMPERS-03"],
    weakness=["CWE-295"],
    role=Role.REQUESTOR,
    needs={
        Claim.TLS_REQUESTOR,
        Claim.VERIFICATION_SCU,
        Claim.TRUST_CONTROLLED,
    },
    severity=Severity.HIGH,
    twin="TLS-950",
    control="scu_ignores_name_constraints",
    oracles=[tls_refused(), client_refuses(Outcome.ALERT)],
    budget_s=40,
    vary=cases(_NAMES),
)
def answers_with_a_name_that_its_authority_may_not_give(stage: Stage) -> None:
    """A requestor refuses a server whose name its authority may not certify.

    A house that runs an authority for one department, or lets a supplier run one, fences it in
    by name constraints. A device that passes them over makes every such authority as mighty as
    the root: it can issue the archive.

    Remedy: Apply the name constraints of every authority on the path to all names of the
    certificate.
    """
    show_specimen(stage)
