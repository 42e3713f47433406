"""A hex dump of what crossed the wire, with the parts that lied marked by name.

Sixteen bytes a row: offset, hexadecimal, ASCII. Long dumps keep their beginning and the rows around
each lie, and say how much they leave out; the capture file has every byte.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

WIDTH = 16
"""Bytes a row."""

_MARGIN = 8
"""Characters before the first byte: the offset and two spaces."""

_AROUND = 1
"""Rows shown before and after a lie."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A named stretch of bytes: ``offset`` and ``length`` in bytes from the start of the PDU."""

    name: str
    offset: int
    length: int
    lie: bool
    value: str = ""

    @property
    def end(self) -> int:
        """Offset of the first byte after it."""
        return self.offset + self.length


@dataclass(frozen=True, slots=True)
class Run:
    """Characters that are shown alike."""

    text: str
    lie: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One row of the dump, or a gap of ``skipped`` bytes.

    ``names`` are the lies that begin in the row, ``pointer`` shows them under their first byte.
    """

    offset: str = ""
    hexa: tuple[Run, ...] = ()
    ascii: tuple[Run, ...] = ()
    names: tuple[str, ...] = ()
    pointer: str = ""
    skipped: int = 0


def dump(data: bytes, total: int, parts: Sequence[Part] = (), rows: int = 8) -> tuple[Line, ...]:
    """Rows for ``data``, the stored beginning of ``total`` bytes.

    The first ``rows`` rows are shown, and those around each lie.
    """
    lies = [part for part in parts if part.lie and part.length]
    count = -(-len(data) // WIDTH)
    wanted = set(range(min(rows, count)))
    for part in lies:
        first, last = part.offset // WIDTH, (part.end - 1) // WIDTH
        edges = {first, min(last, first + 1), last}
        wanted |= {row for edge in edges for row in range(edge - _AROUND, edge + _AROUND + 1)}
    lines: list[Line] = []
    shown = 0
    for row in sorted(row for row in wanted if 0 <= row < count):
        if row * WIDTH > shown:
            lines.append(Line(skipped=row * WIDTH - shown))
        lines.append(_line(data, row * WIDTH, lies))
        shown = min((row + 1) * WIDTH, len(data))
    if total > shown:
        lines.append(Line(skipped=total - shown))
    return tuple(lines)


def _line(data: bytes, start: int, lies: Sequence[Part]) -> Line:
    chunk = data[start : start + WIDTH]
    lying = [any(part.offset <= at < part.end for part in lies) for at in _span(start, chunk)]
    hexa: list[Run] = []
    plain: list[Run] = []
    for lie, group in groupby(range(len(chunk)), key=lambda at: lying[at]):
        places = list(group)
        hexa.append(Run(" ".join(f"{chunk[at]:02x}" for at in places), lie))
        hexa.append(Run(" ", lie=False))
        plain.append(Run("".join(_glyph(chunk[at]) for at in places), lie))
    hexa.append(Run("   " * (WIDTH - len(chunk)), lie=False))
    begun = [part for part in lies if start <= part.offset < start + WIDTH]
    return Line(
        offset=f"{start:06x}",
        hexa=tuple(hexa),
        ascii=tuple(plain),
        names=tuple(part.name for part in begun),
        pointer=_pointer(begun, start) if begun else "",
    )


def _pointer(begun: Sequence[Part], start: int) -> str:
    """The names with a caret under the first byte, to the side that has room."""
    column = _MARGIN + 3 * (begun[0].offset - start)
    names = ", ".join(part.name for part in begun)
    before = f"{names} ^".rjust(column + 1)
    fits = len(before) == column + 1 and column > _MARGIN + 3 * WIDTH // 2
    return before if fits else f"{' ' * column}^ {names}"


def _span(start: int, chunk: bytes) -> range:
    return range(start, start + len(chunk))


def _glyph(byte: int) -> str:
    return chr(byte) if 0x20 <= byte < 0x7F else "."
