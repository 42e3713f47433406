"""TLS-05: which version an acceptor takes when it may choose."""

from harness.model import Claim, Role, Severity
from harness.oracles import prefers_newest
from harness.registry import scenario
from harness.stage import Stage
from simulators.handshakes.hellos import every_suite, offer_hello
from simulators.tls import HelloOffer, TlsVersion

_OFFERS = {
    "TLS 1.2": (TlsVersion.TLS1_2,),
    "TLS 1.3 and TLS 1.2": (TlsVersion.TLS1_3, TlsVersion.TLS1_2),
}


@scenario(
    id="TLS-005",
    verifies=["PS3.15/B.12/VERSIONS", "RFC9325/3.1.1/PREFER", "RFC9325/3.1.1"],
    threats=["T-CONF-02"],
    weakness=["CWE-757"],
    role=Role.ACCEPTOR,
    needs={Claim.TLS_ACCEPTOR, Claim.VERIFICATION_SCP, Claim.TRUST_CONTROLLED},
    severity=Severity.MEDIUM,
    twin="TLS-900",
    control="prefers_tls12",
    oracles=[prefers_newest()],
    budget_s=40,
    vary=[{"offer": offer} for offer in _OFFERS],
)
def offers_the_newest_version(stage: Stage) -> None:
    """TLS 1.2 is supported, and TLS 1.3 is taken from a client that offers it where it is claimed.

    Under TLS 1.2 the names in certificates pass in clear, and old suites and renegotiation are
    there to be attacked; a device that has TLS 1.3 and does not use it gives that away. A device
    that claims TLS 1.2 only is asked for that only. Every suite is offered, since suites are judged
    elsewhere.

    Remedy: Leave the choice of the version to the library and do not cap it; enable TLS 1.3.
    """
    offer = str(stage.case["offer"])
    hello = HelloOffer(versions=_OFFERS[offer], suites=every_suite())
    offer_hello(stage, hello, what=f"ClientHello that offers {offer}", lies=[])
