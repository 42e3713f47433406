"""How latencies spread: the curve of percentiles."""

from __future__ import annotations

import math
from collections.abc import Sequence

from harness.measurement import Measurement
from reports.page import axes
from reports.page.charts import BOTTOM, LEFT, RIGHT, TOP, Chart, Point, Series, Table, drawn
from reports.page.stored import percentiles_of
from reports.page.thinning import DRAWN, peaks
from reports.page.time_pictures import latency_words

_NINES = 10_000.0
"""The reciprocal of the share that takes longer, at the right end of the axis: p99.99."""
_PERCENTILES = (2.0, 10.0, 100.0, 1000.0, _NINES)


def distribution_of(one: Measurement) -> Chart | None:
    """Latency by percentile, the last nines stretched: to p99.99, or as far as there are requests.

    Without a histogram the few percentiles that were stored are drawn.
    """
    points = _by_share(one)
    if not points:
        return None
    rarest = points[-1][0]
    right = max(10.0, *(step for step in _PERCENTILES if step < rarest * 10))
    ticks = tuple(step for step in _PERCENTILES if step <= right)
    x = axes.Scale(low=1.0, high=right, start=LEFT, end=RIGHT, ticks=ticks, logarithmic=True)
    y = axes.log([value for _, value in points], BOTTOM, TOP)
    curve: Sequence[Point] = peaks(points, DRAWN)
    line = Series(axes.latency_label(points[-1][1]), "main", curve)
    few = f"{one.count:,} requests cannot tell percentiles beyond {_percent(one.count)}."
    return Chart(
        name="distribution",
        title="Latency by percentile",
        told=latency_words(one),
        x_ticks=x.marks(_percent),
        y_ticks=y.marks(axes.latency_label),
        lines=drawn([line], x, y),
        table=_percentile_table(one),
        note=few if 0 < one.count < _NINES else "",
    )


def _by_share(one: Measurement) -> list[tuple[float, float]]:
    """Latency over the reciprocal of the share that takes longer; no further than the axis."""
    # The end of the last bucket lies beyond the longest, which is known exactly.
    most = one.latency_ms.max or math.inf
    found = ((share, min(value, most)) for share, value, _ in percentiles_of(one.histogram))
    known = [(share, value) for share, value in found if value > 0]
    if not known:
        told = one.latency_ms
        stored = (0.5, told.p50), (0.9, told.p90), (0.99, told.p99), (0.999, told.p99_9)
        known = [(share, value) for share, value in (*stored, (0.9999, told.p99_99)) if value > 0]
    if not known:
        return []
    points = [(1.0, known[0][1])]
    total = max(1, sum(count for _, count in one.histogram), one.count)
    for share, value in known:
        # The longest of all stands where one of so many requests does.
        rarity = 1 / (1 - share) if share < 1 else float(total)
        points.append((min(max(rarity, points[-1][0]), _NINES), value))
        if rarity >= _NINES:
            break
    return points


def _percent(rarity: float) -> str:
    digits = max(0, int(math.log10(max(1.0, rarity)) + 1e-9) - 1)
    return f"{round(100 - 100 / max(1.0, rarity), digits):.10g} %"


def _percentile_table(one: Measurement) -> Table:
    named = {"50 %": "p50", "90 %": "p90", "99 %": "p99", "99.9 %": "p99_9", "99.99 %": "p99_99"}
    values = one.latency_ms.model_dump()
    rows = [(label, axes.latency_label(values[key])) for label, key in named.items()]
    return Table(
        columns=("Of the requests", "took at most"),
        rows=(*rows, ("all", axes.latency_label(one.latency_ms.max))),
    )
