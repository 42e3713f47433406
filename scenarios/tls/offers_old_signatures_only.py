"""TLS-24: a client that takes only signatures that nobody should make any more."""

from harness.model import Claim, Role, Severity
from harness.oracles import sound_signature
from harness.registry import scenario
from harness.stage import Stage
from simulators.handshakes.hellos import every_suite, offer_hello, require_hello_answered, tls13
from simulators.tls import HelloOffer, TlsVersion, suite_name

_SCHEMES = {
    "SHA-1": ("rsa_pkcs1_sha1", "ecdsa_sha1", "dsa_sha1"),
    "MD5": ("rsa_pkcs1_md5",),
}
_EPHEMERAL = tuple(one for one in every_suite() if suite_name(one).startswith("TLS_ECDHE_"))
_PKCS1 = ("rsa_pkcs1_sha256", "rsa_pkcs1_sha384", "rsa_pkcs1_sha512")


@scenario(
    id="TLS-024",
    verifies=["RFC9325/4.5/HASH", "RFC8446/4.2.3", "HOUSE/SOUND-PARAMETERS"],
    threats=["T-CONF-02", "T-IMPERS-01"],
    weakness=["CWE-328"],
    references=["CVE-2015-7575"],
    role=Role.ACCEPTOR,
    needs={Claim.TLS_ACCEPTOR, Claim.VERIFICATION_SCP, Claim.TRUST_CONTROLLED},
    severity=Severity.MEDIUM,
    twin="TLS-900",
    control="signs_with_sha1",
    oracles=[sound_signature()],
    budget_s=40,
    vary=[{"schemes": schemes} for schemes in (*_SCHEMES, "PKCS #1 under TLS 1.3")],
)
def offers_old_signatures_only(stage: Stage) -> None:
    """Key exchanges are signed neither with MD5 nor with SHA-1, nor by PKCS #1 under TLS 1.3.

    Who can find two messages with one checksum can move a signature from one handshake to
    another, and speak in the device's name. The hellos offer nothing else, and suites with
    ephemeral keys only, so that a device that goes along has to sign.

    Remedy: Allow SHA-256 and better in the library's list of signature algorithms.
    """
    require_hello_answered(stage)
    schemes = str(stage.case["schemes"])
    if schemes in _SCHEMES:
        offer = HelloOffer(
            versions=(TlsVersion.TLS1_2,),
            suites=_EPHEMERAL,
            signature_algorithms=_SCHEMES[schemes],
        )
    else:
        offer = tls13(HelloOffer(signature_algorithms=_PKCS1))
    what = f"ClientHello with signatures by {schemes} only"
    offer_hello(stage, offer, what=what, lies=["extensions.signature_algorithms"])
