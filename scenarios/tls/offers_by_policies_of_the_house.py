"""A requestor under the TLS policies of the house."""

from harness.model import Claim, Role, Severity
from harness.oracles.tls_policy import keeps_to_house_policies
from harness.registry import scenario
from harness.stage import Stage
from simulators.handshakes.offered import scan_requestor


@scenario(
    id="TLS-330",
    verifies=["HOUSE/TLS-POLICY"],
    threats=["T-CONF-01", "T-CONF-02"],
    weakness=["CWE-327"],
    role=Role.REQUESTOR,
    needs={
        Claim.TLS_REQUESTOR,
        Claim.VERIFICATION_SCU,
        Claim.TRUST_CONTROLLED,
        Claim.TLS_HOUSE_POLICY,
    },
    severity=Severity.MEDIUM,
    twin="TLS-950",
    control="scu_weak_suites",
    oracles=[keeps_to_house_policies()],
    budget_s=60,
)
def offers_by_policies_of_the_house(stage: Stage) -> None:
    """A requestor offers only what every TLS policy of the house permits.

    A hospital or manufacturer writes down what it permits, in the form of the published
    profiles, and names the file in [tls] policies. Its own word decides: what it forbids is a
    failure.

    Remedy: Configure the device as the policy says, or amend the policy.
    """
    scan_requestor(stage)
