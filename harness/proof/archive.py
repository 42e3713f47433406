"""A zip that can be written in one way only, so that no byte of it can change unseen.

Names are sorted, times are fixed, nothing is optional, and the comment at the end is the digest of
all that stands before it. Reading recomputes every header from the directory and compares: what
lies between entries, before or behind them, in extra fields or in a second directory is refused,
and so is whatever a zip may do to the one who unpacks it (paths that lead out, links, bombs).

The headers are packed here and not by :mod:`zipfile`, because the reader has to know each of
their bytes; the entries themselves are read by :mod:`zipfile`, as everybody else reads them.
"""

from __future__ import annotations

import hashlib
import re
import struct
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import BinaryIO

from harness.errors import BundleError, RecordError

MAX_FILES = 60_000
MAX_OCTETS = 2**31
MAX_RATIO = 1100
"""Deflate cannot do better than 1032 to 1: more is a lie of the directory."""

_MAX_NAME = 240
_SAFE = re.compile(r"[A-Za-z0-9_+@=,~-][A-Za-z0-9._+@=,~-]*")
_TIME, _DATE = 0, 0x21  # 1980-01-01 00:00, the earliest that a zip can say
_CHUNK = 1 << 20
_END = 22
_COMMENT = len("sha256:") + 64
_RESERVED = {"con", "prn", "aux", "nul"}


def write(target: Path, entries: Mapping[str, bytes | Path]) -> None:
    """Writes an archive whole or not at all.

    Args:
        target: The zip file.
        entries: Name -> content, or the file that has it.

    Raises:
        BundleError: It would be too large, or a name is none that every system can unpack.
        RecordError: It cannot be written, or a file cannot be read.
    """
    draft = target.with_name(f"{target.name}.part")
    try:
        try:
            with draft.open("wb") as stream:
                _write(stream, entries)
            draft.replace(target)
        finally:
            draft.unlink(missing_ok=True)
    except OSError as error:
        raise RecordError(f"{target}: cannot write the bundle: {error.strerror}") from error


class Archive:
    """An archive that was opened and found to be in its one form; a context manager.

    Attributes:
        sizes: Name -> octets, sorted.

    Raises:
        BundleError: It is no zip, cut, not in that form, or dangerous to unpack.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        try:
            self._stream = path.open("rb")
        except OSError as error:
            raise BundleError(f"{path}: cannot read: {error.strerror}") from error
        try:
            self._zip = zipfile.ZipFile(self._stream)
            entries = self._zip.infolist()
            _refuse_danger(path, entries)
            _refuse_other_forms(path, self._stream, self._zip.comment, entries)
        except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError) as error:
            self._stream.close()
            raise BundleError(
                f"{path}: not a whole zip; it was cut or changed on its way"
            ) from error
        except BundleError:
            self._stream.close()
            raise
        self.sizes = {entry.filename: entry.file_size for entry in entries}

    def __enter__(self) -> Archive:
        return self

    def __exit__(self, *_: object) -> None:
        self._zip.close()
        self._stream.close()

    def read(self, name: str) -> bytes:
        """One file.

        Raises:
            BundleError: It is not there, or its checksum does not hold.
        """
        return b"".join(self._chunks(name))

    def digest(self, name: str) -> str:
        """SHA-256 of one file, in hexadecimal."""
        found = hashlib.sha256()
        for chunk in self._chunks(name):
            found.update(chunk)
        return found.hexdigest()

    def unpack(self, target: Path, names: Iterable[str]) -> None:
        """Writes some files below a folder of ours."""
        for name in names:
            (target / name).parent.mkdir(parents=True, exist_ok=True)
            with (target / name).open("wb") as stream:
                for chunk in self._chunks(name):
                    stream.write(chunk)

    def _chunks(self, name: str) -> Iterator[bytes]:
        """Unpacks here and not by the library, which overlooks what follows a packed stream."""
        broken = BundleError(f"{self._path}: {name}: cannot be unpacked; it was changed")
        try:
            entry = self._zip.getinfo(name)
        except KeyError:
            raise BundleError(f"{self._path}: holds no {name}") from None
        self._stream.seek(entry.header_offset + len(_local(name, 0, 0, 0)))
        packer, crc, size, left = zlib.decompressobj(-zlib.MAX_WBITS), 0, 0, entry.compress_size
        try:
            while not packer.eof:
                raw = packer.unconsumed_tail
                if not raw:
                    raw = self._stream.read(min(_CHUNK, left))
                    left -= len(raw)
                # Without input it gives what it still holds back.
                chunk = packer.decompress(raw, _CHUNK)
                crc, size = zlib.crc32(chunk, crc), size + len(chunk)
                if size > entry.file_size or (not raw and not chunk):
                    raise broken
                yield chunk
        except zlib.error:
            raise broken from None
        if left or packer.unused_data or (crc, size) != (entry.CRC, entry.file_size):
            raise broken


def refuse_name(name: str) -> None:
    """Refuses a name that could lead out of a folder, or that some system cannot have.

    Raises:
        BundleError: It is such a name.
    """
    parts = name.split("/")
    plain = all(_SAFE.fullmatch(part) and part.rstrip(".") == part for part in parts)
    if (
        not plain
        or len(name) > _MAX_NAME
        or any(p.split(".")[0].lower() in _RESERVED for p in parts)
    ):
        raise BundleError(f"{name[:80]!r}: no name for a file in a bundle")


def _write(stream: BinaryIO, entries: Mapping[str, bytes | Path]) -> None:
    if len(entries) > MAX_FILES:
        raise BundleError(f"{len(entries)} files are more than a bundle takes ({MAX_FILES})")
    if len({name.casefold() for name in entries}) < len(entries):
        raise BundleError("two files of the run have names that differ in case alone")
    directory, digest, at, total = b"", hashlib.sha256(), 0, 0
    for name in sorted(entries):
        refuse_name(name)
        source = entries[name]
        data = source.read_bytes() if isinstance(source, Path) else source
        total += len(data)
        if total > MAX_OCTETS:
            raise BundleError(f"a bundle takes at most {MAX_OCTETS} octets; leave captures out")
        packer = zlib.compressobj(6, zlib.DEFLATED, -zlib.MAX_WBITS)
        packed = packer.compress(data) + packer.flush()
        facts = (zlib.crc32(data), len(packed), len(data))
        for part in (_local(name, *facts), packed):
            stream.write(part)
            digest.update(part)
        directory += _central(name, *facts, at)
        at += len(_local(name, *facts)) + len(packed)
    digest.update(directory)
    stream.write(directory)
    stream.write(_end(len(entries), len(directory), at, f"sha256:{digest.hexdigest()}"))


def _refuse_danger(path: Path, entries: list[zipfile.ZipInfo]) -> None:
    if len(entries) > MAX_FILES or sum(entry.file_size for entry in entries) > MAX_OCTETS:
        raise BundleError(f"{path}: unpacks to more than a bundle of ours ever does")
    names = [entry.filename for entry in entries]
    if len({name.casefold() for name in names}) < len(names):
        raise BundleError(f"{path}: holds the same name twice")
    for entry in entries:
        refuse_name(entry.orig_filename)
        if entry.external_attr or entry.create_system:
            raise BundleError(f"{path}: {entry.filename}: a link or special file")
        if entry.file_size > MAX_RATIO * max(entry.compress_size, 1):
            raise BundleError(f"{path}: {entry.filename}: unpacks to more than can be packed in it")


def _refuse_other_forms(
    path: Path, stream: BinaryIO, comment: bytes, entries: list[zipfile.ZipInfo]
) -> None:
    """Recomputes every header and compares; packed data is left to its checksums and digests."""
    wrong = BundleError(f"{path}: changed: not in the one form that a bundle has")
    at, directory = 0, b""
    for entry in entries:
        facts = (entry.CRC, entry.compress_size, entry.file_size)
        head = _local(entry.filename, *facts)
        stream.seek(at)
        if entry.header_offset != at or stream.read(len(head)) != head:
            raise wrong
        directory += _central(entry.filename, *facts, at)
        at += len(head) + entry.compress_size
    stream.seek(0)
    digest, left = hashlib.sha256(), at + len(directory)
    while left > 0 and (chunk := stream.read(min(_CHUNK, left))):
        digest.update(chunk)
        left -= len(chunk)
    seal = f"sha256:{digest.hexdigest()}"
    stream.seek(at)
    rest = stream.read(len(directory) + _END + _COMMENT + 1)
    ordered = [entry.filename for entry in entries] == sorted(entry.filename for entry in entries)
    if comment != seal.encode() or not ordered:
        raise wrong
    if rest != directory + _end(len(entries), len(directory), at, seal):
        raise wrong


def _local(name: str, crc: int, packed: int, size: int) -> bytes:
    raw = name.encode("ascii")
    fields = (0x04034B50, 20, 0, 8, _TIME, _DATE, crc, packed, size, len(raw), 0)
    return struct.pack("<IHHHHHIIIHH", *fields) + raw


def _central(name: str, crc: int, packed: int, size: int, at: int) -> bytes:
    raw = name.encode("ascii")
    head = (0x02014B50, 20, 20, 0, 8, _TIME, _DATE, crc, packed, size)
    return struct.pack("<IHHHHHHIIIHHHHHII", *head, len(raw), 0, 0, 0, 0, 0, at) + raw


def _end(count: int, length: int, at: int, comment: str) -> bytes:
    raw = comment.encode()
    return struct.pack("<IHHHHIIH", 0x06054B50, 0, 0, count, count, length, at, len(raw)) + raw
