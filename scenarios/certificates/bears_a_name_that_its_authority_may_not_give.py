"""CRT-08: a client certificate beyond the name constraints of its authority."""

from harness.model import Claim, Role, Severity
from harness.oracles import tls_refused
from harness.registry import scenario
from harness.stage import Stage
from simulators.handshakes.identities import cases, names_of, try_specimen

_NAMES = names_of("constraints", "client", about="RFC5280/4.2.1.10")


@scenario(
    id="CRT-008B",
    verifies=["HOUSE/AUTHORITY-LIMITS", "RFC5280/4.2.1.10"],
    threats=["T-IMPERS-02"],
    weakness=["CWE-295"],
    role=Role.ACCEPTOR,
    needs={
        Claim.TLS_ACCEPTOR,
        Claim.MUTUAL_TLS,
        Claim.VERIFICATION_SCP,
        Claim.TRUST_CONTROLLED,
    },
    severity=Severity.HIGH,
    twin="TLS-900",
    control="ignores_name_constraints",
    oracles=[tls_refused()],
    budget_s=40,
    vary=cases(_NAMES),
)
def bears_a_name_that_its_authority_may_not_give(stage: Stage) -> None:
    """A client certificate is refused whose name lies outside the constraints of its authority.

    A house that runs an authority for one department, or lets a supplier run one, fences it in
    by name constraints. A device that passes them over makes every such authority as mighty as
    the root: it can issue the archive.

    Remedy: Apply the name constraints of every authority on the path to all names of the
    certificate.
    """
    try_specimen(stage)
