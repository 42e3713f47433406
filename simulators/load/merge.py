"""From portions of all workers to the one measurement that is judged and drawn."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from harness.measurement import Caller, Measurement, Second
from simulators.load.histogram import in_microseconds, latency
from simulators.load.plan import Plan
from simulators.load.portion import NS_PER_S, Cell, Portion, joined

_NS_PER_US: Final = 1000
_OCTETS_PER_MB: Final = 1e6


def merge(
    plan: Plan, portions: Iterable[Portion], *, complete: bool = True, why: str = ""
) -> Measurement:
    """Returns what the workers of a load measured together, in whatever order they tell it.

    Args:
        plan: What was to be done.
        portions: What every recorder returned, all of its portions.
        complete: False when it ended before its time.
        why: Why it is not complete.
    """
    portion = joined(portions)
    total = portion.total()
    seconds = portion.last_ns / NS_PER_S
    return Measurement(
        operation=plan.operation,
        shape=plan.shape.kind,
        size_bytes=plan.size_bytes,
        associations=plan.associations,
        workers=plan.workers,
        rate=plan.rate,
        duration_s=seconds,
        count=total.count,
        errors=total.errors,
        octets=total.octets,
        objects_per_s=_per(total.count, seconds),
        mb_per_s=_per(total.octets / _OCTETS_PER_MB, seconds),
        client_cpu_us_per_object=_per(portion.cpu_ns / _NS_PER_US, total.count),
        client_peak_rss_bytes=sum(portion.rss_bytes.values()),
        latency_ms=latency(total.buckets, total.longest_ns),
        statuses=portion.statuses,
        endings=portion.endings,
        histogram=in_microseconds(total.buckets),
        timeline=tuple(_timeline(portion)),
        callers=tuple(
            _caller(name, cell, name in portion.greedy, seconds)
            for name, cell in sorted(portion.callers.items())
        ),
        complete=complete,
        why=why,
    )


def _timeline(portion: Portion) -> Iterator[Second]:
    """Yields every interval, those in which nothing happened too."""
    length = portion.interval_ns / NS_PER_S
    associations = 0
    for number in range(max(portion.cells, default=-1) + 1):
        cell = portion.cells.get(number, Cell())
        associations += cell.opened
        yield Second(
            at_s=number * length,
            for_s=length,
            due=cell.due,
            count=cell.count,
            errors=cell.errors,
            octets=cell.octets,
            associations=max(0, associations),
            latency_ms=latency(cell.buckets, cell.longest_ns),
        )


def _caller(name: str, cell: Cell, greedy: bool, seconds: float) -> Caller:
    return Caller(
        ae_title=name,
        greedy=greedy,
        count=cell.count,
        errors=cell.errors,
        objects_per_s=_per(cell.count, seconds),
        latency_ms=latency(cell.buckets, cell.longest_ns),
    )


def _per(amount: float, of: float) -> float:
    return amount / of if of > 0 else 0.0
