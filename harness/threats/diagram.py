"""The data-flow diagram of the threat model, as SVG: zones, elements, flows, boundaries.

The device stands in the middle, each flow is one row, and a row's colour and bar say how its
threats stand; whoever draws says what the shares mean. No string in it comes from a device.
"""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from xml.sax.saxutils import escape, quoteattr

from harness.threats import model as threats
from harness.threats.model import Conduit

ROW, TITLE, GAP = 96.0, 26.0, 14.0
"""Height of a row, of a zone's title, and of the space between zones, in user units."""
_TOP = 8.0


@dataclass(frozen=True, slots=True)
class Share:
    """How many threats of a flow stand in one way.

    Attributes:
        css: Class of the colour.
        count: How many.
        words: How they stand, in words.
    """

    css: str
    count: int
    words: str


Shares = Mapping[str, Sequence[Share]]
"""The shares of each flow, by its id, worst first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Side:
    """One column of zones: where it, its elements and its flows stand, left to right.

    Attributes:
        zones: Ids, from top to bottom.
        band: Left edge and width of the zones.
        flow: Where flows begin at an element, and where they reach the device.
    """

    zones: tuple[str, ...]
    band: tuple[float, float]
    flow: tuple[float, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Layout:
    width: float
    device: tuple[float, float]
    sides: tuple[_Side, ...]
    letters: int
    upright: bool


_WIDE = _Layout(
    width=1000,
    device=(412, 176),
    letters=26,
    upright=False,
    sides=(
        _Side(zones=("imaging", "premises", "storage"), band=(2, 216), flow=(206, 412)),
        _Side(zones=("clinical-it", "outside"), band=(782, 216), flow=(794, 588)),
    ),
)
_NARROW = _Layout(
    width=360,
    device=(316, 42),
    letters=21,
    upright=True,
    sides=(
        _Side(
            zones=("imaging", "clinical-it", "outside", "premises", "storage"),
            band=(2, 144),
            flow=(134, 316),
        ),
    ),
)


def diagram(shares: Shares, told: str, *, narrow: bool = False, style: str = "") -> str:
    """The diagram as one SVG element.

    Args:
        shares: How the threats of each flow stand.
        told: The same in words, for who does not see it.
        narrow: For a phone: one column of zones instead of two.
        style: CSS to put inside, for a file that stands alone.
    """
    layout = _NARROW if narrow else _WIDE
    parts = [part for side in layout.sides for part in _side(side, layout, shares)]
    height = max(_height(side) for side in layout.sides)
    size = f'viewBox="0 0 {layout.width:g} {height:g}"'
    head = f'<svg xmlns="http://www.w3.org/2000/svg" class="dfd" {size} role="img"'
    return "\n".join(
        [
            f"{head} aria-label={quoteattr(told)}>",
            *([f"<style>{style}</style>"] if style else []),
            *_device(layout, height),
            *parts,
            "</svg>",
        ]
    )


def numbered() -> Mapping[str, str]:
    """A short name of each boundary, by its id: "B1" and so on, in the order of the model."""
    names = threats.model().boundaries
    return {name: f"B{number}" for number, name in enumerate(names, 1)}


def _rows(zone: str) -> list[Conduit]:
    """The flows between the device and the elements of a zone."""
    model = threats.model()
    inside = {one.id for one in model.elements.values() if one.zone == zone}
    return [one for one in model.conduits.values() if {one.source, one.target} & inside]


def _height(side: _Side) -> float:
    rows = sum(len(_rows(zone)) for zone in side.zones)
    return _TOP + rows * ROW + len(side.zones) * (TITLE + GAP)


def _side(side: _Side, layout: _Layout, shares: Shares) -> Iterator[str]:
    model, y, (left, width) = threats.model(), _TOP, side.band
    for zone in side.zones:
        rows = _rows(zone)
        height = TITLE + len(rows) * ROW
        yield _rect("zone", left, y, width, height)
        title = textwrap.shorten(model.zones[zone].title, layout.letters, placeholder="")
        yield _text("zone-title", left + 10, y + 18, title, "start")
        y += TITLE
        for conduit in rows:
            yield from _element(conduit, side, y, layout)
            yield from _flow(conduit, side, y, shares.get(conduit.id, ()))
            y += ROW
        y += GAP


def _element(conduit: Conduit, side: _Side, y: float, layout: _Layout) -> Iterator[str]:
    other = conduit.source if conduit.target == "device" else conduit.target
    element = threats.model().elements[other]
    left, width = side.band[0] + 12, side.band[1] - 24
    yield _rect(f"element {element.kind}", left, y + 12, width, ROW - 30)
    lines = textwrap.wrap(element.title, layout.letters - 6)
    middle = y + 12 + (ROW - 30) / 2
    yield from _block("element-title", left + width / 2, middle, lines)


def _flow(conduit: Conduit, side: _Side, y: float, shares: Sequence[Share]) -> Iterator[str]:
    outer, inner = side.flow
    low, high = min(outer, inner), max(outer, inner)
    # The boundary stands beside the zone, so words and bar move a little towards the device.
    middle, line = (low + high) / 2 + (12 if inner > outer else -12), y + 45
    begin, end = (outer, inner) if conduit.target == "device" else (inner, outer)
    step = 8 if end > begin else -8
    css = next((share.css for share in shares if share.count), "none")
    yield f'<g class="flow {css}">'
    for number, words in enumerate(lines := textwrap.wrap(conduit.title, 22)):
        yield _text("flow-title", middle, line - 10 - 14 * (len(lines) - 1 - number), words)
    yield f'<path class="arrow" d="M{begin:g} {line:g}H{end - step / 2:g}"/>'
    yield f'<path class="head" d="M{end:g} {line:g}l{-step:g}-5v10z"/>'
    yield "</g>"
    yield from _crossing(conduit, (low + 24) if inner > outer else (high - 24), y)
    yield from _bar(shares, middle, line + 10, min(130.0, high - low - 64))


def _crossing(conduit: Conduit, x: float, y: float) -> Iterator[str]:
    yield f'<path class="boundary" d="M{x:g} {y + 8:g}V{y + ROW - 18:g}"/>'
    yield _text("boundary-name", x, y + ROW - 6, numbered()[conduit.boundary])


def _bar(shares: Sequence[Share], middle: float, y: float, width: float) -> Iterator[str]:
    """How the threats stand: a bar of shares, and the first of them in words."""
    total = sum(share.count for share in shares)
    if not total:
        return
    x = middle - width / 2
    for share in shares:
        part = width * share.count / total
        if part:
            yield _rect(f"share {share.css}", x, y, part, 9)
        x += part
    worst = next(share for share in shares if share.count)
    yield _text("flow-count", middle, y + 23, f"{worst.count} of {total} {worst.words}")


def _device(layout: _Layout, height: float) -> Iterator[str]:
    left, width = layout.device
    yield _rect("element process", left, _TOP, width, height - _TOP - GAP)
    x, y = left + width / 2, height / 2
    if layout.upright:
        turn = f' transform="rotate(-90 {x:g} {y:g})"'
        yield _text("device-title", x, y + 5, "Device under test", extra=turn)
    else:
        yield from _block("device-title", x, y, ("Device", "under test"), leading=20)


def _block(
    css: str, x: float, y: float, lines: Sequence[str], *, leading: float = 16
) -> Iterator[str]:
    first = y - leading * (len(lines) - 1) / 2 + 5
    for number, words in enumerate(lines):
        yield _text(css, x, first + leading * number, words)


def _rect(css: str, x: float, y: float, width: float, height: float) -> str:
    place = f'x="{x:g}" y="{y:g}" width="{width:.2f}" height="{height:g}"'
    return f'<rect class="{css}" {place} rx="3"/>'


def _text(css: str, x: float, y: float, words: str, anchor: str = "middle", extra: str = "") -> str:
    place = f'x="{x:g}" y="{y:g}" text-anchor="{anchor}"{extra}'
    return f'<text class="{css}" {place}>{escape(words)}</text>'
