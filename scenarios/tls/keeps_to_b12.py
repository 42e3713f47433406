"""An acceptor that claims the live BCP 195 profile."""

from harness.model import Claim, Role, Severity
from harness.oracles.tls_policy import keeps_to_policy
from harness.registry import scenario
from harness.stage import Stage
from simulators.handshakes.scan import scan_acceptor


@scenario(
    id="TLS-212",
    verifies=["PS3.15/B.12", "PS3.15/B.12/VERSIONS", "PS3.15/B.12/NULL"],
    threats=["T-CONF-01", "T-CONF-02"],
    weakness=["CWE-327"],
    role=Role.ACCEPTOR,
    needs={
        Claim.TLS_ACCEPTOR,
        Claim.VERIFICATION_SCP,
        Claim.TRUST_CONTROLLED,
        Claim.TLS_B_12,
    },
    severity=Severity.HIGH,
    twin="TLS-900",
    control="prefers_tls12",
    oracles=[keeps_to_policy("B.12")],
    budget_s=60,
)
def keeps_to_b12(stage: Stage) -> None:
    """An acceptor that claims PS3.15 B.12 keeps to all of it: versions, suites, groups, signatures.

    The profile takes over BCP 195, so that whatever RFC 9325 forbids fails it, and what RFC
    9325 discourages is a warning. A server that has TLS 1.3 has to prefer it when it is
    offered.

    Remedy: Let the library choose the newest version, and configure ECDHE with AES-GCM or
    ChaCha20-Poly1305.
    """
    scan_acceptor(stage)
