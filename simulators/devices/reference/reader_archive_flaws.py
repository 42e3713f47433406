"""The flaws of the reader of archives: loaded only when one is switched on."""

import io
import os
import signal
import stat
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING, Final

from simulators.devices.reference.errors import RefusedError
from simulators.devices.reference.reader_archives import MARK, Archive
from simulators.devices.reference.reader_bounds import MOST, write_inside

if TYPE_CHECKING:
    from simulators.devices.reference.reader import Reader

_STEP: Final = 1 << 20


class FlawedArchive(Archive):
    """Reads as the sound one does, but for its flaws."""

    def __init__(self, reader: "Reader", path: Path) -> None:
        super().__init__(reader, path)
        self._taken: list[bytes] = []

    def read(self) -> list[str]:
        """Read it, or make of a refusal what a flaw makes of it."""
        try:
            return super().read()
        except RefusedError as error:
            words = str(error)
            if self.reader.flaws.has("read_crashes_on_archives") and (
                "contradicts" in words or "encrypted" in words
            ):
                os.kill(os.getpid(), signal.SIGSEGV)
            raise

    def contents(self, archive: zipfile.ZipFile) -> list[bytes]:
        """Return the files in it, once they were all unpacked where they want to lie."""
        has = self.reader.flaws.has
        if has("read_unpacks_without_limit"):
            self._unpack(archive, nested=False)
        if has("read_unpacks_archives_in_archives"):
            self._unpack(archive, nested=True)
        return super().contents(archive)

    def content(self, archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> bytes:
        """Return one file, which is written under its own name, or wherever a link leads."""
        out, has = self.reader.out, self.reader.flaws.has
        link = stat.S_ISLNK(entry.external_attr >> 16)
        if out is not None and has("read_unpacks_by_name") and not link:
            name = (entry.orig_filename or entry.filename).encode("utf-8", "surrogateescape")
            write_inside(out, name, archive.read(entry))
        if out is not None and has("read_follows_archived_links") and link:
            _follow(out / archive.read(entry).decode("utf-8", "surrogateescape"), out)
        return super().content(archive, entry)

    def _unpack(self, archive: zipfile.ZipFile, *, nested: bool) -> None:
        """Take every entry into memory, and those of every archive in it."""
        for entry in archive.infolist():
            with archive.open(entry) as file:
                mark = file.read(len(MARK))
                if nested and mark == MARK:
                    with zipfile.ZipFile(io.BytesIO(mark + file.read())) as inner:
                        self._unpack(inner, nested=True)
                    continue
                while part := file.read(_STEP):
                    if sum(map(len, self._taken)) > MOST:
                        return
                    self._taken.append(part)


def _follow(target: Path, out: Path) -> None:
    """Open what a link leads to, if that lies on the bench's own desk."""
    desk = out.resolve().parents[2]
    if target.resolve().is_relative_to(desk) and target.is_file():
        target.read_bytes()
