"""Secure DICOM files (PS3.15 D.1): a digest of the file inside, AES around it for one recipient."""

import hashlib
import os
from collections.abc import Callable
from typing import Final

from asn1crypto import cms, pem
from asn1crypto.x509 import Certificate
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.padding import PKCS7
from cryptography.hazmat.primitives.serialization import load_der_public_key

_KEY_OCTETS: Final = 32
_BLOCK_OCTETS: Final = 16


def sealing_for(recipient: bytes) -> Callable[[bytes], bytes]:
    """Return what encrypts a file for the owner of a certificate in PEM.

    Raises:
        ValueError: It is none, or has no RSA key.
    """
    _, _, octets = pem.unarmor(recipient)
    certificate = Certificate.load(octets)
    key = load_der_public_key(certificate.public_key.dump())
    if not isinstance(key, rsa.RSAPublicKey):
        raise ValueError("the recipient has no RSA key")
    return lambda content: _sealed(content, certificate, key)


def _sealed(content: bytes, certificate: Certificate, recipient: rsa.RSAPublicKey) -> bytes:
    key, vector = os.urandom(_KEY_OCTETS), os.urandom(_BLOCK_OCTETS)
    padder = PKCS7(8 * _BLOCK_OCTETS).padder()
    plain = padder.update(_digested(content)) + padder.finalize()
    cipher = Cipher(algorithms.AES(key), modes.CBC(vector)).encryptor()
    how = {"algorithm": "rsaes_oaep", "parameters": _OAEP}
    to = {
        "version": "v0",
        "rid": {
            "issuer_and_serial_number": {
                "issuer": certificate.issuer,
                "serial_number": certificate.serial_number,
            }
        },
        "key_encryption_algorithm": how,
        "encrypted_key": recipient.encrypt(
            key, padding.OAEP(padding.MGF1(hashes.SHA256()), hashes.SHA256(), None)
        ),
    }
    held = {
        "content_type": "digested_data",
        "content_encryption_algorithm": {"algorithm": "aes256_cbc", "parameters": vector},
        "encrypted_content": cipher.update(plain) + cipher.finalize(),
    }
    envelope = {
        "version": "v0",
        "recipient_infos": [cms.RecipientInfo("ktri", to)],
        "encrypted_content_info": held,
    }
    return bytes(cms.ContentInfo({"content_type": "enveloped_data", "content": envelope}).dump())


def _digested(content: bytes) -> bytes:
    """Return a file with its digest (RFC 5652 7)."""
    inside = {
        "version": "v0",
        "digest_algorithm": {"algorithm": "sha256"},
        "encap_content_info": {"content_type": "data", "content": content},
        "digest": hashlib.sha256(content).digest(),
    }
    return bytes(cms.DigestedData(inside).dump())


_OAEP: Final = {
    "hash_algorithm": {"algorithm": "sha256"},
    "mask_gen_algorithm": {"algorithm": "mgf1", "parameters": {"algorithm": "sha256"}},
}
