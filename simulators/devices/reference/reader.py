"""The device as a program that reads a file (PS3.10 7): strictly, within bounds, and aloud.

What it is given is believed in nothing: each length stays in its frame, a picture is as large as it
says, a name of ours is made for whatever is written, and no octet reaches a terminal unescaped.
"""

import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from simulators.devices.reference.errors import CannotDecodeError, RefusedError
from simulators.devices.reference.file_format import file_meta, safe_name
from simulators.devices.reference.flaws import Flaws
from simulators.devices.reference.readable import description_problem, text_of
from simulators.devices.reference.scanner import Bounds, DataSetError, inflate, scan
from simulators.devices.reference.transcode import Decoder, fragments_of
from simulators.devices.reference.uids import (
    DECODED,
    DEFLATED_LE,
    EXPLICIT_LE,
    IMPLICIT_LE,
    KEPT,
    is_uid,
)
from simulators.wire.reading import Found, read_elements

READ, REFUSED = 0, 1
DIRECTORY_CLASS: Final = b"1.2.840.10008.1.3.10"
PIXEL_DATA: Final = 0x7FE00010
DOCUMENT, DOCUMENT_LENGTH, DOCUMENT_TITLE = 0x00420011, 0x00420015, 0x00420010
SHOWN: Final = (0x00080016, 0x00080018, 0x0020000D, 0x00100010, 0x00100020, 0x0008103E, 0x00420010)
LARGEST: Final = 256 << 20
BOUNDS: Final = Bounds(depth=64, inflated=64 << 20)

_PREFIX_AT, _META_AT = 128, 132
_SYNTAXES: Final = frozenset({EXPLICIT_LE, IMPLICIT_LE, DEFLATED_LE, *DECODED, *KEPT})
_NEEDED: Final = {2: "SOP Class UID", 3: "SOP Instance UID", 0x10: "Transfer Syntax UID"}
_GROUP_LENGTH: Final = b"\2\0\0\0UL\4\0"


@dataclass(frozen=True, slots=True)
class Opened:
    """A file that was understood.

    Attributes:
        path: Where it lies.
        content: All of it.
        meta: The values of the file meta information by element number.
        begin: Where its data set begins.
        elements: The top level of the data set by tag.
    """

    path: Path
    content: bytes
    meta: Mapping[int, bytes]
    begin: int
    elements: Mapping[int, Found]

    @property
    def instance(self) -> bytes:
        """Its SOP Instance UID."""
        return self.meta[3]

    def value(self, tag: int) -> bytes:
        """The value of a tag without padding; nothing where it is missing."""
        return self.elements[tag].value.rstrip(b"\0 ") if tag in self.elements else b""


class Reader:
    """Reads files; a flawed one overrides what it does worse.

    Args:
        out: Where it writes what it makes of a file; None writes nothing.
        flaws: Those of the parser that lie in one comparison.
        archives: Whether it reads archives too.
        pictures: Whether it writes pictures, and objects without compression.
    """

    def __init__(
        self, out: Path | None, flaws: Flaws, *, archives: bool = False, pictures: bool = False
    ) -> None:
        self.out = out
        self.flaws = flaws
        self.archives = archives
        self.pictures = pictures

    def read(self, path: Path) -> list[str]:
        """Read a file, or a medium by its DICOMDIR; return what there is to tell.

        Raises:
            RefusedError, DataSetError, CannotDecodeError: It is malformed, or beyond a bound.
            OSError: It cannot be read.
        """
        if self.archives:
            # Loaded for archives alone.
            from simulators.devices.reference.reader_archives import Archive, is_archive

            if is_archive(path):
                return Archive(self, path).read()
        opened = self.open(path)
        if opened.meta[2] == DIRECTORY_CLASS:
            # Loaded for media alone.
            from simulators.devices.reference.medium import Medium

            return Medium(self, opened).read()
        self.check(opened)
        self.write(opened)
        return self.told(opened)

    def open(self, path: Path) -> Opened:
        """Read a file as far as it is structure; raises as :meth:`read` does."""
        with path.open("rb") as file:
            content = file.read(LARGEST + 1)
        if len(content) > LARGEST:
            raise RefusedError(f"larger than {LARGEST} octets")
        return self.understood(path, content)

    def understood(self, path: Path, content: bytes) -> Opened:
        """Take the octets of a file apart; raises as :meth:`read` does."""
        meta, begin = self.meta(content)
        elements = self.data_set(content[begin:], meta[0x10])
        return Opened(path, content, meta, begin, elements)

    def meta(self, content: bytes) -> tuple[dict[int, bytes], int]:
        """Return the file meta information (PS3.10 7.1), and where it ends.

        Raises:
            RefusedError: It is none.
        """
        if content[_PREFIX_AT:_META_AT] != b"DICM":
            raise RefusedError("no DICM prefix")
        head = content[_META_AT : _META_AT + 12]
        if head[:8] != _GROUP_LENGTH or len(head) < 12:
            raise RefusedError("file meta information without its group length")
        begin = _META_AT + 12
        end = begin + int.from_bytes(head[8:], "little")
        if end > len(content):
            raise RefusedError("group length beyond the file")
        values = _meta_values(content[begin:end])
        for number, name in _NEEDED.items():
            if not is_uid(values.get(number, b"")) or not values[number]:
                raise RefusedError(f"no {name} in the file meta information")
        return values, end

    def data_set(self, data: bytes, syntax: bytes) -> Mapping[int, Found]:
        """Return the top level of a data set; raises as :meth:`read` does."""
        if syntax not in _SYNTAXES:
            raise RefusedError("transfer syntax not supported")
        if syntax == DEFLATED_LE:
            data = inflate(data, BOUNDS.inflated)
        plain = IMPLICIT_LE if syntax == IMPLICIT_LE else EXPLICIT_LE
        scan(data, plain, BOUNDS)
        return {each.tag: each for each in read_elements(data, plain.decode()).elements}

    def check(self, opened: Opened) -> None:
        """Refuse what contradicts itself; raises as :meth:`read` does."""
        identity = (opened.value(0x00080016), opened.value(0x00080018))
        if identity != (opened.meta[2], opened.meta[3]):
            raise RefusedError("data set and file meta information name different objects")
        if PIXEL_DATA in opened.elements:
            self.picture(opened)
        if DOCUMENT in opened.elements:
            self.document(opened)

    def picture(self, opened: Opened) -> None:
        """Refuse a picture that is not as it is described."""
        if problem := description_problem(opened.elements):
            raise RefusedError(problem)
        syntax = opened.meta[0x10]
        if syntax in DECODED:
            Decoder().decoded(opened.content[opened.begin :], syntax)
        elif syntax in KEPT:
            fragments_of(opened.elements[PIXEL_DATA].value)

    def document(self, opened: Opened) -> None:
        """Refuse a document that is not as long as it says."""
        length, said = len(opened.elements[DOCUMENT].value), opened.elements.get(DOCUMENT_LENGTH)
        if said is not None and int.from_bytes(said.value, "little") not in (length, length - 1):
            raise RefusedError("the document is not as long as it says")

    def write(self, opened: Opened) -> None:
        """Write the object under a name of ours, or a picture and the object as it was before."""
        if self.out is None:
            return
        if self.pictures and PIXEL_DATA in opened.elements:
            # Loaded for pictures alone.
            from simulators.devices.reference.render import write_pictures

            write_pictures(self.out / safe_name(opened.instance), self.plain(opened))
        else:
            (self.out / f"{safe_name(opened.instance)}.dcm").write_bytes(opened.content)

    def plain(self, opened: Opened) -> Opened:
        """Return the object without compression; raises as :meth:`read` does."""
        if opened.meta[0x10] in KEPT:
            raise RefusedError("a picture that is kept as it is, and not shown")
        syntax, data = opened.meta[0x10], opened.content[opened.begin :]
        if syntax in DECODED:
            data, syntax = Decoder().decoded(data, syntax), EXPLICIT_LE
        elif syntax == DEFLATED_LE:
            data, syntax = inflate(data, BOUNDS.inflated), EXPLICIT_LE
        head = file_meta(opened.meta[2], opened.instance, syntax)
        return self.understood(opened.path, head + data)

    def told(self, opened: Opened) -> list[str]:
        """Return what a person wants to know of it, as plain text."""
        charset = opened.value(0x00080005)
        lines = [
            f"({tag:08X}) {text_of(opened.value(tag), charset)}"
            for tag in SHOWN
            if tag in opened.elements
        ]
        return [*lines, f"read {opened.instance.decode('ascii', 'replace')}"]

    def say(self, lines: list[str]) -> None:
        """Print them."""
        sys.stdout.write("\n".join([*lines, ""]))


def read_file(
    path: Path, out: Path | None, flaws: Flaws, *, archives: bool = False, pictures: bool = False
) -> int:
    """Read one file aloud; return the exit code."""
    if flaws.names:
        # A sound reader never loads the flaws.
        from simulators.devices.reference.reader_flaws import flawed_reader

        reader = flawed_reader(out, flaws, archives=archives, pictures=pictures)
    else:
        reader = Reader(out, flaws, archives=archives, pictures=pictures)
    try:
        lines = reader.read(path)
    except (RefusedError, DataSetError, CannotDecodeError) as error:
        sys.stderr.write(f"refused: {text_of(str(error).encode(), b'')}\n")
        return REFUSED
    except OSError as error:
        sys.stderr.write(f"refused: {error.strerror}\n")
        return REFUSED
    reader.say(lines)
    return READ


def _meta_values(meta: bytes) -> dict[int, bytes]:
    """Return the values of the file meta elements by element number."""
    values: dict[int, bytes] = {}
    at, last = 0, 0
    while at < len(meta):
        long = meta[at + 4 : at + 6] in (b"OB", b"UN")
        head, width = (12, 4) if long else (8, 2)
        end = at + head + int.from_bytes(meta[at + head - width : at + head], "little")
        number = int.from_bytes(meta[at + 2 : at + 4], "little")
        if meta[at : at + 2] != b"\2\0" or number <= last or end > len(meta):
            raise RefusedError("an element of the file meta information is out of place")
        values[number], at, last = meta[at + head : end].rstrip(b"\0 "), end, number
    return values
