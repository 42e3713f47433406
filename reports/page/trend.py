"""A trend as the page shows it: bars of verdicts, a stair of levels, families, and flips."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from harness.coverage import family_of
from harness.trends import Point, Trend
from harness.verdict import Verdict
from reports.page.axes import Scale, Tick, count_label, linear
from reports.rows import text

LEFT, TOP, BOTTOM = 52, 18, 232
"""Where the bars stand, in user units."""

_WIDEST, _BROAD, _LEAST = 1600, 56, 480
_LEVEL_STEP, _LEVEL_GAP, _DATES = 22, 30, 34
_MOST_FLIPS, _MOST_OFTEN, _MOST_COLUMNS = 300, 12, 14


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One verdict's part of a bar."""

    verdict: Verdict
    y: float
    height: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """One run: parts from worst, on top, to best; ``level_y`` is None without a level."""

    x: float
    width: float
    parts: tuple[Part, ...]
    complete: bool
    label: str
    told: str
    level_y: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """The whole drawing, in user units.

    Attributes:
        stairs: Path of the level over the runs; empty without levels.
        level_names: Titles of the levels with their places, "none" first.
        told: The picture in words.
    """

    width: int
    height: int
    right: int
    bars: tuple[Bar, ...]
    y_ticks: tuple[Tick, ...]
    stairs: str
    level_names: tuple[tuple[float, str], ...]
    told: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Flip:
    """A scenario whose verdict changed in a run."""

    scenario: str
    run: str
    day: str
    was: Verdict
    now: Verdict
    kind: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FamilyCell:
    """One family in one run: its worst verdict, and what was counted; None when it was absent."""

    verdict: Verdict
    said: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FamilyRow:
    """One family over the last runs."""

    id: str
    name: str
    cells: tuple[FamilyCell | None, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class TrendView:
    """What the page of a trend shows."""

    title: str
    picture: Picture
    points: tuple[Point, ...]
    columns: tuple[Point, ...]
    families: tuple[FamilyRow, ...]
    flips: tuple[Flip, ...]
    more_flips: int
    often: tuple[tuple[str, int], ...]
    verdicts: tuple[Verdict, ...]
    notes: tuple[str, ...]


def view_of(trend: Trend) -> TrendView:
    """The page of a trend."""
    found = [flip for point in reversed(trend.points) for flip in _flips(point)]
    often = Counter(flip.scenario for flip in found)
    names = {name for point in trend.points for name in point.verdicts}
    devices = sorted({point.device for point in trend.points})
    columns = tuple(trend.points[-_MOST_COLUMNS:])
    return TrendView(
        title=devices[0] if len(devices) == 1 else f"{len(devices)} devices",
        picture=picture_of(trend),
        points=tuple(reversed(trend.points)),
        columns=columns,
        families=_families(columns),
        flips=tuple(found[:_MOST_FLIPS]),
        more_flips=max(0, len(found) - _MOST_FLIPS),
        often=tuple(pair for pair in often.most_common(_MOST_OFTEN) if pair[1] > 1),
        verdicts=tuple(sorted((Verdict[name] for name in names), reverse=True)),
        notes=tuple(trend.notes),
    )


def picture_of(trend: Trend) -> Picture:
    """The drawing alone."""
    points = trend.points
    width = min(_WIDEST, max(_LEAST, LEFT + 24 + _BROAD * len(points)))
    right = width - 12
    totals = [float(sum(point.verdicts.values())) for point in points]
    scale = linear(totals, BOTTOM, TOP, about=4, whole=True)
    place = (right - LEFT) / len(points)
    floor = BOTTOM + _DATES + _LEVEL_GAP + _LEVEL_STEP * len(trend.levels)
    bars = []
    for at, point in enumerate(points):
        x = LEFT + place * at + place * 0.12
        level_y = floor - _LEVEL_STEP * _height(point) if trend.levels else None
        bars.append(
            Bar(
                x=round(x, 1),
                width=round(place * 0.76, 1),
                parts=_parts(point, scale),
                complete=point.complete,
                label=point.started[5:10] if at % max(1, round(44 / place)) == 0 else "",
                told=_told(point),
                level_y=level_y,
            )
        )
    titles = ["none", *trend.levels]
    return Picture(
        width=width,
        height=floor + 16 if trend.levels else BOTTOM + _DATES,
        right=right,
        bars=tuple(bars),
        y_ticks=scale.marks(count_label),
        stairs=_stairs(bars),
        level_names=tuple((floor - _LEVEL_STEP * at, name) for at, name in enumerate(titles))
        if trend.levels
        else (),
        told=f"{len(points)} runs, oldest first. " + "; ".join(_told(one) for one in points[-8:]),
    )


def _parts(point: Point, scale: Scale) -> tuple[Part, ...]:
    """From the axis up: what does not apply, what is good, what is not, and failures on top."""
    found: list[Part] = []
    below = 0
    for verdict in sorted(Verdict):
        count = point.verdicts.get(verdict.name, 0)
        if count:
            foot, top = scale.at(below), scale.at(below + count)
            found.append(Part(verdict=verdict, y=top, height=round(foot - top, 1)))
            below += count
    return tuple(found)


def _height(point: Point) -> int:
    height = point.scheme.get("height")
    return height if isinstance(height, int) else 0


def _stairs(bars: Sequence[Bar]) -> str:
    path = ""
    for bar in bars:
        if bar.level_y is not None:
            path += f"{'L' if path else 'M'}{bar.x:g} {bar.level_y:g}H{bar.x + bar.width:g}"
    return path


def _told(point: Point) -> str:
    counts = ", ".join(
        f"{n} {name.replace('_', ' ').lower()}" for name, n in point.verdicts.items()
    )
    level = text(point.scheme, "level") or "none"
    said = f", level {level}" if point.scheme else ""
    return f"{point.started[:10]}: {counts}{said}{'' if point.complete else ', incomplete'}"


def _flips(point: Point) -> Sequence[Flip]:
    return [
        Flip(
            scenario=name,
            run=point.name,
            day=point.started[:10],
            was=Verdict[was],
            now=Verdict[now],
            kind=kind,
        )
        for name, was, now, kind in point.flipped
    ]


def _families(points: Sequence[Point]) -> tuple[FamilyRow, ...]:
    names = sorted({name for point in points for name in point.families})
    return tuple(
        FamilyRow(
            id=name,
            name=family_of(name).name,
            cells=tuple(_cell(point.families.get(name)) for point in points),
        )
        for name in names
    )


def _cell(counts: Mapping[str, int] | None) -> FamilyCell | None:
    if not counts:
        return None
    worst = max(Verdict[name] for name in counts)
    said = str(counts[worst.name])
    every = sum(counts.values())
    return FamilyCell(verdict=worst, said=said if worst is Verdict.PASS else f"{said} of {every}")
