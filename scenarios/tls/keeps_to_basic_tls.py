"""An acceptor that claims the basic TLS profile of old negotiates what that profile demands."""

from harness.model import Claim, Role, Severity
from harness.oracles.tls_policy import keeps_to_policy
from harness.registry import scenario
from harness.stage import Stage
from simulators.handshakes.scan import scan_acceptor


@scenario(
    id="TLS-201",
    verifies=["PS3.15/B.1"],
    threats=["T-CONF-01", "T-CONF-02"],
    weakness=["CWE-327"],
    role=Role.ACCEPTOR,
    needs={
        Claim.TLS_ACCEPTOR,
        Claim.VERIFICATION_SCP,
        Claim.TRUST_CONTROLLED,
        Claim.TLS_B_1,
    },
    severity=Severity.LOW,
    twin="TLS-900",
    control="refuses_3des",
    oracles=[keeps_to_policy("B.1")],
    budget_s=60,
)
def keeps_to_basic_tls(stage: Stage) -> None:
    """An acceptor that claims PS3.15 B.1 negotiates TLS 1.0 with RSA, 3DES and SHA.

    Modalities of before 2018 can often do nothing else, and whoever buys by that conformance
    statement relies on it. The profile is retired: what a device must not do today is judged by
    BCP 195 apart (TLS-200), and contradicts this one.

    Remedy: Configure what the conformance statement says, or claim another profile.
    """
    scan_acceptor(stage)
