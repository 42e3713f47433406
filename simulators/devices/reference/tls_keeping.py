"""What a device keeps that it should have let go of: old trust, and the sample of its maker."""

from __future__ import annotations

import dataclasses
import os
import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path

from simulators.devices.reference.options import AcceptorOptions, Credentials

_SAMPLE_SCALAR = 0x5A17_5A17
_OWNER_ONLY = 0o600


def kept(credentials: Credentials, options: AcceptorOptions) -> Credentials:
    """Return the credentials that a device with such a flaw uses instead.

    Raises:
        OSError: A file cannot be written.
    """
    if options.flaws.has("shows_sample_key"):
        sample = options.storage / ".sample.pem"
        write_sample(sample)
        return dataclasses.replace(credentials, certificate=sample, key=sample)
    # Imported once, at the first start, as into a store of certificates of its own.
    imported = options.storage / ".trust.pem"
    if not imported.exists():
        shutil.copyfile(credentials.authority, imported)
    return dataclasses.replace(credentials, authority=imported)


def write_sample(path: Path) -> None:
    """Write the sample identity: a certificate with a key that anybody can compute.

    The harness knows that key from its list of sample keys, as it knows those that were shipped
    with products.
    """
    # For this one flaw.
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
    from cryptography.x509.oid import NameOID

    key = ec.derive_private_key(_SAMPLE_SCALAR, ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.ORGANIZATION_NAME, "sample of the manufacturer")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + timedelta(days=30))
        .sign(key, hashes.SHA256())
    )
    pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    path.touch(_OWNER_ONLY)
    os.chmod(path, _OWNER_ONLY)
    path.write_bytes(certificate.public_bytes(Encoding.PEM) + pem)
