"""A requestor that claims the extended profile."""

from harness.model import Claim, Role, Severity
from harness.oracles.tls_policy import keeps_to_policy
from harness.registry import scenario
from harness.stage import Stage
from simulators.handshakes.offered import scan_requestor


@scenario(
    id="TLS-311",
    verifies=["PS3.15/B.11"],
    threats=["T-CONF-01", "T-CONF-02"],
    weakness=["CWE-327"],
    role=Role.REQUESTOR,
    needs={
        Claim.TLS_REQUESTOR,
        Claim.VERIFICATION_SCU,
        Claim.TRUST_CONTROLLED,
        Claim.TLS_B_11,
    },
    severity=Severity.MEDIUM,
    twin="TLS-950",
    control="scu_unlisted_suite",
    oracles=[keeps_to_policy("B.11")],
    budget_s=60,
)
def offers_by_extended_bcp_195(stage: Stage) -> None:
    """A requestor that claims PS3.15 B.11 offers the suites of its list and no other.

    The list is closed, so that even a strong suite beyond it breaks the profile; as written it
    leaves no room for TLS 1.3.

    Remedy: Offer the suites of the list only, or claim B.12.
    """
    scan_requestor(stage)
