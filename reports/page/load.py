"""The loads of a run, each with its pictures and what came of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from harness.measurement import Ledger, Measurement, Moved
from harness.run import Run
from harness.verdict import Verdict
from reports.page import axes
from reports.page.charts import Chart
from reports.page.device_pictures import handles_of, memory_of, processor_of
from reports.page.fairness_picture import fairness_of
from reports.page.knee_pictures import knee_latency_of, knee_of
from reports.page.measured import Measured, measured_of
from reports.page.percentile_pictures import distribution_of
from reports.page.time_pictures import latency_of, throughput_of
from reports.rows import Row

_DRAWN: tuple[Callable[[Measurement], Chart | None], ...] = (
    throughput_of, latency_of, distribution_of, knee_of, knee_latency_of, fairness_of,
    memory_of, processor_of, handles_of,
)  # fmt: skip
_SHOWN_OPEN = 2
_QUIET = frozenset({Verdict.PASS, Verdict.NOT_APPLICABLE})
_OPERATIONS: Mapping[str, str] = {
    "echo": "C-ECHO", "store": "C-STORE", "find": "C-FIND", "get": "C-GET", "move": "C-MOVE",
    "commit": "N-ACTION (storage commitment)", "associate": "associations", "mixed": "mixed",
    "stow": "STOW-RS", "qido": "QIDO-RS", "wado": "WADO-RS", "hl7": "HL7 v2 messages",
}  # fmt: skip
"""Names for people; what is not known shows as it is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Load:
    """One load as the page shows it.

    Attributes:
        number: Unique in the page, from 1.
        title: The scenario's title; empty where it has no result.
        verdict: The scenario's verdict; None where it has no result.
        opened: False where the reader must unfold it.
        facts: Pairs of a label and a text.
        failures: What was not answered with success, and how often.
        why: Why it did not run to its end; empty where it did.
    """

    number: int
    scenario: str
    title: str
    verdict: Verdict | None
    opened: bool
    operation: str
    measurement: Measurement
    facts: tuple[tuple[str, str], ...]
    failures: tuple[tuple[str, int], ...]
    why: str
    charts: tuple[Chart, ...]

    @property
    def rate(self) -> str:
        """Throughput for people."""
        return axes.rate_label(self.measurement.objects_per_s)

    @property
    def latencies(self) -> tuple[str, str, str]:
        """p50, p99 and the longest, for people."""
        told = self.measurement.latency_ms
        shown = (axes.latency_label(value) for value in (told.p50, told.p99, told.max))
        p50, p99, longest = shown if self.measurement.count else ("–", "–", "–")
        return p50, p99, longest

    @property
    def lost(self) -> str:
        """Objects that are lost, duplicated or mixed up; a dash where nobody looked."""
        ledger = self.measurement.ledger
        if ledger is None or not ledger.looked_for:
            return "–"
        return f"{ledger.lost + ledger.duplicated + ledger.mixed_up:,}"


def loads_of(run: Run, rows: Sequence[Row]) -> tuple[Load, ...]:
    """All loads; the one or two that there are, and all that were not passed, are unfolded."""
    known = {row.id: row for row in rows}
    found = measured_of(run)
    few = len(found) <= _SHOWN_OPEN
    return tuple(_load(item, known.get(item.scenario), few) for item in found)


def _load(item: Measured, row: Row | None, few: bool) -> Load:
    one = item.measurement
    charts = (draw(one) for draw in _DRAWN)
    return Load(
        number=item.number,
        scenario=item.scenario,
        title=row.title if row else "",
        verdict=row.verdict if row else None,
        opened=few or row is None or row.verdict not in _QUIET,
        operation=_OPERATIONS.get(one.operation, one.operation),
        measurement=one,
        facts=tuple(facts(item)),
        failures=(*one.statuses.items(), *one.endings.items()),
        why=one.why or ("no reason is recorded" if not one.complete else ""),
        charts=tuple(chart for chart in charts if chart is not None),
    )


def facts(item: Measured) -> Iterator[tuple[str, str]]:
    """Label and text of what there is to say about a load."""
    one = item.measurement
    size = f" of {axes.octets_label(one.size_bytes)}" if one.size_bytes else ""
    yield "Requests", f"{_OPERATIONS.get(one.operation, one.operation)}{size}"
    yield "Shape", one.shape
    workers = f", {one.workers} workers" if one.workers > 1 else ""
    yield "Associations", f"{one.associations:,}{workers}"
    due = "as fast as answers came" if one.rate is None else axes.rate_label(one.rate)
    yield "Offered", f"{due}, for {one.duration_s:,.4g} s"
    yield "Served", f"{one.count:,}, {axes.rate_label(one.objects_per_s)}, {one.mb_per_s:,.4g} MB/s"
    yield "Errors", f"{one.errors:,}"
    if one.ledger:
        yield "Afterwards", _kept(one.ledger)
    if one.moved:
        yield "C-MOVE", _moved(one.moved)
    if item.waited_s is not None:
        yield "Recovery", f"not as quick as before after {item.waited_s:,.4g} s"
    elif one.recovery_s is not None:
        yield "Recovery", f"as quick as before after {one.recovery_s:,.4g} s"
    if one.late:
        yield "Late by our fault", f"{one.late:,} requests left later than they were due"
    if one.client_cpu_us_per_object:
        peak = axes.octets_label(one.client_peak_rss_bytes)
        yield "Our own effort", f"{one.client_cpu_us_per_object:,.4g} µs a request, at most {peak}"


def _moved(moved: Moved) -> str:
    """What the device said that it had sent to our destination, and what arrived there."""
    return (
        f"{moved.announced:,} objects announced, {moved.arrived:,} arrived; {moved.missing:,} "
        f"missing, {moved.mixed_up:,} mixed up, {moved.unasked:,} not asked for"
    )


def _kept(ledger: Ledger) -> str:
    """What became of the objects that were acknowledged."""
    if not ledger.looked_for:
        return "nobody could look for the objects"
    how = f" by {', '.join(ledger.how)}" if ledger.how else ""
    compared = f"; {ledger.compared:,} compared" if ledger.compared else ""
    return (
        f"{ledger.found:,} of {ledger.looked_for:,} found{how}{compared}; {ledger.lost:,} lost, "
        f"{ledger.duplicated:,} duplicated, {ledger.mixed_up:,} mixed up"
    )
