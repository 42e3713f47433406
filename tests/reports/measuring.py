"""Measurements as a generator makes them, from requests whose latencies are made up."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence

from harness.measurement import Footing, Latency, Ledger, Measurement, Second

Request = tuple[float, float | None]
"""When a request was due, in seconds, and its latency in milliseconds; None for an error."""

MIB = 2**20


def long_timeline(seconds: int) -> tuple[Second, ...]:
    """A soak of so many seconds at 100/s with one second that is bad in every way."""
    usual = Latency(p50=3.0, p99=9.0, max=12.0)
    timeline = [
        Second(at_s=float(at), for_s=1.0, due=100, count=100, latency_ms=usual)
        for at in range(seconds)
    ]
    at = seconds // 3
    timeline[at] = Second(
        at_s=float(at), for_s=1.0, due=100, count=2, errors=1,
        latency_ms=Latency(p50=4.0, p99=30.0, max=7777.0),
    )  # fmt: skip
    return tuple(timeline)


def requests_of(
    rate: float,
    seconds: int,
    answer: Callable[[float, random.Random], float | None],
    seed: int = 1,
) -> list[Request]:
    dice = random.Random(seed)
    due = (at / rate for at in range(int(rate * seconds)))
    return [(at, answer(at, dice)) for at in due]


def measure(
    requests: Sequence[Request],
    *,
    rate: float | None,
    ledger: Ledger | None = None,
    device: tuple[Footing, ...] = (),
    by_answer: bool = False,
) -> Measurement:
    """What the generator reports of these requests; ``by_answer`` counts an answer when it came."""
    seconds = round(requests[-1][0]) or 1
    slots: list[list[float]] = [[] for _ in range(seconds)]
    due, errors = [0] * seconds, [0] * seconds
    for at, latency in requests:
        place = min(int(at), seconds - 1)
        due[place] += 1
        if latency is None:
            errors[place] += 1
        else:
            came = min(int(at + latency / 1000 * by_answer), seconds - 1)
            slots[came].append(latency)
    timeline = tuple(
        Second(at_s=float(at), for_s=1.0, due=due[at], count=len(slot), errors=errors[at],
               octets=len(slot) * 10_240, associations=10, latency_ms=_latency(slot))
        for at, slot in enumerate(slots)
    )  # fmt: skip
    answered = sorted(value for slot in slots for value in slot)
    return Measurement(
        operation="store", size_bytes=10_240, associations=10, workers=2, rate=rate,
        duration_s=float(seconds), count=len(answered), errors=len(requests) - len(answered),
        octets=len(answered) * 10_240, objects_per_s=len(answered) / seconds,
        mb_per_s=len(answered) * 10_240 / seconds / 1e6, client_cpu_us_per_object=31.4,
        client_peak_rss_bytes=71 * MIB, latency_ms=_latency(answered),
        histogram=_histogram(answered), timeline=timeline, ledger=ledger, device=device,
    )  # fmt: skip


def _histogram(values: Sequence[float]) -> tuple[tuple[int, int], ...]:
    """Buckets of three significant digits."""
    buckets: dict[int, int] = {}
    for value in values:
        micros = int(value * 1000) + 1
        unit = 10 ** max(0, len(str(micros)) - 3)
        upper = -(-micros // unit) * unit
        buckets[upper] = buckets.get(upper, 0) + 1
    return tuple(sorted(buckets.items()))


def _latency(values: Sequence[float]) -> Latency:
    if not values:
        return Latency()
    order = sorted(values)
    shares = {"p50": 0.5, "p90": 0.9, "p99": 0.99, "p99_9": 0.999, "p99_99": 0.9999, "max": 1.0}
    picked = {
        key: order[min(int(share * len(order)), len(order) - 1)] for key, share in shares.items()
    }
    return Latency(**picked)


def ledger_of(count: int, lost: int = 0, mixed_up: int = 0) -> Ledger:
    return Ledger(
        acknowledged=count, looked_for=count, found=count - lost, lost=lost, mixed_up=mixed_up,
        compared=50, how=("C-FIND", "C-GET"),
        examples=tuple(f"2.25.77.10000.1000000{at:03}" for at in range(lost % 7)),
    )  # fmt: skip


def footings_of(
    seconds: int, memory: Callable[[float], float], *, cpu: float, leak: float = 0.0
) -> tuple[Footing, ...]:
    """A look every second, from two before the load to ten after it."""
    used, found = 3.0, []
    for at in range(-2, seconds + 11):
        busy = 0 < at <= seconds
        used += cpu + 0.08 * (at % 5) if busy else 0.01
        kept = min(max(at, 0), seconds) * leak
        found.append(
            Footing(at_s=float(at), rss_bytes=int(memory(max(at, 0))), processes=1, cpu_s=used,
                    descriptors=int(9 + 10 * busy + kept / 2), threads=int(3 + 10 * busy + kept))
        )  # fmt: skip
    return tuple(found)
