"""An acceptor that claims the non-downgrading profile."""

from harness.model import Claim, Role, Severity
from harness.oracles.tls_policy import keeps_to_policy
from harness.registry import scenario
from harness.stage import Stage
from simulators.handshakes.scan import scan_acceptor


@scenario(
    id="TLS-210",
    verifies=["PS3.15/B.10"],
    threats=["T-CONF-01", "T-CONF-02"],
    weakness=["CWE-327"],
    role=Role.ACCEPTOR,
    needs={
        Claim.TLS_ACCEPTOR,
        Claim.VERIFICATION_SCP,
        Claim.TRUST_CONTROLLED,
        Claim.TLS_B_10,
    },
    severity=Severity.MEDIUM,
    twin="TLS-900",
    control="tls_min_1_0",
    oracles=[keeps_to_policy("B.10")],
    budget_s=60,
)
def keeps_to_non_downgrading_bcp_195(stage: Stage) -> None:
    """An acceptor that claims PS3.15 B.10 has its four suites, and nothing older than TLS 1.2.

    IHE still points here. DHE suites are demanded, which BCP 195 of today discourages: each
    policy is judged by itself. Every further suite has to be as strong as those four.

    Remedy: Set the lowest version to TLS 1.2, and configure DHE and ECDHE with AES-GCM.
    """
    scan_acceptor(stage)
