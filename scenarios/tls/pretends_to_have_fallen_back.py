"""TLS-10: a client that says it has fallen back to TLS 1.2, though both sides have TLS 1.3."""

from dataclasses import replace

from harness.model import Claim, Role, Severity
from harness.oracles import TlsAlert, tls_refused
from harness.registry import scenario
from harness.stage import Stage
from simulators.handshakes.hellos import every_suite, offer_hello, require_hello_answered
from simulators.tls import HelloOffer, TlsVersion

_FALLBACK_SCSV = 0x5600


@scenario(
    id="TLS-010",
    verifies=["RFC7507/3", "HOUSE/NO-DOWNGRADE"],
    threats=["T-CONF-02"],
    weakness=["CWE-757"],
    references=["CVE-2014-3566"],
    role=Role.ACCEPTOR,
    needs={Claim.TLS_ACCEPTOR, Claim.VERIFICATION_SCP, Claim.TRUST_CONTROLLED, Claim.TLS_1_3},
    severity=Severity.MEDIUM,
    twin="TLS-900",
    control="ignores_fallback_scsv",
    oracles=[tls_refused(TlsAlert.INAPPROPRIATE_FALLBACK)],
    budget_s=40,
)
def pretends_to_have_fallen_back(stage: Stage) -> None:
    """A client that has fallen back without need is turned away.

    Who cuts a connection in its first milliseconds makes many clients try again with an older
    version. Such a client adds a signalling suite to its second hello, by which a device that has
    more to offer knows that somebody interferes. The same hello without that suite is answered
    just before.

    Remedy: Use a TLS library that knows TLS_FALLBACK_SCSV, and do not switch it off.
    """
    offer = HelloOffer(versions=(TlsVersion.TLS1_2,), suites=every_suite())
    require_hello_answered(stage, offer, than="the same hello without TLS_FALLBACK_SCSV")
    fallen = replace(offer, suites=(*every_suite(), _FALLBACK_SCSV))
    what = "ClientHello of TLS 1.2 with TLS_FALLBACK_SCSV"
    offer_hello(stage, fallen, what=what, lies=["cipher_suites"])
