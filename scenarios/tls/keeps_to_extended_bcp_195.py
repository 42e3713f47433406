"""An acceptor that claims the extended profile."""

from harness.model import Claim, Role, Severity
from harness.oracles.tls_policy import keeps_to_policy
from harness.registry import scenario
from harness.stage import Stage
from simulators.handshakes.scan import scan_acceptor


@scenario(
    id="TLS-211",
    verifies=["PS3.15/B.11"],
    threats=["T-CONF-01", "T-CONF-02"],
    weakness=["CWE-327"],
    role=Role.ACCEPTOR,
    needs={
        Claim.TLS_ACCEPTOR,
        Claim.VERIFICATION_SCP,
        Claim.TRUST_CONTROLLED,
        Claim.TLS_B_11,
    },
    severity=Severity.MEDIUM,
    twin="TLS-900",
    control="unlisted_suite",
    oracles=[keeps_to_policy("B.11")],
    budget_s=60,
)
def keeps_to_extended_bcp_195(stage: Stage) -> None:
    """An acceptor that claims PS3.15 B.11 negotiates the suites of its list and no other.

    The list is closed, so that even a strong suite beyond it breaks the profile; as written it
    leaves no room for TLS 1.3. What needs an ECDSA certificate is not testable on a device that
    has none.

    Remedy: Configure the suites of the list only, or claim B.12.
    """
    scan_acceptor(stage)
