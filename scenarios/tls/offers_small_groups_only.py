"""TLS-09: a client that offers nothing but groups that are too small."""

from harness.model import Claim, Role, Severity
from harness.oracles import sound_key_exchange
from harness.registry import scenario
from harness.stage import Stage
from simulators.handshakes.hellos import every_suite, offer_hello, require_hello_answered
from simulators.tls import HelloOffer, TlsVersion, suite_name
from simulators.tls.codes import GROUPS, curve_bits

_CURVES: dict[str, tuple[int, int]] = {
    "curves below 224 bits": (0, 223),
    "curves of 224 to 255 bits": (224, 255),
    "secp256k1": (256, 256),
}
_ECDHE = tuple(one for one in every_suite() if suite_name(one).startswith("TLS_ECDHE_"))
_DHE = tuple(one for one in every_suite() if suite_name(one).startswith("TLS_DHE_RSA_"))


@scenario(
    id="TLS-009",
    verifies=["RFC9325/4.5", "HOUSE/SOUND-PARAMETERS", "PS3.15/B.13"],
    threats=["T-CONF-02"],
    weakness=["CWE-326"],
    references=["CVE-2015-4000"],
    role=Role.ACCEPTOR,
    needs={Claim.TLS_ACCEPTOR, Claim.VERIFICATION_SCP, Claim.TRUST_CONTROLLED},
    severity=Severity.HIGH,
    twin="TLS-900",
    control="small_groups",
    oracles=[sound_key_exchange()],
    budget_s=40,
    vary=[{"groups": groups} for groups in ("the device's own prime", *_CURVES)],
)
def offers_small_groups_only(stage: Stage) -> None:
    """Neither primes below 2048 bits nor curves below 224 bits are negotiated.

    A prime of 1024 bits can be broken once for all who use it, and recorded images are then read
    years later. One hello leaves the prime to the device; the others list small curves only, and
    what the device then chooses is read from its key exchange. RFC 9325 allows curves from 224
    bits; PS3.15 B.13 asks for 256, so that what lies between is a warning.

    Remedy: Use P-256 or X25519 only, and switch ephemeral keys over finite fields off.
    """
    require_hello_answered(stage)
    groups = str(stage.case["groups"])
    if groups in _CURVES:
        low, high = _CURVES[groups]
        small = tuple(one for one in GROUPS if low <= (curve_bits(one) or 0) <= high)
        listed = tuple(one for one in small if one < 0x17)
        offer = HelloOffer(versions=(TlsVersion.TLS1_2,), suites=_ECDHE, groups=listed)
        lie = "extensions.supported_groups"
    else:
        offer = HelloOffer(versions=(TlsVersion.TLS1_2,), suites=_DHE, groups=())
        lie = "cipher_suites"
    offer_hello(stage, offer, what=f"ClientHello that offers {groups} only", lies=[lie])
