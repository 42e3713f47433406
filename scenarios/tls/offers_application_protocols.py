"""TLS-18: application protocols that were meant for this device, and for another one."""

from collections.abc import Mapping

from harness.model import Claim, Role, Severity
from harness.oracles import selects_protocol
from harness.registry import scenario
from harness.stage import Stage
from simulators.handshakes.hellos import every_suite, offer_hello, require_hello_answered
from simulators.tls import HelloOffer, TlsVersion

_DICOM = "dicom"
_OFFERS: Mapping[str, tuple[str, ...]] = {
    "none": (),
    _DICOM: (_DICOM,),
    "h2 and http/1.1": ("h2", "http/1.1"),
}


@scenario(
    id="TLS-018",
    verifies=["RFC9325/3.8", "RFC9325/3.8/NONE"],
    threats=["T-INTEG-01"],
    weakness=["CWE-290"],
    references=["CVE-2021-3618"],
    role=Role.ACCEPTOR,
    needs={Claim.TLS_ACCEPTOR, Claim.VERIFICATION_SCP, Claim.TRUST_CONTROLLED},
    severity=Severity.LOW,
    twin="TLS-900",
    control="selects_any_protocol",
    oracles=[selects_protocol(_DICOM, "protocols")],
    budget_s=40,
    vary=[{"protocols": protocols} for protocols in _OFFERS],
)
def offers_application_protocols(stage: Stage) -> None:
    """An application protocol that is not DICOM is never selected.

    A client that meant a web server must not end up here: where one certificate serves both, a
    man in the middle can carry a browser's bytes to the DICOM port. Refusing is best, ignoring
    the extension is common, agreeing to speak HTTP is wrong. The hello is one of TLS 1.2, whose
    answer stands in clear.

    Remedy: Refuse unknown protocols by no_application_protocol; never echo the client's list.
    """
    protocols = str(stage.case["protocols"])
    offer = HelloOffer(versions=(TlsVersion.TLS1_2,), suites=every_suite())
    require_hello_answered(stage, offer, than="the same hello without the extension")
    offer = HelloOffer(versions=(TlsVersion.TLS1_2,), suites=every_suite(), alpn=_OFFERS[protocols])
    lies = ["extensions.alpn"] if protocols not in ("none", _DICOM) else []
    offer_hello(stage, offer, what=f"ClientHello with ALPN: {protocols}", lies=lies)
