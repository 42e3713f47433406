"""Keys of end entities that are weak, or merely unusual; one of each kind per process."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from asn1crypto import keys as asn1_keys
from asn1crypto import pem
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import dsa, ec, ed25519, rsa

from simulators.pki.keys import leaf_key, made_once

OddKind: TypeAlias = Literal[
    "rsa",
    "rsa-512",
    "rsa-1024",
    "rsa-1536",
    "rsa-4096",
    "rsa-e3",
    "ec-p192",
    "ec-p224",
    "ec-p256",
    "ec-p384",
    "ec-p521",
    "ec-k256",
    "dsa-1024",
    "ed25519",
]
"""``rsa`` is the ordinary one that all leaves share."""

_COMMON_EXPONENT = 65537
_RSA_BITS = {"rsa-1024": 1024, "rsa-1536": 1536, "rsa-4096": 4096}
_CURVES: dict[str, type[ec.EllipticCurve]] = {
    "ec-p192": ec.SECP192R1,
    "ec-p224": ec.SECP224R1,
    "ec-p256": ec.SECP256R1,
    "ec-p384": ec.SECP384R1,
    "ec-p521": ec.SECP521R1,
    "ec-k256": ec.SECP256K1,
}
_OtherKey: TypeAlias = (
    rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey | dsa.DSAPrivateKey | ed25519.Ed25519PrivateKey
)


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyPair:
    """A key of an end entity.

    Attributes:
        public_key: SubjectPublicKeyInfo, DER.
        private_pem: PKCS #8 without a pass phrase.
    """

    public_key: bytes
    private_pem: bytes = field(repr=False)


@made_once
def odd_key(kind: OddKind) -> KeyPair:
    """The key of this kind; the first call makes it (RSA of 4096 bits takes about a second)."""
    if kind == "rsa-512":
        return _rsa_512()
    return pair_of(_made(kind))


def pair_of(key: _OtherKey) -> KeyPair:
    """Both halves of a key of the library."""
    public_key = key.public_key().public_bytes(
        serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    private_pem = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    return KeyPair(public_key=public_key, private_pem=private_pem)


def _made(kind: OddKind) -> _OtherKey:
    if kind == "rsa":
        return leaf_key("rsa")
    if kind == "rsa-e3":
        return rsa.generate_private_key(3, 2048)
    if kind == "dsa-1024":
        return dsa.generate_private_key(1024)
    if kind == "ed25519":
        return ed25519.Ed25519PrivateKey.generate()
    if kind in _RSA_BITS:
        return rsa.generate_private_key(_COMMON_EXPONENT, _RSA_BITS[kind])
    return ec.generate_private_key(_CURVES[kind]())


def _rsa_512() -> KeyPair:
    """RSA so short that the library refuses it; its parts come from a library that does not."""
    # Loaded late: no other key needs it.
    from tlslite.utils.keyfactory import generateRSAKey

    made = generateRSAKey(512, implementations=["python"])
    numbers = {
        "version": 0,
        "modulus": int(made.n),
        "public_exponent": int(made.e),
        "private_exponent": int(made.d),
        "prime1": int(made.p),
        "prime2": int(made.q),
        "exponent1": int(made.dP),
        "exponent2": int(made.dQ),
        "coefficient": int(made.qInv),
    }
    private = asn1_keys.PrivateKeyInfo.wrap(asn1_keys.RSAPrivateKey(numbers), "rsa")
    public = asn1_keys.PublicKeyInfo.wrap(
        asn1_keys.RSAPublicKey(
            {"modulus": numbers["modulus"], "public_exponent": numbers["public_exponent"]}
        ),
        "rsa",
    )
    return KeyPair(
        public_key=public.dump(), private_pem=bytes(pem.armor("PRIVATE KEY", private.dump()))
    )
