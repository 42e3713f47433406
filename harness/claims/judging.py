"""One claim against what was seen: confirmed, contradicted, not observable, and why.

Pure functions. A contradiction always rests on a failed scenario or on an observed fact; what
stays open is said to be so.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from harness.claims import facts
from harness.claims.facts import Look, Seen
from harness.claims.mds2 import NO, NOT_APPLICABLE, YES
from harness.claims.topics import Kind, Topic
from harness.model import JSON

_BESIDE: Final = frozenset({"crash", "hang", "slow", "resource"})
"""Kinds of failure that say nothing of whether a protection is there."""


class State(StrEnum):
    """How a claim stands."""

    CONFIRMED = "confirmed"
    CONTRADICTED = "contradicted"
    NOT_OBSERVABLE = "not observable"
    UNCLAIMED = "observed but not claimed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Opinion:
    """The state of one claim, with the reason."""

    state: State
    reason: str


def seen_of(topic: Topic, look: Look) -> Seen:
    """What the run shows of a topic."""
    if topic.unobservable:
        return Seen(reason=topic.unobservable)
    if topic.fact:
        return facts.read(topic, look)
    seen = _every(topic, look) if topic.every else _any(topic, look)
    return _chosen_value(topic, look, seen) if topic.judged_by and seen.value is not None else seen


def opinion(topic: Topic, claimed: JSON, seen: Seen, *, whole_list: bool) -> Opinion:
    """Confronts one answer.

    Args:
        topic: What it is about.
        claimed: "yes", "no", "n/a", or the value that was answered.
        seen: What was observed.
        whole_list: What is not in a list that is claimed is denied.
    """
    if claimed == NOT_APPLICABLE:
        seen_yes = seen.value is True
        state = State.UNCLAIMED if seen_yes else State.NOT_OBSERVABLE
        return Opinion(state=state, reason=_joined("marked as not applicable", seen.reason))
    if seen.value is None:
        return Opinion(state=State.NOT_OBSERVABLE, reason=seen.reason)
    if topic.kind is Kind.FLAG:
        return _flag(topic, claimed, seen)
    if topic.kind is Kind.SET:
        return _set(claimed, seen, whole_list=whole_list)
    if topic.kind is Kind.TEXT:
        same = str(claimed) == str(seen.value)
        return Opinion(state=_agree(same), reason=seen.reason)
    return _number(topic.kind, claimed, seen)


def shown(value: JSON) -> str:
    """A claimed or observed value in words."""
    if isinstance(value, bool):
        return YES if value else NO
    if isinstance(value, str) or value is None:
        return value or ""
    return ", ".join(map(str, value)) if isinstance(value, Sequence) else str(value)


def _agree(same: bool) -> State:
    return State.CONFIRMED if same else State.CONTRADICTED


def _flag(topic: Topic, claimed: JSON, seen: Seen) -> Opinion:
    if claimed == YES:
        return Opinion(state=_agree(seen.value is True), reason=seen.reason)
    if claimed == NO:
        if seen.value is not True:
            return Opinion(state=State.CONFIRMED, reason=seen.reason)
        # A refusal that was seen does not prove that the protection behind it was meant.
        state = State.CONTRADICTED if topic.existence else State.UNCLAIMED
        return Opinion(state=state, reason=_joined("denied, and seen", seen.reason))
    words = "the answer is neither yes nor no: a person has to read it"
    return Opinion(state=State.NOT_OBSERVABLE, reason=_joined(words, seen.reason))


def _set(claimed: JSON, seen: Seen, *, whole_list: bool) -> Opinion:
    said, held = _members(claimed), _members(seen.value)
    beyond = [one for one in held if one not in said] if whole_list else []
    refused = [one for one in said if one in seen.refused]
    missing = [one for one in said if one not in held and one not in refused]
    if beyond or refused:
        words = [f"not claimed, and taken: {', '.join(beyond)}"] if beyond else []
        words += [f"claimed, and refused: {', '.join(refused)}"] if refused else []
        return Opinion(state=State.CONTRADICTED, reason=_joined(*words, seen.reason))
    if missing or not seen.whole:
        words = [f"claimed, and not seen: {', '.join(missing)}"] if missing else []
        words += ["not all of it was found out"] if not seen.whole else []
        return Opinion(state=State.NOT_OBSERVABLE, reason=_joined(*words, seen.reason))
    return Opinion(state=State.CONFIRMED, reason=seen.reason)


def _number(kind: Kind, claimed: JSON, seen: Seen) -> Opinion:
    if not isinstance(claimed, int | float) or not isinstance(seen.value, int | float):
        return Opinion(state=State.NOT_OBSERVABLE, reason=seen.reason)
    said, value = float(claimed), float(seen.value)
    if kind is Kind.SECONDS:
        # Timers are coarse and machines are busy: only what is far beyond disproves a time.
        if value > 2 * said + 3:
            return Opinion(state=State.CONTRADICTED, reason=seen.reason)
        near = said / 2 <= value <= 1.5 * said + 1
        state = State.CONFIRMED if near and seen.whole else State.NOT_OBSERVABLE
        return Opinion(state=state, reason=seen.reason)
    if value > said or (value < said and seen.whole):
        return Opinion(state=State.CONTRADICTED, reason=seen.reason)
    state = State.CONFIRMED if value == said and seen.whole else State.NOT_OBSERVABLE
    return Opinion(state=state, reason=seen.reason)


def _every(topic: Topic, look: Look) -> Seen:
    """Yes when all that applies passed, no when one failed by letting something through."""
    failed = [one for one in topic.every if look.verdict(one) == "FAIL"]
    telling = [one for one in failed if look.rows[one].get("kind") not in _BESIDE]
    if telling:
        return Seen(value=False, evidence=look.evidence(telling), reason=_why(look, telling[0]))
    passed = [one for one in topic.every if look.verdict(one) == "PASS"]
    left = [one for one in topic.every if look.verdict(one) not in ("PASS", "NOT_APPLICABLE")]
    if left:
        return Seen(evidence=look.evidence(passed), reason=_why(look, left[0]))
    if not passed:
        return Seen(reason=_why(look, topic.every[0]))
    return Seen(value=True, evidence=look.evidence(passed), reason=_passed(passed))


def _any(topic: Topic, look: Look) -> Seen:
    """Yes when one passed, no when all that were played failed."""
    passed = [one for one in topic.any if look.verdict(one) == "PASS"]
    if passed:
        return Seen(value=True, evidence=look.evidence(passed), reason=_passed(passed))
    played = [one for one in topic.any if look.verdict(one) not in ("", "NOT_APPLICABLE")]
    failed = [one for one in played if look.verdict(one) == "FAIL"]
    if failed and failed == played:
        return Seen(value=False, evidence=look.evidence(failed), reason=_why(look, failed[0]))
    return Seen(reason=_why(look, (played or list(topic.any))[0]))


def _passed(names: Sequence[str]) -> str:
    return "the scenario passed" if len(names) == 1 else f"{len(names)} scenarios passed"


def _chosen_value(topic: Topic, look: Look, seen: Seen) -> Seen:
    """The scenarios kept to one value out of several: a PASS shows that it is this one."""
    for _, observed in look.judged(topic.every):
        for each in observed:
            held = each.data.get("facts") if each.kind == "begin" else None
            value = held.get(topic.judged_by) if isinstance(held, dict) else None
            if value is not None and seen.value is True:
                return Seen(value=value, evidence=seen.evidence, reason=seen.reason)
            if value is not None:
                words = f"not {value!r}: {seen.reason}"
                return Seen(value=f"not {value}", evidence=seen.evidence, reason=words)
    return Seen(reason="the profile that it was judged by does not say")


def _why(look: Look, scenario: str) -> str:
    """Why a scenario shows nothing, or the opposite."""
    row = look.rows.get(scenario)
    if row is None:
        return f"{scenario} was not played"
    return f"{scenario} {str(row['verdict']).replace('_', ' ')}: {row.get('reason')}"


def _members(value: JSON) -> list[str]:
    return [str(one) for one in value] if isinstance(value, list | tuple) else []


def _joined(*parts: str) -> str:
    return "; ".join(part for part in parts if part)
