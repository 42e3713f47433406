"""Text that a device or an operator supplied, made safe to look at.

Escaping for HTML, XML or Markdown keeps markup out; it does not keep out a right-to-left override
that turns a file name round, or an ANSI sequence that rewrites a terminal. So every string passes
:func:`visible` first, which shows such characters instead of letting them act.
"""

from __future__ import annotations

import re
import unicodedata

LIMIT = 2000
"""Longest string that a report shows, in characters; the record holds the whole."""

_ACTING = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
"""Unicode general categories that show nothing, or change how their neighbours are shown."""

_PLAIN = re.compile(r"[\n\t\x20-\x7e]*")


def visible(text: str, limit: int = LIMIT) -> str:
    r"""The text with every control, format, private and unassigned character spelt out.

    Line feed and tabulator stay; NUL becomes ``\x00``, RIGHT-TO-LEFT OVERRIDE ``\u202e``. The
    result can always be encoded as UTF-8 and is legal in XML 1.0 (section 2.2).
    """
    cut = len(text) - limit
    kept = text[:limit] if cut > 0 else text
    if not _PLAIN.fullmatch(kept):
        kept = "".join(_shown(char) for char in kept)
    return f"{kept}… [{cut:,} more characters]" if cut > 0 else kept


def one_line(text: str, limit: int = LIMIT) -> str:
    """As :func:`visible`, with runs of white space made one space."""
    return " ".join(visible(text, limit).split())


def _shown(char: str) -> str:
    if char in "\n\t" or unicodedata.category(char) not in _ACTING:
        return char
    number = ord(char)
    if number < 0x100:
        return f"\\x{number:02x}"
    return f"\\u{number:04x}" if number < 0x10000 else f"\\U{number:08x}"
