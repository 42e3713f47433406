"""The claims of a device, gathered from all their sources for the head of the record.

What is kept is what was answered, with the digest of each file, so that a run can be read and
confronted again when the files are long gone.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

from harness.claims import mds2, statement, topics
from harness.claims.mds2 import Answer
from harness.claims.section import ClaimsSection
from harness.claims.topics import Source
from harness.errors import ProfileError, RecordError
from harness.model import JSON
from harness.profile import Profile

KEPT: Final = "claims"
"""Folder of a run in which copies of the documents are kept."""

_MOST_BYTES: Final = 12 << 20


def gathered(profile: Profile) -> dict[str, JSON]:
    """Every answer of every source, and the files that were read.

    Returns:
        ``files``: source, name and sha256 of each. ``answers``: source, key, value, note and text
        of each that is set; a value is yes, no, n/a or what was answered.

    Raises:
        ProfileError: A file cannot be read, or is wrong; the message names it and the key.
    """
    section = profile.documents or ClaimsSection()
    unknown = [key for key in section.amendments if not _is_known(key, section)]
    if unknown:
        raise ProfileError(
            f"{profile.source}: 'claims.amendments' names {unknown[0]!r}, which is neither a key "
            "of the statement nor an MDS2 question of a file that is given"
        )
    said, noted = _read(profile, section.statement), _read(profile, section.mds2)
    answers: list[JSON] = [*_from_profile(profile)]
    files: list[JSON] = []
    if said is not None:
        files.append(_file(Source.STATEMENT, *said))
        answers += _from_statement(*said, section, profile.source)
    if noted is not None:
        files.append(_file(Source.MDS2, *noted))
        answers += _from_mds2(*noted, section)
    return {"files": files, "answers": answers}


def keep(profile: Profile, folder: Path) -> None:
    """Copies the documents into ``claims/`` of a run folder, for whoever reads the run later.

    Raises:
        RecordError: The run folder cannot be written.
        ProfileError: As for :func:`gathered`.
    """
    section = profile.documents or ClaimsSection()
    read = (_read(profile, name) for name in (section.statement, section.mds2))
    for name, data in (one for one in read if one is not None):
        target = folder / KEPT / name
        try:
            target.parent.mkdir(exist_ok=True)
            target.write_bytes(data)
        except OSError as error:
            raise RecordError(f"{target}: cannot write: {error.strerror}") from error


def _read(profile: Profile, name: str | None) -> tuple[str, bytes] | None:
    """Name and content of a file; None where none is given."""
    if name is None:
        return None
    path = profile.folder / name
    kept = profile.folder / KEPT / Path(name).name
    path = kept if not path.exists() and kept.is_file() else path  # the profile may be a kept copy
    try:
        with path.open("rb") as file:
            data = file.read(_MOST_BYTES + 1)
    except OSError as error:
        raise ProfileError(
            f"{profile.source}: 'claims' names {name!r}: cannot read it: {error.strerror}"
        ) from error
    if len(data) > _MOST_BYTES:
        raise ProfileError(f"{profile.source}: 'claims' names {name!r}: larger than 12 MiB")
    return Path(name).name, data


def _file(source: Source, name: str, data: bytes) -> dict[str, JSON]:
    return {"source": source, "name": name, "sha256": hashlib.sha256(data).hexdigest()}


def _is_known(key: str, section: ClaimsSection) -> bool:
    if section.statement is not None and key in statement.claimable():
        return True
    return section.mds2 is not None and bool(mds2.question_id(key))


def _from_statement(
    name: str, data: bytes, section: ClaimsSection, source: str
) -> Iterator[dict[str, JSON]]:
    try:
        read = statement.parse(data.decode("utf-8"), name)
    except UnicodeDecodeError as error:
        raise ProfileError(f"{name}: not UTF-8 text") from error
    for changed, said in section.amendments.items():
        if changed in statement.claimable():
            try:
                read = statement.with_answer(read, changed, said)
            except ValueError as error:
                raise ProfileError(f"{source}: 'claims.amendments': {error}") from error
    known = topics.by_key(Source.STATEMENT)
    for key, value in read.answers().items():
        if key in known:
            yield _answer(Source.STATEMENT, key, value, known[key].text)
        else:
            listed = value if isinstance(value, list) else []
            for item in (f"{key}:{each}" for each in listed):
                yield _answer(Source.STATEMENT, item, True, known[item].text)


def _from_mds2(name: str, data: bytes, section: ClaimsSection) -> Iterator[dict[str, JSON]]:
    answers = mds2.parse(data, name)
    for raw, value in section.amendments.items():
        if key := mds2.question_id(raw):
            said = mds2.answer_of(_plain(value))
            before = answers.get(key, Answer(id=key, answer=said))
            answers[key] = replace(before, answer=said)
    asked, known = mds2.questions(), topics.by_key(Source.MDS2)
    for key, answer in answers.items():
        own = known[key].text if key in known else key
        yield _answer(Source.MDS2, key, answer.answer, asked.get(key, own), answer.note)


def _from_profile(profile: Profile) -> Iterator[dict[str, JSON]]:
    """What device.toml claims: only keys that somebody set."""
    whole = profile.model_dump(mode="json", by_alias=True, exclude_unset=True)
    held = {claim.value for claim in profile.claims()}
    for key, topic in topics.by_key(Source.PROFILE).items():
        value = _at(whole, key) if "." in key and key not in held else (key in held or None)
        if value not in (None, [], ""):
            yield _answer(Source.PROFILE, key, value, topic.text)


def _at(table: Mapping[str, Any], key: str) -> JSON:
    value: Any = table
    for part in key.split("."):
        value = value.get(part) if isinstance(value, Mapping) else None
    found: JSON = value
    return found


def _answer(source: Source, key: str, value: JSON, text: str, note: str = "") -> dict[str, JSON]:
    plain = _plain(value) if isinstance(value, bool) else value
    return {"source": source, "key": key, "value": plain, "note": note, "text": text}


def _plain(value: object) -> str:
    return {True: mds2.YES, False: mds2.NO}[value] if isinstance(value, bool) else str(value)
