"""TLS-03: a client that speaks nothing newer than TLS 1.1."""

from harness.model import Claim, Role, Severity
from harness.oracles import TlsAlert, tls_refused
from harness.registry import scenario
from harness.stage import Stage
from simulators.handshakes.hellos import offer_hello, offer_parts, require_hello_answered
from simulators.tls import HelloOffer, TlsVersion
from simulators.tls.strange import ssl2_hello

_SSL_2 = "SSL 2.0"
_VERSIONS = {
    str(version): version for version in (TlsVersion.SSL3, TlsVersion.TLS1_0, TlsVersion.TLS1_1)
}


@scenario(
    id="TLS-003",
    verifies=["RFC9325/3.1.1", "PS3.15/B.12", "RFC8996/4", "RFC8996/5"],
    threats=["T-CONF-02"],
    weakness=["CWE-327", "CWE-757"],
    references=["DCMTK-TLS10", "DCM4CHE-2259"],
    role=Role.ACCEPTOR,
    needs={Claim.TLS_ACCEPTOR, Claim.VERIFICATION_SCP, Claim.TRUST_CONTROLLED},
    severity=Severity.HIGH,
    twin="TLS-900",
    control="tls_min_1_0",
    oracles=[tls_refused(TlsAlert.PROTOCOL_VERSION, TlsAlert.HANDSHAKE_FAILURE)],
    budget_s=40,
    vary=[{"version": label} for label in (_SSL_2, *_VERSIONS)],
)
def offers_obsolete_versions_only(stage: Stage) -> None:
    """SSL, TLS 1.0 and TLS 1.1 are not negotiated, whatever the client offers.

    A man in the middle who can make both sides agree on an old version breaks it by its known
    weaknesses and reads the images. The hello is ours byte by byte, so that the result does not
    depend on what the host's own library still speaks, and it offers the suites of its time; one
    that offers everything is answered just before. A ServerHello is enough to be negotiated.

    Remedy: Set the lowest version of the TLS library to TLS 1.2, on every port.
    """
    require_hello_answered(stage)
    label = str(stage.case["version"])
    what = f"ClientHello that offers {label} only"
    if label == _SSL_2:
        offer_parts(stage, ssl2_hello(), what=what, lies=["version"])
    else:
        offer = HelloOffer(versions=(_VERSIONS[label],))
        offer_hello(stage, offer, what=what, lies=["client_version"])
