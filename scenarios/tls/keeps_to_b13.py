"""An acceptor that claims the modified BCP 195 profile."""

from harness.model import Claim, Role, Severity
from harness.oracles.tls_policy import keeps_to_policy
from harness.registry import scenario
from harness.stage import Stage
from simulators.handshakes.scan import scan_acceptor


@scenario(
    id="TLS-213",
    verifies=["PS3.15/B.13", "PS3.15/B.13/SUITES"],
    threats=["T-CONF-01", "T-CONF-02"],
    weakness=["CWE-327"],
    role=Role.ACCEPTOR,
    needs={
        Claim.TLS_ACCEPTOR,
        Claim.VERIFICATION_SCP,
        Claim.TRUST_CONTROLLED,
        Claim.TLS_B_13,
    },
    severity=Severity.HIGH,
    twin="TLS-900",
    control="curve_below_256_bits",
    oracles=[keeps_to_policy("B.13")],
    budget_s=60,
)
def keeps_to_b13(stage: Stage) -> None:
    """An acceptor that claims PS3.15 B.13 keeps to its sizes and to its closed list of suites.

    Primes of 2048 and curves of 256 bits were read in the standard and fail a device. The list
    of suites is known from implementations that cite it, so that a suite too many, or one that
    is missing, is a warning that says so. What needs an ECDSA certificate is not testable on a
    device that has none.

    Remedy: Configure the suites of the profile, all five of TLS 1.3 among them, and no curve
    below 256 bits.
    """
    scan_acceptor(stage)
