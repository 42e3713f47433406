"""TLS-26: each algorithm that everybody has to have, offered alone."""

from collections.abc import Mapping

from harness.model import Claim, Role, Severity
from harness.oracles import hello_answered
from harness.registry import scenario
from harness.stage import Stage
from simulators.handshakes.hellos import offer_hello, require_hello_answered, tls12, tls13
from simulators.tls import HelloOffer

_AES_128_13, _AES_128, _AES_256 = (0x1301,), (0xC02B, 0xC02F), (0xC02C, 0xC030)
_SCHEMES = ("rsa_pss_rsae_sha256", "ecdsa_secp256r1_sha256", "rsa_pkcs1_sha256")
_TLS_1_3: Mapping[str, HelloOffer] = {
    "AES-128-GCM": HelloOffer(suites=_AES_128_13),
    "secp256r1": HelloOffer(groups=("secp256r1",)),
    "x25519": HelloOffer(groups=("x25519",)),
    "SHA-256 signatures": HelloOffer(signature_algorithms=_SCHEMES),
}
_TLS_1_2: Mapping[str, HelloOffer] = {
    "AES-128-GCM under TLS 1.2": HelloOffer(suites=_AES_128),
    "AES-256-GCM under TLS 1.2": HelloOffer(suites=_AES_256),
    "secp256r1 under TLS 1.2": HelloOffer(groups=("secp256r1",)),
}
_SHOULD = {"x25519", *_TLS_1_2}


@scenario(
    id="TLS-026",
    verifies=["RFC8446/9.1", "RFC9325/4.2/RECOMMENDED", "RFC9325/4.2.1/GROUPS"],
    threats=["T-AVAIL-01"],
    weakness=["CWE-703"],
    role=Role.ACCEPTOR,
    needs={Claim.TLS_ACCEPTOR, Claim.VERIFICATION_SCP, Claim.TRUST_CONTROLLED, Claim.TLS_1_3},
    severity=Severity.LOW,
    twin="TLS-901",
    control="lacks_mandatory_group",
    oracles=[hello_answered("alone", _SHOULD)],
    budget_s=40,
    vary=[{"alone": alone} for alone in (*_TLS_1_3, *_TLS_1_2)],
)
def offers_one_mandatory_algorithm_alone(stage: Stage) -> None:
    """Each suite, group and signature that is mandatory for all is supported.

    Two devices that each keep to the standard meet in what it makes mandatory; one that left a
    part of it out can be shut off by an update of its peer, or pushed to something weaker. Each
    hello offers one of them and nothing else of its kind.

    Remedy: Enable TLS_AES_128_GCM_SHA256, ECDHE with AES-GCM, secp256r1, X25519 and SHA-256.
    """
    require_hello_answered(stage)
    alone = str(stage.case["alone"])
    offer = tls13(_TLS_1_3[alone]) if alone in _TLS_1_3 else tls12(_TLS_1_2[alone])
    offer_hello(stage, offer, what=f"ClientHello that offers {alone} alone", lies=[])
