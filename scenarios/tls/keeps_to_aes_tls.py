"""An acceptor that claims the AES TLS profile of old negotiates what that profile demands."""

from harness.model import Claim, Role, Severity
from harness.oracles.tls_policy import keeps_to_policy
from harness.registry import scenario
from harness.stage import Stage
from simulators.handshakes.scan import scan_acceptor


@scenario(
    id="TLS-203",
    verifies=["PS3.15/B.3"],
    threats=["T-CONF-01", "T-CONF-02"],
    weakness=["CWE-327"],
    role=Role.ACCEPTOR,
    needs={
        Claim.TLS_ACCEPTOR,
        Claim.VERIFICATION_SCP,
        Claim.TRUST_CONTROLLED,
        Claim.TLS_B_3,
    },
    severity=Severity.LOW,
    twin="TLS-900",
    control="refuses_3des",
    oracles=[keeps_to_policy("B.3")],
    budget_s=60,
)
def keeps_to_aes_tls(stage: Stage) -> None:
    """An acceptor that claims PS3.15 B.3 negotiates TLS 1.0 with AES-128 and with 3DES.

    Both suites are demanded, and AES is to be preferred. The profile is retired: what a device
    must not do today is judged by BCP 195 apart (TLS-200), and contradicts this one.

    Remedy: Configure what the conformance statement says, or claim another profile.
    """
    scan_acceptor(stage)
