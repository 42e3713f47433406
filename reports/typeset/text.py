"""Text for a page of paper: no character that acts, none that cannot be drawn, no endless word.

A string reaches the typesetter as data and is never read as markup. What is left to mend is how it
looks: a word of 15,000 letters would leave the page, and PDF/A forbids a character without a glyph.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence

from harness.model import JSON
from reports.text import one_line, visible

BREAK = "\u200b"
"""Zero width space: a line may end here, and nothing is seen."""

_PLAIN = frozenset(map(chr, (*range(0x20, 0x7F), *range(0xA0, 0x180), 0x0A, 0x09)))
"""Characters that every font that we use can draw."""
_ALSO = frozenset(BREAK + "–—‘’“”…·×→←≥≤µ")
_MOST_TRIED = 400
"""Distinct other characters that are tried; a text with more of them is an attack, or noise."""

_JOINT = re.compile(r"([/\\._:,;=|?&+@)\]}-]+)(?=[^\s/\\._:,;=|?&+@)\]}-])")

_BOUND = re.compile(r"(?<=[(\[{]) | (?=[)\]}!?,.:;/])")
"""A space beside such a sign ends no line (UAX #14, LB13 and LB14) unless we say so."""


def line(value: str, limit: int = 300, *, longest: int = 24) -> str:
    """One line of at most about ``limit`` characters; words over ``longest`` may be broken."""
    return breakable(one_line(value, limit), longest)


def block(value: str, limit: int = 2000, *, longest: int = 40) -> str:
    """As :func:`line`, with its line feeds."""
    return breakable(visible(value, limit).replace("\t", "    "), longest)


def breakable(value: str, longest: int) -> str:
    """The text with places to break in every word over ``longest``, after punctuation if it can."""
    long = re.compile(rf"\S{{{longest + 1},}}")
    return _BOUND.sub(f"{BREAK} ", long.sub(lambda found: _broken(found.group(), longest), value))


def _broken(word: str, longest: int) -> str:
    parts = _JOINT.sub(rf"\1{BREAK}", word).split(BREAK)
    return BREAK.join(
        part[at : at + longest] for part in parts for at in range(0, len(part), longest)
    )


def unusual(data: JSON) -> list[str]:
    """The distinct characters of all strings that a font may lack, in ascending order."""
    found: set[str] = set()
    for value in _strings(data):
        if not value.isascii():
            found.update(value)
    return sorted(found - _PLAIN - _ALSO)


def spelt(data: JSON, draws: Callable[[str], bool]) -> JSON:
    r"""The data with every character that cannot be drawn spelt out as ``\uXXXX``.

    Args:
        data: Any JSON.
        draws: Tells whether one character can be drawn.
    """
    odd = unusual(data)
    tried = odd if len(odd) <= _MOST_TRIED else []
    lost = set(odd) - {char for char in tried if draws(char)}
    if not lost:
        return data
    return _translated(data, {ord(char): _name(char) for char in lost})


def _name(char: str) -> str:
    number = ord(char)
    return f"\\u{number:04x}" if number < 0x10000 else f"\\U{number:08x}"


def _strings(data: JSON) -> Iterator[str]:
    if isinstance(data, str):
        yield data
    elif isinstance(data, Mapping):
        for value in data.values():
            yield from _strings(value)
    elif isinstance(data, Sequence):
        for value in data:
            yield from _strings(value)


def _translated(data: JSON, table: Mapping[int, str]) -> JSON:
    if isinstance(data, str):
        return data if data.isascii() else data.translate(table)
    if isinstance(data, Mapping):
        return {key: _translated(value, table) for key, value in data.items()}
    if isinstance(data, Sequence):
        return [_translated(value, table) for value in data]
    return data
