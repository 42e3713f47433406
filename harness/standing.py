"""How each requirement stands after a run: the one arithmetic that every report shares.

A result counts for what its scenario verifies and, by ``counts_as``, for what that counts as: one
step and no further, since each step says "in part". A failure breaks what it counts for either way.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from harness import coverage, registry, requirements
from harness.coverage import Gap, Status
from harness.model import JSON


class State(StrEnum):
    """How a requirement stands, best first."""

    HOLDS = "holds"
    """Tested, and every conclusive result passed."""
    WARNED = "warned"
    """Holds but for a recommendation, or for a rule that may not decide a failure."""
    WAIVED = "waived"
    """Broken, and somebody answers for it until a date."""
    NOT_APPLICABLE = "not applicable"
    """The device claims nothing that it applies to."""
    MANUAL = "manual"
    """A person has to look, and nobody has attested yet."""
    NOT_TESTED = "not tested"
    """Nothing of this run tested it; the reason says why."""
    UNDECIDED = "undecided"
    """Tested, without a conclusion."""
    BROKEN = "broken"
    """A result failed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """One requirement after one run.

    Attributes:
        requirement: Its id.
        state: How it stands.
        scenarios: Ids of the results that decide it, worst first.
        reason: One sentence for people; it may quote what the device said.
        partial: Scenarios reach only a part of it.
        attested: Nothing but a person's word carries it.
    """

    requirement: str
    state: State
    scenarios: tuple[str, ...] = ()
    reason: str = ""
    partial: bool = False
    attested: bool = False


@dataclass(frozen=True, slots=True)
class _Evidence:
    """What one result says of one requirement; ``via`` is the one it came through, if another."""

    scenario: str
    verdict: str
    reason: str
    via: str = ""
    wholly: bool = True


_LEFT_OUT = "LEFT_OUT"
"""In place of a verdict: not selected."""
_ASKED_NOBODY = "ASKED_NOBODY"
"""In place of a verdict: a question to a person, for which the profile names nobody."""
_UNDECIDED = ("INCONCLUSIVE", "ERROR", "MISSING", _LEFT_OUT)
_WORST_FIRST = ("FAIL", *_UNDECIDED, "WAIVED", "REVIEW", "WARN", "PASS")
_STATES: tuple[tuple[tuple[str, ...], State], ...] = (
    (("FAIL",), State.BROKEN),
    (_UNDECIDED, State.UNDECIDED),
    (("WAIVED",), State.WAIVED),
    (("REVIEW",), State.MANUAL),
    (("WARN",), State.WARNED),
    (("PASS",), State.HOLDS),
)


def standings(document: Mapping[str, JSON]) -> Mapping[str, Standing]:
    """Every requirement of the catalogue, by id, as this run leaves it.

    A failure that a waiver meets is ``WAIVED``, unless something else is undecided besides. What
    has no result where one was due (interrupted, or left out by ``--select``) is ``UNDECIDED``: a
    part of the scenarios that verify a requirement does not carry it. Evidence that came by a
    crosswalk alone and did not apply says nothing, so such a requirement is manual or not tested,
    never "not applicable".

    Args:
        document: run.json as far as ``results``, ``not_finished``, ``not_selected`` (``id`` and
            ``requirements`` of each), ``waivers`` and ``attestations``; missing keys count as
            empty.
    """
    known = requirements.load()
    evidence: dict[str, list[_Evidence]] = {name: [] for name in known}
    for scenario, verdict, reason, verified in _results(document):
        for name in verified:
            if name not in known:  # a pack that is not installed here has its own
                continue
            evidence[name].append(_Evidence(scenario, verdict, reason))
            one = known[name]
            for target in one.counts_as:
                wholly = target in one.counts_wholly_as
                evidence[target].append(_Evidence(scenario, verdict, reason, name, wholly))
    attested = _attested(document)
    stated = coverage.gaps()
    return {
        name: _standing(name, found, stated.get(name), attested) for name, found in evidence.items()
    }


def _standing(
    name: str, found: Sequence[_Evidence], gap: Gap | None, attested: frozenset[str]
) -> Standing:
    spoke = [one for one in found if one.verdict in _WORST_FIRST]
    if any(one.verdict != _LEFT_OUT for one in spoke):
        return _reached(name, spoke, gap, attested)
    if spoke:
        ids = tuple(dict.fromkeys(one.scenario for one in spoke))
        reason = f"{_scenarios(len(ids))} would test it, and none of them was selected."
        return Standing(requirement=name, state=State.NOT_TESTED, scenarios=ids, reason=reason)
    return _silent(name, found, gap)


def _silent(name: str, found: Sequence[_Evidence], gap: Gap | None) -> Standing:
    """A requirement of which no result of this run says anything."""
    direct = [one for one in found if not one.via]
    unasked = [one for one in direct if one.verdict == _ASKED_NOBODY]
    if unasked:
        reason = f"{unasked[0].scenario} would ask a person: {unasked[0].reason}"
        return Standing(requirement=name, state=State.MANUAL, reason=reason)
    if direct:
        ids = tuple(dict.fromkeys(one.scenario for one in direct))
        state, reason = State.NOT_APPLICABLE, direct[0].reason
        return Standing(requirement=name, state=state, scenarios=ids, reason=reason)
    reason = gap.reason if gap else "No scenario of this run verifies it."
    if found:
        reason = f"What would count for it does not apply to what the device claims. {reason}"
    manual = gap is not None and gap.status is Status.MANUAL
    state = State.MANUAL if manual else State.NOT_TESTED
    return Standing(requirement=name, state=state, reason=reason)


def _reached(
    name: str, spoke: Sequence[_Evidence], gap: Gap | None, attested: frozenset[str]
) -> Standing:
    verdicts = {one.verdict for one in spoke}
    wanted, state = next(pair for pair in _STATES if verdicts.intersection(pair[0]))
    # What came directly outweighs what came through another requirement, in order and in words.
    ordered = sorted(spoke, key=lambda one: (_RANK[one.verdict], one.via != "", one.scenario))
    count = len({one.scenario for one in spoke if one.verdict in wanted})
    return Standing(
        requirement=name,
        state=state,
        scenarios=tuple(dict.fromkeys(one.scenario for one in ordered)),
        reason=_reason(state, ordered[0], count),
        partial=gap is not None or not any(one.wholly for one in spoke),
        attested=state is State.HOLDS and attested.issuperset(one.scenario for one in spoke),
    )


_RANK = {verdict: rank for rank, verdict in enumerate(_WORST_FIRST)}


def _reason(state: State, first: _Evidence, count: int) -> str:
    """One sentence, with the scenario that speaks for the others."""
    way = f"{first.scenario}, which verifies {first.via} and so counts here" if first.via else ""
    if state is State.HOLDS:
        if count == 1:
            return f"{way or first.scenario} passed."
        return f"{count} scenarios passed{f', among them {way}' if way else ''}."
    more = f" ({count - 1} more like it)" if count > 1 else ""
    return f"{way or first.scenario}: {first.reason or first.verdict.lower()}{more}"


def _scenarios(count: int) -> str:
    return "1 scenario" if count == 1 else f"{count} scenarios"


def _results(document: Mapping[str, JSON]) -> Iterator[tuple[str, str, str, Sequence[str]]]:
    """Scenario, verdict, reason and verified requirements of all that was played or left out."""
    waived = {
        str(row.get("scenario"))
        for row in _rows(document, "waivers")
        if row.get("state") == "met" and row.get("verdict") == "FAIL"
    }
    answered = _attested(document)
    for row in _rows(document, "results"):
        scenario, verdict = str(row.get("id")), str(row.get("verdict"))
        if verdict == "FAIL" and scenario in waived:
            verdict = "WAIVED"
        review = row.get("family") == coverage.REVIEWS and scenario not in answered
        if verdict == "NOT_APPLICABLE" and review:
            verdict = _ASKED_NOBODY
        yield scenario, verdict, str(row.get("reason") or ""), _texts(row, "requirements")
    yield from _missing(document)


def _missing(document: Mapping[str, JSON]) -> Iterator[tuple[str, str, str, Sequence[str]]]:
    """What has no result: cut off by the end of the run, or never selected."""
    unfinished = _texts(document, "not_finished")
    # The catalogue of today says what would have been verified: a killed run could not.
    catalogue = registry.load() if unfinished else {}
    for name in unfinished:
        if name in catalogue:
            why = "The run ended before it had a result."
            yield name, "MISSING", why, catalogue[name].verifies
    for row in _rows(document, "not_selected"):
        why = "It tests this too, and was not selected."
        yield str(row.get("id")), _LEFT_OUT, why, _texts(row, "requirements")


def _attested(document: Mapping[str, JSON]) -> frozenset[str]:
    """Ids of the scenarios that a person has answered for."""
    return frozenset(str(row.get("scenario")) for row in _rows(document, "attestations"))


def _rows(document: Mapping[str, JSON], key: str) -> list[Mapping[str, JSON]]:
    value = document.get(key)
    return [row for row in value if isinstance(row, Mapping)] if isinstance(value, list) else []


def _texts(data: Mapping[str, JSON], key: str) -> list[str]:
    value = data.get(key)
    return [str(one) for one in value] if isinstance(value, list) else []
