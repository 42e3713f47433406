"""Text for people on standard output: width, colour, headings, wrapped paragraphs.

Colour only on a terminal and never with ``NO_COLOR`` (https://no-color.org); what is piped is
plain text.
"""

from __future__ import annotations

import os
import shutil
import sys
import textwrap
from collections.abc import Sequence

import click

_WIDEST = 100
_INDENT = "  "


def is_terminal() -> bool:
    """True when standard output is a terminal."""
    return sys.stdout.isatty()


def say(text: str = "") -> None:
    """One line on standard output."""
    coloured = is_terminal() and "NO_COLOR" not in os.environ
    click.echo(text, color=coloured)


def heading(text: str) -> None:
    """A heading with a blank line before it."""
    say()
    say(click.style(text, bold=True))


def paragraph(text: str, *, indent: str = _INDENT, first: str | None = None) -> None:
    """A wrapped paragraph; ``first`` starts its first line, for lists."""
    wrapped = textwrap.fill(
        text,
        width=min(_WIDEST, shutil.get_terminal_size((_WIDEST, 24)).columns),
        initial_indent=indent if first is None else first,
        subsequent_indent=indent,
        break_on_hyphens=False,
        break_long_words=False,
    )
    say(wrapped)


def columns(rows: Sequence[tuple[str, ...]]) -> None:
    """Rows in aligned columns; the last column is as long as it is."""
    widths = [max(len(cell) for cell in column) for column in zip(*rows, strict=True)]
    for row in rows:
        cells = [cell.ljust(width) for cell, width in zip(row[:-1], widths, strict=False)]
        say("  ".join([*cells, row[-1]]).rstrip())
