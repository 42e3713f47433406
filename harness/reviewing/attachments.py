"""What an operator attaches to an answer: copied into the run folder under a name of ours.

Neither the name nor the contents of such a file are trusted. It is bounded in size, of a kind that
a browser does not run as a page of ours, and never opened here.
"""

from __future__ import annotations

import hashlib
import re
import stat
from pathlib import Path

from harness.errors import RequestError
from harness.model import JSON

FOLDER = "attachments"
MOST_BYTES = 32 * 1024 * 1024
"""Octets of one attachment."""
MOST = 16
"""Attachments of one answer."""
KINDS = frozenset(
    {
        "png", "jpg", "jpeg", "webp", "mp4", "pdf", "docx", "xlsx", "txt", "log", "md", "csv",
        "json", "toml", "zip", "pcap", "pcapng",
    }
)  # fmt: skip
"""Endings that may be attached; what a browser would run (html, svg, xml) is not among them."""

_LONGEST_NAME = 80


def keep(source: Path, run: Path, scenario: str) -> dict[str, JSON]:
    """Copies one file into the run folder; ``name``, ``sha256`` and ``bytes`` of the copy.

    Raises:
        RequestError: It is missing, no plain file, too large, or of a kind that is not taken.
    """
    raw = _read(source)
    digest = hashlib.sha256(raw).hexdigest()
    name = f"{scenario}-{digest[:8]}-{_safe(source.name)}"
    folder = run / FOLDER
    try:
        folder.mkdir(exist_ok=True)
        (folder / name).write_bytes(raw)
    except OSError as error:
        raise RequestError(f"{folder / name}: cannot write: {error.strerror}") from error
    return {"name": name, "sha256": digest, "bytes": len(raw)}


def _read(source: Path) -> bytes:
    shown = repr(source.name[:_LONGEST_NAME])
    if source.suffix.lower().lstrip(".") not in KINDS:
        raise RequestError(
            f"--attach {shown}: not a kind of file that is taken ({', '.join(sorted(KINDS))}); "
            "put it into a zip"
        )
    try:
        found = source.stat()
        if not stat.S_ISREG(found.st_mode):
            raise RequestError(f"--attach {shown}: not a file")
        if found.st_size > MOST_BYTES:
            raise RequestError(f"--attach {shown}: larger than {MOST_BYTES >> 20} MiB")
        with source.open("rb") as file:
            raw = file.read(MOST_BYTES + 1)
    except OSError as error:
        raise RequestError(f"--attach {shown}: cannot read: {error.strerror}") from error
    if len(raw) > MOST_BYTES:
        raise RequestError(f"--attach {shown}: larger than {MOST_BYTES >> 20} MiB")
    if b"PRIVATE KEY-----" in raw:
        raise RequestError(f"--attach {shown}: holds a private key, which no evidence may")
    return raw


def _safe(name: str) -> str:
    """The name without anything that a file system, a shell or a page could take for more."""
    stem, _, ending = name.rpartition(".")
    kept = re.sub(r"[^A-Za-z0-9_-]+", "-", stem).strip("-")[: _LONGEST_NAME - 30] or "file"
    return f"{kept}.{ending.lower()}"
