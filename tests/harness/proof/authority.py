"""A small authority that makes signers of evidence."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

_PEM = serialization.Encoding.PEM


@dataclass(frozen=True, slots=True)
class Issued:
    """Where the files of a signer lie."""

    key: Path
    chain: Path
    root: Path


def issue(
    folder: Path, *, since_days: int = -2, for_days: int = 30, authority: bool = True,
    usage: str = "digital_signature",
) -> Issued:  # fmt: skip
    """A signer, its chain and its root, valid from some day on and for so long."""
    root_key, key = (ec.generate_private_key(ec.SECP256R1()) for _ in range(2))
    now = dt.datetime.now(dt.UTC)
    root = _certificate(
        "root", root_key.public_key(), "root", root_key, now - dt.timedelta(4000), 8000,
        x509.BasicConstraints(ca=authority, path_length=None), None,
    )  # fmt: skip
    since = now + dt.timedelta(since_days)
    own = _certificate(
        "signer", key.public_key(), "root", root_key, since, for_days,
        x509.BasicConstraints(ca=False, path_length=None), usage,
    )  # fmt: skip
    pkcs8, bare = serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    files = {
        "signer.key": key.private_bytes(_PEM, pkcs8, bare),
        "signer.chain": own.public_bytes(_PEM) + root.public_bytes(_PEM),
        "root.pem": root.public_bytes(_PEM),
    }
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in files.items():
        (folder / name).write_bytes(content)
    return Issued(*(folder / name for name in files))


def _certificate(
    subject: str, public: ec.EllipticCurvePublicKey, issuer: str, key: ec.EllipticCurvePrivateKey,
    since: dt.datetime, days: int, constraints: x509.BasicConstraints, usage: str | None,
) -> x509.Certificate:  # fmt: skip
    names = [
        x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)]) for name in (subject, issuer)
    ]
    builder = (
        x509.CertificateBuilder()
        .subject_name(names[0])
        .issuer_name(names[1])
        .public_key(public)
        .serial_number(x509.random_serial_number())
        .not_valid_before(since)
        .not_valid_after(since + dt.timedelta(days))
        .add_extension(constraints, critical=True)
    )
    if usage:
        flags = dict.fromkeys(
            ("digital_signature", "content_commitment", "key_encipherment", "data_encipherment",
             "key_agreement", "key_cert_sign", "crl_sign", "encipher_only", "decipher_only"),
            False,
        )  # fmt: skip
        builder = builder.add_extension(x509.KeyUsage(**{**flags, usage: True}), critical=True)
    return builder.sign(key, hashes.SHA256())
