"""TLS-30: what a device with TLS 1.3 says to a client that offers TLS 1.2 alone."""

from harness.model import Claim, Role, Severity
from harness.oracles import marks_downgrade
from harness.registry import scenario
from harness.stage import Stage
from simulators.handshakes.hellos import every_suite, offer_hello
from simulators.tls import HelloOffer, TlsVersion


@scenario(
    id="TLS-030",
    verifies=["RFC8446/4.1.3", "HOUSE/NO-DOWNGRADE"],
    threats=["T-CONF-02"],
    weakness=["CWE-757"],
    role=Role.ACCEPTOR,
    needs={Claim.TLS_ACCEPTOR, Claim.VERIFICATION_SCP, Claim.TRUST_CONTROLLED, Claim.TLS_1_3},
    severity=Severity.MEDIUM,
    twin="TLS-900",
    control="no_downgrade_sentinel",
    oracles=[marks_downgrade()],
    budget_s=40,
)
def offers_tls_1_2_to_a_device_that_has_more(stage: Stage) -> None:
    """A device with TLS 1.3 that answers in TLS 1.2 marks its random value.

    Somebody on the line can strike TLS 1.3 from a hello. The mark in the random value, which the
    server signs, is how the client notices; a device that leaves it out makes its clients blind.

    Remedy: Leave versions to one TLS library with both enabled; terminate both in the same place.
    """
    offer = HelloOffer(versions=(TlsVersion.TLS1_2,), suites=every_suite())
    offer_hello(stage, offer, what="ClientHello that offers TLS 1.2 alone", lies=[])
