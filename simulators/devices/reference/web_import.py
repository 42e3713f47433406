"""Uploads: a Part 10 file, or a ZIP archive of them (APPNOTE.TXT 6.3), read within bounds.

Nothing is ever written under a name that an archive gives; an archive with one bad member is
refused whole, so that nobody has to find out which half of it was stored.
"""

from __future__ import annotations

import io
import stat
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from simulators.devices.reference.flaws import FlawName, Flaws
from simulators.devices.reference.options import MIB
from simulators.devices.reference.web_access import Caller
from simulators.devices.reference.web_message import Answer, RefusedError, WebLimits
from simulators.devices.reference.worker import die

_LOCAL_HEADER = 30
_END = b"PK\5\6"
_COUNT_AT = 10
_ENTRY = 46
_LENGTHS_AT = 28
_STEP = 1 << 16
_CIPHERED = 1
_ARCHIVE = b"PK"
_FLAW_CAP = 160 * MIB
_UNPACKS: tuple[FlawName, ...] = ("web_unzips_outside", "web_unzips_links")
_UNCOUNTED: tuple[FlawName, ...] = (
    "web_unzips_without_limit",
    "web_believes_zip_size",
    "web_unzips_nested",
)


@dataclass(slots=True)
class _Room:
    """How much more may come out of one upload."""

    left: int


class Import:
    """Stores what is uploaded."""

    def __init__(
        self,
        keep: Callable[[list[bytes], Caller], Answer],
        limits: WebLimits,
        flaws: Flaws,
        root: Path,
    ) -> None:
        """Share the storage of the device.

        Args:
            keep: Stores Part 10 files, and says so.
            limits: Bounds.
            flaws: What is switched on.
            root: Folder of the storage; only a flaw has a use for it.
        """
        self._keep = keep
        self._limits = limits
        self._flaws = flaws
        self._root = root

    def __call__(self, body: bytes, caller: Caller) -> Answer:
        """Answer an upload.

        Raises:
            RefusedError: It is refused as a whole.
        """
        room = _Room(_FLAW_CAP if self._flaws.any_of(*_UNCOUNTED) else self._limits.body)
        contents = list(self._members(body, room)) if body.startswith(_ARCHIVE) else [body]
        if self._flaws.has("web_import_forgets"):
            return Answer(status=200)
        return self._keep(contents, caller)

    def _members(self, body: bytes, room: _Room) -> Iterator[bytes]:
        for info in self._listed(body, room.left):
            content = self._expanded(body, info, room.left)
            room.left -= len(content)
            if self._flaws.has("web_unzips_nested") and content.startswith(_ARCHIVE):
                yield from self._members(content, room)
                continue
            if self._flaws.any_of(*_UNPACKS):
                from simulators.devices.reference.web_import_flaws import unpack

                unpack(self._root, info, content, self._flaws)
            yield content

    def _listed(self, body: bytes, most: int) -> list[zipfile.ZipInfo]:
        """Return the members, all of which may be read."""
        try:
            with zipfile.ZipFile(io.BytesIO(body)) as archive:
                members, directory = archive.infolist(), archive.start_dir
        except (zipfile.BadZipFile, ValueError, NotImplementedError, UnicodeError):
            if self._flaws.has("web_dies_of_broken_archives"):
                die()
            raise RefusedError(400, "archive broken") from None
        if not self._flaws.any_of(*_UNCOUNTED) and not _adds_up(body, directory):
            raise RefusedError(400, "directory of the archive does not end where it says")
        if len(members) > self._limits.parts:
            raise RefusedError(413, "too many members")
        trusting = self._flaws.has("web_unzips_without_limit")
        if not trusting and sum(each.file_size for each in members) > most:
            raise RefusedError(413, "archive expands too far")
        for each in members if not self._flaws.any_of(*_UNPACKS) else ():
            _refuse_odd(each)
        return members

    def _expanded(self, body: bytes, info: zipfile.ZipInfo, most: int) -> bytes:
        """Return the content of a member, counted while it is expanded."""
        start = info.header_offset
        name, more = (
            int.from_bytes(body[start + at : start + at + 2], "little") for at in (26, 28)
        )
        start += _LOCAL_HEADER
        # Who reads the one name must not get what who reads the other one does not see.
        told = body[start : start + name]
        if told != info.orig_filename.encode("utf-8") and not self._flaws.any_of(*_UNPACKS):
            raise RefusedError(400, "two names for one member")
        start += name + more
        packed = body[start : start + info.compress_size]
        if info.compress_type == zipfile.ZIP_STORED:
            content = packed
        elif info.compress_type == zipfile.ZIP_DEFLATED:
            content = _inflated(packed, most)
        else:
            raise RefusedError(415, "compression of a member")
        if len(content) > most:
            raise RefusedError(413, "archive expands too far")
        sound = (len(content), zlib.crc32(content)) == (info.file_size, info.CRC)
        if not sound and not self._flaws.any_of(*_UNCOUNTED):
            raise RefusedError(400, "member is not what the archive says")
        return content


def _adds_up(body: bytes, at: int) -> bool:
    """Tell whether as many entries as the end tells of fill the directory that begins here."""
    end = body.rfind(_END)
    for _ in range(int.from_bytes(body[end + _COUNT_AT : end + _COUNT_AT + 2], "little")):
        lengths = body[at + _LENGTHS_AT : at + _LENGTHS_AT + 6]
        at += _ENTRY + sum(int.from_bytes(lengths[n : n + 2], "little") for n in (0, 2, 4))
        if at > end:
            return False
    return at == end


def _refuse_odd(info: zipfile.ZipInfo) -> None:
    """Refuse links, ciphered members, and names that lead somewhere."""
    mode = info.external_attr >> 16
    if stat.S_IFMT(mode) not in (0, stat.S_IFREG) or info.is_dir():
        raise RefusedError(400, "member is no file")
    if info.flag_bits & _CIPHERED:
        raise RefusedError(400, "member is ciphered")
    name = info.orig_filename.replace("\\", "/")
    if name.startswith("/") or ":" in name or ".." in name.split("/"):
        raise RefusedError(400, "name of a member leads outside")


def _inflated(packed: bytes, most: int) -> bytes:
    engine = zlib.decompressobj(-zlib.MAX_WBITS)
    out = bytearray()
    try:
        while not engine.eof and len(out) <= most:
            piece = engine.decompress(packed, _STEP)
            packed = engine.unconsumed_tail
            if not piece and not packed:
                break
            out += piece
    except zlib.error:
        raise RefusedError(400, "member broken") from None
    return bytes(out)
