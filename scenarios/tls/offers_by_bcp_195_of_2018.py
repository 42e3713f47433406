"""A requestor that claims the BCP 195 profile of 2018."""

from harness.model import Claim, Role, Severity
from harness.oracles.tls_policy import keeps_to_policy
from harness.registry import scenario
from harness.stage import Stage
from simulators.handshakes.offered import scan_requestor


@scenario(
    id="TLS-309",
    verifies=["PS3.15/B.9", "HOUSE/TLS-POLICY", "RFC7525/3.1.1", "RFC7525/4.2", "RFC7525/4.3"],
    threats=["T-CONF-01", "T-CONF-02"],
    weakness=["CWE-327"],
    role=Role.REQUESTOR,
    needs={
        Claim.TLS_REQUESTOR,
        Claim.VERIFICATION_SCU,
        Claim.TRUST_CONTROLLED,
        Claim.TLS_B_9,
    },
    severity=Severity.MEDIUM,
    twin="TLS-950",
    control="scu_weak_suites",
    oracles=[keeps_to_policy("B.9")],
    budget_s=60,
)
def offers_by_bcp_195_of_2018(stage: Stage) -> None:
    """A requestor that claims PS3.15 B.9 offers what BCP 195 permitted in 2018 (RFC 7525).

    That text was not at hand, so that its rules warn at most; suites without encryption or
    authentication fail a device whatever it claims. The profile is retired in favour of B.12.

    Remedy: Offer suites with AES-GCM and ephemeral keys only, and claim B.12.
    """
    scan_requestor(stage)
