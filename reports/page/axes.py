"""Scales, ticks and their labels: where a value stands in a picture, and what is written there.

A tick's label carries its unit, so that no picture needs a title at its axes.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

Label = Callable[[float], str]

_STEPS = (1.0, 2.0, 2.5, 5.0, 10.0)
_SMALLEST = 1e-9
_MOST_TICKS = 9


@dataclass(frozen=True, slots=True, kw_only=True)
class Tick:
    """A place on an axis, in user units of the picture, and its label.

    Attributes:
        minor: True where a small screen leaves the label out.
    """

    at: float
    label: str
    minor: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Scale:
    """Maps values from ``low`` to ``high`` on places from ``start`` to ``end``.

    Attributes:
        ticks: Values of the ticks.
        logarithmic: True where equal distances are equal ratios.
    """

    low: float
    high: float
    start: float
    end: float
    ticks: tuple[float, ...]
    logarithmic: bool = False

    def at(self, value: float) -> float:
        """The place of a value; what lies outside stands at the edge."""
        held = min(max(value, self.low), self.high)
        if self.logarithmic:
            share = math.log(held / self.low) / math.log(self.high / self.low)
        else:
            share = (held - self.low) / (self.high - self.low)
        return round(self.start + share * (self.end - self.start), 1)

    def marks(self, label: Label) -> tuple[Tick, ...]:
        """The ticks with their labels; every other one is minor where there are many."""
        many = len(self.ticks) > 4
        return tuple(
            Tick(at=self.at(value), label=label(value), minor=many and place % 2 == 1)
            for place, value in enumerate(self.ticks)
        )


def linear(
    values: Sequence[float], start: float, end: float, *, about: int = 5, whole: bool = False
) -> Scale:
    """A scale from zero, or from the least if that is negative, to a round number.

    Args:
        values: What it must hold.
        start: Place of its low end.
        end: Place of its high end.
        about: How many steps it has, more or less.
        whole: True for what is counted: no tick between two whole numbers.
    """
    low, high = min((0.0, *values)), max((0.0, *values))
    if high - low < _SMALLEST:
        high = low + 1.0
    step = step_of((high - low) / about)
    if whole and step != round(step):
        step = 1.0 if step < 1 else 5.0
    first, last = math.floor(low / step + 1e-9), math.ceil(high / step - 1e-9)
    ticks = tuple(at * step for at in range(first, last + 1))
    return Scale(low=ticks[0], high=ticks[-1], start=start, end=end, ticks=ticks)


def spanning(low: float, high: float, start: float, end: float, *, about: int = 5) -> Scale:
    """A scale of exactly this span, with round ticks inside; for time."""
    if high - low < _SMALLEST:
        high = low + 1.0
    step = time_step((high - low) / about)
    first, last = math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9)
    ticks = tuple(at * step for at in range(first, last + 1))
    return Scale(low=low, high=high, start=start, end=end, ticks=ticks)


def log(values: Sequence[float], start: float, end: float) -> Scale:
    """A logarithmic scale round all values that are not all but zero.

    Its ticks go by 1-2-5, or by decades where those would be too many.
    """
    positive = [value for value in values if value > _SMALLEST] or [1.0]
    least, most = min(positive), max(positive)
    lowest, highest = math.floor(math.log10(least)), math.ceil(math.log10(most))
    ladder = [m * 10.0**e for e in range(lowest - 1, highest + 2) for m in (1, 2, 5)]
    first = max(at for at, value in enumerate(ladder) if value <= least * (1 + 1e-9))
    last = min(at for at, value in enumerate(ladder) if value >= most * (1 - 1e-9))
    if first == last:
        first, last = first - 1, last + 1
    ticks = tuple(ladder[first : last + 1])
    if len(ticks) > _MOST_TICKS:
        stride = math.ceil((last - first) / 3 / (_MOST_TICKS - 3))
        decades = (10.0**at for at in range(lowest - 1, highest + 2, stride))
        ticks = tuple(value for value in decades if ladder[first] <= value <= ladder[last])
    return Scale(
        low=ladder[first], high=ladder[last], start=start, end=end, ticks=ticks, logarithmic=True
    )


def step_of(rough: float) -> float:
    """The least round step that is not below ``rough``: 1, 2, 2.5 or 5 times a power of ten."""
    power = 10.0 ** math.floor(math.log10(rough))
    return next(step * power for step in _STEPS if step * power >= rough * (1 - 1e-9))


def time_step(rough: float) -> float:
    """A round step of time in seconds, as clocks count: also 15 s, 30 s, 15 min, 6 h ..."""
    if rough <= 10:
        return step_of(rough)
    clock = (15, 20, 30, 60, 120, 300, 600, 900, 1200, 1800, 3600, 7200, 10_800, 21_600, 43_200)
    return next((float(step) for step in clock if step >= rough), 86_400 * step_of(rough / 86_400))


def count_label(value: float) -> str:
    """A bare number: ``250``, ``1.5k``, ``40k``, ``2M``, ``1e12``."""
    if abs(value) >= 1e12:
        return f"{value:.3g}".replace("e+", "e")
    for factor, letter in ((1e9, "G"), (1e6, "M"), (1e3, "k")):
        if abs(value) >= factor:
            return f"{value / factor:.3g}{letter}"
    return f"{value:.3g}"


def rate_label(value: float) -> str:
    """Requests per second."""
    return f"{count_label(value)}/s" if value else "0"


def latency_label(value: float) -> str:
    """Milliseconds, as the unit that a person would say."""
    if value >= 1e6:
        return f"{count_label(value / 1000)} s"
    if value >= 1000:
        return f"{value / 1000:.3g} s"
    return f"{value:.3g} ms" if value >= 1 or value <= 0 else f"{value * 1000:.3g} µs"


def octets_label(value: float) -> str:
    """Octets by powers of 1,024."""
    for power, unit in ((5, "PiB"), (4, "TiB"), (3, "GiB"), (2, "MiB"), (1, "KiB")):
        if abs(value) >= 1024**power:
            return f"{value / 1024**power:.4g} {unit}"
    return f"{value:.4g} B" if value else "0"


def percent_label(value: float) -> str:
    """Percent of one processor."""
    return f"{value:.4g} %"


def time_label(longest: float) -> Label:
    """Seconds as the unit that fits an axis as long as this, in seconds."""
    for unit, word in ((86_400.0, "d"), (3600.0, "h"), (60.0, "min")):
        if longest >= 3 * unit:
            return lambda value: f"{value / unit:.3g} {word}"
    return lambda value: f"{value:.3g} s"


def octets_scale(values: Sequence[float], start: float, end: float, *, about: int = 5) -> Scale:
    """As :func:`linear`, round in the unit of 1,024 that fits."""
    most = max((1.0, *values))
    unit = 1024.0 ** min(5, int(math.log(most, 1024)))
    plain = linear([value / unit for value in values], start, end, about=about)
    return Scale(
        low=plain.low * unit,
        high=plain.high * unit,
        start=start,
        end=end,
        ticks=tuple(value * unit for value in plain.ticks),
    )
