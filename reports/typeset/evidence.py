"""What follows from the results, on paper: level, claims, waivers and attestations.

Each is as run.json holds it, and absent where the run has none.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TypeVar

from harness.model import JSON
from harness.run import Run
from reports.page.scheme import Ladder, Need, Step, ladder_of
from reports.page.waivers import Waiver, waivers_of
from reports.rows import mapped, mappings, text, texts
from reports.typeset.text import block, line

_MOST = 400
"""Rows of one table; run.json has all."""

_EVIDENCE = 4
"""Scenarios named beside one claim."""

_CLAIMS = {
    "contradicted": 0, "observed but not claimed": 1, "confirmed": 2, "not observable": 3,
}  # fmt: skip
"""States of claims in the order of the table."""

_Entry = TypeVar("_Entry")


def sections(run: Run) -> dict[str, JSON]:
    """The sections by name; null where there is nothing to show."""
    document = run.document
    return {
        "scheme": _scheme(ladder_of(run)),
        "claims": _table(_by_weight(mappings(document, "claims")), _claim),
        "waivers": _table(waivers_of(run), _waiver),
        "attestations": _table(mappings(document, "attestations"), _attestation),
    }


def _by_weight(claims: Sequence[Mapping[str, JSON]]) -> Sequence[Mapping[str, JSON]]:
    """The claims, what is wrong first, so that no cut hides it."""
    return sorted(claims, key=lambda one: _CLAIMS.get(text(one, "state"), 0))


def _scheme(ladder: Ladder | None) -> JSON:
    if ladder is None:
        return None
    gaps = [(step, gap) for step in ladder.steps for gap in step.gaps]
    return {
        "id": line(ladder.id, 80),
        "title": line(ladder.title, 160),
        "headline": line(ladder.headline, 200),
        "mark": ladder.mark,
        "tone": {"good": "PASS", "part": "WARN"}.get(ladder.tone, "FAIL"),
        "note": block(ladder.note, 900),
        "levels": [_level(step) for step in ladder.steps],
        "gaps": [_gap(step, gap) for step, gap in gaps[:_MOST]],
        "left": max(0, len(gaps) - _MOST),
    }


def _level(step: Step) -> JSON:
    return {
        "title": line(step.title, 120),
        "purpose": line(step.purpose, 300),
        "reached": step.reached,
        "needs": step.asked,
        "met": step.met,
    }


def _gap(step: Step, gap: Need) -> JSON:
    return {
        "requirement": line(gap.requirement, 80, longest=18),
        "level": line(step.title, 60, longest=10),
        "state": line(gap.state, 40),
        "tone": gap.tone,
        "scenarios": line(", ".join(gap.scenarios[:8]), 160),
        "reason": line(gap.reason, 240),
        "remedy": line(gap.remedy, 300),
    }


def _table(rows: Sequence[_Entry], told: Callable[[_Entry], JSON]) -> JSON:
    if not rows:
        return None
    return {"rows": [told(row) for row in rows[:_MOST]], "left": max(0, len(rows) - _MOST)}


def _claim(claim: Mapping[str, JSON]) -> JSON:
    # Captures are named in run.json; on paper the scenario says which.
    shown = [name for name in texts(claim, "evidence") if not name.startswith("wire/")]
    more = f" and {len(shown) - _EVIDENCE} more" if len(shown) > _EVIDENCE else ""
    return {
        "id": line(text(claim, "id"), 80, longest=40),
        "text": line(text(claim, "text"), 240),
        "source": line(text(claim, "source"), 20),
        "claimed": line(text(claim, "claimed"), 60, longest=10),
        "observed": line(text(claim, "observed") or text(claim, "reason"), 110, longest=18),
        "state": line(text(claim, "state"), 40),
        "evidence": line(", ".join(shown[:_EVIDENCE]), 120, longest=18) + more,
    }


def _waiver(one: Waiver) -> JSON:
    return {
        "scenario": line(one.scenario, 60, longest=14),
        "expected": line(one.expected, 60, longest=14),
        "came": line(one.came, 60, longest=14),
        "why": line(one.why, 240, longest=16),
        "owner": line(one.owner, 80, longest=14),
        "expires": line(one.expires, 40, longest=11),
        "state": line(one.state, 40, longest=11),
        "tone": one.tone,
        "meaning": one.meaning,
    }


def _attestation(one: Mapping[str, JSON]) -> JSON:
    names = [text(item, "name") for item in mappings(one, "attachments")]
    signed = text(mapped(one, "signature"), "state")
    return {
        **{key: line(text(one, key), 200) for key in ("scenario", "answer", "by", "role", "at")},
        "question": line(text(one, "question"), 300),
        "organisation": line(text(one, "organisation"), 120),
        "note": block(text(one, "note"), 500),
        "attachments": line(", ".join(names[:8]), 240),
        "signature": line(signed, 60) or "not signed",
    }
