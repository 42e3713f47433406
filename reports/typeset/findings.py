"""Results on paper: a table of all, and the story of each that needs somebody's attention.

Ten thousand stories would be a book that nobody reads, and ten thousand rows of a table more memory
than a machine of today should need. What is left out is counted and said, with where it is.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from harness.model import JSON
from harness.run import Run
from harness.verdict import Verdict
from reports.page.dump import Line
from reports.page.exchange import Transfer
from reports.page.finding import FindingView, Play, view_of
from reports.rows import Row, family_name
from reports.typeset.text import block, line

MOST_ROWS = 2000
"""Results that get a row of the table; further ones are listed by id."""
MOST_STORIES = 120
"""Results that are told in detail."""

_QUIET = frozenset({Verdict.PASS, Verdict.NOT_APPLICABLE})
_TRANSFERS, _LINES, _PROOFS, _FILES, _CLAUSES = 4, 14, 10, 8, 8


def brief(row: Row) -> JSON:
    """One result in the words of one row."""
    return {
        "id": line(row.id, 40, longest=16),
        "verdict": row.verdict.name,
        "severity": line(row.severity, 12, longest=8),
        "kind": line((row.kind or row.code.lower()).replace("_", " "), 40, longest=18),
        "title": line(row.title, 180),
    }


def results(rows: Sequence[Row]) -> JSON:
    """All results: rows of the table, worst first, and the ids of what has no row."""
    rest = rows[MOST_ROWS:]
    return {
        "rows": [brief(row) for row in rows[:MOST_ROWS]],
        "rest": list(_rest(rest)),
        "left": len(rest),
    }


def _rest(rows: Sequence[Row]) -> Iterator[JSON]:
    for verdict in sorted({row.verdict for row in rows}, reverse=True):
        for family in sorted({row.family for row in rows if row.verdict is verdict}):
            ids = [row.id for row in rows if (row.verdict, row.family) == (verdict, family)]
            yield {
                "verdict": verdict.name,
                "family": line(family_name(family), 60),
                "count": len(ids),
                "ids": "  ".join(line(name, 40) for name in sorted(ids)),
            }


def details(run: Run, rows: Sequence[Row]) -> JSON:
    """The stories, failures first, and how many are not told."""
    loud = [row for row in rows if row.verdict not in _QUIET]
    # Our own errors are the worse verdict, but it is the device that a reader wants to know about.
    loud.sort(key=lambda row: row.verdict is not Verdict.FAIL)
    return {
        "stories": [_story(view_of(row, run)) for row in loud[:MOST_STORIES]],
        "left": max(0, len(loud) - MOST_STORIES),
        "quiet": len(rows) - len(loud),
    }


def _story(view: FindingView) -> JSON:
    row = view.row
    told = view.plays[0] if view.plays else None
    return {
        **_brief(row),
        "role": line(row.role, 20),
        "outcome": line(row.outcome, 40),
        "reasons": [block(reason, 900) for reason in view.reasons[:4]],
        "notes": [block(note, 500) for note in row.notes[:3]],
        "why": [block(part, 700) for part in view.rationale[:2]],
        "mend": block(row.remediation, 900),
        "cases": _cases(row),
        "clauses": [
            {"id": line(clause.id, 60), "text": line(clause.text, 260)}
            for clause in view.clauses[:_CLAUSES]
        ],
        "references": [line(link.text, 120) for link in (*view.weakness, *view.references)][:8],
        "files": [line(link.text, 160, longest=90) for link in view.evidence[:_FILES]],
        "more_files": max(0, len(view.evidence) - _FILES),
        "replay": line(view.replay, 200, longest=90),
        "play": _play(told) if told else None,
    }


def _brief(row: Row) -> dict[str, JSON]:
    told = brief(row)
    return dict(told) if isinstance(told, dict) else {}


def _cases(row: Row) -> JSON:
    if len(row.cases) < 2:
        return []
    worst = sorted(row.cases, key=lambda case: -case.verdict)
    return [
        {
            "case": line(case.vary, 120) or "(the only one)",
            "verdict": case.verdict.name,
            "outcome": line(case.outcome, 40),
            "reason": line(case.reason, 200),
        }
        for case in worst[:12]
    ] + ([{"more": len(worst) - 12}] if len(worst) > 12 else [])


def _play(play: Play) -> JSON:
    exchange = play.exchange
    return {
        "case": line(play.case, 160),
        "sent": [_transfer(item) for item in exchange.sent[:_TRANSFERS]],
        "more_sent": exchange.more_sent + max(0, len(exchange.sent) - _TRANSFERS),
        "received": [_transfer(item) for item in exchange.received[:_TRANSFERS]],
        "more_received": exchange.more_received + max(0, len(exchange.received) - _TRANSFERS),
        "loads": [line(told, 400) for told in exchange.loads[:4]],
        "endings": [
            {
                "outcome": line(ending.outcome, 40),
                "detail": line(ending.detail, 240),
                "actor": line(ending.actor, 40),
            }
            for ending in exchange.endings[:3]
        ],
        "proofs": [
            {"label": line(proof.label, 40), "text": block(proof.text, 400), "ok": proof.ok}
            for proof in play.proofs[:_PROOFS]
        ],
    }


def _transfer(item: Transfer) -> JSON:
    return {
        "what": line(item.what, 160),
        "size": f"{item.size:,}",
        "stimulus": item.stimulus,
        "lies": [line(name, 60) for name in item.lies[:12]],
        "lines": [_line(row) for row in item.lines[:_LINES]] if item.stimulus else [],
    }


def _line(row: Line) -> JSON:
    if row.skipped:
        return {"skipped": f"{row.skipped:,}"}
    return {
        "offset": row.offset,
        "hexa": [[run.text, run.lie] for run in row.hexa],
        "ascii": [[run.text, run.lie] for run in row.ascii],
        "names": line(", ".join(row.names), 80),
    }
