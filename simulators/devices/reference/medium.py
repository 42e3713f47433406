"""A medium, read by its DICOMDIR (PS3.10 8): each record once, each file from inside it."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from simulators.devices.reference.errors import RefusedError
from simulators.wire.reading import Found, read_elements

if TYPE_CHECKING:
    from simulators.devices.reference.reader import Opened, Reader

_FIRST, _RECORDS = 0x00041200, 0x00041220
_NEXT, _LOWER, _FILE_ID, _INSTANCE = 0x00041400, 0x00041420, 0x00041500, 0x00041511
_ITEM: Final = b"\xfe\xff\x00\xe0"
_COMPONENT: Final = re.compile(rb"[A-Z0-9_]{1,8}")
_DEEPEST: Final = 8
_MOST_FILES: Final = 10_000


@dataclass(frozen=True, slots=True)
class Entry:
    """One directory record: where it begins in the file, and its elements by tag."""

    at: int
    elements: Mapping[int, Found]

    def link(self, tag: int) -> int:
        """Where a link leads; 0 is nowhere."""
        return int.from_bytes(self.elements[tag].value, "little") if tag in self.elements else 0

    @property
    def file_id(self) -> tuple[bytes, ...]:
        """The components of its Referenced File ID; none where it refers to no file."""
        if _FILE_ID not in self.elements:
            return ()
        return tuple(part.strip(b" ") for part in self.elements[_FILE_ID].value.split(b"\\"))

    @property
    def instance(self) -> bytes:
        """The SOP Instance UID of the file that it refers to."""
        return self.elements[_INSTANCE].value.rstrip(b"\0") if _INSTANCE in self.elements else b""


class Medium:
    """One file-set.

    Args:
        reader: Reads its files.
        opened: Its DICOMDIR.
    """

    def __init__(self, reader: "Reader", opened: "Opened") -> None:
        self.reader = reader
        self.opened = opened
        self.folder = opened.path.parent
        self.entries = {each.at: each for each in _entries(opened)}

    def read(self) -> list[str]:
        """Read every file that the directory refers to; return what there is to tell.

        Raises:
            RefusedError, DataSetError, CannotDecodeError: The directory or a file is malformed.
            OSError: A file cannot be read.
        """
        lines: list[str] = []
        for entry in self.reached():
            if entry.file_id:
                lines += self.referenced(entry)
        return [*lines, f"read {self.opened.instance.decode('ascii', 'replace')}"]

    def reached(self) -> Iterator[Entry]:
        """Yield the records that can be reached; a link that is none, or a circle, is refused."""
        root = self.opened.elements.get(_FIRST)
        waiting = [int.from_bytes(root.value, "little")] if root else []
        seen: set[int] = set()
        while waiting:
            at = waiting.pop()
            if at == 0:
                continue
            if at not in self.entries:
                raise RefusedError("a link of the directory leads to no record")
            if at in seen:
                raise RefusedError("the links of the directory go round in a circle")
            seen.add(at)
            entry = self.entries[at]
            yield entry
            waiting += [entry.link(_NEXT), entry.link(_LOWER)]

    def referenced(self, entry: Entry) -> list[str]:
        """Read the file of a record."""
        path = self.path_of(entry.file_id)
        opened = self.reader.open(path)
        if opened.instance != entry.instance:
            raise RefusedError("a record and its file name different objects")
        self.reader.check(opened)
        self.reader.write(opened)
        return self.reader.told(opened)

    def path_of(self, file_id: tuple[bytes, ...]) -> Path:
        """Return where a file lies, which is inside the medium (PS3.10 8.2)."""
        if len(file_id) > _DEEPEST or not all(map(_COMPONENT.fullmatch, file_id)):
            raise RefusedError("a Referenced File ID is none")
        path = self.folder.joinpath(*(part.decode("ascii") for part in file_id))
        inside = path.resolve().is_relative_to(self.folder.resolve())
        if not inside or not path.is_file() or path == self.opened.path:
            raise RefusedError("a Referenced File ID leads to no file of the medium")
        return path


def _entries(opened: "Opened") -> list[Entry]:
    """Return the records; the items of a sequence that was looked through are in order."""
    if _RECORDS not in opened.elements:
        return []
    found = opened.elements[_RECORDS]
    raw = found.value
    at = found.end - len(raw) - (8 if found.undefined else 0)
    start = opened.begin + at
    entries: list[Entry] = []
    inside = 0
    while inside + 8 <= len(raw) and raw[inside : inside + 4] == _ITEM:
        length = int.from_bytes(raw[inside + 4 : inside + 8], "little")
        if length == 0xFFFFFFFF or len(entries) >= _MOST_FILES:
            raise RefusedError("a directory of records without a length, or of too many")
        body = raw[inside + 8 : inside + 8 + length]
        elements = {each.tag: each for each in read_elements(body, "1.2.840.10008.1.2.1").elements}
        entries.append(Entry(start + inside, elements))
        inside += 8 + length
    return entries
