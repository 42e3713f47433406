"""WEB-25: a client of the web that speaks nothing newer than TLS 1.1."""

from harness.model import Role, Safety, Severity
from harness.oracles import TlsAlert, tls_refused
from harness.registry import scenario
from harness.stage import Stage
from scenarios.web.steps import BY_TLS
from simulators.handshakes.hellos import offer_hello, require_hello_answered
from simulators.tls import HelloOffer, TlsVersion
from simulators.web.doors import web_door

_VERSIONS = {str(one): one for one in (TlsVersion.SSL3, TlsVersion.TLS1_0, TlsVersion.TLS1_1)}


@scenario(
    id="WEB-025",
    verifies=["RFC9325/3.1.1", "RFC8996/4", "RFC8996/5"],
    threats=["T-CONF-02"],
    weakness=["CWE-327", "CWE-757"],
    role=Role.ACCEPTOR,
    needs=BY_TLS,
    severity=Severity.HIGH,
    twin="WEB-900",
    control="web_tls_min_1_0",
    oracles=[tls_refused(TlsAlert.PROTOCOL_VERSION, TlsAlert.HANDSHAKE_FAILURE)],
    budget_s=30,
    safety=Safety.STORES_OBJECTS,
    vary=[{"version": label} for label in _VERSIONS],
)
def offers_obsolete_tls(stage: Stage) -> None:
    """SSL, TLS 1.0 and TLS 1.1 are not negotiated on the web port either.

    The web server is often another program than the one for DICOM, with a configuration of its
    own that nobody looked at when the other was hardened.

    Remedy: Set the lowest version to TLS 1.2 in the web server or the proxy before it as well.
    """
    require_hello_answered(stage, door=web_door)
    label = str(stage.case["version"])
    offer = HelloOffer(versions=(_VERSIONS[label],))
    what = f"ClientHello that offers {label} only"
    offer_hello(stage, offer, what=what, lies=["client_version"], door=web_door)
