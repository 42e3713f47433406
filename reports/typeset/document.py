"""The printed report as one JSON value: cover, summary, what follows from it, results, appendix."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime

from harness.model import JSON
from harness.run import Run
from harness.verdict import Verdict
from reports.page.relevance import gravity
from reports.page.summary import MEANINGS, Summary, summary_of
from reports.rows import Row, family_name, mapped, rows_of, text, texts, words
from reports.typeset import evidence, findings, outcome
from reports.typeset.text import line

_NAMES = ("manufacturer", "model", "version")
_NAMED = 60
"""Characters of each part of a device's name."""

_DIGEST = re.compile(r"(sha256:)?[0-9a-f]{64}")
"""What is copied to be compared, and so has no place to break."""
_EXACT = frozenset({"Run", "Seed", "Catalogue", "Device profile", "Last line of the record"})
"""Facts that are printed letter by letter."""


def document_of(run: Run) -> dict[str, JSON]:
    """Everything that the templates place, safe to draw but for missing glyphs."""
    rows = sorted(rows_of(run), key=lambda row: gravity(run, row))
    summary = summary_of(run, rows)
    device = mapped(run.document, "device")
    return {
        "device": {key: line(text(device, key), _NAMED) for key in _NAMES},
        "running": line(" ".join(text(device, key) for key in _NAMES), 70),
        "run": line(run.folder.name, 60),
        "date": _date(text(run.document, "started")),
        "started": line(text(run.document, "started")[:19].replace("T", " ")),
        "tool": line(" ".join(text(mapped(run.document, "tool"), k) for k in ("name", "version"))),
        "summary": _summary(summary, rows),
        "incomplete": not summary.complete,
        "missing": [line(name, 60) for name in summary.missing],
        **evidence.sections(run),
        **outcome.sections(run),
        "method": _method(run, rows),
        "results": findings.results(rows),
        "details": findings.details(run, rows),
        "glossary": [
            {"verdict": verdict.name, "meaning": MEANINGS[verdict]}
            for verdict in sorted(Verdict, reverse=True)
        ],
        "provenance": _provenance(run),
    }


def _summary(summary: Summary, rows: Sequence[Row]) -> JSON:
    fared = summary.requirements
    return {
        "tone": summary.tone,
        "headline": summary.headline,
        "detail": summary.detail,
        "results": len(rows),
        "duration": summary.duration,
        "shares": [{"verdict": s.verdict.name, "count": s.count} for s in summary.shares],
        "grid": [
            {
                "family": line(row.family, 12),
                "name": line(row.name, 60),
                "counts": [count for _, count in row.counts],
                "total": row.total,
            }
            for row in summary.grid
        ],
        "severities": [{"name": name, "count": n} for name, n in summary.failed_by_severity],
        "requirements": {
            "hold": fared.hold + fared.warned,
            "tested": fared.tested,
            "broken": fared.broken,
            "undecided": fared.undecided,
        },
        "worst": [findings.brief(row) for row in summary.failures[:10]],
        "more": max(0, len(summary.failures) - 10),
    }


def _method(run: Run, rows: Sequence[Row]) -> JSON:
    scope, environment = mapped(run.document, "scope"), mapped(run.document, "environment")
    counts = {family: sum(1 for row in rows if row.family == family) for family in _families(rows)}
    return {
        "families": [
            {"family": line(key, 12), "name": line(family_name(key), 60), "count": count}
            for key, count in counts.items()
        ],
        "scope": _pairs(
            (key.replace("_", " "), words(value)) for key, value in scope.items() if words(value)
        ),
        "environment": _pairs(
            [
                ("Python", text(environment, "python")),
                ("platform", text(environment, "platform")),
                *((key, words(item)) for key, item in mapped(environment, "packages").items()),
            ]
        ),
    }


def _families(rows: Sequence[Row]) -> list[str]:
    return sorted({row.family for row in rows})


def _provenance(run: Run) -> JSON:
    tool, device = mapped(run.document, "tool"), mapped(run.document, "device")
    return _pairs(
        [
            ("Run", run.folder.name),
            ("Started", text(run.document, "started")),
            ("Finished", text(run.document, "finished") or "it did not finish"),
            ("Seed", text(run.document, "seed")),
            ("Tool", f"{text(tool, 'name')} {text(tool, 'version')}"),
            ("Catalogue", text(tool, "catalogue")),
            ("Device profile", text(device, "profile")),
            ("Last line of the record", run.digest or "not known"),
            ("Declared abilities", ", ".join(texts(device, "claims")) or "none"),
        ],
        1500,
    )


def _pairs(items: Iterable[tuple[str, str]], limit: int = 400) -> list[JSON]:
    return [
        {
            "key": line(key, 60),
            "value": value if _DIGEST.fullmatch(value) else line(value, limit),
            "exact": key in _EXACT,
        }
        for key, value in items
    ]


def _date(started: str) -> list[JSON]:
    """Year, month and day of the run; those of the epoch where it says none."""
    try:
        at = datetime.fromisoformat(started)
    except ValueError:
        at = datetime.fromtimestamp(0, UTC)
    return [at.year, at.month, at.day]
