"""What lies on a medium that a device has written: read by an independent library, and bounded."""

from __future__ import annotations

import os
import re
import warnings
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path
from typing import Final

from pydicom import Dataset, dcmread

from harness.model import JSON
from simulators.sealing import Sealed, opened

DIRECTORY: Final = "DICOMDIR"

_MOST_FILES: Final = 2000
_LARGEST: Final = 16 << 20
_MOST_OCTETS: Final = 48 << 20
_SHOWN: Final = 8
_PREFIX: Final = slice(128, 132)
_TIFF: Final = (b"II*\0", b"MM\0*", b"II+\0", b"MM\0+")
_COMPONENT: Final = re.compile(r"[A-Z0-9_]{1,8}")
_DEEPEST: Final = 8
_AES: Final = re.compile(r"aes-(128|192|256)")
_PROVEN: Final = ("digested_data", "signed_data")


@dataclass(slots=True)
class _Look:
    """What is found on one medium: files by their path on it, and what is wrong with which."""

    count: int = 0
    asked: set[tuple[str, bytes]] = field(default_factory=set[tuple[str, bytes]])
    clear: dict[str, bytes] = field(default_factory=dict[str, bytes])
    objects: dict[str, Dataset] = field(default_factory=dict[str, Dataset])
    wrong: dict[str, list[str]] = field(default_factory=dict[str, list[str]])

    def blame(self, what: str, name: str) -> None:
        """Notes a file under what is wrong with it."""
        self.wrong.setdefault(what, []).append(name)


_WRONG: Final = (
    "lost", "missing", "untrue", "unlisted", "leftover", "unread", "foreign", "extra", "telling",
    "unfit",
    "plain", "unsealed", "weak", "unopened", "unproven", "preambles",
)  # fmt: skip
"""What may be wrong; see `inspected`."""


def inspected(
    folder: Path, identities: Sequence[bytes], asked: Mapping[str, bytes], bait: bytes
) -> Mapping[str, JSON]:
    """Everything that there is to say of a medium.

    Args:
        folder: Where it lies.
        identities: What tells whose images these are.
        asked: The honest files that were to be put on it.
        bait: A file that lay elsewhere, and that nobody has asked for.

    Returns:
        Whether it has a ``directory``, how many ``files``, and by kind what is wrong with which:
        ``lost`` honest files that are not there; ``missing`` and ``untrue`` references of the
        directory; ``unlisted`` honest objects and ``leftover`` other ones; ``unread`` files;
        ``foreign`` objects; ``extra`` files and ``telling`` names with identities; ``unfit`` File
        IDs; ``plain`` files with identities that nothing conceals; files that are ``unsealed``,
        sealed by a ``weak`` cipher, or could not be opened (``unopened``), or have nothing inside
        that proves them whole (``unproven``); ``preambles``.
    """
    look = _Look()
    for name, octets in _files(folder):
        look.count += 1
        _take(look, name, octets, identities)
    _compare_objects(look, asked, bait)
    listed = _follow_directory(look)
    _compare_listed(look, listed)
    wrong: dict[str, JSON] = {
        kind: [ascii(name)[1:-1] for name in look.wrong.get(kind, ())[:_SHOWN]] for kind in _WRONG
    }
    return {"files": look.count, "directory": DIRECTORY in look.objects, **wrong}


def _files(folder: Path) -> Iterator[tuple[str, bytes]]:
    """Every file as far as it fits; what is no plain file is looked at by its name alone."""
    count = octets = 0
    for place, folders, names in os.walk(folder):
        folders.sort()
        for name in sorted(names):
            path = Path(place, name)
            plain = path.is_file() and not path.is_symlink()
            with path.open("rb") if plain else BytesIO() as file:
                content = file.read(_LARGEST)
            count += 1
            octets += len(content)
            if count > _MOST_FILES or octets > _MOST_OCTETS:
                return
            yield path.relative_to(folder).as_posix(), content


def _take(look: _Look, name: str, octets: bytes, identities: Sequence[bytes]) -> None:
    """Looks at one file."""
    if any(each in os.fsencode(name) for each in identities):
        look.blame("telling", name)
    tells = any(each in octets for each in identities)
    if tells:
        look.blame("plain", name)
    sealed = opened(octets)
    if sealed is None:
        look.blame("unsealed", name)
        look.clear[name] = octets
    else:
        _judge_seal(look, name, sealed)
    content = look.clear.get(name, b"")
    if content[_PREFIX] == b"DICM":
        _read(look, name, content)
    elif sealed is None and tells:
        look.blame("extra", name)


def _judge_seal(look: _Look, name: str, sealed: Sealed) -> None:
    if not _AES.fullmatch(sealed.cipher):
        look.blame("weak", f"{name}: {sealed.cipher or sealed.kind}")
    if sealed.inner not in _PROVEN:
        look.blame("unproven", name)
    if sealed.content is None:
        look.blame("unopened", name)
    else:
        look.clear[name] = sealed.content


def _read(look: _Look, name: str, content: bytes) -> None:
    """Has the library read an object, values and all."""
    preamble = content[:128]
    if preamble.strip(b"\0") and not preamble.startswith(_TIFF):
        look.blame("preambles", f"{name}: {preamble[:16].hex()}")
    try:
        with warnings.catch_warnings():
            # What the library says in passing of a value is not what it is asked.
            warnings.simplefilter("ignore")
            read = dcmread(BytesIO(content))
            str(read)  # converts each value
    except Exception:  # whatever the library says of a device's octets
        look.blame("unread", name)
    else:
        look.objects[name] = read


def _compare_objects(look: _Look, asked: Mapping[str, bytes], bait: bytes) -> None:
    """Whether all that was asked for is there as it was, and nothing of anybody else."""
    wanted = {_mark(dcmread(BytesIO(octets))): name for name, octets in asked.items()}
    look.asked.update(wanted)
    there = {_mark(each) for name, each in look.objects.items() if name != DIRECTORY}
    for mark, name in wanted.items():
        if mark not in there:
            look.blame("lost", name)
    strange = _mark(dcmread(BytesIO(bait)))[0]
    for name, each in look.objects.items():
        if name != DIRECTORY and _mark(each)[0] == strange:
            look.blame("foreign", name)


def _compare_listed(look: _Look, listed: Collection[str]) -> None:
    """Which objects nobody finds by the directory, and which merely lie there a second time."""
    found = {_mark(look.objects[name]) for name in listed}
    for name in sorted({*look.objects} - {*listed, DIRECTORY}):
        honest = _mark(look.objects[name]) in look.asked
        lacks = honest and _mark(look.objects[name]) not in found
        look.blame("unlisted" if lacks else "leftover", name)


def _mark(read: Dataset) -> tuple[str, bytes]:
    pixels = read.get("PixelData", b"")
    return str(read.get("SOPInstanceUID")), pixels if isinstance(pixels, bytes) else b""


def _follow_directory(look: _Look) -> set[str]:
    """Follows the links from the root; returns the names of all files that are referred to."""
    directory = look.objects.get(DIRECTORY)
    if directory is None:
        return set()
    try:
        named = list(_records(directory))
        return {name for name, record, above in named if _holds(look, name, record, above)}
    except Exception:  # whatever the library says of a device's octets
        look.blame("untrue", DIRECTORY)
        return set()


def _records(directory: Dataset) -> Iterator[tuple[str, Dataset, Mapping[str, str]]]:
    """Yields each record with a file: the path of that, the record, and what is said above it."""
    places: dict[int, Dataset] = {
        int(record.seq_item_tell): record for record in directory.DirectoryRecordSequence
    }
    first = int(directory.OffsetOfTheFirstDirectoryRecordOfTheRootDirectoryEntity)
    waiting: list[tuple[int, Mapping[str, str]]] = [(first, {})]
    while waiting:
        at, above = waiting.pop()
        if at == 0:
            continue
        record = places.pop(at)  # a link to nowhere, and one in a circle, is an error
        said = {key: str(record[key].value) for key in _SAID if key in record}
        waiting.append((int(record.OffsetOfTheNextDirectoryRecord), above))
        below = {**above, **said}
        waiting.append((int(record.OffsetOfReferencedLowerLevelDirectoryEntity), below))
        if "ReferencedFileID" in record:
            parts = record.ReferencedFileID
            name = parts if isinstance(parts, str) else "/".join(str(part) for part in parts)
            yield name, record, below


_SAID: Final = ("PatientID", "StudyInstanceUID", "SeriesInstanceUID")


def _holds(look: _Look, name: str, record: Dataset, said: Mapping[str, str]) -> bool:
    """Compares a record with its file; True so that the file counts as listed."""
    parts = name.split("/")
    if len(parts) > _DEEPEST or not all(_COMPONENT.fullmatch(part) for part in parts):
        look.blame("unfit", name)
    found = look.objects.get(name)
    if found is None:
        look.blame("missing", name)
        return False
    own = {key: str(found[key].value) for key in said if key in found}
    instance = str(record.get("ReferencedSOPInstanceUIDInFile", ""))
    names = (found.get("SOPInstanceUID"), found.file_meta.get("MediaStorageSOPInstanceUID"))
    if own != {key: said[key] for key in own} or instance not in map(str, names):
        look.blame("untrue", name)
    return True
