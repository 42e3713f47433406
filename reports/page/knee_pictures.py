"""Where the knee is: what came of each load that was offered."""

from __future__ import annotations

from collections.abc import Sequence

from harness.measurement import Measurement, Step
from reports.page import axes
from reports.page.charts import BOTTOM, LEFT, RIGHT, TOP, Chart, Mark, Point, Series, Table, drawn
from reports.page.time_pictures import errors_words


def knee_of(one: Measurement) -> Chart | None:
    """What was achieved of each load that was offered."""
    if not one.steps:
        return None
    rates = [step.rate for step in one.steps]
    x = axes.linear(rates, LEFT, RIGHT, about=4)
    y = axes.linear([*rates, *(step.achieved for step in one.steps)], BOTTOM, TOP)
    achieved: Sequence[Point] = [(step.rate, step.achieved) for step in one.steps]
    series = (
        Series("offered", "ref", [(0.0, 0.0), (max(rates), max(rates))], marked=False),
        Series("achieved", "main", achieved, marked=False),
        *_by_keeping([(step, step.achieved) for step in one.steps]),
    )
    return Chart(
        name="knee",
        title="Offered and achieved",
        told=_knee_told(one.steps),
        x_ticks=x.marks(axes.rate_label),
        y_ticks=y.marks(axes.rate_label),
        lines=drawn(series, x, y),
        marks=_knee_mark(one.steps, x),
        table=_step_table(one.steps),
    )


def knee_latency_of(one: Measurement) -> Chart | None:
    """p99 at each load that was offered."""
    timed = [step for step in one.steps if step.p99_ms > 0]
    if not timed:
        return None
    x = axes.linear([step.rate for step in one.steps], LEFT, RIGHT, about=4)
    y = axes.log([step.p99_ms for step in timed], BOTTOM, TOP)
    series = (
        Series("p99", "tail", [(step.rate, step.p99_ms) for step in timed], marked=False),
        *_by_keeping([(step, step.p99_ms) for step in timed]),
    )
    return Chart(
        name="knee-latency",
        title="p99 at each offered load",
        told=_knee_told(one.steps),
        x_ticks=x.marks(axes.rate_label),
        y_ticks=y.marks(axes.latency_label),
        lines=drawn(series, x, y),
        marks=_knee_mark(one.steps, x),
        table=_step_table(one.steps),
    )


def _knee_mark(steps: Sequence[Step], x: axes.Scale) -> tuple[Mark, ...]:
    kept = [step.rate for step in steps if step.kept]
    return (Mark(x=x.at(max(kept)), label=f"keeps {axes.rate_label(max(kept))}"),) if kept else ()


def _by_keeping(steps: Sequence[tuple[Step, float]]) -> tuple[Series, Series]:
    """The steps as markers: those that were kept, and those that were not."""
    kept = [(step.rate, value) for step, value in steps if step.kept]
    lost = [(step.rate, value) for step, value in steps if not step.kept]
    return Series("kept", "main", kept, line=False), Series("not kept", "bad", lost, line=False)


def _knee_told(steps: Sequence[Step]) -> str:
    kept = [step for step in steps if step.kept]
    lost = [step for step in steps if not step.kept]
    words = ["No load that was offered was kept."]
    if kept:
        best = max(kept, key=lambda step: step.rate)
        words = [f"Kept up to {_offered(best)}."]
    if lost:
        words.append(f"Not kept at {_offered(min(lost, key=lambda step: step.rate))}.")
    return " ".join(words)


def _offered(step: Step) -> str:
    return (
        f"{axes.rate_label(step.rate)} offered: {axes.rate_label(step.achieved)} achieved, "
        f"p99 {axes.latency_label(step.p99_ms)}, {errors_words(step.errors)}"
    )


def _step_table(steps: Sequence[Step]) -> Table:
    return Table(
        columns=("Offered", "Achieved", "p99", "Errors", "Kept"),
        rows=tuple(
            (
                f"{step.rate:,.1f}/s",
                f"{step.achieved:,.1f}/s",
                axes.latency_label(step.p99_ms),
                f"{step.errors:,}",
                "yes" if step.kept else "no",
            )
            for step in steps
        ),
    )
