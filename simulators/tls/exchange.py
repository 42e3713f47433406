"""A server's half of an ephemeral key exchange, really signed: any curve, prime size and hash.

Nothing here judges: a curve of 192 bits is made as readily as a good one, and a signature by MD5
is a true one, so that a client that goes along finds nothing missing.
"""

from __future__ import annotations

import hashlib
import secrets

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa, x448, x25519
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from simulators.pki.keys import PrivateKey
from simulators.tls.codes import GROUP_NUMBERS, TlsVersion
from simulators.tls.engine import FFDHE2048, RFC2409_GROUP1, RFC2409_GROUP2
from simulators.tls.in_records import Parts, vector

DH_BITS = (768, 1024, 2048)
"""Sizes of the finite-field primes that there are (RFC 2409 6.1 and 6.2, RFC 7919 A.1)."""

_PRIMES: dict[int, tuple[int, int]] = dict(
    zip(DH_BITS, (RFC2409_GROUP1, RFC2409_GROUP2, FFDHE2048), strict=True)
)
_CURVES: dict[int, type[ec.EllipticCurve]] = {
    GROUP_NUMBERS["secp192r1"]: ec.SECP192R1,
    GROUP_NUMBERS["secp224r1"]: ec.SECP224R1,
    GROUP_NUMBERS["secp256k1"]: ec.SECP256K1,
    GROUP_NUMBERS["secp256r1"]: ec.SECP256R1,
    GROUP_NUMBERS["secp384r1"]: ec.SECP384R1,
    GROUP_NUMBERS["secp521r1"]: ec.SECP521R1,
}
_NAMED_CURVE = b"\x03"
_PRIVATE_BITS = 256
# The hash octet of a signature scheme, RFC 5246 7.4.1.4.1.
_HASHES: dict[int, type[hashes.HashAlgorithm]] = {
    1: hashes.MD5,
    2: hashes.SHA1,
    3: hashes.SHA224,
    4: hashes.SHA256,
    5: hashes.SHA384,
    6: hashes.SHA512,
}
_PSS: dict[int, type[hashes.HashAlgorithm]] = {
    0x0804: hashes.SHA256,
    0x0805: hashes.SHA384,
    0x0806: hashes.SHA512,
}


def public_value(group: int) -> bytes:
    """A fresh public key of a group (RFC 8422 5.4.1); a group that is not known gets P-256's."""
    if group == GROUP_NUMBERS["x25519"]:
        return x25519.X25519PrivateKey.generate().public_key().public_bytes_raw()
    if group == GROUP_NUMBERS["x448"]:
        return x448.X448PrivateKey.generate().public_key().public_bytes_raw()
    curve = _CURVES.get(group, ec.SECP256R1)
    public = ec.generate_private_key(curve()).public_key()
    return public.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)


def curve_parameters(group: int) -> bytes:
    """ServerECDHParams (RFC 8422 5.4) with a fresh key."""
    return _NAMED_CURVE + group.to_bytes(2, "big") + vector(public_value(group), 1)


def prime_parameters(bits: int) -> bytes:
    """ServerDHParams (RFC 5246 7.4.3) with a fresh key.

    Args:
        bits: One of :data:`DH_BITS`.

    Raises:
        KeyError: There is no prime of that size.
    """
    generator, prime = (int(number) for number in _PRIMES[bits])
    public = pow(generator, secrets.randbits(_PRIVATE_BITS) | 1, prime)
    numbers = (number.to_bytes((number.bit_length() + 7) // 8, "big") for number in (
        prime, generator, public,
    ))  # fmt: skip
    return b"".join(vector(number, 2) for number in numbers)


def signature(key: PrivateKey, scheme: int, version: int, data: bytes) -> Parts:
    """What stands behind the parameters: from TLS 1.2 on the scheme, then the signature.

    Args:
        key: Who signs.
        scheme: Of TLS 1.2; its kind of key need not be that of ``key``.
        version: Below TLS 1.2 the hash is laid down (RFC 4346 7.4.3, RFC 8422 5.4).
        data: Both random values and the parameters.
    """
    if version >= TlsVersion.TLS1_2:
        signed = _sign(key, scheme, data)
        return [
            ("key_exchange.scheme", scheme.to_bytes(2, "big")),
            ("key_exchange.signature", vector(signed, 2)),
        ]
    if isinstance(key, rsa.RSAPrivateKey):
        return [("key_exchange.signature", vector(_sign_md5_sha1(key, data), 2))]
    return [("key_exchange.signature", vector(key.sign(data, ec.ECDSA(hashes.SHA1())), 2))]


def scheme_for(key: PrivateKey, offered: tuple[int, ...]) -> int:
    """The first scheme of an offer that this key can do; SHA-256 when there is none."""
    if isinstance(key, rsa.RSAPrivateKey):
        usable = {code << 8 | 1 for code in _HASHES} | _PSS.keys()
        return next((one for one in offered if one in usable), 0x0401)
    usable = {code << 8 | 3 for code in _HASHES}
    return next((one for one in offered if one in usable), 0x0403)


def _sign(key: PrivateKey, scheme: int, data: bytes) -> bytes:
    if not isinstance(key, rsa.RSAPrivateKey):
        return key.sign(data, ec.ECDSA(_HASHES.get(scheme >> 8, hashes.SHA256)()))
    if scheme in _PSS:
        algorithm = _PSS[scheme]()
        salted = padding.PSS(mgf=padding.MGF1(algorithm), salt_length=algorithm.digest_size)
        return key.sign(data, salted, algorithm)
    return key.sign(data, padding.PKCS1v15(), _HASHES.get(scheme >> 8, hashes.SHA256)())


def _sign_md5_sha1(key: rsa.RSAPrivateKey, data: bytes) -> bytes:
    """RSA over both digests without their names, which no library does any more."""
    digest = hashlib.md5(data, usedforsecurity=False).digest()
    digest += hashlib.sha1(data, usedforsecurity=False).digest()
    size = key.key_size // 8
    block = b"\x00\x01" + b"\xff" * (size - 3 - len(digest)) + b"\x00" + digest
    numbers = key.private_numbers()
    signed = pow(int.from_bytes(block, "big"), numbers.d, numbers.public_numbers.n)
    return signed.to_bytes(size, "big")
