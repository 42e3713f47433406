"""A trend as data: one row per run, for a spreadsheet (RFC 4180) and for programs."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Mapping

from harness.trends import Point, Trend
from harness.verdict import Verdict
from reports.csv import safe
from reports.rows import text

_VERDICTS = tuple(verdict.name for verdict in sorted(Verdict, reverse=True))
COLUMNS = (
    "run", "started", "device", "complete", "scheme", "level", "target", "gaps",
    *(name.lower() for name in _VERDICTS), "regressions", "fixed", "new", "gone",
)  # fmt: skip
"""Columns of the table; verdicts are counts, and so are the changes since the run before."""


def csv_rows(trend: Trend) -> bytes:
    """One row per run, oldest first, in UTF-8."""
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, COLUMNS, restval="", lineterminator="\r\n")
    writer.writeheader()
    for point in trend.points:
        writer.writerow(_row(point))
    return out.getvalue().encode()


def document(trend: Trend) -> bytes:
    """The series as JSON: ``dicom-assay/trend/1``."""
    rows = [
        {
            "run": point.name,
            "started": point.started,
            "device": point.device,
            "complete": point.complete,
            "verdicts": dict(point.verdicts),
            "families": {name: dict(counts) for name, counts in point.families.items()},
            "scheme": dict(point.scheme) or None,
            "changes": point.changes,
        }
        for point in trend.points
    ]
    whole = {
        "schema": "dicom-assay/trend/1",
        "levels": list(trend.levels),
        "notes": list(trend.notes),
        "runs": rows,
    }
    return (json.dumps(whole, indent=1) + "\n").encode()


def _row(point: Point) -> Mapping[str, str | int]:
    return {
        "run": safe(point.name),
        "started": safe(point.started),
        "device": safe(point.device),
        "complete": "yes" if point.complete else "no",
        "scheme": safe(text(point.scheme, "id")),
        "level": safe(text(point.scheme, "level")),
        "target": safe(text(point.scheme, "target")),
        "gaps": text(point.scheme, "gaps"),
        **{name.lower(): point.verdicts.get(name, 0) for name in _VERDICTS},
        **{
            kind: len(point.changes.get(kind, ()))
            for kind in ("regressions", "fixed", "new", "gone")
        },
    }
