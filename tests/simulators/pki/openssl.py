"""The ``openssl`` command as a verifier that shares no line with ours."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from simulators.pki import Identity
from simulators.pki.zoo import Role

_ONE = re.compile(rb"-----BEGIN CERTIFICATE-----.*?-----END CERTIFICATE-----\n", re.DOTALL)
_REASON = re.compile(r"error \d+ at \d+ depth lookup: (.*)")
TIMEOUT_S = 30


def refusal(
    shown: Identity,
    trusted: Path,
    folder: Path,
    *options: str,
    role: Role = "client",
    at: datetime | None = None,
) -> str:
    """Why ``openssl verify`` refuses an identity; empty when it does not.

    Args:
        shown: What is verified.
        trusted: PEM file of the authority.
        folder: For files.
        *options: Further options.
        role: Who shows it.
        at: The moment at which it is verified.
    """
    leaf, *chain = _ONE.findall(shown.certificate_pem)
    (folder / "leaf.pem").write_bytes(leaf)
    command = ["openssl", "verify", "-CAfile", str(trusted), "-auth_level", "2", *options]
    command += ["-purpose", f"ssl{role}"]
    if at is not None:
        command += ["-attime", str(int(at.timestamp()))]
    if chain:
        (folder / "chain.pem").write_bytes(b"".join(chain))
        command += ["-untrusted", str(folder / "chain.pem")]
    return _reason([*command, str(folder / "leaf.pem")])


def _reason(command: Sequence[str]) -> str:
    done = subprocess.run(command, capture_output=True, text=True, timeout=TIMEOUT_S, check=False)
    if done.returncode == 0:
        return ""
    found = _REASON.search(done.stderr + done.stdout)
    return found[1] if found else done.stderr.strip() or "unknown"
