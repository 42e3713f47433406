"""An acceptor that claims IHE ITI-19 with a floor of TLS 1.2."""

from harness.model import Claim, Role, Severity
from harness.oracles.tls_policy import keeps_to_policy
from harness.registry import scenario
from harness.stage import Stage
from simulators.handshakes.scan import scan_acceptor


@scenario(
    id="TLS-219",
    verifies=["IHE/ITI-19/TLS12-FLOOR", "IHE/ITI-19"],
    threats=["T-CONF-01", "T-CONF-02"],
    weakness=["CWE-327"],
    role=Role.ACCEPTOR,
    needs={
        Claim.TLS_ACCEPTOR,
        Claim.VERIFICATION_SCP,
        Claim.TRUST_CONTROLLED,
        Claim.TLS_ITI_19,
    },
    severity=Severity.HIGH,
    twin="TLS-900",
    control="tls_min_1_0",
    oracles=[keeps_to_policy("ITI-19")],
    budget_s=60,
)
def keeps_to_iti_19(stage: Stage) -> None:
    """An acceptor that claims IHE ITI-19 speaks TLS 1.2 or newer and asks for a certificate.

    A secure node authenticates its peer; without a request for a certificate it cannot. The
    four suites with DHE and ECDHE are demanded, which BCP 195 of today discourages: each policy
    is judged by itself.

    Remedy: Set the floor, configure the four suites, and require client certificates.
    """
    scan_acceptor(stage)
