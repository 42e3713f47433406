"""What follows from the results, on paper: level, claims, waivers and attestations.

Each is as run.json holds it, and absent where the run has none.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from harness.model import JSON
from harness.run import Run
from reports.rows import mapped, mappings, text, texts
from reports.typeset.text import block, line

_MOST = 400
"""Rows of one table; run.json has all."""

_Teller = Callable[[Mapping[str, JSON]], JSON]


def sections(run: Run) -> dict[str, JSON]:
    """The sections by name; null where there is nothing to show."""
    document = run.document
    return {
        "scheme": _scheme(mapped(document, "scheme")),
        "claims": _table(document, "claims", _claim),
        "waivers": _table(document, "waivers", _waiver),
        "attestations": _table(document, "attestations", _attestation),
    }


def _scheme(scheme: Mapping[str, JSON]) -> JSON:
    if not scheme:
        return None
    gaps = mappings(scheme, "gaps")
    return {
        **{key: line(text(scheme, key), 200) for key in ("id", "title", "level", "target")},
        "note": block(text(scheme, "note"), 900),
        "levels": [_level(level) for level in mappings(scheme, "levels")],
        "gaps": [_gap(gap) for gap in gaps[:_MOST]],
        "left": max(0, len(gaps) - _MOST),
    }


def _level(level: Mapping[str, JSON]) -> JSON:
    needs = mappings(level, "needs")
    required = [need for need in needs if need.get("weight") != "recommended"]
    return {
        "title": line(text(level, "title") or text(level, "id"), 120),
        "reached": level.get("reached") is True,
        "needs": len(required),
        "met": sum(1 for need in required if need.get("met") is True),
    }


def _gap(gap: Mapping[str, JSON]) -> JSON:
    return {
        "requirement": line(text(gap, "requirement"), 80),
        "level": line(text(gap, "level"), 60),
        "state": line(text(gap, "state"), 40),
        "scenarios": line(", ".join(texts(gap, "scenarios")[:8]), 160),
        "reason": line(text(gap, "reason"), 240),
        "remedy": line(text(gap, "remedy"), 300),
    }


def _table(document: Mapping[str, JSON], key: str, told: _Teller) -> JSON:
    entries = mappings(document, key)
    if not entries:
        return None
    return {
        "rows": [told(entry) for entry in entries[:_MOST]],
        "left": max(0, len(entries) - _MOST),
    }


def _claim(claim: Mapping[str, JSON]) -> JSON:
    return {
        "id": line(text(claim, "id"), 60),
        "text": line(text(claim, "text"), 240),
        "source": line(text(claim, "source"), 20),
        "claimed": line(text(claim, "claimed"), 60),
        "observed": line(text(claim, "observed"), 200),
        "state": line(text(claim, "state"), 40),
        "evidence": line(", ".join(texts(claim, "evidence")[:6]), 200),
    }


def _waiver(waiver: Mapping[str, JSON]) -> JSON:
    keys = ("scenario", "verdict", "why", "owner", "expires", "state")
    return {key: line(text(waiver, key), 240) for key in keys}


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
