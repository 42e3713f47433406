"""Keys that sign and check evidence: their kinds, their files, their names.

A key id is the SHA-256 of the DER-encoded SubjectPublicKeyInfo, in hexadecimal. Private keys are
read when they sign and are never written, shown or recorded.
"""

from __future__ import annotations

import hashlib
import os
import sys
from collections.abc import Callable
from pathlib import Path

import click
from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, padding, rsa

from harness.errors import SignatureError

PublicKey = ed25519.Ed25519PublicKey | ec.EllipticCurvePublicKey | rsa.RSAPublicKey
"""The kinds of keys that we sign and check with."""

PASSWORD_VARIABLE = "ASSAY_KEY_PASSWORD"
"""The environment variable that holds the password of a private key file."""

_PSS = padding.PSS(mgf=padding.MGF1(hashes.SHA256()), salt_length=32)
_MIN_RSA_BITS = 2048
_MAX_KEY_FILE = 256 * 1024


def valid(key: PublicKey, signature: bytes, signed: bytes) -> bool:
    """Tell whether a key made a signature, by the scheme of that key."""
    try:
        if isinstance(key, ed25519.Ed25519PublicKey):
            key.verify(signature, signed)
        elif isinstance(key, ec.EllipticCurvePublicKey):
            key.verify(signature, signed, ec.ECDSA(digest_of(key)))
        else:
            key.verify(signature, signed, _PSS, hashes.SHA256())
    except InvalidSignature:
        return False
    return True


def scheme_of(key: PublicKey) -> str:
    """The name of a key's signature scheme."""
    if isinstance(key, ed25519.Ed25519PublicKey):
        return "ed25519"
    if isinstance(key, ec.EllipticCurvePublicKey):
        return f"ecdsa-p{key.curve.key_size}-{digest_of(key).name}"
    return f"rsa-pss-{key.key_size}-sha256"


def digest_of(key: ec.EllipticCurvePublicKey) -> hashes.HashAlgorithm:
    """The digest that goes with a curve (NIST SP 800-57: of the curve's own strength)."""
    return hashes.SHA384() if key.curve.key_size == 384 else hashes.SHA256()


def keyid_of(key: object) -> str:
    """SHA-256 of a public key's SubjectPublicKeyInfo, in hexadecimal.

    Raises:
        SignatureError: It is not a key that we can use.
    """
    der = accepted(key, "key").public_bytes(
        serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    return hashlib.sha256(der).hexdigest()


def accepted(key: object, where: str) -> PublicKey:
    """A public key of one of our kinds.

    Raises:
        SignatureError: Another kind, or too weak.
    """
    if isinstance(key, ed25519.Ed25519PublicKey):
        return key
    if isinstance(key, ec.EllipticCurvePublicKey) and key.curve.name in ("secp256r1", "secp384r1"):
        return key
    if isinstance(key, rsa.RSAPublicKey) and key.key_size >= _MIN_RSA_BITS:
        return key
    raise SignatureError(
        f"{where}: this kind of key is not used here; "
        f"take Ed25519, ECDSA P-256 or P-384, or RSA of {_MIN_RSA_BITS} bits or more"
    )


def public_pem(key: PublicKey) -> bytes:
    """A public key as PEM."""
    return key.public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )


def load_public(path: Path, flag: str = "--key") -> PublicKey:
    """A public key from a PEM file: a bare one, or the first certificate's.

    Raises:
        SignatureError: It cannot be read, or is none of ours.
    """
    return parse_public(_read(path, flag), f"{flag} {path}")


def parse_public(raw: bytes, where: str) -> PublicKey:
    """A public key from PEM: a bare one, or the first certificate's.

    Raises:
        SignatureError: It is none of ours.
    """
    if b"PRIVATE KEY" in raw:
        raise SignatureError(f"{where}: holds a private key; checking needs only the public one")
    try:
        if b"BEGIN CERTIFICATE" in raw:
            return accepted(x509.load_pem_x509_certificates(raw)[0].public_key(), where)
        return accepted(serialization.load_pem_public_key(raw), where)
    except (ValueError, TypeError, UnsupportedAlgorithm) as error:
        raise SignatureError(f"{where}: holds no public key or certificate in PEM") from error


def load_certificates(path: Path, flag: str) -> tuple[x509.Certificate, ...]:
    """The certificates of a PEM file, in its order.

    Raises:
        SignatureError: There are none, or it cannot be read.
    """
    try:
        return tuple(x509.load_pem_x509_certificates(_read(path, flag)))
    except ValueError as error:
        raise SignatureError(f"{flag} {path}: holds no certificate in PEM") from error


def load_private(path: Path) -> tuple[PublicKey, Callable[[bytes], bytes]]:
    """The private key of a PEM file: its public half, and how it signs.

    Raises:
        SignatureError: It cannot be read or opened, or is none of ours.
    """
    raw, where = _read(path, "--key"), f"--key {path}"
    try:
        key = _private(raw, path, None)
    except TypeError:
        key = _private(raw, path, _password(path))
    if isinstance(key, ed25519.Ed25519PrivateKey):
        return key.public_key(), key.sign
    if isinstance(key, ec.EllipticCurvePrivateKey):
        public, curve_key = key.public_key(), key
        accepted(public, where)
        return public, lambda data: curve_key.sign(data, ec.ECDSA(digest_of(public)))
    if isinstance(key, rsa.RSAPrivateKey):
        rsa_key = key
        accepted(key.public_key(), where)
        return key.public_key(), lambda data: rsa_key.sign(data, _PSS, hashes.SHA256())
    accepted(key, where)
    raise AssertionError("unreachable: accepted() refuses what is not ours")


def _private(raw: bytes, path: Path, password: bytes | None) -> object:
    try:
        return serialization.load_pem_private_key(raw, password)
    except (ValueError, UnsupportedAlgorithm) as error:
        # What the library says could quote the file; the reason is one of two anyway.
        why = "the password is wrong, or it" if password else "it"
        raise SignatureError(f"--key {path}: {why} is not a private key in PEM") from error


def _password(path: Path) -> bytes:
    """The password of a key file, from the environment or a person."""
    if given := os.environ.get(PASSWORD_VARIABLE):
        return given.encode()
    if not sys.stdin.isatty():
        raise SignatureError(
            f"--key {path}: is locked with a password; set {PASSWORD_VARIABLE}, or use a terminal"
        )
    asked: str = click.prompt(f"Password of {path}", hide_input=True, err=True)
    return asked.encode()


def _read(path: Path, flag: str) -> bytes:
    try:
        with path.open("rb") as file:
            raw = file.read(_MAX_KEY_FILE + 1)
    except OSError as error:
        raise SignatureError(f"{flag} {path}: cannot read: {error.strerror}") from error
    if len(raw) > _MAX_KEY_FILE:
        raise SignatureError(f"{flag} {path}: too large for keys or certificates")
    return raw
