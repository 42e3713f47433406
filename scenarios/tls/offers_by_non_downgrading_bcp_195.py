"""A requestor that claims the non-downgrading profile."""

from harness.model import Claim, Role, Severity
from harness.oracles.tls_policy import keeps_to_policy
from harness.registry import scenario
from harness.stage import Stage
from simulators.handshakes.offered import scan_requestor


@scenario(
    id="TLS-310",
    verifies=["PS3.15/B.10"],
    threats=["T-CONF-01", "T-CONF-02"],
    weakness=["CWE-327"],
    role=Role.REQUESTOR,
    needs={
        Claim.TLS_REQUESTOR,
        Claim.VERIFICATION_SCU,
        Claim.TRUST_CONTROLLED,
        Claim.TLS_B_10,
    },
    severity=Severity.MEDIUM,
    twin="TLS-950",
    control="scu_weak_suites",
    oracles=[keeps_to_policy("B.10")],
    budget_s=60,
)
def offers_by_non_downgrading_bcp_195(stage: Stage) -> None:
    """A requestor that claims PS3.15 B.10 offers its four suites, and nothing weaker.

    IHE still points here. DHE suites are demanded, which BCP 195 of today discourages: each
    policy is judged by itself. Every further suite has to be as strong as those four.

    Remedy: Offer DHE and ECDHE with AES-GCM, from TLS 1.2 on.
    """
    scan_requestor(stage)
