"""A requestor that claims IHE ITI-19 with a floor of TLS 1.2."""

from harness.model import Claim, Role, Severity
from harness.oracles.tls_policy import keeps_to_policy
from harness.registry import scenario
from harness.stage import Stage
from simulators.handshakes.offered import scan_requestor


@scenario(
    id="TLS-319",
    verifies=["IHE/ITI-19/TLS12-FLOOR"],
    threats=["T-CONF-01", "T-CONF-02"],
    weakness=["CWE-327"],
    role=Role.REQUESTOR,
    needs={
        Claim.TLS_REQUESTOR,
        Claim.VERIFICATION_SCU,
        Claim.TRUST_CONTROLLED,
        Claim.TLS_ITI_19,
    },
    severity=Severity.HIGH,
    twin="TLS-950",
    control="scu_weak_suites",
    oracles=[keeps_to_policy("ITI-19")],
    budget_s=60,
)
def offers_by_iti_19(stage: Stage) -> None:
    """A requestor that claims IHE ITI-19 offers TLS 1.2 or newer and its four suites.

    The four suites with DHE and ECDHE are demanded, which BCP 195 of today discourages: each
    policy is judged by itself. Every further suite has to be as strong.

    Remedy: Offer DHE and ECDHE with AES-GCM, from TLS 1.2 on.
    """
    scan_requestor(stage)
