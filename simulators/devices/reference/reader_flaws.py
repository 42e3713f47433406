"""The flaws of the device as a program that reads files: loaded only when one is switched on."""

import os
import signal
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Final, NoReturn

from simulators.devices.reference.errors import CannotDecodeError, RefusedError
from simulators.devices.reference.flaws import FlawName, Flaws
from simulators.devices.reference.medium import Entry, Medium
from simulators.devices.reference.readable import described_octets
from simulators.devices.reference.reader import (
    BOUNDS,
    DIRECTORY_CLASS,
    DOCUMENT,
    DOCUMENT_LENGTH,
    DOCUMENT_TITLE,
    PIXEL_DATA,
    SHOWN,
    Opened,
    Reader,
)
from simulators.devices.reference.reader_archive_flaws import FlawedArchive
from simulators.devices.reference.reader_archives import is_archive
from simulators.devices.reference.reader_bounds import MOST, write_inside
from simulators.devices.reference.reader_misuse import misuse, misuse_medium
from simulators.devices.reference.scanner import DataSetError, TooDeepError, inflate, scan
from simulators.devices.reference.uids import DEFLATED_LE, EXPLICIT_LE, IMPLICIT_LE
from simulators.wire.reading import Found, read_elements

PICTURE_FLAWS: Final[tuple[FlawName, ...]] = (
    "read_shows_memory",
    "read_draws_without_limit",
    "read_takes_one_fragment",
)
_ARCHIVE: Final = b"PK\3\4"
_KNOWN_CHARSETS: Final = frozenset((b"", b"ISO_IR 100", b"ISO_IR 192", b"ISO_IR 6"))


def flawed_reader(
    out: Path | None, flaws: Flaws, *, archives: bool = False, pictures: bool = False
) -> Reader:
    """Return a reader with what is switched on."""
    if flaws.any_of(*PICTURE_FLAWS):
        # Loaded for these alone.
        from simulators.devices.reference.render_flaws import FlawedPainter

        return FlawedPainter(out, flaws, archives=archives, pictures=pictures)
    return _FlawedReader(out, flaws, archives=archives, pictures=pictures)


class _FlawedReader(Reader):
    """Reads as the sound one does, but for its flaws."""

    def read(self, path: Path) -> list[str]:
        """Read a file, or make of a refusal what a flaw makes of it."""
        content = path.read_bytes()
        has = self.flaws.has
        if has("read_crashes_on_preambles") and content[:128].strip(b"\0"):
            _crash()
        if has("read_unpacks_archives"):
            self._unpack(content)
        try:
            return self._read(path)
        except (RefusedError, DataSetError, CannotDecodeError) as error:
            self._stumble(error)
            raise

    def _read(self, path: Path) -> list[str]:
        if self.archives and is_archive(path):
            return FlawedArchive(self, path).read()
        opened = self.open(path)
        if opened.meta[2] == DIRECTORY_CLASS:
            return _FlawedMedium(self, opened).read()
        self.check(opened)
        self.write(opened)
        return self.told(opened)

    def meta(self, content: bytes) -> tuple[dict[int, bytes], int]:
        """Return the meta information, or what a guess makes of a file without."""
        try:
            return super().meta(content)
        except RefusedError as error:
            about_length = "group length" in str(error) or "out of place" in str(error)
            if self.flaws.has("read_ignores_meta_length") and about_length:
                _crash()
            if self.flaws.has("read_names_files_after_uids") and "Instance" in str(error):
                return _lenient_meta(content)
            if not self.flaws.has("read_guesses_missing_meta"):
                raise
            return {2: b"2.25.1", 3: b"2.25.2", 0x10: b""}, len(content)

    def data_set(self, data: bytes, syntax: bytes) -> Mapping[int, Found]:
        """Return the elements of a data set, with what a flaw takes on the way."""
        has = self.flaws.has
        if has("read_guesses_missing_meta") and not syntax:
            return {}
        if has("read_inflates_without_limit") and syntax == DEFLATED_LE:
            data, syntax = inflate(data, 1 << 40), EXPLICIT_LE
        if has("read_trusts_value_length"):
            taken: list[bytes] = []
            plain = IMPLICIT_LE if syntax == IMPLICIT_LE else EXPLICIT_LE
            greedy = replace(BOUNDS, reserve=lambda length: taken.append(_take(length)))
            scan(data if syntax != DEFLATED_LE else inflate(data, BOUNDS.inflated), plain, greedy)
        return super().data_set(data, syntax)

    def check(self, opened: Opened) -> None:
        """Refuse what the sound reader refuses, unless a flaw looks away."""
        has = self.flaws.has
        misuse(opened, self.flaws)
        if has("read_trusts_pixel_dimensions") and PIXEL_DATA in opened.elements:
            _take(described_octets(opened.elements))
        if has("read_trusts_document_length") and DOCUMENT_LENGTH in opened.elements:
            said = int.from_bytes(opened.elements[DOCUMENT_LENGTH].value, "little")
            if said > len(opened.elements[DOCUMENT].value):
                _crash()
        if opened.elements and not has("read_names_files_after_uids"):
            super().check(opened)

    def write(self, opened: Opened) -> None:
        """Write the object, under a name that it gives itself."""
        has = self.flaws.has
        if self.out is None:
            return
        if has("read_names_files_after_uids"):
            write_inside(self.out, opened.value(0x00080018), opened.content)
        elif has("read_unpacks_documents") and DOCUMENT in opened.elements:
            write_inside(self.out, opened.value(DOCUMENT_TITLE), opened.elements[DOCUMENT].value)
        else:
            super().write(opened)

    def told(self, opened: Opened) -> list[str]:
        """Return what there is to tell."""
        charset, has = opened.value(0x00080005), self.flaws.has
        texts = [opened.value(tag) for tag in SHOWN]
        if has("read_runs_on_character_sets") and charset not in _KNOWN_CHARSETS:
            _spin()
        if has("read_formats_texts"):
            for text in texts:
                str(text.decode("latin-1") % ()).format()
        if has("read_echoes_controls"):
            sys.stdout.buffer.write(b"\n".join(texts) + b"\n")
        return super().told(opened)

    def _stumble(self, error: ValueError) -> None:
        """Do what a flaw does where the sound reader refuses."""
        words = str(error)
        for name, is_it, fall in _STUMBLES:
            if self.flaws.has(name) and is_it(error, words):
                fall()

    def _unpack(self, content: bytes) -> None:
        """Unpack an archive that is part of the file, wherever its entry wants to lie."""
        at = content.find(_ARCHIVE, 128)
        if at >= 0:
            length = int.from_bytes(content[at + 26 : at + 28], "little")
            write_inside(self.out or Path(), content[at + 30 : at + 30 + length], b"unpacked")


class _FlawedMedium(Medium):
    """Reads a medium as the sound one does, but for its flaws."""

    def reached(self) -> Iterator[Entry]:
        """Yield the records, as long as the links lead on."""
        has = self.reader.flaws.has
        misuse_medium(self, self.reader.flaws)
        if not has("read_walks_record_cycles") and not has("read_crashes_on_record_offsets"):
            yield from super().reached()
            return
        yield from self._walked()

    def _walked(self) -> Iterator[Entry]:
        try:
            yield from super().reached()
        except RefusedError as error:
            if self.reader.flaws.has("read_walks_record_cycles") and "circle" in str(error):
                _spin()
            if self.reader.flaws.has("read_crashes_on_record_offsets") and "no rec" in str(error):
                _crash()
            raise

    def path_of(self, file_id: tuple[bytes, ...]) -> Path:
        """Return where a file lies, inside the medium or not."""
        if not self.reader.flaws.has("read_follows_file_ids"):
            return super().path_of(file_id)
        return self.folder.joinpath(*(part.decode("latin-1") for part in file_id))


def _crash() -> NoReturn:
    os.kill(os.getpid(), signal.SIGSEGV)
    raise SystemExit(1)


def _raise() -> NoReturn:
    raise IndexError("list index out of range")


def _spin() -> NoReturn:
    while True:
        pass


def _take(octets: int) -> bytes:
    """Take memory, and use it: a page that nobody writes to costs nothing."""
    return b"\1" * min(octets, MOST)


def _lenient_meta(content: bytes) -> tuple[dict[int, bytes], int]:
    end = 144 + int.from_bytes(content[140:144], "little")
    found = read_elements(content[144:end], EXPLICIT_LE.decode()).elements
    return {each.tag & 0xFFFF: each.value.rstrip(b"\0 ") for each in found}, end


def _says(*parts: str) -> Callable[[ValueError, str], bool]:
    return lambda _error, words: any(part in words for part in parts)


_STUMBLES: Final[
    tuple[tuple[FlawName, Callable[[ValueError, str], bool], Callable[[], NoReturn]], ...]
] = (
    ("read_recurses_without_limit", lambda error, _: isinstance(error, TooDeepError), _crash),
    ("read_trusts_item_length", _says("sequence or item longer", "item is expected"), _raise),
    ("read_waits_for_delimiter", _says("delimiter missing"), _spin),
    ("read_crashes_on_cut_file", _says("cut", "longer than its frame", "delimiter"), _crash),
    ("read_crashes_on_unknown_vr", _says("unknown", "undefined length for"), _raise),
    ("read_crashes_on_odd_length", _says("odd length"), _raise),
    ("read_crashes_on_disorder", _says("out of order or out of place"), _raise),
    ("read_crashes_on_descriptions", _says("bits ", "samples", "palette", "overlay"), _raise),
    ("read_crashes_on_disagreement", _says("different objects", "no file of"), _raise),
    ("read_crashes_on_scales", _says("slope or a window"), _raise),
    ("read_crashes_on_broken_deflate", _says("deflated stream"), _crash),
    ("read_crashes_on_fragments", lambda e, _: isinstance(e, CannotDecodeError), _crash),
)
"""Where the sound reader refuses, what tells the kind of refusal, and what a flaw does instead."""
