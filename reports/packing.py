"""Many results in one page: light rows, an index to search, and stories packed until they are read.

A browser lays out ten thousand rows in seconds and their evidence not at all. So in a long run the
page holds the rows as JSON strings, of which only some are in the document at a time, and the
stories as compressed blocks, of which one is unpacked when a row is opened. What is packed is the
same escaped HTML that a short run shows at once; nothing is fetched.
"""

from __future__ import annotations

import base64
import json
import zlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from jinja2.utils import htmlsafe_json_dumps
from markupsafe import Markup

from harness.run import Run
from reports.page.finding import FindingView, view_of
from reports.rows import Row
from reports.text import visible

WHOLE = 500
"""Results up to which a page shows everything at once, with or without a script."""

_BLOCK = 64
"""Stories in a block: few enough to unpack at once, many enough to share what they repeat."""

_Drawn = Callable[[FindingView], str]


@dataclass(frozen=True, slots=True)
class Packed:
    """The results of a long run.

    Attributes:
        index: JSON: what a filter looks at, per row.
        shells: JSON: each row without its story, as HTML.
        blocks: The stories: JSON lists of HTML strings, deflated (RFC 1950), in Base64.
    """

    index: Markup
    shells: Markup
    blocks: tuple[Markup, ...]
    size: int = _BLOCK


def packed(run: Run, rows: Sequence[Row], shell: _Drawn, story: _Drawn) -> Packed:
    """Draws and packs every row; one block of views is held at a time.

    Args:
        run: Where the stories come from.
        rows: In the order of the page.
        shell: Draws a row without its story.
        story: Draws the story.
    """
    index: list[list[str]] = []
    shells: list[str] = []
    blocks: list[Markup] = []
    for some in _batches(rows):
        views = [view_of(row, run) for row in some]
        index.extend(_indexed(view) for view in views)
        shells.extend(shell(view) for view in views)
        blocks.append(_deflated([story(view) for view in views]))
    return Packed(htmlsafe_json_dumps(index), htmlsafe_json_dumps(shells), tuple(blocks))


def _batches(rows: Sequence[Row]) -> Iterator[Sequence[Row]]:
    for at in range(0, len(rows), _BLOCK):
        yield rows[at : at + _BLOCK]


def _indexed(view: FindingView) -> list[str]:
    row = view.row
    told = (row.id, row.verdict.name, row.family, row.severity, row.role, view.search)
    return [visible(part) for part in told]


def _deflated(stories: Sequence[str]) -> Markup:
    # Base64 has no character that means anything in HTML.
    return Markup(base64.b64encode(zlib.compress(json.dumps(stories).encode(), 9)).decode())
