"""The in-toto scribe: a Statement with a test-result predicate over the evidence, not yet signed.

Who wants to sign the evidence by means of their own wraps these octets in an envelope;
``assay bundle`` makes the same statement over what the bundle holds, and signs it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from pathlib import Path

from harness.model import JSON
from harness.proof.statement import statement
from harness.run import Run
from reports.identity import packed

_OF_THE_RUN = frozenset({".toml", ".jsonl"})
"""Suffixes of evidence beside ``run.json``; other files there are reports, which prove nothing."""


def render(run: Run) -> bytes:
    """The Statement in JSON, in ASCII; its subjects are the files of the run folder.

    Raises:
        SignatureError: The run folder holds no evidence.
    """
    stated = statement(run.document, digests(run.folder))
    return packed({key: _legal(value) for key, value in stated.items()})


def digests(folder: Path) -> Mapping[str, str]:
    """SHA-256 in hexadecimal by path, with slashes; links are not followed."""
    found: dict[str, str] = {}
    for path in _evidence(folder):
        with path.open("rb") as file:
            name = path.relative_to(folder).as_posix()
            found[name] = hashlib.file_digest(file, "sha256").hexdigest()
    return found


def _evidence(folder: Path) -> Iterator[Path]:
    for path in sorted(folder.rglob("*")):
        beside = path.parent == folder
        if path.is_symlink() or not path.is_file():
            continue
        if not beside or path.suffix in _OF_THE_RUN or path.name == "run.json":
            yield path


def _legal(value: JSON) -> JSON:
    """The value without surrogates that stand alone, which no reader of I-JSON takes (RFC 7493)."""
    if isinstance(value, str):
        return value.encode("utf-8", "backslashreplace").decode("utf-8")
    if isinstance(value, Mapping):
        return {key: _legal(item) for key, item in value.items()}
    return [_legal(item) for item in value] if isinstance(value, list) else value
