"""How threats and requirements fared, on paper."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from harness import requirements
from harness.model import JSON
from harness.run import Run
from harness.standing import Standing, State, standings
from harness.threats import Threat
from harness.verdict import Verdict
from reports.rows import Row
from reports.typeset.text import line

_STATES = (
    State.BROKEN, State.UNDECIDED, State.WAIVED, State.WARNED, State.HOLDS, State.MANUAL,
    State.NOT_TESTED, State.NOT_APPLICABLE,
)  # fmt: skip
"""Columns of the table, worst first."""
_LISTED = (State.BROKEN, State.WAIVED, State.UNDECIDED, State.WARNED)
"""States whose requirements are named one by one."""
_MOST = 250


def sections(run: Run, rows: Sequence[Row]) -> dict[str, JSON]:
    """The sections by name; null where there is nothing to show."""
    return {"threats": _threats(rows), "coverage": _coverage(run)}


def _threats(rows: Sequence[Row]) -> JSON:
    if not any(row.threats for row in rows):
        return None
    tried = {
        name: Counter(row.verdict for row in rows if name in row.threats)
        for name in {name for row in rows for name in row.threats}
    }
    known = requirements.threats()
    return {
        "tried": [_threat(known[name], tried[name]) for name in known if name in tried],
        "untried": [
            {"id": line(name, 40), "title": line(threat.title, 160)}
            for name, threat in known.items()
            if name not in tried
        ],
    }


def _threat(threat: Threat, verdicts: Mapping[Verdict, int]) -> JSON:
    return {
        "id": line(threat.id, 40),
        "title": line(threat.title, 160),
        "direction": line(threat.direction, 40),
        "results": sum(verdicts.values()),
        "failed": verdicts[Verdict.FAIL],
        "passed": verdicts[Verdict.PASS] + verdicts[Verdict.WARN],
    }


def _coverage(run: Run) -> JSON:
    fared = standings(run.document)
    if not fared:
        return None
    known = requirements.load()
    sets: dict[str, Counter[State]] = {}
    for name, one in fared.items():
        standard = known[name].standard if name in known else "not in this catalogue"
        sets.setdefault(standard, Counter())[one.state] += 1
    listed = sorted(
        (one for one in fared.values() if one.state in _LISTED),
        key=lambda one: (_LISTED.index(one.state), one.requirement),
    )
    return {
        "states": [state.value for state in _STATES],
        "sets": [
            {"name": line(name, 80), "counts": [counts[state] for state in _STATES]}
            for name, counts in sorted(sets.items())
        ],
        "listed": [_listed(one, known) for one in listed[:_MOST]],
        "left": max(0, len(listed) - _MOST),
    }


def _listed(one: Standing, known: Mapping[str, requirements.Requirement]) -> JSON:
    clause = known.get(one.requirement)
    return {
        "id": line(one.requirement, 60, longest=18),
        "state": one.state.value,
        "text": line(clause.text if clause else "", 220),
        "scenarios": line(", ".join(one.scenarios[:6]), 120),
        "reason": line(one.reason, 200),
    }
