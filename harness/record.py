"""The record: append-only, flushed per line, hash-chained, redacted before it is written.

One JSON object a line. Each line holds the digest of the line before it, so that a changed, lost
or reordered line is found. ``kill -9`` at any moment loses at most the line being written: the
reader accepts a torn last line, and says so.

Each line also has a salt of its own, so that its digest gives nothing away about what it says: a
line can be withheld (:mod:`harness.proof.redaction`) and the chain still holds.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import re
import secrets
import threading
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TextIO

from harness.errors import RecordError
from harness.model import JSON, Observation

GENESIS = "0" * 64
"""What the first line names as the digest before it."""

_SECRET_KEYS = re.compile(r"passw|passcode|secret|token$|private|authorization", re.IGNORECASE)
_PRIVATE_PEM = re.compile(
    r"-----BEGIN [A-Z ]*PRIVATE KEY-----.*?(-----END [A-Z ]*PRIVATE KEY-----|$)", re.S
)
_MAX_STRING = 16 * 1024
_SALT_OCTETS = 16


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the record, as read back."""

    number: int
    utc: str
    play: str
    observation: Observation
    digest: str


class RecordWriter:
    """Appends observations to ``record.jsonl``; safe for many threads.

    Raises:
        RecordError: The file cannot be written, or an existing chain is broken.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock = threading.Lock()
        lines, torn = _read_tolerantly(path) if path.exists() else ([], 0)
        self._number = len(lines)
        self._digest = lines[-1].digest if lines else GENESIS
        try:
            if torn:
                _cut_torn_line(path)
            self._file: TextIO = path.open("a", encoding="utf-8")
        except OSError as error:
            raise RecordError(f"{path}: cannot write the record: {error.strerror}") from error

    def append(self, play: str, seen: Observation) -> None:
        """Writes one observation and hands it to the operating system at once."""
        with self._lock:
            entry: dict[str, JSON] = {
                "n": self._number,
                "utc": datetime.now(UTC).isoformat(timespec="milliseconds"),
                "play": play,
                "at_s": seen.at_s,
                "actor": seen.actor,
                "kind": seen.kind,
                "data": redacted(seen.data),
                "salt": secrets.token_hex(_SALT_OCTETS),
                "prev": self._digest,
            }
            line, self._digest = _sealed(entry)
            try:
                self._file.write(line)
                self._file.flush()
            except (OSError, ValueError) as error:
                # Half a line may be there: nothing may follow it but a reopening, which cuts it.
                with contextlib.suppress(OSError):
                    self._file.close()
                raise RecordError(f"{self._path}: cannot write the record: {error}") from error
            self._number += 1

    def close(self) -> None:
        """Closes the file; later appends fail."""
        with self._lock:
            self._file.close()


def read(path: Path) -> list[Line]:
    """Reads a record and checks its chain.

    Raises:
        RecordError: The file is missing, or the chain is broken (the line is named).
    """
    if not path.is_file():
        raise RecordError(f"{path}: no record here; is this a run folder?")
    return _read_tolerantly(path)[0]


def redacted(value: JSON) -> JSON:
    """The value without private keys, passwords and tokens, and with bounded strings."""
    if isinstance(value, str):
        clean = (
            _PRIVATE_PEM.sub("[redacted private key]", value) if "PRIVATE KEY" in value else value
        )
        return clean if len(clean) <= _MAX_STRING else f"{clean[:_MAX_STRING]}...[cut]"
    if isinstance(value, Mapping):
        return {
            key: _hidden(item) if _SECRET_KEYS.search(key) else redacted(item)
            for key, item in value.items()
        }
    if isinstance(value, list | tuple):
        return [redacted(item) for item in value]
    return value


def _hidden(value: JSON) -> JSON:
    """A value that stands under a secret's name: no text of it is kept, at any depth."""
    if isinstance(value, str):
        return "[redacted]"
    if isinstance(value, Mapping):
        return {key: _hidden(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_hidden(item) for item in value]
    return value


def _read_tolerantly(path: Path) -> tuple[list[Line], int]:
    """The lines, and how many bytes of a torn last line were left out."""
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise RecordError(f"{path}: cannot read the record: {error.strerror}") from error
    whole, _, torn = raw.rpartition(b"\n")
    lines = list(_checked(path, whole.split(b"\n"))) if whole else []
    return lines, len(torn)


def _checked(path: Path, rows: list[bytes]) -> Iterator[Line]:
    before = GENESIS
    for number, row in enumerate(rows):
        try:
            entry = json.loads(row)
            digest = entry.pop("sha256")
            intact = entry["prev"] == before and entry["n"] == number and digest == digest_of(entry)
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise RecordError(f"{path}:{number + 1}: not a record line ({error})") from error
        if not intact:
            raise RecordError(f"{path}:{number + 1}: the hash chain is broken here")
        before = digest
        seen = Observation(
            at_s=entry["at_s"], actor=entry["actor"], kind=entry["kind"], data=entry["data"]
        )
        yield Line(number, entry["utc"], entry["play"], seen, digest)


def _cut_torn_line(path: Path) -> None:
    raw = path.read_bytes()
    path.write_bytes(raw[: raw.rfind(b"\n") + 1])


def canonical(entry: Mapping[str, JSON]) -> str:
    """One line of the record, as it is written and digested."""
    return json.dumps(entry, sort_keys=True, separators=(",", ":"), ensure_ascii=True)


def _sealed(entry: Mapping[str, JSON]) -> tuple[str, str]:
    """The line and its digest, encoded once: keys are sorted, and only "utc" follows "sha256"."""
    text = canonical(entry)
    digest = hashlib.sha256(text.encode()).hexdigest()
    last = f',"utc":{json.dumps(entry["utc"])}}}'
    return f'{text[: -len(last)]},"sha256":"{digest}"{last}\n', digest


def digest_of(entry: Mapping[str, JSON]) -> str:
    """The digest of a line without its own ``sha256``."""
    return hashlib.sha256(canonical(entry).encode()).hexdigest()
