"""CRT-10: a client certificate that its OCSP responder does not vouch for."""

from harness.model import Claim, Role, Severity
from harness.oracles import keeps_revocation_claim, tls_refused
from harness.registry import scenario
from harness.stage import Stage
from simulators.handshakes.identities import cases, names_of, soft, try_specimen

_NAMES = names_of("revocation", "client", needs=("ocsp",))


@scenario(
    id="CRT-010B",
    verifies=["HOUSE/REVOCATION", "RFC6960/4.2"],
    threats=["T-IMPERS-02"],
    weakness=["CWE-299"],
    role=Role.ACCEPTOR,
    needs={
        Claim.TLS_ACCEPTOR,
        Claim.MUTUAL_TLS,
        Claim.VERIFICATION_SCP,
        Claim.TRUST_CONTROLLED,
        Claim.CHECKS_OCSP,
    },
    severity=Severity.HIGH,
    twin="TLS-900",
    control="ignores_revocation",
    oracles=[
        keeps_revocation_claim(tls_refused(), unknown=soft(_NAMES)),
    ],
    budget_s=40,
    vary=cases(_NAMES),
)
def is_revoked_by_its_responder(stage: Stage) -> None:
    """A device that claims to ask OCSP responders refuses a client certificate that was revoked.

    An OCSP responder is named by the certificate itself, and the answer comes in clear from a
    network that the attacker may stand in. So an answer counts only when it is signed, fresh
    and about this certificate; and what the device does when none comes has to be what its
    documents say, for silence is easy to arrange.

    Remedy: Verify signature, time and subject of every answer, and decide in writing what an
    absent one means.
    """
    try_specimen(stage)
