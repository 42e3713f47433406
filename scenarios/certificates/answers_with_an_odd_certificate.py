"""Certificates of servers that are odd but valid: the other side of every refusal."""

from harness.model import Claim, Role, Severity
from harness.oracles import serves_odd_certificate
from harness.registry import scenario
from harness.stage import Stage
from simulators.handshakes.identities import all_odd, cases, required_of_all, show_specimen

_NAMES = all_odd("server")


@scenario(
    id="CRT-118",
    verifies=["HOUSE/HONEST-SERVICE", "RFC5280/6"],
    threats=["T-AVAIL-01"],
    weakness=["CWE-295"],
    role=Role.REQUESTOR,
    needs={Claim.TLS_REQUESTOR, Claim.VERIFICATION_SCU, Claim.TRUST_CONTROLLED},
    severity=Severity.MEDIUM,
    twin="TLS-950",
    control="scu_refuses_odd_certificate",
    oracles=[
        serves_odd_certificate(
            "flaw", unusual=[name for name in _NAMES if name not in required_of_all()]
        )
    ],
    budget_s=40,
    bystander=False,
    vary=cases(_NAMES),
)
def answers_with_an_odd_certificate(stage: Stage) -> None:
    """A requestor uses a server whose certificate is unusual but valid.

    A modality that refuses what it has not seen before stops sending on the day when the archive
    gets a certificate by an intermediate, and the first remedy on site is to switch verification
    off. It also makes refusals worthless as evidence: it might refuse everything.

    Remedy: Verify by the rules of RFC 5280, by a maintained library, and add no rules of your own.
    """
    show_specimen(stage)
