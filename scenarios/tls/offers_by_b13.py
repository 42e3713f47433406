"""A requestor that claims the modified BCP 195 profile."""

from harness.model import Claim, Role, Severity
from harness.oracles.tls_policy import keeps_to_policy
from harness.registry import scenario
from harness.stage import Stage
from simulators.handshakes.offered import scan_requestor


@scenario(
    id="TLS-313",
    verifies=["PS3.15/B.13", "PS3.15/B.13/SUITES"],
    threats=["T-CONF-01", "T-CONF-02"],
    weakness=["CWE-327"],
    role=Role.REQUESTOR,
    needs={
        Claim.TLS_REQUESTOR,
        Claim.VERIFICATION_SCU,
        Claim.TRUST_CONTROLLED,
        Claim.TLS_B_13,
    },
    severity=Severity.HIGH,
    twin="TLS-950",
    control="scu_weak_suites",
    oracles=[keeps_to_policy("B.13")],
    budget_s=60,
)
def offers_by_b13(stage: Stage) -> None:
    """A requestor that claims PS3.15 B.13 offers sizes and suites that the profile permits.

    Curves of 256 bits were read in the standard and fail a device, as does what BCP 195
    forbids. The list of suites is known from implementations that cite it, so that a suite too
    many is a warning that says so.

    Remedy: Offer the suites of the profile, and no curve below 256 bits.
    """
    scan_requestor(stage)
