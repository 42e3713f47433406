"""A requestor that claims the basic TLS profile of old."""

from harness.model import Claim, Role, Severity
from harness.oracles.tls_policy import keeps_to_policy
from harness.registry import scenario
from harness.stage import Stage
from simulators.handshakes.offered import scan_requestor


@scenario(
    id="TLS-301",
    verifies=["PS3.15/B.1"],
    threats=["T-CONF-01", "T-CONF-02"],
    weakness=["CWE-327"],
    role=Role.REQUESTOR,
    needs={
        Claim.TLS_REQUESTOR,
        Claim.VERIFICATION_SCU,
        Claim.TRUST_CONTROLLED,
        Claim.TLS_B_1,
    },
    severity=Severity.LOW,
    twin="TLS-950",
    control="scu_lacks_3des",
    oracles=[keeps_to_policy("B.1")],
    budget_s=60,
)
def offers_by_basic_tls(stage: Stage) -> None:
    """A requestor that claims PS3.15 B.1 offers RSA key exchange with 3DES and SHA.

    Archives of before 2018 can often do nothing else, and whoever connects them relies on the
    conformance statement. The profile is retired: what a device must not offer today is judged
    by BCP 195 apart (TLS-300), and contradicts this one.

    Remedy: Offer what the conformance statement says, or claim another profile.
    """
    scan_requestor(stage)
