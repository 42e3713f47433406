"""Measurements as they were stored, read without trust.

Reading is total. A number that is missing, infinite or absurd becomes a plain one, for a picture
must not depend on the good manners of whoever wrote the record.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence

from harness.measurement import Caller, Footing, Latency, Ledger, Measurement, Second, Step
from harness.model import JSON
from reports.rows import listed, mapped, mappings, text, texts

_MOST = 1e15
"""Numbers beyond it are not believed; a petabyte, or thirty million years."""
_MOST_CALLERS = 4096


def measurement_of(data: Mapping[str, JSON]) -> Measurement:
    """A stored measurement; total."""
    recovery, rate = data.get("recovery_s"), data.get("rate")
    ledger = mapped(data, "ledger")
    return Measurement(
        operation=text(data, "operation"),
        shape=text(data, "shape"),
        size_bytes=_whole(data, "size_bytes"),
        associations=_whole(data, "associations"),
        workers=_whole(data, "workers"),
        rate=None if rate is None else real_in(data, "rate"),
        duration_s=max(0.0, real_in(data, "duration_s")),
        count=_whole(data, "count"),
        errors=_whole(data, "errors"),
        octets=_whole(data, "octets"),
        objects_per_s=real_in(data, "objects_per_s"),
        mb_per_s=real_in(data, "mb_per_s"),
        late=_whole(data, "late"),
        client_cpu_us_per_object=real_in(data, "client_cpu_us_per_object"),
        client_peak_rss_bytes=_whole(data, "client_peak_rss_bytes"),
        latency_ms=_latency(data),
        statuses={key: _whole(mapped(data, "statuses"), key) for key in mapped(data, "statuses")},
        endings={key: _whole(mapped(data, "endings"), key) for key in mapped(data, "endings")},
        histogram=tuple(sorted(_pairs(listed(data, "histogram")))),
        timeline=tuple(sorted(map(_second, mappings(data, "timeline")), key=lambda at: at.at_s)),
        callers=tuple(map(_caller, mappings(data, "callers")[:_MOST_CALLERS])),
        device=tuple(sorted(map(footing_of, mappings(data, "device")), key=lambda at: at.at_s)),
        steps=tuple(sorted(map(_step, mappings(data, "steps")), key=lambda step: step.rate)),
        recovery_s=None if recovery is None else real_in(data, "recovery_s"),
        ledger=ledger_of(ledger) if ledger else None,
        complete=data.get("complete") is not False,
        why=text(data, "why"),
    )


def percentiles_of(histogram: Sequence[tuple[int, int]]) -> Iterator[tuple[float, float, int]]:
    """Share of the requests (0 to 1) that took at most so many milliseconds, and how many more.

    Args:
        histogram: As in :class:`harness.measurement.Measurement`, in ascending order.
    """
    total, reached = sum(count for _, count in histogram), 0
    for micros, count in histogram:
        if count > 0:
            reached += count
            yield reached / total, micros / 1000, count


def real_in(data: Mapping[str, JSON], key: str) -> float:
    """A number that can be drawn; 0 where there is none."""
    value = data.get(key)
    if isinstance(value, bool) or not isinstance(value, int | float):
        return 0.0
    # A whole number may be too large to become a float at all, so it is bounded first.
    held = max(-_MOST, min(_MOST, value))
    return float(held) if math.isfinite(held) else 0.0


def _whole(data: Mapping[str, JSON], key: str) -> int:
    return max(0, int(real_in(data, key)))


def _latency(data: Mapping[str, JSON]) -> Latency:
    told = mapped(data, "latency_ms")
    return Latency(**{key: max(0.0, real_in(told, key)) for key in Latency.model_fields})


def _second(data: Mapping[str, JSON]) -> Second:
    return Second(
        at_s=real_in(data, "at_s"),
        for_s=max(0.0, real_in(data, "for_s")),
        due=_whole(data, "due"),
        count=_whole(data, "count"),
        errors=_whole(data, "errors"),
        octets=_whole(data, "octets"),
        associations=_whole(data, "associations"),
        latency_ms=_latency(data),
    )


def _caller(data: Mapping[str, JSON]) -> Caller:
    return Caller(
        ae_title=text(data, "ae_title"),
        greedy=data.get("greedy") is True,
        count=_whole(data, "count"),
        errors=_whole(data, "errors"),
        objects_per_s=max(0.0, real_in(data, "objects_per_s")),
        latency_ms=_latency(data),
    )


def footing_of(data: Mapping[str, JSON]) -> Footing:
    """A stored footing; total."""
    return Footing(
        at_s=real_in(data, "at_s"),
        rss_bytes=_whole(data, "rss_bytes"),
        descriptors=_whole(data, "descriptors"),
        threads=_whole(data, "threads"),
        processes=_whole(data, "processes"),
        cpu_s=max(0.0, real_in(data, "cpu_s")),
    )


def _step(data: Mapping[str, JSON]) -> Step:
    return Step(
        rate=max(0.0, real_in(data, "rate")),
        achieved=max(0.0, real_in(data, "achieved")),
        p99_ms=max(0.0, real_in(data, "p99_ms")),
        errors=_whole(data, "errors"),
        kept=data.get("kept") is True,
    )


def ledger_of(data: Mapping[str, JSON]) -> Ledger:
    """A stored ledger; total."""
    counts = ("acknowledged", "looked_for", "found", "lost", "duplicated", "mixed_up", "compared")
    told = {key: _whole(data, key) for key in counts}
    return Ledger.model_validate(
        {**told, "how": texts(data, "how"), "examples": texts(data, "examples")}
    )


def _pairs(rows: Sequence[JSON]) -> Iterator[tuple[int, int]]:
    for row in rows:
        if isinstance(row, list | tuple) and len(row) == 2:
            named: Mapping[str, JSON] = {"micros": row[0], "count": row[1]}
            yield _whole(named, "micros"), _whole(named, "count")
