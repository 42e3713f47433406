"""TLS-15: a client that offers compression under TLS 1.2."""

from harness.model import Claim, Role, Severity
from harness.oracles import null_compression
from harness.registry import scenario
from harness.stage import Stage
from simulators.handshakes.hellos import every_suite, offer_hello, require_hello_answered
from simulators.tls import HelloOffer, TlsVersion

_METHODS = {"DEFLATE before null": (1, 0), "DEFLATE without null": (1,)}


@scenario(
    id="TLS-015",
    verifies=["RFC9325/3.3", "HOUSE/SOUND-PARAMETERS"],
    threats=["T-CONF-02"],
    weakness=["CWE-203"],
    references=["CVE-2012-4929"],
    role=Role.ACCEPTOR,
    needs={Claim.TLS_ACCEPTOR, Claim.VERIFICATION_SCP, Claim.TRUST_CONTROLLED},
    severity=Severity.MEDIUM,
    twin="TLS-900",
    control="chooses_compression",
    oracles=[null_compression()],
    budget_s=40,
    vary=[{"methods": methods} for methods in _METHODS],
)
def offers_compression(stage: Stage) -> None:
    """TLS never compresses, whatever the client offers.

    The length of a compressed record tells what stands in it: whoever can make a device send
    chosen text beside a secret reads the secret from lengths alone. A hello that offers DEFLATE
    first, and one that leaves out the null method which every hello must have.

    Remedy: Build or configure the TLS library without compression.
    """
    require_hello_answered(stage)
    methods = str(stage.case["methods"])
    offer = HelloOffer(
        versions=(TlsVersion.TLS1_2,), suites=every_suite(), compression=_METHODS[methods]
    )
    what = f"ClientHello that offers {methods}"
    offer_hello(stage, offer, what=what, lies=["compression_methods"])
