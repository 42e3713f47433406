"""Latencies in log-linear buckets: 128 to each doubling, so that a bucket is within 0.8 %.

A bucket is the upper half of a number's 32-bit float: sign, exponent and the first seven bits of
the fraction. Thousands of latencies are therefore put into buckets by a conversion and a count,
both at the speed of C.
"""

from __future__ import annotations

import sys
from array import array
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Final

from harness.measurement import Latency

_HALF: Final = 1 if sys.byteorder == "little" else 0
_NS_PER_MS: Final = 1e6
_NS_PER_US: Final = 1000
_QUANTILES: Final = (0.5, 0.9, 0.99, 0.999, 0.9999)

Buckets = Counter[int]
"""How many latencies each bucket holds."""


def buckets(latencies_ns: Iterable[int]) -> Buckets:
    """Counts latencies, in nanoseconds, by bucket."""
    numbers = array("f", list(latencies_ns))
    halves = memoryview(numbers).cast("B").cast("H")
    return Counter(halves[_HALF::2].tolist())


def upper_ns(bucket: int) -> float:
    """Returns the upper end of a bucket in nanoseconds."""
    bits = array("I", [(bucket + 1) << 16]).tobytes()
    return array("f", bits)[0]


def latency(counts: Mapping[int, int], longest_ns: int) -> Latency:
    """Returns percentiles in milliseconds.

    Args:
        counts: How many latencies each bucket holds.
        longest_ns: The longest of them.
    """
    total = sum(counts.values())
    if not total:
        return Latency()
    ends = sorted(counts.items())
    found: list[float] = []
    at, seen = 0, ends[0][1]
    for quantile in _QUANTILES:
        rank = max(1, -int(-quantile * total // 1))
        while seen < rank:
            at += 1
            seen += ends[at][1]
        found.append(min(upper_ns(ends[at][0]), longest_ns) / _NS_PER_MS)
    p50, p90, p99, p99_9, p99_99 = found
    return Latency(
        p50=p50, p90=p90, p99=p99, p99_9=p99_9, p99_99=p99_99, max=longest_ns / _NS_PER_MS
    )


def in_microseconds(counts: Mapping[int, int]) -> tuple[tuple[int, int], ...]:
    """Returns pairs of latency in microseconds (upper end of the bucket) and count."""
    pairs: Counter[int] = Counter()
    for bucket, count in counts.items():
        pairs[-int(-upper_ns(bucket) // _NS_PER_US)] += count
    return tuple(sorted(pairs.items()))
