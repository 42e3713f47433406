"""What a certificate shows of its strength; total, as the device made the bytes."""

from __future__ import annotations

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import dsa, ec, ed448, ed25519, rsa

from harness.model import JSON


def certificate_facts(der: bytes) -> dict[str, JSON] | None:
    """Key type, size in bits, curve and signature hash; None when it cannot be read.

    Returns:
        ``{"key": "rsa", "bits": 2048, "curve": None, "hash": "sha256"}``; the hash is None where
        the signature has none of its own.
    """
    try:
        certificate = x509.load_der_x509_certificate(der)
        key = certificate.public_key()
    except (ValueError, TypeError, UnsupportedAlgorithm):
        return None
    kind, bits, curve = _key(key)
    return {"key": kind, "bits": bits, "curve": curve, "hash": _hash(certificate)}


def _key(key: object) -> tuple[str, int, str | None]:
    if isinstance(key, rsa.RSAPublicKey):
        return "rsa", key.key_size, None
    if isinstance(key, ec.EllipticCurvePublicKey):
        return "ec", key.curve.key_size, key.curve.name
    if isinstance(key, dsa.DSAPublicKey):
        return "dsa", key.key_size, None
    if isinstance(key, ed25519.Ed25519PublicKey):
        return "ec", 256, "ed25519"
    if isinstance(key, ed448.Ed448PublicKey):
        return "ec", 448, "ed448"
    return "unknown", 0, None


def _hash(certificate: x509.Certificate) -> str | None:
    try:
        found = certificate.signature_hash_algorithm
    except UnsupportedAlgorithm:
        return None
    return None if found is None else found.name
