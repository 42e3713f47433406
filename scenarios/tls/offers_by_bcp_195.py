"""What a requestor offers, as a whole, against BCP 195."""

from harness.model import Claim, Role, Severity
from harness.oracles.tls_policy import keeps_to_policy
from harness.registry import scenario
from harness.stage import Stage
from simulators.handshakes.offered import scan_requestor


@scenario(
    id="TLS-300",
    verifies=[
        "RFC9325/4.1",
        "RFC9325/4.1/PFS",
        "RFC9325/4.1/DHE",
        "RFC9325/4.2",
        "RFC9325/4.2/RECOMMENDED",
        "RFC9325/4.2.1/CLIENT",
        "RFC9325/4.5",
        "RFC8996/4/CLIENT",
    ],
    threats=["T-CONF-01", "T-CONF-02"],
    weakness=["CWE-327"],
    role=Role.REQUESTOR,
    needs={
        Claim.TLS_REQUESTOR,
        Claim.VERIFICATION_SCU,
        Claim.TRUST_CONTROLLED,
    },
    severity=Severity.HIGH,
    twin="TLS-950",
    control="scu_weak_suites",
    oracles=[keeps_to_policy("RFC 9325")],
    budget_s=60,
)
def offers_by_bcp_195(stage: Stage) -> None:
    """All that a requestor offers in its ClientHello keeps to BCP 195 (RFC 9325).

    A server, or a man in the middle who plays one, chooses from the offer: a weak suite or
    group in it is enough. One hello tells everything; it is answered honestly. A hello without
    a list of versions hides what lies below its highest one, which TLS-103 finds out.

    Remedy: Offer TLS 1.3 and 1.2 with ECDHE and AES-GCM or ChaCha20-Poly1305, P-256 and X25519.
    """
    scan_requestor(stage)
