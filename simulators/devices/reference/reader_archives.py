"""A ZIP archive of files, read one by one within bounds; nothing is ever unpacked to disk."""

import stat
import struct
import zipfile
import zlib
from pathlib import Path
from typing import TYPE_CHECKING, Final

from simulators.devices.reference.errors import RefusedError

if TYPE_CHECKING:
    from simulators.devices.reference.reader import Reader

MARK: Final = b"PK\3\4"
_MOST_ENTRIES: Final = 1000
_LARGEST: Final = 32 << 20
_ENCRYPTED: Final = 1
_UNREADABLE: Final = (
    zipfile.BadZipFile, zlib.error, struct.error, RuntimeError, ValueError, EOFError,
)  # fmt: skip
"""What the library raises for archives that contradict themselves."""


def is_archive(path: Path) -> bool:
    """Tell whether a file begins as an archive."""
    with path.open("rb") as file:
        return file.read(len(MARK)) == MARK


class Archive:
    """One archive.

    Args:
        reader: Reads its files.
        path: Where it lies.
    """

    def __init__(self, reader: "Reader", path: Path) -> None:
        self.reader = reader
        self.path = path

    def read(self) -> list[str]:
        """Read every file in it; return what there is to tell.

        Raises:
            RefusedError, DataSetError, CannotDecodeError: It or a file is malformed, or too large.
            OSError: It cannot be read.
        """
        try:
            with zipfile.ZipFile(self.path) as archive:
                contents = self.contents(archive)
        except _UNREADABLE as error:
            if isinstance(error, RefusedError):
                raise
            raise RefusedError("the archive contradicts itself") from error
        lines: list[str] = []
        for content in contents:
            opened = self.reader.understood(self.path, content)
            self.reader.check(opened)
            self.reader.write(opened)
            lines += self.reader.told(opened)
        return lines

    def contents(self, archive: zipfile.ZipFile) -> list[bytes]:
        """Return the files in it, whatever they are called."""
        entries = [entry for entry in archive.infolist() if not entry.is_dir()]
        places = {entry.header_offset for entry in entries}
        if len(entries) > _MOST_ENTRIES or len(places) < len(entries):
            raise RefusedError("too many entries, or entries that share their octets")
        if sum(entry.file_size for entry in entries) > _LARGEST:
            raise RefusedError(f"the archive holds more than {_LARGEST} octets")
        return [self.content(archive, entry) for entry in entries]

    def content(self, archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> bytes:
        """Return one file."""
        if entry.flag_bits & _ENCRYPTED:
            raise RefusedError("the archive is encrypted")
        if stat.S_ISLNK(entry.external_attr >> 16):
            raise RefusedError("the archive holds a link")
        with archive.open(entry) as file:
            content = file.read(_LARGEST + 1)
        if len(content) > _LARGEST or content.startswith(MARK):
            raise RefusedError("an entry is too large, or an archive itself")
        return content
