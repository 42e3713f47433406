"""A requestor that claims the AES TLS profile of old."""

from harness.model import Claim, Role, Severity
from harness.oracles.tls_policy import keeps_to_policy
from harness.registry import scenario
from harness.stage import Stage
from simulators.handshakes.offered import scan_requestor


@scenario(
    id="TLS-303",
    verifies=["PS3.15/B.3"],
    threats=["T-CONF-01", "T-CONF-02"],
    weakness=["CWE-327"],
    role=Role.REQUESTOR,
    needs={
        Claim.TLS_REQUESTOR,
        Claim.VERIFICATION_SCU,
        Claim.TRUST_CONTROLLED,
        Claim.TLS_B_3,
    },
    severity=Severity.LOW,
    twin="TLS-950",
    control="scu_lacks_3des",
    oracles=[keeps_to_policy("B.3")],
    budget_s=60,
)
def offers_by_aes_tls(stage: Stage) -> None:
    """A requestor that claims PS3.15 B.3 offers RSA key exchange with AES-128 and with 3DES.

    Both suites are demanded, and AES is to be preferred. The profile is retired: what a device
    must not offer today is judged by BCP 195 apart (TLS-300), and contradicts this one.

    Remedy: Offer what the conformance statement says, or claim another profile.
    """
    scan_requestor(stage)
