"""TLS-31: a client of TLS 1.2 that asks for secure renegotiation, in both ways there are."""

from harness.model import Claim, Role, Severity
from harness.oracles import acknowledges
from harness.registry import scenario
from harness.stage import Stage
from simulators.handshakes.hellos import every_suite, offer_hello
from simulators.tls import HelloOffer, TlsVersion
from simulators.tls.codes import Extension

_SCSV = 0x00FF


@scenario(
    id="TLS-031",
    verifies=["RFC9325/3.5"],
    threats=["T-INTEG-01"],
    weakness=["CWE-300"],
    references=["CVE-2009-3555"],
    role=Role.ACCEPTOR,
    needs={Claim.TLS_ACCEPTOR, Claim.VERIFICATION_SCP, Claim.TRUST_CONTROLLED},
    severity=Severity.MEDIUM,
    twin="TLS-900",
    control="no_secure_renegotiation",
    oracles=[acknowledges({Extension.RENEGOTIATION_INFO}, "renegotiation_info")],
    budget_s=40,
    vary=[{"asks_by": way} for way in ("extension", "signalling suite")],
)
def asks_for_secure_renegotiation(stage: Stage) -> None:
    """A ServerHello of TLS 1.2 acknowledges renegotiation_info.

    Without that bond a man in the middle puts requests of his own in front of an honest client's
    connection, and the device takes both for one. A device that never renegotiates has to say so
    by the same extension, since the client cannot see it otherwise.

    Remedy: Use a TLS library that knows RFC 5746, and do not switch legacy renegotiation on.
    """
    by_extension = stage.case["asks_by"] == "extension"
    offer = HelloOffer(
        versions=(TlsVersion.TLS1_2,),
        suites=every_suite() if by_extension else (*every_suite(), _SCSV),
        secure_renegotiation=by_extension,
    )
    what = f"ClientHello that asks for secure renegotiation by {stage.case['asks_by']}"
    offer_hello(stage, offer, what=what, lies=[])
