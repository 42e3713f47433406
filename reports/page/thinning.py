"""Long timelines made short enough to draw: what is worst in them always stays."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from harness.measurement import Second

DRAWN = 160
"""Most points of a line."""

LISTED = 30
"""Most rows of a table in the page; the CSV report has them all."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stretch:
    """One or several adjacent intervals of a timeline.

    Attributes:
        at_s: Its beginning.
        for_s: Its length.
        intervals: How many intervals it stands for.
        due, count, errors: Sums.
        slowest, fastest: The least and the highest rate of answers of any interval in it.
        most_errors: The highest rate of errors of any interval in it.
        p50, p99, longest: The highest of any interval in it, in milliseconds; 0 where nothing
            was measured.
    """

    at_s: float
    for_s: float
    intervals: int
    due: int
    count: int
    errors: int
    slowest: float
    fastest: float
    most_errors: float
    p50: float
    p99: float
    longest: float

    @property
    def middle(self) -> float:
        """The time at which it is drawn."""
        return self.at_s + self.for_s / 2

    def rate(self, count: int) -> float:
        """So many in its length, per second."""
        return count / self.for_s


def stretches(timeline: Sequence[Second], most: int) -> tuple[Stretch, ...]:
    """At most ``most`` stretches of equally many intervals; those without a length are left out."""
    timed = [second for second in timeline if second.for_s > 0]
    size = max(1, math.ceil(len(timed) / most))
    return tuple(_stretch(timed[at : at + size]) for at in range(0, len(timed), size))


def peaks(points: Sequence[tuple[float, float]], most: int) -> tuple[tuple[float, float], ...]:
    """At most about ``most`` points: of each part of the line its highest, and both its ends."""
    if len(points) <= most:
        return tuple(points)
    size = math.ceil(len(points) / most)
    parts = [points[at : at + size] for at in range(0, len(points), size)]
    highest = [max(part, key=lambda point: point[1]) for part in parts]
    return tuple(sorted({points[0], *highest, points[-1]}))


def _stretch(seconds: Sequence[Second]) -> Stretch:
    rates = [second.count / second.for_s for second in seconds]
    return Stretch(
        at_s=seconds[0].at_s,
        for_s=sum(second.for_s for second in seconds),
        intervals=len(seconds),
        due=sum(second.due for second in seconds),
        count=sum(second.count for second in seconds),
        errors=sum(second.errors for second in seconds),
        slowest=min(rates),
        fastest=max(rates),
        most_errors=max(second.errors / second.for_s for second in seconds),
        p50=max(second.latency_ms.p50 for second in seconds),
        p99=max(second.latency_ms.p99 for second in seconds),
        longest=max(second.latency_ms.max for second in seconds),
    )
