"""What pictures are made of: lines, bands, bars and marks in user units, ready for the template.

A picture is a value; the template draws it as inline SVG, so that every string in it is escaped
where all others are. Four tones have a colour, a dash pattern and a marker each, and every line
bears its name at its end: no reader needs the colours.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from reports.page.axes import Scale, Tick

WIDTH, HEIGHT = 480.0, 236.0
LEFT, RIGHT, TOP, BOTTOM = 70.0, 374.0, 22.0, 206.0
"""The plot's edges; right of it stand the names of the lines, each beside a sample."""

Tone = Literal["main", "tail", "bad", "ref"]
Point = tuple[float, float | None]
"""Place of a value; None where nothing was measured."""

_MARKED = 40
_LABEL_DISTANCE = 16.0
_SHAPES: Mapping[Tone, str] = {
    "main": "m-3 0a3 3 0 1 0 6 0a3 3 0 1 0-6 0z",
    "tail": "m-2.8-2.8h5.6v5.6h-5.6z",
    "bad": "m-3.2-3.2l6.4 6.4m0-6.4l-6.4 6.4",
    "ref": "m0-4l4 4-4 4-4-4z",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A line with its markers; ``label`` and a sample stand at ``label_y`` beside the plot."""

    tone: Tone
    path: str
    markers: str
    label: str
    label_y: float

    @property
    def sample(self) -> tuple[str, str]:
        """A short piece of the line, and its marker, where the label begins."""
        left, y = RIGHT + 8, self.label_y
        line = f"M{left:g} {y:g}h20" if self.path else ""
        return line, f"M{left + 10:g} {y:g}{_SHAPES[self.tone]}" if self.markers else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Band:
    """A filled area; ``path`` is closed."""

    tone: Tone
    path: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """A horizontal bar from the left edge, with a text above it."""

    tone: Tone
    y: float
    width: float
    label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """A vertical line at ``x``; ``label`` stands above the plot, empty for none."""

    x: float
    label: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """A part of the time axis, tinted, with a label above its middle."""

    start: float
    end: float
    label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """The numbers of a picture; the first column names the row."""

    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Chart:
    """One picture.

    Attributes:
        name: Unique in its load; part of ids in the page.
        title: What it shows.
        told: The same in words and numbers, for who does not see it.
        note: What must be known to read it; empty for nothing.
    """

    name: str
    title: str
    told: str
    table: Table
    x_ticks: tuple[Tick, ...] = ()
    y_ticks: tuple[Tick, ...] = ()
    lines: tuple[Line, ...] = ()
    bands: tuple[Band, ...] = ()
    bars: tuple[Bar, ...] = ()
    marks: tuple[Mark, ...] = ()
    spans: tuple[Span, ...] = ()
    note: str = ""
    width: float = WIDTH
    height: float = HEIGHT
    left: float = LEFT
    right: float = RIGHT
    top: float = TOP
    bottom: float = BOTTOM


@dataclass(frozen=True, slots=True)
class Series:
    """A line before it is drawn: its name, its tone and its values; a line, markers, or both."""

    label: str
    tone: Tone
    points: Sequence[Point]
    line: bool = True
    marked: bool = True


def across(low: float, high: float) -> tuple[float, float, float, float]:
    """Arguments of :func:`reports.page.axes.spanning` for the width of a plot."""
    return low, high, LEFT, RIGHT


def drawn(series: Iterable[Series], x: Scale, y: Scale) -> tuple[Line, ...]:
    """Lines of all series that have a value, their names kept apart."""
    placed = ((one, _placed(one, x, y)) for one in series)
    lines = [(one, places) for one, places in placed if any(places)]
    heights = spread([_last(places) for _, places in lines])
    return tuple(
        Line(
            tone=one.tone,
            path=_path(places) if one.line else "",
            markers=_markers(places, one),
            label=one.label,
            label_y=round(height, 1),
        )
        for (one, places), height in zip(lines, heights, strict=True)
    )


def band(
    lower: Sequence[Point], upper: Sequence[Point], x: Scale, y: Scale, tone: Tone = "main"
) -> tuple[Band, ...]:
    """The area between two lines that have the same places; none where they have no width."""
    both = [
        (x.at(at), y.at(low), y.at(high))
        for (at, low), (_, high) in zip(lower, upper, strict=True)
        if low is not None and high is not None
    ]
    if len(both) < 2 or all(low == high for _, low, high in both):
        return ()
    there = [(at, high) for at, _, high in both]
    back = [(at, low) for at, low, _ in reversed(both)]
    return (Band(tone=tone, path=_steps([*there, *back]) + "z"),)


def spread(heights: Sequence[float], low: float = TOP + 4, high: float = BOTTOM - 2) -> list[float]:
    """The same heights, moved as little as it takes to keep labels from covering each other."""
    order = sorted(range(len(heights)), key=lambda at: heights[at])
    placed = [min(max(heights[at], low), high) for at in order]
    for at in range(1, len(placed)):
        placed[at] = max(placed[at], placed[at - 1] + _LABEL_DISTANCE)
    if placed:
        placed[-1] = min(placed[-1], high)
    for at in range(len(placed) - 2, -1, -1):
        placed[at] = min(placed[at], placed[at + 1] - _LABEL_DISTANCE)
    found = dict(zip(order, placed, strict=True))
    return [found[at] for at in range(len(heights))]


_Place = tuple[float, float] | None


def _placed(one: Series, x: Scale, y: Scale) -> list[_Place]:
    return [None if value is None else (x.at(at), y.at(value)) for at, value in one.points]


def _last(places: Sequence[_Place]) -> float:
    return next(place[1] for place in reversed(places) if place is not None)


def _path(places: Sequence[_Place]) -> str:
    """The line through its places, broken where nothing was measured."""
    pieces: list[list[tuple[float, float]]] = [[]]
    for place in places:
        if place is None:
            pieces.append([])
        else:
            pieces[-1].append(place)
    return "".join(_steps(piece) for piece in pieces if len(piece) > 1)


def _steps(places: Sequence[tuple[float, float]]) -> str:
    return "M" + "L".join(f"{x:g} {y:g}" for x, y in places)


def _markers(places: Sequence[_Place], one: Series) -> str:
    """Markers: on all places where there are few, else where the line alone would show nothing."""
    known = {at: place for at, place in enumerate(places) if place is not None}
    if one.line and (len(known) > _MARKED or not one.marked):
        alone = [at for at in known if at - 1 not in known and at + 1 not in known]
        known = {at: known[at] for at in (*alone, *([max(known)] if one.marked else []))}
    return "".join(f"M{x:g} {y:g}{_SHAPES[one.tone]}" for x, y in known.values())
