"""A requestor that claims the live BCP 195 profile."""

from harness.model import Claim, Role, Severity
from harness.oracles.tls_policy import keeps_to_policy
from harness.registry import scenario
from harness.stage import Stage
from simulators.handshakes.offered import scan_requestor


@scenario(
    id="TLS-312",
    verifies=["PS3.15/B.12", "PS3.15/B.12/VERSIONS", "PS3.15/B.12/NULL"],
    threats=["T-CONF-01", "T-CONF-02"],
    weakness=["CWE-327"],
    role=Role.REQUESTOR,
    needs={
        Claim.TLS_REQUESTOR,
        Claim.VERIFICATION_SCU,
        Claim.TRUST_CONTROLLED,
        Claim.TLS_B_12,
    },
    severity=Severity.HIGH,
    twin="TLS-950",
    control="scu_weak_suites",
    oracles=[keeps_to_policy("B.12")],
    budget_s=60,
)
def offers_by_b12(stage: Stage) -> None:
    """A requestor that claims PS3.15 B.12 offers what it permits, and TLS 1.3 first.

    The profile takes over BCP 195, so that whatever RFC 9325 forbids fails it, and what RFC
    9325 discourages is a warning.

    Remedy: Let the library offer its newest version, with ECDHE and AES-GCM or
    ChaCha20-Poly1305.
    """
    scan_requestor(stage)
