"""What an acceptor negotiates, as a whole, against BCP 195."""

from harness.model import Claim, Role, Severity
from harness.oracles.tls_policy import keeps_to_policy
from harness.registry import scenario
from harness.stage import Stage
from simulators.handshakes.scan import scan_acceptor


@scenario(
    id="TLS-200",
    verifies=[
        "RFC9325/3.1.1/FLOOR",
        "RFC9325/3.1.1/TLS13",
        "RFC9325/4.1",
        "RFC9325/4.1/PFS",
        "RFC9325/4.1/DHE",
        "RFC9325/4.2",
        "RFC9325/4.2/RECOMMENDED",
        "RFC9325/4.5",
    ],
    threats=["T-CONF-01", "T-CONF-02"],
    weakness=["CWE-327", "CWE-326"],
    role=Role.ACCEPTOR,
    needs={Claim.TLS_ACCEPTOR, Claim.VERIFICATION_SCP, Claim.TRUST_CONTROLLED},
    severity=Severity.HIGH,
    twin="TLS-900",
    control="weak_suites",
    oracles=[keeps_to_policy("RFC 9325")],
    budget_s=60,
)
def negotiates_by_bcp_195(stage: Stage) -> None:
    """All that an acceptor negotiates, in every version, keeps to BCP 195 (RFC 9325).

    One weak suite or group that is still there is enough for a man in the middle, even if no honest
    client would ask for it. So the device is asked for everything: each version alone, all suites
    of each version by elimination, groups apart by version, signature schemes, primes, extensions.
    What must not be is a failure; what should not be is a warning. A hello that offers everything
    is answered before and after.

    Remedy: Configure TLS 1.2 and 1.3 with ECDHE and AES-GCM or ChaCha20-Poly1305, P-256 and X25519,
    and signatures with SHA-256 or stronger.
    """
    scan_acceptor(stage)
