"""Waivers as the page shows them: who answers for what, until when; the loudest stand first."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from harness.run import Run
from reports.rows import mappings, text

_ORDER = ("expired", "not met", "not played", "met")
_TONES: Mapping[str, str] = {
    "met": "WARN", "not met": "FAIL", "expired": "FAIL", "not played": "INCONCLUSIVE",
}  # fmt: skip
_MEANINGS: Mapping[str, str] = {
    "met": "the finding is as it was expected; it stays a finding",
    "not met": "the result is another than was expected",
    "expired": "it had ended before the run, and expects nothing any more",
    "not played": "the run holds no result of this scenario",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiver:
    """One expected verdict, and the verdict that came."""

    scenario: str
    expected: str
    came: str
    why: str
    owner: str
    expires: str
    state: str
    tone: str
    meaning: str


def waivers_of(run: Run) -> list[Waiver]:
    """All waivers of a run, the loudest first."""
    rows = {text(row, "id"): row for row in run.results}
    found = [
        Waiver(
            scenario=text(row, "scenario"),
            expected=_said(text(row, "verdict"), text(row, "reason")),
            came=_came(rows.get(text(row, "scenario"))),
            why=text(row, "why"),
            owner=text(row, "owner"),
            expires=text(row, "expires"),
            state=text(row, "state"),
            tone=_TONES.get(text(row, "state"), "INCONCLUSIVE"),
            meaning=_MEANINGS.get(text(row, "state"), ""),
        )
        for row in mappings(run.document, "waivers")
    ]
    return sorted(found, key=lambda one: (_ORDER.index(one.state), one.scenario))


def _came(row: Mapping[str, object] | None) -> str:
    if row is None:
        return "no result"
    return _said(str(row["verdict"]), str(row.get("kind") or row.get("code") or ""))


def _said(verdict: str, reason: str) -> str:
    words = verdict.replace("_", " ").lower()
    return f"{words} ({reason})" if reason else words
