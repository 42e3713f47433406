"""What each calling AE title got."""

from __future__ import annotations

from collections.abc import Sequence

from harness.measurement import Caller, Measurement
from reports.page import axes
from reports.page.charts import Bar, Chart, Mark, Table
from reports.page.time_pictures import errors_words

_FEWEST, _GREATEST = 12, 4
_BAR_LEFT, _BAR_RIGHT, _BAR_TOP, _BAR_ROW = 6.0, 470.0, 26.0, 31.0
_LISTED = 200


def fairness_of(one: Measurement) -> Chart | None:
    """What each calling AE title got, the least first."""
    if len(one.callers) < 2:
        return None
    order = sorted(one.callers, key=lambda caller: (caller.objects_per_s, caller.ae_title))
    shown = order if len(order) <= _FEWEST + _GREATEST else order[:_FEWEST] + order[-_GREATEST:]
    height = len(shown) * _BAR_ROW + _BAR_TOP
    x = axes.linear([c.objects_per_s for c in order], _BAR_LEFT, _BAR_RIGHT - 40, about=4)
    bars = tuple(
        Bar(
            tone="tail" if caller.greedy else "main",
            y=_BAR_TOP + place * _BAR_ROW,
            width=max(0.5, round(x.at(caller.objects_per_s) - _BAR_LEFT, 1)),
            label=_caller_label(caller),
        )
        for place, caller in enumerate(shown)
    )
    mean = _polite_mean(order)
    return Chart(
        name="fairness",
        title="Service of each calling AE title",
        told=_fairness_told(order, mean),
        x_ticks=x.marks(axes.rate_label),
        bars=bars,
        marks=(Mark(x=x.at(mean), label=f"mean {axes.rate_label(mean)}"),),
        table=_caller_table(order),
        note=f"Of {len(order):,} AE titles the {_FEWEST} that got least and the {_GREATEST} that "
        "got most." if len(shown) < len(order) else "",
        height=height + 24,
        left=_BAR_LEFT,
        right=_BAR_RIGHT,
        bottom=height,
    )  # fmt: skip


def _polite_mean(callers: Sequence[Caller]) -> float:
    """The mean of those that are not greedy; of all where all are."""
    polite = [caller for caller in callers if not caller.greedy] or callers
    return sum(caller.objects_per_s for caller in polite) / len(polite)


def _caller_label(caller: Caller) -> str:
    errors = f" · {errors_words(caller.errors)}" if caller.errors else ""
    greedy = " (greedy)" if caller.greedy else ""
    rate, p99 = axes.rate_label(caller.objects_per_s), axes.latency_label(caller.latency_ms.p99)
    return f"{caller.ae_title}{greedy} · {rate} · p99 {p99}{errors}"


def _fairness_told(order: Sequence[Caller], mean: float) -> str:
    polite = [caller for caller in order if not caller.greedy] or list(order)
    least, greedy = polite[0], [caller for caller in order if caller.greedy]
    share = f", {least.objects_per_s / mean:.0%} of their mean" if mean > 0 else ""
    words = [
        f"Of {len(polite)} polite AE titles {least.ae_title} got least: "
        f"{axes.rate_label(least.objects_per_s)}{share}."
    ]
    words += [
        f"The greedy {caller.ae_title} got {axes.rate_label(caller.objects_per_s)}."
        for caller in greedy[:3]
    ]
    return " ".join(words)


def _caller_table(order: Sequence[Caller]) -> Table:
    return Table(
        columns=("AE title", "Served", "Errors", "Served per second", "p50", "p99", "Longest"),
        rows=tuple(
            (
                caller.ae_title + (" (greedy)" if caller.greedy else ""),
                f"{caller.count:,}",
                f"{caller.errors:,}",
                f"{caller.objects_per_s:,.1f}",
                axes.latency_label(caller.latency_ms.p50),
                axes.latency_label(caller.latency_ms.p99),
                axes.latency_label(caller.latency_ms.max),
            )
            for caller in order[:_LISTED]
        ),
        note=f"The first {_LISTED} of {len(order):,}." if len(order) > _LISTED else "",
    )
