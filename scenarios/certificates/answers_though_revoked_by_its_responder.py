"""CRT-10 for requestors: a server certificate that its OCSP responder does not vouch for."""

from harness.model import Claim, Role, Severity
from harness.oracles import client_refuses, keeps_revocation_claim, tls_refused
from harness.registry import scenario
from harness.stage import Stage
from harness.verdict import Outcome
from simulators.handshakes.identities import cases, names_of, show_specimen, soft

_NAMES = names_of("revocation", "server", needs=("ocsp",))


@scenario(
    id="CRT-110B",
    verifies=["HOUSE/REVOCATION", "RFC6960/4.2"],
    threats=["T-IMPERS-03"],
    weakness=["CWE-299"],
    role=Role.REQUESTOR,
    needs={
        Claim.TLS_REQUESTOR,
        Claim.VERIFICATION_SCU,
        Claim.TRUST_CONTROLLED,
        Claim.CHECKS_OCSP,
    },
    severity=Severity.HIGH,
    twin="TLS-950",
    control="scu_ignores_revocation",
    oracles=[
        keeps_revocation_claim(tls_refused(), unknown=soft(_NAMES)),
        keeps_revocation_claim(client_refuses(Outcome.ALERT), unknown=soft(_NAMES)),
    ],
    budget_s=40,
    vary=cases(_NAMES),
)
def answers_though_revoked_by_its_responder(stage: Stage) -> None:
    """A requestor that claims to ask OCSP responders refuses a revoked server certificate.

    An OCSP responder is named by the certificate itself, and the answer comes in clear from a
    network that the attacker may stand in. So an answer counts only when it is signed, fresh
    and about this certificate; and what the device does when none comes has to be what its
    documents say, for silence is easy to arrange.

    Remedy: Verify signature, time and subject of every answer, and decide in writing what an
    absent one means.
    """
    show_specimen(stage)
