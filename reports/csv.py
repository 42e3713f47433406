"""The CSV scribe: every interval and every percentile of each load of a run, in one table.

One row is the total of a load, an interval of its timeline, or a point of the curve of its
latencies; cells that do not belong to such a row are empty. RFC 4180, in UTF-8.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping

from harness.measurement import Latency, Measurement
from harness.run import Run
from reports.page.measured import Measured, measured_of
from reports.page.stored import percentiles_of
from reports.text import one_line

COLUMNS = (
    "scenario", "play", "load", "operation", "shape", "row", "at_s", "for_s", "due", "count",
    "errors", "octets", "associations", *(f"{name}_ms" for name in Latency.model_fields),
    "percentile", "latency_ms", "requests",
)  # fmt: skip
"""``row`` is "total", "interval" or "percentile". ``requests`` took ``latency_ms``, rounded up to
the end of a bucket, and ``percentile`` percent of all took no longer."""

_FORMULA = "=+-@|%＝＋－＠"
"""A cell that begins with one of these may be computed by a spreadsheet, or run as a command."""

_Cell = str | float | int | None


def render(run: Run) -> bytes:
    """The loads of the run; only the head of the table where nothing was measured."""
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, COLUMNS, restval="", lineterminator="\r\n")
    writer.writeheader()
    for item in measured_of(run):
        writer.writerows(_rows(item))
    return text.getvalue().encode()


def safe(value: str) -> str:
    """The text in one line, with an apostrophe before what a spreadsheet might take for a formula.

    White space and quotation marks before it do not hide it from a spreadsheet, nor from us.
    """
    line = one_line(value)
    return f"'{line}" if line.lstrip(" '\"").startswith(tuple(_FORMULA)) else line


def _rows(item: Measured) -> Iterator[Mapping[str, _Cell]]:
    one = item.measurement
    head: Mapping[str, _Cell] = {
        "scenario": safe(item.scenario),
        "play": safe(item.play),
        "load": item.number,
        "operation": safe(one.operation),
        "shape": safe(one.shape),
    }
    yield {**head, "row": "total", **_total(one), **_latencies(one.latency_ms)}
    for second in one.timeline:
        told = second.model_dump(exclude={"latency_ms"})
        yield {**head, "row": "interval", **told, **_latencies(second.latency_ms)}
    for share, latency, count in percentiles_of(one.histogram):
        point = {"percentile": round(100 * share, 6), "latency_ms": latency, "requests": count}
        yield {**head, "row": "percentile", **point}


def _total(one: Measurement) -> Mapping[str, _Cell]:
    return {
        "at_s": 0.0,
        "for_s": one.duration_s,
        "due": sum(second.due for second in one.timeline) or None,
        "count": one.count,
        "errors": one.errors,
        "octets": one.octets,
        "associations": one.associations,
    }


def _latencies(told: Latency) -> Mapping[str, _Cell]:
    return {f"{name}_ms": value for name, value in told.model_dump().items()}
