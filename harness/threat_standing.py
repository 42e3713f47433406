"""What exercises each threat, and how each threat fared in a run.

A threat is exercised by the scenarios that name it, in the role that its direction asks for, and
in part by those of the threats that it goes ``through``. How it fared follows the arithmetic of
:mod:`harness.standing`: one failure is enough, and what is open is never good.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from harness import requirements, threats
from harness.model import JSON, Role, Scenario
from harness.standing import State
from harness.threats import Threat
from harness.verdict import Verdict

_ROLES: Mapping[str, tuple[Role, ...]] = {
    "client to server": (Role.ACCEPTOR,),
    "server to client": (Role.REQUESTOR,),
}
_BOTH = (Role.ACCEPTOR, Role.REQUESTOR)
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Exercise:
    """The scenarios against one threat.

    Attributes:
        acceptor: Ids of scenarios in which the device accepts.
        requestor: Ids of scenarios in which the device calls.
        through: Ids of other threats whose scenarios reach a part of it.
        status: "exercised", "in part" or "not exercised".
    """

    acceptor: tuple[str, ...]
    requestor: tuple[str, ...]
    through: tuple[str, ...]
    status: str

    @property
    def scenarios(self) -> tuple[str, ...]:
        """Both roles."""
        return self.acceptor + self.requestor


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
        reason: One sentence for people.
    """

    threat: str
    state: State
    scenarios: tuple[str, ...] = ()
    failed: int = 0
    counted: int = 0
    partial: bool = False
    reason: str = ""


def exercised(catalogue: Mapping[str, Scenario]) -> Mapping[str, Exercise]:
    """What exercises each threat, by id; every threat is a key."""
    attacks = [one for one in catalogue.values() if not one.positive]
    direct: dict[str, list[Scenario]] = {name: [] for name in threats.load()}
    for scenario in attacks:
        for name in scenario.threats:
            direct[name].append(scenario)
    return {threat.id: _exercise(threat, direct) for threat in threats.load().values()}


def problems(catalogue: Mapping[str, Scenario]) -> list[str]:
    """What is wrong with the threats against registry and requirements; empty when nothing is."""
    known, wrong = requirements.load(), list[str]()
    for name, found in exercised(catalogue).items():
        threat = threats.load()[name]
        for each in threat.answered_by:
            if each not in known:
                wrong.append(f"threat {name}: answered_by names {each!r}, which is no requirement")
        if found.status == "not exercised" and not threat.untested:
            wrong.append(f"threat {name}: no scenario exercises it and 'untested' gives no reason")
        if found.status != "not exercised" and threat.untested:
            wrong.append(f"threat {name}: is exercised, so 'untested' is stale")
        if found.status == "in part" and not threat.partly and not threat.untested:
            wrong.append(f"threat {name}: is exercised in part, and 'partly' does not say which")
    return wrong


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
        name: _from_rows(threats.load()[name], rows, waived, whole=whole)
        for name, rows in direct.items()
    }
    return {name: _with_detours(one, own) for name, one in own.items()}


def _exercise(threat: Threat, direct: Mapping[str, Sequence[Scenario]]) -> Exercise:
    acceptor, requestor = (
        tuple(one.id for one in direct[threat.id] if one.role is role) for role in _BOTH
    )
    needed = _ROLES.get(threat.direction, _BOTH)
    found = {Role.ACCEPTOR: acceptor, Role.REQUESTOR: requestor}
    missing = [role for role in needed if not found[role]]
    through = tuple(name for name in threat.through if direct[name])
    if not missing and not threat.partly:
        status = "exercised"
    else:
        status = "in part" if acceptor or requestor or through else "not exercised"
    return Exercise(acceptor=acceptor, requestor=requestor, through=through, status=status)


def _from_rows(
    threat: Threat, rows: Sequence[Mapping[str, JSON]], waived: set[str], *, whole: bool
) -> Fared:
    states = [(_state(row, waived), str(row.get("id"))) for row in rows]
    deciding = [pair for pair in states if pair[0] in _MATTERS]
    if not deciding:
        return _undone(threat, rows)
    state = min((pair[0] for pair in deciding), key=_MATTERS.index)
    behind = sorted(deciding, key=lambda pair: (_MATTERS.index(pair[0]), pair[1]))
    failed = sum(1 for pair in deciding if pair[0] is State.BROKEN)
    said = f"{failed} of {len(deciding)} attacks got through"
    if state in (State.HOLDS, State.WARNED) and not whole:
        state, said = State.UNDECIDED, "held off so far, but the run is incomplete"
    elif not failed:
        said = _SAID[state].format(count=len(deciding))
    return Fared(
        threat=threat.id,
        state=state,
        scenarios=tuple(name for _, name in behind),
        failed=failed,
        counted=len(deciding),
        partial=bool(threat.partly),
        reason=said,
    )


_SAID: Mapping[State, str] = {
    State.UNDECIDED: "{count} attacks were played, and not all of them were concluded",
    State.MANUAL: "a person has yet to attest",
    State.WAIVED: "what got through is waived, and somebody answers for it",
    State.WARNED: "{count} attacks were held off, with a recommendation broken",
    State.HOLDS: "{count} attacks were held off",
}


def _undone(threat: Threat, rows: Sequence[Mapping[str, JSON]]) -> Fared:
    idle = tuple(str(row.get("id")) for row in rows if row.get("verdict") == "NOT_APPLICABLE")
    if idle:
        said = "the device claims nothing that these attacks apply to"
        return Fared(threat=threat.id, state=State.NOT_APPLICABLE, scenarios=idle, reason=said)
    said = threat.untested or "this run played no attack of this kind"
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
    names = ", ".join(other.threat for other in others if other.state is worst.state)
    behind = (name for other in others if other.state is worst.state for name in other.scenarios)
    return replace(
        one,
        state=worst.state,
        scenarios=tuple(dict.fromkeys((*behind, *one.scenarios))),
        failed=sum(other.failed for other in others),
        counted=sum(other.counted for other in others),
        partial=True,
        reason=f"as far as {names} shows: {worst.reason}",
    )


def _state(row: Mapping[str, JSON], waived: set[str]) -> State:
    verdict = str(row.get("verdict"))
    if verdict == Verdict.FAIL.name:
        return State.WAIVED if row.get("id") in waived else State.BROKEN
    if verdict == Verdict.PASS.name:
        # An honest twin shows that the device serves, not that it holds an attack off.
        return State.HOLDS if row.get("twin") else State.NOT_TESTED
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
