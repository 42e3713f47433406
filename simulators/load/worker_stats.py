"""Locust's statistics, fed from the measurement once a second instead of once a request.

Locust's page and its ``--headless`` table show one row per calling AE title. Listeners of Locust's
``request`` event hear nothing.
"""

from __future__ import annotations

import time

from locust.stats import RequestStats, StatsEntry, StatsError, bucket_response_time

from simulators.load.histogram import upper_ns
from simulators.load.portion import Cell, Portion

REPORT_S = 1.0
"""How often a worker tells its master how it goes."""

_NS_PER_MS = 1e6


def feed(stats: RequestStats, portion: Portion, operation: str) -> None:
    """Adds what a portion holds to the statistics of this process."""
    now = time.time()
    for title, cell in portion.callers.items():
        stats.entries[(title, operation)].extend(_entry(stats, title, operation, cell, now))
        stats.total.extend(_entry(stats, "Aggregated", "", cell, now))
    for word, count in {**portion.statuses, **portion.endings}.items():
        _add_error(stats, operation, word, count, now)


def _entry(stats: RequestStats, name: str, operation: str, cell: Cell, now: float) -> StatsEntry:
    """The same numbers as Locust keeps them: times in milliseconds, rounded as it rounds."""
    entry = StatsEntry(stats, name, operation)
    entry.num_requests = cell.count + cell.errors
    entry.num_none_requests = entry.num_failures = cell.errors
    entry.total_content_length = cell.octets
    entry.max_response_time = round(cell.longest_ns / _NS_PER_MS)
    entry.last_request_timestamp = now
    entry.num_reqs_per_sec[int(now)] = entry.num_requests
    entry.num_fail_per_sec[int(now)] = cell.errors
    total = 0.0
    for bucket, count in cell.buckets.items():
        milliseconds = upper_ns(bucket) / _NS_PER_MS
        entry.response_times[bucket_response_time(milliseconds)] += count
        total += milliseconds * count
    entry.total_response_time = round(total)
    if cell.buckets:
        entry.min_response_time = round(upper_ns(min(cell.buckets)) / _NS_PER_MS)
    return entry


def _add_error(stats: RequestStats, operation: str, word: str, count: int, now: float) -> None:
    key = StatsError.create_key(operation, "", word)
    error = stats.errors.get(key)
    if error is None:
        error = stats.errors[key] = StatsError(operation, "", word, 0, now)
    error.occurrences += count
    error.last_seen = now
