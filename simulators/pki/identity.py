"""An end entity's certificate and key, as PEM in memory and as files for a device."""

from __future__ import annotations

import os
import tempfile
from dataclasses import dataclass, field
from pathlib import Path

_OWNER_ONLY, _READABLE = 0o600, 0o644


@dataclass(frozen=True, slots=True, kw_only=True)
class IdentityFiles:
    """Where an identity was written; both files are PEM."""

    cert: Path
    key: Path


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """A certificate with its private key.

    Attributes:
        certificate_pem: The leaf, followed by the intermediates it is presented with.
        key_pem: The private key, PKCS #8 without a pass phrase.
        leaf_der: The leaf alone, as it appears in the Certificate message.
        description: One line for a report, naming the flaw or saying that there is none.
        staple: OCSP response (DER) that a server shows with the certificate; empty: none.
        verbatim: The leaf is not DER as OpenSSL would write it: only tlslite shows it unchanged
            (:meth:`LegacyPolicy.version`, up to TLS 1.2).
    """

    certificate_pem: bytes
    key_pem: bytes = field(repr=False)
    leaf_der: bytes = field(repr=False)
    description: str
    staple: bytes = field(default=b"", repr=False)
    verbatim: bool = False

    def write(self, folder: Path, stem: str) -> IdentityFiles:
        """Write ``<stem>.pem`` and ``<stem>.key`` (mode 0600) into ``folder``.

        Args:
            folder: Created when it does not exist.
            stem: File name without suffix.

        Raises:
            OSError: The folder or a file cannot be written.
        """
        folder.mkdir(parents=True, exist_ok=True)
        files = IdentityFiles(cert=folder / f"{stem}.pem", key=folder / f"{stem}.key")
        _put(files.cert, self.certificate_pem, _READABLE)
        write_private(files.key, self.key_pem)
        return files


def write_private(path: Path, content: bytes) -> None:
    """Write ``content`` so that no other user can read it, not even while it is being written.

    Raises:
        OSError: The file cannot be written.
    """
    _put(path, content, _OWNER_ONLY)


def _put(path: Path, content: bytes, mode: int) -> None:
    """Whole or not at all: plays beside this one may read or write the same file."""
    descriptor, draft = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            os.fchmod(descriptor, mode)
        os.replace(draft, path)
    except OSError:
        os.unlink(draft)
        raise
