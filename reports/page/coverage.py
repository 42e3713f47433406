"""Requirements set by set: how each stands after the run, and why what is open is open."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from harness import requirements
from harness.requirements import Requirement
from harness.run import Run
from harness.standing import Standing, State, standings

MOST_LINKS = 6
"""Scenarios that are linked from one requirement; the rest are counted."""

_TONES = {
    State.BROKEN: "FAIL",
    State.UNDECIDED: "INCONCLUSIVE",
    State.WAIVED: "WARN",
    State.WARNED: "WARN",
    State.HOLDS: "PASS",
    State.MANUAL: "REVIEW",
    State.NOT_TESTED: "NOT_APPLICABLE",
    State.NOT_APPLICABLE: "NOT_APPLICABLE",
}
"""States in the order in which they are shown, with the verdict whose colour and icon they wear."""
_WORDS = {State.HOLDS: "hold", State.WARNED: "hold with a warning"}
_SILENT = frozenset({State.MANUAL, State.NOT_TESTED, State.NOT_APPLICABLE})
"""States that many requirements have for the same reason: they are listed under it."""


@dataclass(frozen=True, slots=True)
class Share:
    """One state's part of a bar, in percent of its width."""

    state: str
    tone: str
    words: str
    count: int
    start: float
    width: float


@dataclass(frozen=True, slots=True)
class Line:
    """A requirement about which results say something; ``more`` scenarios are not linked."""

    id: str
    text: str
    source: str
    state: str
    tone: str
    reason: str
    scenarios: tuple[str, ...]
    more: int
    partial: bool
    attested: bool


@dataclass(frozen=True, slots=True)
class Group:
    """Requirements that are open, or do not apply, for one reason; pairs of id and text."""

    state: str
    tone: str
    reason: str
    members: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class SetView:
    """One set of requirements."""

    name: str
    count: int
    shares: tuple[Share, ...]
    lines: tuple[Line, ...]
    groups: tuple[Group, ...]


@dataclass(frozen=True, slots=True)
class CoverageView:
    """All sets; ``shares`` is the bar over all of them."""

    count: int
    shares: tuple[Share, ...]
    sets: tuple[SetView, ...]


def coverage_of(run: Run) -> CoverageView | None:
    """The section; None for a run whose results say nothing of any requirement known here."""
    found = standings(run.document)
    if all(one.state in _SILENT for one in found.values()):
        return None
    sets = requirements.by_standard()
    return CoverageView(
        count=len(found),
        shares=_shares(list(found.values())),
        sets=tuple(_set(name, members, found) for name, members in sets.items()),
    )


def _set(name: str, members: Sequence[Requirement], found: Mapping[str, Standing]) -> SetView:
    order = list(_TONES)
    spoken = [one for one in members if found[one.id].state not in _SILENT]
    spoken.sort(key=lambda one: order.index(found[one.id].state))
    silent: dict[tuple[State, str], list[tuple[str, str]]] = {}
    for one in members:
        stands = found[one.id]
        if stands.state in _SILENT:
            silent.setdefault((stands.state, stands.reason), []).append((one.id, one.text))
    return SetView(
        name=name,
        count=len(members),
        shares=_shares([found[one.id] for one in members]),
        lines=tuple(_line(one, found[one.id]) for one in spoken),
        groups=tuple(
            Group(state.value, _TONES[state], reason, tuple(listed))
            for (state, reason), listed in sorted(
                silent.items(), key=lambda item: order.index(item[0][0])
            )
        ),
    )


def _line(one: Requirement, stands: Standing) -> Line:
    return Line(
        id=one.id,
        text=one.text,
        source=f"{one.level.value} · {one.source}",
        state=stands.state.value,
        tone=_TONES[stands.state],
        reason=stands.reason,
        scenarios=stands.scenarios[:MOST_LINKS],
        more=max(0, len(stands.scenarios) - MOST_LINKS),
        partial=stands.partial,
        attested=stands.attested,
    )


def _shares(found: Sequence[Standing]) -> tuple[Share, ...]:
    counts = Counter(one.state for one in found)
    shares: list[Share] = []
    start = 0.0
    for state, tone in _TONES.items():
        count = counts[state]
        if count:
            width = 100 * count / len(found)
            words = _WORDS.get(state, state.value)
            name = state.name.lower()
            shares.append(Share(name, tone, words, count, round(start, 3), round(width, 3)))
            start += width
    return tuple(shares)
