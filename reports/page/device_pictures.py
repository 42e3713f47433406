"""What the device held over time, with the load marked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from harness.measurement import Footing, Measurement
from reports.page import axes
from reports.page.charts import BOTTOM, LEFT, RIGHT, TOP, Chart, Mark, Series, Span, Table, drawn
from reports.page.thinning import DRAWN, LISTED, peaks


def memory_of(one: Measurement) -> Chart | None:
    """Resident memory of all processes of the device together."""
    if not one.device:
        return None
    points = [(footing.at_s, float(footing.rss_bytes)) for footing in one.device]
    x = _time(one)
    y = axes.octets_scale([value for _, value in points], BOTTOM, TOP)
    chart = Chart(
        name="memory",
        title="Memory of the device",
        told=_told("Memory", one, [footing.rss_bytes for footing in one.device], axes.octets_label),
        y_ticks=y.marks(axes.octets_label),
        lines=drawn([Series("resident", "main", peaks(points, DRAWN))], x, y),
        table=_table(one.device),
    )
    return _loaded(chart, one, x)


def processor_of(one: Measurement) -> Chart | None:
    """Processor time that the device used, in percent of one processor."""
    points = _shares(one.device)
    if not points:
        return None
    x, y = _time(one), axes.linear([share for _, share in points], BOTTOM, TOP)
    within = [share for at, share in points if 0 <= at <= one.duration_s]
    mean = sum(within) / len(within) if within else 0.0
    highest = max(share for _, share in points)
    chart = Chart(
        name="processor",
        title="Processor time of the device",
        told=f"At most {highest:.0f} % of one processor; {mean:.0f} % on average during the load.",
        y_ticks=y.marks(axes.percent_label),
        lines=drawn([Series("processor", "main", peaks(points, DRAWN))], x, y),
        table=Table(
            columns=("At", "Of one processor"),
            rows=tuple((f"{at:,.4g} s", f"{share:.1f} %") for at, share in peaks(points, LISTED)),
        ),
    )
    return _loaded(chart, one, x)


def handles_of(one: Measurement) -> Chart | None:
    """Descriptors, threads and processes."""
    if not one.device:
        return None
    descriptors = [(footing.at_s, float(footing.descriptors)) for footing in one.device]
    threads = [(footing.at_s, float(footing.threads)) for footing in one.device]
    processes = [(footing.at_s, float(footing.processes)) for footing in one.device]
    x = _time(one)
    values = [value for _, value in (*descriptors, *threads, *processes)]
    y = axes.linear(values, BOTTOM, TOP, whole=True)
    several = any(value > 1 for _, value in processes)
    series = (
        Series("descriptors", "main", peaks(descriptors, DRAWN)),
        Series("threads", "tail", peaks(threads, DRAWN)),
        Series("processes", "ref", peaks(processes, DRAWN) if several else []),
    )
    held = (
        _told(name, one, [int(value) for _, value in points], axes.count_label)
        for name, points in (("Descriptors", descriptors), ("Threads", threads))
    )
    chart = Chart(
        name="handles",
        title="Descriptors and threads of the device",
        told=" ".join(held),
        y_ticks=y.marks(axes.count_label),
        lines=drawn(series, x, y),
        table=_table(one.device),
    )
    return _loaded(chart, one, x)


def _shares(device: Sequence[Footing]) -> list[tuple[float, float]]:
    """Percent of one processor between two footings; none where a process has gone meanwhile."""
    return [
        (
            (earlier.at_s + later.at_s) / 2,
            100 * (later.cpu_s - earlier.cpu_s) / (later.at_s - earlier.at_s),
        )
        for earlier, later in pairwise(device)
        if later.at_s > earlier.at_s and later.cpu_s >= earlier.cpu_s
    ]


def _time(one: Measurement) -> axes.Scale:
    times = [footing.at_s for footing in one.device]
    return axes.spanning(min(0.0, *times), max(one.duration_s, *times), LEFT, RIGHT)


def _loaded(chart: Chart, one: Measurement, x: axes.Scale) -> Chart:
    """The picture with its axis of time, and with the load's begin and end."""
    begin, end = x.at(0.0), x.at(one.duration_s)
    return replace(
        chart,
        x_ticks=x.marks(axes.time_label(x.high - x.low)),
        marks=(Mark(x=begin), Mark(x=end)),
        spans=(Span(start=begin, end=end, label="load"),) if end > begin else (),
    )


def _told(name: str, one: Measurement, held: Sequence[int], label: axes.Label) -> str:
    """Before, at most, and after the load, as far as each was seen."""
    before = [value for at, value in zip(one.device, held, strict=True) if at.at_s <= 0]
    after = [value for at, value in zip(one.device, held, strict=True) if at.at_s > one.duration_s]
    parts = [f"{label(before[-1])} before the load"] if before else []
    parts.append(f"{label(max(held))} at most")
    parts += [f"{label(after[-1])} after it"] if after else []
    return f"{name}: {', '.join(parts)}."


def _table(device: Sequence[Footing]) -> Table:
    """Footings: where there are many, those with the most memory of each part."""
    kept = {at for at, _ in peaks([(one.at_s, float(one.rss_bytes)) for one in device], LISTED)}
    rows = tuple(
        (
            f"{one.at_s:,.4g} s",
            axes.octets_label(one.rss_bytes),
            f"{one.descriptors:,}",
            f"{one.threads:,}",
            f"{one.processes:,}",
            f"{one.cpu_s:,.4g} s",
        )
        for one in device
        if one.at_s in kept
    )
    return Table(
        columns=("At", "Memory", "Descriptors", "Threads", "Processes", "Processor time"),
        rows=rows,
        note=f"{len(rows)} of {len(device):,} looks." if len(rows) < len(device) else "",
    )
