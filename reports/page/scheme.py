"""The level of a run, as the page shows it: a stair, the gaps, and the way to close each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from harness.model import JSON
from harness.run import Run
from reports.rows import mappings, text, texts

STEP_WIDTH, STEP_HEIGHT = 56, 26
"""One step of the picture, in user units."""

TONES: Mapping[str, str] = {
    "holds": "PASS",
    "warned": "WARN",
    "waived": "WARN",
    "not applicable": "NOT_APPLICABLE",
    "manual": "REVIEW",
    "not tested": "INCONCLUSIVE",
    "undecided": "INCONCLUSIVE",
    "broken": "FAIL",
}
"""Which verdict's colour and sign a standing has."""

MARKS: Mapping[str, str] = {
    "proposal": "our proposal",
    "reading": "our reading of a standard or guidance",
    "house": "the user's own scheme",
}
"""What a scheme is, in words."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Need:
    """One requirement of a level.

    Attributes:
        sort: How binding it is: "required", "if-claimed" or "recommended".
        remedy: The way to close the gap; empty where there is none.
    """

    requirement: str
    sort: str
    state: str
    tone: str
    met: bool
    scenarios: tuple[str, ...]
    reason: str
    remedy: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One level: a step of the stair.

    Attributes:
        x, y, height: Its place in the picture, in user units.
        met: How many of the needs that are not mere recommendations are met.
        asked: How many of those there are.
    """

    id: str
    title: str
    purpose: str
    reached: bool
    met: int
    asked: int
    x: int
    y: int
    height: int
    needs: tuple[Need, ...]
    gaps: tuple[Need, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Ladder:
    """How far a run gets in its scheme.

    Attributes:
        headline: The level that was reached, in a few words.
        tone: "good" for the highest level, "part" for a lower one, "none" for none.
        mark: What the scheme is: a proposal, a reading, or the user's own.
        told: The picture in words.
    """

    id: str
    title: str
    mark: str
    headline: str
    tone: str
    note: str
    told: str
    steps: tuple[Step, ...]
    gaps: int
    width: int
    height: int


def ladder_of(run: Run) -> Ladder | None:
    """The ladder of a run; None for a run that no scheme was chosen for."""
    scheme = run.document.get("scheme")
    if not isinstance(scheme, Mapping):
        return None
    rows = mappings(scheme, "levels")
    gaps = mappings(scheme, "gaps")
    steps = tuple(_step(row, at, len(rows), gaps) for at, row in enumerate(rows))
    return Ladder(
        id=text(scheme, "id"),
        title=text(scheme, "title"),
        mark=MARKS.get(text(scheme, "status"), ""),
        headline=headline_of(scheme),
        tone="good" if scheme.get("reached") else ("part" if scheme.get("level") else "none"),
        note=text(scheme, "note"),
        told=_told(steps),
        steps=steps,
        gaps=len(gaps),
        width=max(1, len(rows)) * STEP_WIDTH,
        height=(len(rows) + 1) * STEP_HEIGHT,
    )


def headline_of(scheme: Mapping[str, JSON]) -> str:
    """The level in a few words: "Level Enhanced reached, of High"."""
    titles = {text(row, "id"): text(row, "title") for row in mappings(scheme, "levels")}
    level, target = text(scheme, "level"), text(scheme, "target")
    if not titles:
        return "Not judged"
    if not level:
        return f"No level reached, of {len(titles)}" if len(titles) > 1 else "Level not reached"
    reached = f"Level {titles.get(level, level)} reached"
    return reached if level == target else f"{reached}, not {titles.get(target, target)}"


def _step(row: Mapping[str, JSON], at: int, count: int, gaps: Sequence[Mapping[str, JSON]]) -> Step:
    needs = tuple(_need(need) for need in mappings(row, "needs"))
    binding = [need for need in needs if need.sort != "recommended"]
    mine = (gap for gap in gaps if gap.get("level") == row.get("id"))
    sorts = {need.requirement: need.sort for need in binding}
    return Step(
        id=text(row, "id"),
        title=text(row, "title"),
        purpose=text(row, "purpose"),
        reached=bool(row.get("reached")),
        met=sum(1 for need in binding if need.met),
        asked=len(binding),
        x=at * STEP_WIDTH,
        y=(count - at) * STEP_HEIGHT,
        height=(at + 1) * STEP_HEIGHT,
        needs=needs,
        gaps=tuple(_need({**gap, "weight": sorts.get(text(gap, "requirement"))}) for gap in mine),
    )


def _need(row: Mapping[str, JSON]) -> Need:
    state = text(row, "state")
    return Need(
        requirement=text(row, "requirement"),
        sort=text(row, "weight"),
        state="holds in part" if state == "holds" and not row.get("met") else state,
        tone=TONES.get(state, "INCONCLUSIVE") if row.get("met") or state != "holds" else "REVIEW",
        met=bool(row.get("met")),
        scenarios=texts(row, "scenarios"),
        reason=text(row, "reason"),
        remedy=text(row, "remedy"),
    )


def _told(steps: Sequence[Step]) -> str:
    said = (
        f"{step.title}: {'reached' if step.reached else 'not reached'}, "
        f"{step.met} of {step.asked} needs met"
        for step in steps
    )
    return "Levels, lowest first. " + "; ".join(said) + "."
