"""The bundle: everything that a run leaves, in one zip that proves itself as far as it can.

``manifest.json`` names every file of evidence with its digest. ``attestation.json`` is an in-toto
Statement about these files and the manifest, in a DSSE envelope that a key has signed, or nobody.
``timestamp.tsr`` is an authority's word about the first signature. ``signer.pem`` says with which
key the signature can be checked, and is evidence itself; whom to trust, only the reader knows.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from harness.errors import BundleError, HarnessError, RecordError
from harness.model import JSON
from harness.proof import archive, timestamps
from harness.proof.redaction import redacted_record, redacted_run
from harness.proof.sbom import bill_of_materials
from harness.proof.signing import Signer, envelope, opened
from harness.proof.statement import PAYLOAD_TYPE, statement
from harness.reports import formats, render
from harness.run import Run

SCHEMA = "dicom-assay/bundle/1"
MANIFEST, ATTESTATION, TIMESTAMP = "manifest.json", "attestation.json", "timestamp.tsr"
SIGNER, SBOM, ENVIRONMENT = "signer.pem", "sbom.cdx.json", "environment.json"
BESIDE = frozenset({MANIFEST, ATTESTATION, TIMESTAMP})
"""Files that the manifest does not name: itself, and what is made over it."""

REPORTS: Mapping[str, str] = {
    "html": "report.html", "pdf": "report.pdf", "junit": "junit.xml", "sarif": "report.sarif",
    "markdown": "report.md", "csv": "results.csv", "oscal": "oscal.json",
    "allure": "allure-results.zip",
}  # fmt: skip
"""What a report is called in a bundle: on top of it, so that links to evidence hold."""

USUAL = ("html", "pdf", "junit", "sarif", "csv")

_FOLDERS = ("wire", "device", "attachments", "claims", "fuzz", "load", "screens")
_FILES = ("device.toml", "load.json")
_UNFINISHED = ".part"


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """How a bundle is to be made.

    Attributes:
        signer: Who signs; None for nobody.
        tsa: Address of a timestamp authority; empty for none.
        redact: Withhold whatever is not made of our own words.
        reports: Formats of the reports to put in.
        say: Tells the operator what happens.
    """

    signer: Signer | None = None
    tsa: str = ""
    redact: bool = False
    reports: Sequence[str] = USUAL
    say: Callable[[str], None] = lambda text: None


def make(run: Run, target: Path, wish: Wish) -> None:
    """Writes the bundle of a run, whole or not at all.

    Raises:
        HarnessError: The run folder, a report, the key, the authority or the disk is not in order.
    """
    if target.exists():
        raise BundleError(f"--out {target}: is there already; name another file")
    if wish.tsa and wish.signer is None:
        raise BundleError("--tsa: stamps a signature; give a --key as well")
    shown = redacted_run(run) if wish.redact else run
    entries = _evidence(run, wish)
    entries["run.json"] = _json(shown.document)
    entries[ENVIRONMENT] = _json(
        {"run": shown.document["environment"], "tool": run.document["tool"]}
    )
    entries[SBOM] = bill_of_materials(_made(run), run.digest)
    entries |= _reports(shown, wish)
    if wish.signer is not None:
        entries[SIGNER] = wish.signer.identity_pem
    entries[MANIFEST] = _json(manifest(entries, redacted=wish.redact))
    signed = attest(shown.document, entries, [wish.signer] if wish.signer else [])
    entries[ATTESTATION] = _json(signed)
    if wish.tsa:
        entries[TIMESTAMP] = timestamps.request(wish.tsa, opened(signed)[2][0])
    archive.write(target, entries)


def manifest(entries: Mapping[str, bytes | Path], *, redacted: bool) -> dict[str, JSON]:
    """Path, size in octets and SHA-256 of every file, sorted."""
    files: list[JSON] = []
    for name in sorted(entries):
        digest, size = _digest(entries[name])
        files.append({"path": name, "size": size, "sha256": digest})
    return {"schema": SCHEMA, "redacted": redacted, "files": files}


def attest(
    document: Mapping[str, JSON], entries: Mapping[str, bytes | Path], signers: Sequence[Signer]
) -> dict[str, JSON]:
    """The Statement about these files, in its envelope."""
    subjects = {name: _digest(content)[0] for name, content in entries.items()}
    stated = json.dumps(statement(document, subjects), sort_keys=True, separators=(",", ":"))
    return envelope(PAYLOAD_TYPE, stated.encode(), signers)


def _evidence(run: Run, wish: Wish) -> dict[str, bytes | Path]:
    """The files of the run folder that belong to the run, by their names in the bundle."""
    record = run.folder / "record.jsonl"
    if wish.redact:
        return {record.name: redacted_record(record)}
    raw = record.read_bytes()
    whole = raw[: raw.rfind(b"\n") + 1]
    if len(whole) < len(raw):
        wish.say("the last line of the record was cut when the run was interrupted; it is left out")
    found: dict[str, bytes | Path] = {record.name: whole}
    for path in _files(run.folder):
        name = path.relative_to(run.folder).as_posix()
        if path.is_symlink():
            raise BundleError(f"{path}: is a link; a bundle takes files only")
        archive.refuse_name(name)
        found[name] = path
    return found


def _files(folder: Path) -> Iterator[Path]:
    for name in _FILES:
        if (folder / name).is_file():
            yield folder / name
    for name in _FOLDERS:
        for below, folders, files in os.walk(folder / name, onerror=_unreadable):
            links = [one for one in folders if (Path(below) / one).is_symlink()]
            for file in sorted([*files, *links]):
                if not file.endswith(_UNFINISHED):
                    yield Path(below) / file


def _unreadable(error: OSError) -> None:
    if not isinstance(error, FileNotFoundError):
        raise RecordError(f"{error.filename}: cannot read: {error.strerror}") from error


def _reports(shown: Run, wish: Wish) -> dict[str, bytes | Path]:
    found: dict[str, bytes | Path] = {}
    for kind in wish.reports:
        if kind not in REPORTS or kind not in formats():
            known = ", ".join(sorted(set(REPORTS) & set(formats())))
            raise BundleError(f"--reports {kind[:40]}: no report for a bundle; there are {known}")
        wish.say(f"writing the {kind} report")
        try:
            found[REPORTS[kind]] = render(shown, kind)
        except (HarnessError, ImportError) as error:
            raise BundleError(f"--reports {kind}: cannot be made: {error}") from error
    return found


def _made(run: Run) -> datetime:
    text = str(run.document["finished"] or run.document["started"])
    return datetime.fromisoformat(text).astimezone(UTC)


def _digest(content: bytes | Path) -> tuple[str, int]:
    if isinstance(content, bytes):
        return hashlib.sha256(content).hexdigest(), len(content)
    try:
        with content.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
            return digest, file.tell()
    except OSError as error:
        raise RecordError(f"{content}: cannot read: {error.strerror}") from error


def _json(document: JSON) -> bytes:
    return (json.dumps(document, indent=1) + "\n").encode()
