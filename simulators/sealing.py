"""Secure DICOM files (PS3.15 D): whose certificate an exporter is given, and what we then open."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from asn1crypto import cms
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.padding import PKCS7
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID

from simulators.pki.keys import leaf_key

_DAY: Final = datetime.timedelta(days=1)
_HASHES: Final[Mapping[str, type[hashes.HashAlgorithm]]] = {
    "sha1": hashes.SHA1,
    "sha224": hashes.SHA224,
    "sha256": hashes.SHA256,
    "sha384": hashes.SHA384,
    "sha512": hashes.SHA512,
}
_BLOCK_BITS: Final = 128
_CONTENT: Final = frozenset(("data", "digested_data", "signed_data"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Sealed:
    """What is around the content of a secure DICOM file.

    Attributes:
        kind: Content type of the message, as its dictionary calls it.
        cipher: How the content is encrypted; an unknown one is an object identifier.
        inner: Content type inside, once it was opened: by PS3.15 D.1 a digest or a signature.
        content: The file inside; None where it could not be opened.
    """

    kind: str
    cipher: str = ""
    inner: str = ""
    content: bytes | None = None


def write_certificate(path: Path) -> None:
    """Writes the certificate of who may open the media, in PEM; it is its own issuer."""
    key = _key()
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "synthetic recipient")])
    now = datetime.datetime.now(datetime.UTC)
    certificate = (
        x509.CertificateBuilder(name, name, key.public_key(), 1)
        .not_valid_before(now - _DAY)
        .not_valid_after(now + 30 * _DAY)
        .sign(key, hashes.SHA256())
    )
    path.write_bytes(certificate.public_bytes(Encoding.PEM))


def opened(octets: bytes) -> Sealed | None:
    """What a file holds; None for one that is no cryptographic message.

    Total: whatever stands there, and whatever the libraries say of it, it is that or unopened.
    """
    if octets[:1] != b"\x30":
        return None
    try:
        message = cms.ContentInfo.load(octets, strict=True)
        kind = str(message["content_type"].native)
        if kind != "enveloped_data":
            return Sealed(kind=kind)
        return _unsealed(message["content"])
    except Exception:  # whatever the library says of a device's octets
        return None


def _unsealed(envelope: cms.EnvelopedData) -> Sealed:
    info: Any = envelope["encrypted_content_info"]  # its types are not told
    algorithm = info["content_encryption_algorithm"]
    try:
        cipher = f"{algorithm.encryption_cipher}-{algorithm.key_length * 8}"
    except (ValueError, TypeError):
        cipher = str(algorithm["algorithm"].native)
    inner = str(info["content_type"].native)
    sealed = Sealed(kind="enveloped_data", cipher=cipher, inner=inner)
    try:
        plain = _decrypted(envelope)
    except Exception:  # whatever the libraries say of a device's octets
        return sealed
    return Sealed(kind=sealed.kind, cipher=cipher, inner=inner, content=_inside(plain, inner))


def _decrypted(envelope: cms.EnvelopedData) -> bytes:
    info: Any = envelope["encrypted_content_info"]  # its types are not told
    algorithm = info["content_encryption_algorithm"]
    key = _content_key(envelope)
    cipher = Cipher(algorithms.AES(key), modes.CBC(algorithm.encryption_iv)).decryptor()
    padded = cipher.update(info["encrypted_content"].native) + cipher.finalize()
    unpadder = PKCS7(_BLOCK_BITS).unpadder()
    return unpadder.update(padded) + unpadder.finalize()


def _content_key(envelope: cms.EnvelopedData) -> bytes:
    """The key of the content, as the first recipient that our key fits is given it."""
    for recipient in envelope["recipient_infos"]:
        info: Any = recipient.chosen
        algorithm = info["key_encryption_algorithm"]
        how: padding.AsymmetricPadding = padding.PKCS1v15()
        if algorithm["algorithm"].native == "rsaes_oaep":
            digest = _HASHES[algorithm["parameters"]["hash_algorithm"]["algorithm"].native]()
            how = padding.OAEP(padding.MGF1(digest), digest, None)
        return _key().decrypt(info["encrypted_key"].native, how)
    raise ValueError("no recipient")


def _inside(plain: bytes, inner: str) -> bytes | None:
    """The file in what was decrypted, which is it itself or what a digest or signature covers."""
    if inner == "data":
        return plain
    if inner not in _CONTENT:
        return None
    kinds = {"digested_data": cms.DigestedData, "signed_data": cms.SignedData}
    held = kinds[inner].load(plain)["encap_content_info"]["content"].native
    return held if isinstance(held, bytes) else None


def _key() -> rsa.RSAPrivateKey:
    key = leaf_key("rsa")
    if not isinstance(key, rsa.RSAPrivateKey):
        raise TypeError("the recipient has a key of another kind")
    return key
