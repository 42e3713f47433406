"""``assay key``: a new key pair for those who have none."""

from __future__ import annotations

import os
from pathlib import Path

import click
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ed25519

from harness.errors import SignatureError
from harness.proof.keys import PASSWORD_VARIABLE, keyid_of, public_pem


@click.command("key")
@click.argument("new", type=click.Path(path_type=Path))
def command(new: Path) -> None:
    """Write a new Ed25519 key to NEW, readable by you alone, and its public half to NEW.pub.

    The key is locked with the password in ASSAY_KEY_PASSWORD, if that is set.
    """
    key = ed25519.Ed25519PrivateKey.generate()
    password = os.environ.get(PASSWORD_VARIABLE, "").encode()
    lock: serialization.KeySerializationEncryption = serialization.NoEncryption()
    if password:
        lock = serialization.BestAvailableEncryption(password)
    pem, pkcs8 = serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8
    public = new.with_name(f"{new.name}.pub")
    if public.exists():
        raise SignatureError(f"{public}: is there already; name another file")
    _write(new, key.private_bytes(pem, pkcs8, lock), 0o600)
    _write(public, public_pem(key.public_key()), 0o644)
    click.echo(f"written: {new} (keep it secret), {public}", err=True)
    click.echo(f"key id: {keyid_of(key.public_key())}", err=True)


def _write(path: Path, data: bytes, mode: int) -> None:
    """Writes a file that was not there before; nobody else may read it even for a moment."""
    try:
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode), "wb") as file:
            file.write(data)
    except FileExistsError as error:
        raise SignatureError(f"{path}: is there already; name another file") from error
    except OSError as error:
        raise SignatureError(f"{path}: cannot write: {error.strerror}") from error
