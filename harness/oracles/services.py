"""Oracles on DIMSE services: was a request carried out, refused, or merely answered?

They read ``outcome`` observations; ``matches`` and ``expected`` count the answers of a query or
retrieve, ``readback`` says what an honest query found afterwards.
"""

from __future__ import annotations

from collections.abc import Callable

from harness.model import Claim, Finding, Observation, Oracle, Record
from harness.oracles.base import NamedOracle, failed, outcomes_of, passed, told, unseen
from harness.oracles.outcomes import REFUSALS, is_failure
from harness.verdict import FailKind, Outcome

Opinion = Callable[[Outcome, Observation], Finding | bool]
"""On one outcome: a finding ends the judgement; True is a strict pass, False a lenient one."""


def not_served(*, source: int | None = None, reason: int | None = None) -> Oracle:
    """No service for this requester: a rejection, a refused context, or a failure status.

    Only an answer that serves is a failure: a C-FIND or C-GET with a success status but without a
    single match hides what exists, and is a lenient pass (``matches`` is 0).

    Args:
        source: Source of the A-ASSOCIATE-RJ that the standard prefers (PS3.8 9.3.4).
        reason: Its reason.
    """

    def opinion(outcome: Outcome, seen: Observation) -> Finding | bool:
        if outcome is Outcome.REJECTED:
            codes = (seen.data.get("source"), seen.data.get("reason"))
            return reason is None or codes == (source, reason)
        if outcome is Outcome.TIMEOUT:
            return failed(FailKind.HANG, f"neither served nor refused: {told(outcome, seen)}")
        if outcome in REFUSALS or _refused_softly(outcome, seen):
            return False
        return failed(FailKind.ACCEPTED, f"served: {told(outcome, seen)}")

    wanted = "" if reason is None else f"RJ source {source} reason {reason}"
    return _of_each(f"not_served({wanted})", opinion, refusal=True)


def not_carried_out() -> Oracle:
    """A message that asks for nothing, or is not finished, is refused or ignored, never served.

    Silence is a lenient pass: nothing lays down an answer to what is not (yet) a request.
    """

    def opinion(outcome: Outcome, seen: Observation) -> Finding | bool:
        if outcome is Outcome.RESPONDED and _failure(seen):
            return True
        if outcome in REFUSALS or outcome is Outcome.TIMEOUT:
            return outcome is Outcome.ABORTED
        return failed(
            FailKind.ACCEPTED, f"carried out what nobody asked for: {told(outcome, seen)}"
        )

    return _of_each("not_carried_out", opinion, refusal=True)


def reacts(*, prefers_refusal: bool = False, may_wait: bool = False) -> Oracle:
    """A whole request is answered, by whatever status, or the association ends; never silence.

    For requests that a device may take in safely as well as refuse. The end of the association is
    a lenient pass unless it is an A-ABORT.

    Args:
        prefers_refusal: A failure status is the strict pass, and success a lenient one.
        may_wait: Silence is a lenient pass, because the device may take more bytes to be due.
    """

    def opinion(outcome: Outcome, seen: Observation) -> Finding | bool:
        if outcome is Outcome.TIMEOUT and not may_wait:
            return failed(FailKind.HANG, f"neither answer nor ending: {told(outcome, seen)}")
        if outcome is Outcome.RESPONDED:
            return _failure(seen) or not prefers_refusal
        if outcome in REFUSALS or outcome is Outcome.TIMEOUT:
            return outcome is Outcome.ABORTED
        return failed(FailKind.WRONG_REASON, f"no DIMSE answer: {told(outcome, seen)}")

    chosen = [word for word, on in (("by refusal", prefers_refusal), ("waits", may_wait)) if on]
    return _of_each(f"reacts({', '.join(chosen)})", opinion)


def refuses_or_warns(*preferred_status: int) -> Oracle:
    """A failure status, the end of the association, or a warning that tells of the change.

    A warning (Bxxx) is a lenient pass: the sender hears that its object was coerced. Success is
    not: it says that the object stands as it was sent.
    """

    def opinion(outcome: Outcome, seen: Observation) -> Finding | bool:
        status = seen.data.get("status")
        if outcome is Outcome.RESPONDED and isinstance(status, int):
            if is_failure(status):
                return not preferred_status or status in preferred_status
            if status >> 12 == 0xB:
                return False
        elif outcome in REFUSALS:
            return False
        elif outcome is Outcome.TIMEOUT:
            return failed(FailKind.HANG, f"neither answer nor ending: {told(outcome, seen)}")
        return failed(FailKind.ACCEPTED, f"went on without a word: {told(outcome, seen)}")

    wanted = ", ".join(f"{status:04X}H" for status in preferred_status)
    return _of_each(f"refuses_or_warns({wanted})", opinion, refusal=True)


def no_effect() -> Oracle:
    """What was refused is not there: an honest query finds nothing of it.

    A device that claims no Query cannot be asked; then only its answer counts, which other oracles
    judge.
    """

    def judge(record: Record) -> Finding:
        seen = record.last("readback", "polite")
        if seen is None:
            claims = record.facts.get("claims")
            if isinstance(claims, list | tuple) and Claim.QUERY_SCP.value in claims:
                return unseen("nobody asked the device what it holds")
            return passed("the device claims no Query, so only its answer counts")
        if seen.data.get("found"):
            return failed(FailKind.ACCEPTED, "a query finds what should not have been stored")
        return passed("a query finds nothing of it")

    return NamedOracle("no_effect", judge)


def returns_matches() -> Oracle:
    """An honest query or retrieve gives as many answers as there are things to find."""

    def judge(record: Record) -> Finding:
        seen = record.last("outcome", "attacker")
        if seen is None:
            return unseen("no outcome was witnessed")
        found, expected = seen.data.get("matches"), seen.data.get("expected")
        if not isinstance(found, int) or not isinstance(expected, int):
            return unseen("nobody counted the matches")
        words = f"{found} match(es), at least {expected} must be there"
        return passed(words) if found >= expected else failed(FailKind.LOSS, words)

    return NamedOracle("returns_matches", judge)


def _of_each(name: str, opinion: Opinion, *, refusal: bool = False) -> Oracle:
    """An oracle that asks for an opinion on every outcome of the attacker, in order."""

    def judge(record: Record) -> Finding:
        seen = outcomes_of(record, "attacker")
        if not seen:
            return unseen("no outcome was witnessed")
        strict = True
        for outcome, observation in seen:
            found = opinion(outcome, observation)
            if isinstance(found, Finding):
                return found
            strict &= found
        outcome, observation = seen[-1]
        return passed(told(outcome, observation), preferred=strict, outcome=outcome)

    return NamedOracle(name, judge, refusal=refusal)


def _failure(seen: Observation) -> bool:
    status = seen.data.get("status")
    return isinstance(status, int) and is_failure(status)


def _refused_softly(outcome: Outcome, seen: Observation) -> bool:
    """True for a failure status, no accepted context, or a query that finds nothing."""
    if outcome is Outcome.RESPONDED:
        return _failure(seen) or seen.data.get("matches") == 0
    return outcome is Outcome.RELEASED and seen.data.get("contexts") == 0
