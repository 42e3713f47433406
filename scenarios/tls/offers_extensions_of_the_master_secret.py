"""TLS-27: a client of TLS 1.2 that offers one extension to keep and one to leave alone."""

from harness.model import Claim, Role, Severity
from harness.oracles import acknowledges, never_acknowledges
from harness.registry import scenario
from harness.stage import Stage
from simulators.handshakes.hellos import every_suite, offer_hello
from simulators.tls import HelloOffer, TlsVersion
from simulators.tls.codes import Extension


@scenario(
    id="TLS-027",
    verifies=["RFC9325/3.5/EMS", "RFC9325/4.6"],
    threats=["T-INTEG-01"],
    weakness=["CWE-300"],
    role=Role.ACCEPTOR,
    needs={Claim.TLS_ACCEPTOR, Claim.VERIFICATION_SCP, Claim.TRUST_CONTROLLED},
    severity=Severity.MEDIUM,
    twin="TLS-900",
    control="no_extended_master_secret",
    oracles=[
        acknowledges({Extension.EXTENDED_MASTER_SECRET}, "extended_master_secret"),
        never_acknowledges(Extension.TRUNCATED_HMAC, "truncated_hmac"),
    ],
    budget_s=40,
)
def offers_extensions_of_the_master_secret(stage: Stage) -> None:
    """TLS 1.2 binds its keys to the whole handshake, and never cuts its checksums short.

    Without the extended master secret two connections can be made to share their keys, on which a
    man in the middle builds the impersonation of a client. A truncated checksum, on the other
    hand, makes guessing easier and is never to be used. One hello offers both.

    Remedy: Use a TLS library with RFC 7627, and do not switch truncated_hmac on.
    """
    offer = HelloOffer(
        versions=(TlsVersion.TLS1_2,),
        suites=every_suite(),
        extra_extensions=((Extension.TRUNCATED_HMAC, b""),),
    )
    what = "ClientHello with extended_master_secret and truncated_hmac"
    offer_hello(stage, offer, what=what, lies=["extensions.truncated_hmac"])
