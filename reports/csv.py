"""The CSV scribe: everything of a run that is a row, in one table for spreadsheets and scripts.

The column ``row`` says what a row is: the "run" with its device, a "result", a scenario that is
"not finished", the "level" of the scheme and each "gap" below it, a "claim", a "waiver", an
"attestation", and of each load its "total", every "interval" and every "percentile". Cells that
do not belong to such a row are empty. RFC 4180, in UTF-8.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping

from harness.measurement import Latency, Measurement
from harness.model import JSON
from harness.run import Run
from reports.page.measured import Measured, measured_of
from reports.page.stored import percentiles_of
from reports.rows import Row, mapped, mappings, rows_of, text, texts
from reports.text import one_line

COLUMNS = (
    "row", "scenario", "subject", "title", "family", "role", "verdict", "kind", "code", "outcome",
    "severity", "state", "reason", "claimed", "observed", "by", "until", "requirements", "threats",
    "weakness", "evidence", "duration_s", "play", "load", "operation", "shape", "at_s", "for_s",
    "due", "count", "errors", "octets", "associations",
    *(f"{name}_ms" for name in Latency.model_fields), "percentile", "latency_ms", "requests",
)  # fmt: skip
"""``subject`` is the id of a claim, a requirement or a scheme, or the run folder. ``requests`` took
``latency_ms``, rounded up to the end of a bucket, and ``percentile`` percent of all took no longer.
"""

_FORMULA = "=+-@|%＝＋－＠"
"""A cell that begins with one of these may be computed by a spreadsheet, or run as a command."""

_Cell = str | float | int | None


def render(run: Run) -> bytes:
    """All rows of the run, below the head of the table."""
    told = io.StringIO(newline="")
    writer = csv.DictWriter(told, COLUMNS, restval="", lineterminator="\r\n")
    writer.writeheader()
    writer.writerow(_about(run))
    for row in rows_of(run):
        writer.writerow(_result(row))
    writer.writerows(_concluded(run))
    for item in measured_of(run):
        writer.writerows(_rows(item))
    return told.getvalue().encode()


def safe(value: str) -> str:
    """The text in one line, with an apostrophe before what a spreadsheet might take for a formula.

    White space and quotation marks before it do not hide it from a spreadsheet, nor from us.
    """
    line = one_line(value)
    return f"'{line}" if line.lstrip(" '\"").startswith(tuple(_FORMULA)) else line


def _about(run: Run) -> Mapping[str, _Cell]:
    document = run.document
    device = mapped(document, "device")
    words = {
        "subject": run.folder.name,
        "title": " ".join(text(device, key) for key in ("manufacturer", "model", "version")),
        "state": "complete" if document.get("complete") is True else "incomplete",
        "reason": f"started {text(document, 'started')}, finished {text(document, 'finished')}",
        "by": f"dicom-assay {text(mapped(document, 'tool'), 'version')}",
    }
    return {"row": "run", **_safe(words)}


def _result(row: Row) -> Mapping[str, _Cell]:
    words = {
        "scenario": row.id,
        "title": row.title,
        "family": row.family_name,
        "role": row.role,
        "verdict": row.verdict.name,
        "kind": row.kind,
        "code": row.code,
        "outcome": row.outcome,
        "severity": row.severity,
        "reason": row.reason,
        "requirements": " ".join(row.requirements),
        "threats": " ".join(row.threats),
        "weakness": " ".join(row.weakness),
        "evidence": " ".join(row.evidence),
    }
    return {"row": "result", **_safe(words), "duration_s": row.duration_s}


def _concluded(run: Run) -> Iterator[Mapping[str, _Cell]]:
    """What follows from the results: rows that an older run, or one without a scheme, has not."""
    document = run.document
    for name in texts(document, "not_finished"):
        yield {"row": "not finished", "scenario": safe(name)}
    yield from _level(mapped(document, "scheme"))
    for claim in mappings(document, "claims"):
        words = {key: text(claim, key) for key in ("claimed", "observed", "state", "reason")}
        words |= {"subject": text(claim, "id"), "title": text(claim, "text")}
        yield {"row": "claim", **_safe({**words, "evidence": " ".join(texts(claim, "evidence"))})}
    for waiver in mappings(document, "waivers"):
        words = {key: text(waiver, key) for key in ("scenario", "verdict", "state")}
        words |= {"reason": text(waiver, "why"), "by": text(waiver, "owner")}
        yield {"row": "waiver", **_safe({**words, "until": text(waiver, "expires")})}
    for one in mappings(document, "attestations"):
        words = {"scenario": text(one, "scenario"), "title": text(one, "question")}
        words |= {"observed": text(one, "answer"), "by": text(one, "by")}
        yield {"row": "attestation", **_safe({**words, "reason": text(one, "note")})}


def _level(scheme: Mapping[str, JSON]) -> Iterator[Mapping[str, _Cell]]:
    if not scheme:
        return
    words = {"subject": text(scheme, "id"), "title": text(scheme, "title")}
    words |= {"observed": text(scheme, "level") or "none", "reason": text(scheme, "note")}
    words["state"] = "reached" if scheme.get("reached") is True else "not reached"
    yield {"row": "level", **_safe(words)}
    for gap in mappings(scheme, "gaps"):
        words = {"subject": text(gap, "requirement"), "title": text(gap, "level")}
        words |= {"state": text(gap, "state"), "reason": text(gap, "reason")}
        yield {"row": "gap", **_safe({**words, "scenario": " ".join(texts(gap, "scenarios"))})}


def _safe(words: Mapping[str, str]) -> Mapping[str, str]:
    return {key: safe(value) for key, value in words.items()}


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
