"""Throughput and latency over time."""

from __future__ import annotations

from collections.abc import Sequence

from harness.measurement import Measurement
from reports.page import axes
from reports.page.charts import BOTTOM, LEFT, RIGHT, TOP, Chart, Point, Series, Table, band, drawn
from reports.page.thinning import DRAWN, LISTED, Stretch, stretches


def throughput_of(one: Measurement) -> Chart | None:
    """Requests that were due, answered and not answered with success, per second."""
    parts = stretches(one.timeline, DRAWN)
    if not parts:
        return None
    served = [(part.middle, part.rate(part.count)) for part in parts]
    slowest: list[Point] = [(part.middle, part.slowest) for part in parts]
    fastest: list[Point] = [(part.middle, part.fastest) for part in parts]
    errors = [(part.middle, part.most_errors) for part in parts]
    due = [(part.middle, part.rate(part.due)) for part in parts] if one.rate is not None else []
    highest = [part.fastest for part in parts] + [rate for _, rate in (*due, *errors)]
    x, y = _time(parts), axes.linear(highest, BOTTOM, TOP)
    failed = Series("errors", "bad", errors if any(rate for _, rate in errors) else [])
    return Chart(
        name="throughput",
        title="Throughput",
        told=_throughput_told(one, parts),
        x_ticks=x.marks(axes.time_label(x.high)),
        y_ticks=y.marks(axes.rate_label),
        bands=band(slowest, fastest, x, y),
        lines=drawn(
            [Series("served", "main", served), Series("due", "ref", due, marked=False), failed],
            x,
            y,
        ),
        table=_throughput_table(one),
        note=_note(parts, "the line is the mean of {}, the area reaches from slowest to fastest"),
    )


def latency_of(one: Measurement) -> Chart | None:
    """p50, p99 and the longest of each interval, on a logarithmic axis."""
    parts = stretches(one.timeline, DRAWN)
    kept = [part for part in parts if part.longest > 0]
    if not kept:
        return None
    values = [value for part in kept for value in (part.p50, part.p99, part.longest)]
    x, y = _time(parts), axes.log(values, BOTTOM, TOP)
    # Zero is no latency but the absence of one, and breaks the line.
    series = (
        Series("p50", "main", [(part.middle, part.p50 or None) for part in parts]),
        Series("p99", "tail", [(part.middle, part.p99 or None) for part in parts]),
        Series("max", "bad", [(part.middle, part.longest or None) for part in parts]),
    )
    worst = max(kept, key=lambda part: part.longest)
    silent = sum(part.intervals for part in parts if not part.longest)
    quiet = f" In {silent} intervals nothing was answered." if silent else ""
    told = f"{latency_words(one)} The longest was in the interval from {worst.at_s:,.4g} s.{quiet}"
    return Chart(
        name="latency",
        title="Latency over time",
        told=told,
        x_ticks=x.marks(axes.time_label(x.high)),
        y_ticks=y.marks(axes.latency_label),
        lines=drawn(series, x, y),
        table=_latency_table(one),
        note=_note(parts, "each point is the worst of {}"),
    )


def latency_words(one: Measurement) -> str:
    """The latencies of the whole load, as a sentence."""
    whole = one.latency_ms
    said = (("half within", whole.p50), ("99 % within", whole.p99), ("the longest", whole.max))
    return (
        ", ".join(f"{words} {axes.latency_label(value)}" for words, value in said).capitalize()
        + "."
    )


def summary_of(one: Measurement) -> str:
    """A whole load in a sentence or two."""
    words = f"{one.count:,} requests were answered with success, {errors_words(one.errors)}, in "
    return f"{words}{one.duration_s:,.4g} s. {latency_words(one) if one.count else ''}".strip()


def errors_words(count: int) -> str:
    """How many errors there are."""
    return "1 error" if count == 1 else f"{count:,} errors"


def _time(parts: Sequence[Stretch]) -> axes.Scale:
    last = parts[-1]
    return axes.spanning(min(0.0, parts[0].at_s), last.at_s + last.for_s, LEFT, RIGHT)


def _throughput_told(one: Measurement, parts: Sequence[Stretch]) -> str:
    served, seconds = sum(part.count for part in parts), sum(part.for_s for part in parts)
    errors = sum(part.errors for part in parts)
    words = [
        f"{served:,} served in {seconds:,.4g} s, {axes.rate_label(served / seconds)} on average; "
        f"from {axes.rate_label(min(part.slowest for part in parts))} in the slowest interval "
        f"to {axes.rate_label(max(part.fastest for part in parts))} in the fastest."
    ]
    if one.rate is not None:
        words.append(f"Due were {sum(part.due for part in parts):,}.")
    words.append(f"{errors_words(errors)}.")
    return " ".join(words)


def _throughput_table(one: Measurement) -> Table:
    parts = stretches(one.timeline, LISTED)
    return Table(
        columns=("From", "For", "Due", "Served", "Errors", "Served per second"),
        rows=tuple(
            (
                f"{part.at_s:,.6g} s",
                f"{part.for_s:,.4g} s",
                f"{part.due:,}",
                f"{part.count:,}",
                f"{part.errors:,}",
                f"{part.rate(part.count):,.1f}",
            )
            for part in parts
        ),
        note=_note(parts, "each row sums up {}"),
    )


def _latency_table(one: Measurement) -> Table:
    parts = stretches(one.timeline, LISTED)
    return Table(
        columns=("From", "p50", "p99", "Longest"),
        rows=tuple(
            (
                f"{part.at_s:,.6g} s",
                *(
                    axes.latency_label(value) if value else "–"
                    for value in (part.p50, part.p99, part.longest)
                ),
            )
            for part in parts
        ),
        note=_note(parts, "each row is the worst of {}"),
    )


def _note(parts: Sequence[Stretch], words: str) -> str:
    """What one point or row stands for, where it stands for more than one interval."""
    most = max(part.intervals for part in parts)
    return words.format(f"{most} intervals").capitalize() + "." if most > 1 else ""
