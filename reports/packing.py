"""Many results in one page: light rows, an index to search, and stories packed until they are read.

A browser lays out ten thousand rows in seconds and their evidence not at all. So in a long run the
page holds an index of its rows, of which only some are in the document at a time, and the stories
as compressed blocks, of which one is unpacked when a row is opened. What is packed is the same
escaped HTML that a short run shows at once; nothing is fetched.
"""

from __future__ import annotations

import base64
import json
import zlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from jinja2.utils import htmlsafe_json_dumps
from markupsafe import Markup

from harness.run import Run
from reports.page.finding import FindingView, view_of
from reports.rows import Row
from reports.text import one_line, visible

WHOLE = 500
"""Results up to which a page shows everything at once, with or without a script."""

_BLOCK = 64
"""Stories in a block: few enough to unpack at once, many enough to share what they repeat."""

_Drawn = Callable[[FindingView], str]


_TITLE, _REASON = 300, 180
"""Characters of a row's two lines, as in a short run."""


@dataclass(frozen=True, slots=True)
class Packed:
    """The results of a long run.

    Attributes:
        index: JSON: for each row its id, the number of its shape, family, both lines, and what a
            search looks through.
        shapes: JSON: for each shape its verdict, severity and role, and a row of it as HTML
            without id and lines, which the script puts in as text.
        blocks: The stories: JSON lists of HTML strings, deflated (RFC 1950), in Base64.
        size: Stories in a block.
    """

    index: Markup
    shapes: Markup
    blocks: tuple[Markup, ...]
    size: int = _BLOCK


def packed(run: Run, rows: Sequence[Row], shell: _Drawn, story: _Drawn) -> Packed:
    """Draws and packs every row; the views of one block are held at a time.

    Args:
        run: Where the stories come from.
        rows: In the order of the page.
        shell: Draws a row without its story.
        story: Draws the story.
    """
    index: list[list[str | int]] = []
    shapes: dict[tuple[str, ...], int] = {}
    blocks: list[Markup] = []
    for at in range(0, len(rows), _BLOCK):
        views = [view_of(row, run) for row in rows[at : at + _BLOCK]]
        for view in views:
            shape = shapes.setdefault(_shape(view, shell), len(shapes))
            index.append(_indexed(view, shape))
        blocks.append(_deflated([story(view) for view in views]))
    return Packed(htmlsafe_json_dumps(index), htmlsafe_json_dumps(list(shapes)), tuple(blocks))


def _shape(view: FindingView, shell: _Drawn) -> tuple[str, ...]:
    """Verdict, severity, role, and the row without what only it says."""
    row = view.row
    blank = replace(row, id="", title="", reason=" " if row.reason else "")
    facts = (row.verdict.name, row.severity, row.role)
    return (*map(visible, facts), shell(replace(view, row=blank)))


def _indexed(view: FindingView, shape: int) -> list[str | int]:
    row = view.row
    lines = (one_line(row.title, _TITLE), one_line(row.reason, _REASON))
    return [visible(row.id), shape, visible(row.family), *lines, view.search]


def _deflated(stories: Sequence[str]) -> Markup:
    # Base64 has no character that means anything in HTML.
    return Markup(base64.b64encode(zlib.compress(json.dumps(stories).encode(), 9)).decode())
