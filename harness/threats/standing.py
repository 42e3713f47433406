"""How each threat fared in a run.

The arithmetic is that of :mod:`harness.standing`: one failure is enough, what is open is never
good, and a threat fares no better than the threats that it goes ``through``.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from harness.model import JSON, Role
from harness.standing import State
from harness.threats import model as threats
from harness.threats.model import Threat
from harness.verdict import Verdict

_MATTERS = (State.BROKEN, State.UNDECIDED, State.MANUAL, State.WAIVED, State.WARNED, State.HOLDS)
"""The first of these that occurs decides."""

WORDS: Mapping[State, str] = {
    State.BROKEN: "got through",
    State.UNDECIDED: "undecided",
    State.MANUAL: "waits for a person",
    State.WAIVED: "got through, waived",
    State.WARNED: "held off, with a warning",
    State.HOLDS: "held off",
    State.NOT_APPLICABLE: "does not apply",
    State.NOT_TESTED: "not played",
}
"""How a threat fared, in words."""


_MEASURED: Mapping[State, str] = {
    State.BROKEN: "got through",
    State.UNDECIDED: "not concluded",
    State.MANUAL: "waiting for a person",
    State.WAIVED: "got through, and somebody answers for it",
    State.WARNED: "held off against a recommendation",
    State.HOLDS: "held off",
}
_ATTESTED: Mapping[State, str] = {
    **_MEASURED,
    State.BROKEN: "answered with no",
    State.WAIVED: "answered with no, and somebody answers for it",
    State.WARNED: "answered with a reservation",
    State.HOLDS: "answered with yes by a person",
}


@dataclass(frozen=True, slots=True)
class _Result:
    """One result of a run, as far as a threat is concerned."""

    state: State
    id: str
    measured: bool


_BY_WORD = "attested"
"""What a person says, and no exchange showed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fared:
    """How one threat fared in one run.

    Attributes:
        threat: Its id.
        state: How it stands; :data:`WORDS` has the words.
        scenarios: Ids of the results behind the state, worst first.
        failed: How many results failed.
        counted: How many results were counted, without those that do not apply.
        partial: Only a part of the threat was played, or only through another one.
        attested: Nothing was measured: it rests on the word of a person.
        reason: One sentence for people.
    """

    threat: str
    state: State
    scenarios: tuple[str, ...] = ()
    failed: int = 0
    counted: int = 0
    partial: bool = False
    attested: bool = False
    reason: str = ""

    @property
    def words(self) -> str:
        """How it fared; what a person attests is not said to be held off."""
        return _BY_WORD if self.attested and self.state is State.HOLDS else WORDS[self.state]


def tally(threats_fared: Iterable[Fared]) -> list[tuple[State, str, int]]:
    """How many threats fared in each way, as (state, words, count), worst first.

    What was measured stands before what a person attests.
    """
    listed = [(one.state, one.words) for one in threats_fared]
    order = list(WORDS)
    ways = sorted(set(listed), key=lambda way: (order.index(way[0]), way[1] == _BY_WORD))
    return [(state, words, listed.count((state, words))) for state, words in ways]


def fared(document: Mapping[str, JSON]) -> Mapping[str, Fared]:
    """How each threat fared, by id; every threat is a key.

    Args:
        document: run.json.
    """
    direct: dict[str, list[Mapping[str, JSON]]] = {name: [] for name in threats.load()}
    for row in _mappings(document, "results"):
        named = row.get("threats")
        for name in named if isinstance(named, list) else []:
            if str(name) in direct:
                direct[str(name)].append(row)
    waived = _waived(document)
    whole = document.get("complete") is True
    own = {
        name: _own(threats.load()[name], [_result(row, waived) for row in rows], whole=whole)
        for name, rows in direct.items()
    }
    return {name: _with_detours(one, own) for name, one in own.items()}


def _own(threat: Threat, results: Sequence[_Result], *, whole: bool) -> Fared:
    """How a threat fared by the results that name it."""
    deciding = sorted(
        (one for one in results if one.state in _MATTERS),
        key=lambda one: (_MATTERS.index(one.state), one.id),
    )
    if not deciding:
        return _undone(threat, results)
    state, said = deciding[0].state, _said(deciding)
    if state in (State.HOLDS, State.WARNED) and not whole:
        state, said = State.UNDECIDED, f"{said} so far, but the run is incomplete"
    return Fared(
        threat=threat.id,
        state=state,
        scenarios=tuple(one.id for one in deciding),
        failed=sum(one.state is State.BROKEN for one in deciding),
        counted=len(deciding),
        partial=bool(threat.partly or threat.untested),
        attested=not any(one.measured for one in deciding),
        reason=said,
    )


def _said(deciding: Sequence[_Result]) -> str:
    """What was measured, and what a person said, in one sentence."""
    parts: list[str] = []
    for measured, (noun, plural), words in (
        (True, ("attack", "attacks"), _MEASURED),
        (False, ("question", "questions"), _ATTESTED),
    ):
        mine = [one.state for one in deciding if one.measured is measured]
        if mine:
            count = mine.count(mine[0])
            name = noun if len(mine) == 1 else plural
            parts.append(f"{count} of {len(mine)} {name} {words[mine[0]]}")
    return "; ".join(parts)


def _undone(threat: Threat, results: Sequence[_Result]) -> Fared:
    # A question that was not asked does not make a theft inapplicable: only a claim does.
    idle = tuple(one.id for one in results if one.state is State.NOT_APPLICABLE and one.measured)
    if idle:
        said = "the device claims nothing that this applies to"
        return Fared(threat=threat.id, state=State.NOT_APPLICABLE, scenarios=idle, reason=said)
    said = (threat.untested or "this run played no attack of this kind").rstrip(".")
    return Fared(threat=threat.id, state=State.NOT_TESTED, reason=said)


def _with_detours(one: Fared, own: Mapping[str, Fared]) -> Fared:
    """Adds what is known through other threats; their good news is never more than partial."""
    threat = threats.load()[one.threat]
    others = [own[name] for name in threat.through if own[name].state in _MATTERS]
    if not others:
        return one
    worst = min(others, key=lambda other: _MATTERS.index(other.state))
    if one.state in _MATTERS and _MATTERS.index(one.state) <= _MATTERS.index(worst.state):
        return one
    guides = [other for other in others if other.state is worst.state]
    behind = (name for other in guides for name in other.scenarios)
    return replace(
        one,
        state=worst.state,
        scenarios=tuple(dict.fromkeys((*behind, *one.scenarios))),
        failed=sum(other.failed for other in others),
        counted=sum(other.counted for other in others),
        partial=True,
        attested=all(other.attested for other in guides),
        reason=f"as far as {', '.join(other.threat for other in guides)} shows: {worst.reason}",
    )


def _result(row: Mapping[str, JSON], waived: set[str]) -> _Result:
    measured = row.get("role") != Role.DEVICE.value
    return _Result(_state(row, waived, measured=measured), str(row.get("id")), measured)


def _state(row: Mapping[str, JSON], waived: set[str], *, measured: bool) -> State:
    verdict = str(row.get("verdict"))
    if verdict == Verdict.FAIL.name:
        return State.WAIVED if row.get("id") in waived else State.BROKEN
    if verdict == Verdict.PASS.name:
        # An honest twin shows that the device serves, not that it holds an attack off.
        return State.HOLDS if row.get("twin") or not measured else State.NOT_TESTED
    return {
        Verdict.WARN.name: State.WARNED,
        Verdict.REVIEW.name: State.MANUAL,
        Verdict.NOT_APPLICABLE.name: State.NOT_APPLICABLE,
    }.get(verdict, State.UNDECIDED)


def _waived(document: Mapping[str, JSON]) -> set[str]:
    return {
        str(row.get("scenario"))
        for row in _mappings(document, "waivers")
        if row.get("state") == "met" and row.get("verdict") == Verdict.FAIL.name
    }


def _mappings(document: Mapping[str, JSON], key: str) -> Iterable[Mapping[str, JSON]]:
    rows = document.get(key)
    return [row for row in rows if isinstance(row, Mapping)] if isinstance(rows, list) else []
