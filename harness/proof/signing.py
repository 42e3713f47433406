"""Signatures under evidence: DSSE envelopes and those who sign them.

A signature is made over DSSE's pre-authentication encoding of type and payload, so that a payload
of one type never passes for another. How it is made follows from the key alone and is written
nowhere in the envelope, so that nobody can talk a verifier into a weaker scheme:

- Ed25519 key: Ed25519
- P-256 key: ECDSA with SHA-256; P-384: with SHA-384 (DER-encoded)
- RSA key, 2048 bits or more: RSASSA-PSS with SHA-256, MGF1 with SHA-256, salt of 32 octets
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import serialization

from harness.errors import SignatureError
from harness.model import JSON
from harness.proof.keys import (
    PublicKey,
    keyid_of,
    load_certificates,
    load_private,
    public_pem,
    scheme_of,
    valid,
)

_MAX_SIGNATURES = 32


@dataclass(frozen=True, slots=True, kw_only=True)
class Signer:
    """A private key that may sign, wherever it is kept.

    Attributes:
        public: Its public half.
        sign: Signs octets by the scheme of the key.
        chain: Its certificates, the signer's own first; empty for a bare key.
    """

    public: PublicKey
    sign: Callable[[bytes], bytes]
    chain: tuple[x509.Certificate, ...] = ()

    @property
    def keyid(self) -> str:
        """SHA-256 of the public key, in hexadecimal."""
        return keyid_of(self.public)

    @property
    def scheme(self) -> str:
        """What the signature is called in reports, such as ``ed25519``."""
        return scheme_of(self.public)

    @property
    def identity_pem(self) -> bytes:
        """What others need to check the signature: the certificates, or the bare public key."""
        if self.chain:
            return b"".join(one.public_bytes(serialization.Encoding.PEM) for one in self.chain)
        return public_pem(self.public)


def load_signer(text: str, chain: Path | None = None) -> Signer:
    """The key that ``--key`` names.

    Args:
        text: A PEM file (its password, if it has one, comes from ``ASSAY_KEY_PASSWORD`` or is
            asked for), or a ``pkcs11:`` URI (RFC 7512).
        chain: PEM file of the key's certificates, the signer's own first.

    Raises:
        SignatureError: There is no such key, it is not one of ours, or the chain is another's.
    """
    certificates = load_certificates(chain, "--chain") if chain else ()
    if text.startswith("pkcs11:"):
        # A token's library is loaded only for those who have one.
        from harness.proof.hardware_keys import open_key

        public, sign = open_key(text, certificates)
    else:
        public, sign = load_private(Path(text))
    if certificates and keyid_of(certificates[0].public_key()) != keyid_of(public):
        raise SignatureError(
            f"--chain {chain}: its first certificate is not for the key of --key; "
            "put the signer's own certificate first"
        )
    return Signer(public=public, sign=sign, chain=certificates)


def envelope(payload_type: str, payload: bytes, signers: Sequence[Signer]) -> dict[str, JSON]:
    """A DSSE envelope; with no signer, one that nobody has signed.

    Raises:
        SignatureError: A key cannot sign now (a token was pulled out, say).
    """
    encoded = pre_authentication(payload_type, payload)
    signatures: list[JSON] = [
        {"keyid": one.keyid, "sig": base64.b64encode(one.sign(encoded)).decode()} for one in signers
    ]
    return {
        "payloadType": payload_type,
        "payload": base64.b64encode(payload).decode(),
        "signatures": signatures,
    }


def check(envelope: Mapping[str, JSON], keys: Iterable[PublicKey], payload_type: str = "") -> bytes:
    """The payload of an envelope that at least one of the keys has signed.

    Args:
        envelope: What was read; nothing of it is believed.
        keys: The keys that are trusted.
        payload_type: What the payload must be; empty for anything.

    Raises:
        SignatureError: It is no envelope, of another type, or none of the keys signed it.
    """
    found, payload, signatures = opened(envelope)
    if payload_type and found != payload_type:
        raise SignatureError(f"the envelope holds {found[:80]!r}, not {payload_type!r}")
    encoded = pre_authentication(found, payload)
    trusted = list(keys)
    if any(valid(key, sig, encoded) for sig in signatures for key in trusted):
        return payload
    if not signatures:
        raise SignatureError("nobody has signed this")
    asked = ", ".join(keyid_of(key)[:16] for key in trusted) or "none"
    raise SignatureError(f"no valid signature by a trusted key (key ids asked for: {asked})")


def opened(envelope: Mapping[str, JSON]) -> tuple[str, bytes, list[bytes]]:
    """Type, payload and signatures of an envelope, unchecked.

    Raises:
        SignatureError: It is no DSSE envelope.
    """
    found, payload, rows = (envelope.get(key) for key in ("payloadType", "payload", "signatures"))
    if not isinstance(found, str) or not isinstance(payload, str) or not isinstance(rows, list):
        raise SignatureError("not a DSSE envelope: payloadType, payload or signatures is missing")
    if len(rows) > _MAX_SIGNATURES:
        raise SignatureError(f"not a DSSE envelope of ours: more than {_MAX_SIGNATURES} signatures")
    texts = [row.get("sig") if isinstance(row, Mapping) else None for row in rows]
    try:
        octets = [base64.b64decode(_text(text), validate=True) for text in (payload, *texts)]
    except (binascii.Error, ValueError) as error:
        raise SignatureError(f"not a DSSE envelope: {error}") from error
    return found, octets[0], octets[1:]


def pre_authentication(payload_type: str, payload: bytes) -> bytes:
    """What is signed: DSSE's PAE, with lengths in octets."""
    kind = payload_type.encode()
    return b"DSSEv1 %d %s %d %s" % (len(kind), kind, len(payload), payload)


def _text(value: JSON) -> str:
    if not isinstance(value, str):
        raise SignatureError("not a DSSE envelope: a signature is no text")
    return value
