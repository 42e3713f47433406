"""Certificates of clients that are odd but valid: the other side of every refusal."""

from harness.model import Claim, Role, Severity
from harness.oracles import serves_odd_certificate
from harness.registry import scenario
from harness.stage import Stage
from simulators.handshakes.identities import all_odd, cases, required_of_all, try_specimen

_NAMES = all_odd("client")


@scenario(
    id="CRT-005",
    verifies=["HOUSE/HONEST-SERVICE", "RFC5280/6"],
    threats=["T-AVAIL-01"],
    weakness=["CWE-295"],
    role=Role.ACCEPTOR,
    needs={
        Claim.TLS_ACCEPTOR,
        Claim.MUTUAL_TLS,
        Claim.VERIFICATION_SCP,
        Claim.TRUST_CONTROLLED,
    },
    severity=Severity.MEDIUM,
    twin="TLS-900",
    control="refuses_odd_certificate",
    oracles=[
        serves_odd_certificate(
            "flaw", unusual=[name for name in _NAMES if name not in required_of_all()]
        )
    ],
    budget_s=40,
    bystander=False,
    vary=cases(_NAMES),
)
def comes_with_an_odd_certificate(stage: Stage) -> None:
    """A client whose certificate is unusual but valid is served.

    A device that refuses what it has not seen before shuts out the hospital's own modalities on the
    day when the authority gets an intermediate, and the first remedy on site is to switch
    verification off. It also makes refusals worthless as evidence: it might refuse everything.

    Remedy: Verify by the rules of RFC 5280, by a maintained library, and add no rules of your own.
    """
    try_specimen(stage)
