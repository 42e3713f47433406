"""An acceptor under the TLS policies of the house."""

from harness.model import Claim, Role, Severity
from harness.oracles.tls_policy import keeps_to_house_policies
from harness.registry import scenario
from harness.stage import Stage
from simulators.handshakes.scan import scan_acceptor


@scenario(
    id="TLS-230",
    verifies=["HOUSE/TLS-POLICY"],
    threats=["T-CONF-01", "T-CONF-02"],
    weakness=["CWE-327"],
    role=Role.ACCEPTOR,
    needs={
        Claim.TLS_ACCEPTOR,
        Claim.VERIFICATION_SCP,
        Claim.TRUST_CONTROLLED,
        Claim.TLS_HOUSE_POLICY,
    },
    severity=Severity.MEDIUM,
    twin="TLS-900",
    control="weak_suites",
    oracles=[keeps_to_house_policies()],
    budget_s=60,
)
def keeps_to_policies_of_the_house(stage: Stage) -> None:
    """An acceptor keeps to every TLS policy that its profile names as the policy of the house.

    A hospital or manufacturer writes down what it permits, in the form of the published
    profiles, and names the file in [tls] policies. Its own word decides: what it forbids is a
    failure.

    Remedy: Configure the device as the policy says, or amend the policy.
    """
    scan_acceptor(stage)
