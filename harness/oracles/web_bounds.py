"""Oracles on what web services do with guesses, and with requests for too much.

They read outcomes as :mod:`.web` does.
"""

from __future__ import annotations

from harness.model import Finding, Observation, Oracle, Record
from harness.oracles.base import NamedOracle, failed, outcomes_of, passed, told, unseen, warned
from harness.oracles.web_answers import is_success, none_hangs
from harness.verdict import FailKind, Outcome

_JUDGED = (401, 403)
_SLOW_S = 1.0
_SLOWER = 3.0
_CLEARLY_S = 0.05
_FEW = 3


def slows_down_guesses() -> Oracle:
    """Not every one of many wrong passwords is judged at once (CWE-307).

    Judged is a guess that is answered 401 or 403 within a second; another answer, an end of the
    connection and a delay are ways to slow guessing down, and so is an account that is locked:
    reads the last ``opened`` with ``at_once``, whether the right password still opened.
    """

    def judge(record: Record) -> Finding:
        seen = outcomes_of(record, "attacker")
        opened = record.last("opened", "polite")
        if not seen or opened is None:
            return unseen("nobody guessed, or nobody tried the right password afterwards")
        taken = [one for _, one in seen if is_success(one)]
        if taken:
            return failed(FailKind.ACCEPTED, f"opened by a wrong password: {_what(taken[0])}")
        if not _is_judged(seen[0][1]):
            return unseen(f"not even the first guess was judged: {_what(seen[0][1])}")
        judged = sum(_is_judged(one) for _, one in seen)
        words = f"{judged} of {len(seen)} wrong passwords were judged at once"
        if judged < len(seen):
            return passed(words)
        if not opened.data.get("at_once"):
            return passed(f"{words}, and then the account was locked", preferred=False)
        return failed(FailKind.ACCEPTED, f"{words}, and the account is open")

    return NamedOracle("slows_down_guesses", judge, refusal=True)


def takes_as_long() -> Oracle:
    """Known and unknown users are refused in about the same time; a clear difference gives WARN.

    Reads outcomes in turn: a known user, an unknown one, a known one ... The shortest of each are
    compared, because a busy machine delays any; and time alone never fails a device.
    """

    def judge(record: Record) -> Finding:
        times = [one.data.get("after_s") for _, one in outcomes_of(record, "attacker")]
        seconds = [float(each) for each in times if isinstance(each, int | float)]
        known, unknown = seconds[::2], seconds[1::2]
        if min(len(known), len(unknown)) < _FEW:
            return unseen("too few guesses were timed")
        slow, fast = sorted((min(known), min(unknown)), reverse=True)
        words = f"{min(known):.3f} s for a known user, {min(unknown):.3f} s for an unknown one"
        if slow - fast > _CLEARLY_S and slow > _SLOWER * fast:
            return warned(words)
        return passed(words)

    return NamedOracle("takes_as_long", judge)


def lets_in_after_a_mistake() -> Oracle:
    """The right password opens after one wrong one, which did not.

    Reads the last ``opened`` with ``at_once``.
    """

    def judge(record: Record) -> Finding:
        seen, opened = outcomes_of(record, "attacker"), record.last("opened", "polite")
        if not seen or opened is None:
            return unseen("nobody tried")
        if is_success(seen[0][1]):
            return failed(FailKind.ACCEPTED, f"opened by a wrong password: {_what(seen[0][1])}")
        if not opened.data.get("at_once"):
            return failed(FailKind.WRONG_REASON, "after one mistake the right password is refused")
        return passed("the right password opens after a wrong one", outcome=Outcome.RESPONDED)

    return NamedOracle("lets_in_after_a_mistake", judge)


def answers_no_more_than(times: float) -> Oracle:
    """No answer holds more than so many times what the honest request got (CWE-400)."""

    def judge(record: Record) -> Finding:
        honest = max((_octets(one) for _, one in outcomes_of(record, "polite")), default=0)
        seen = outcomes_of(record, "attacker")
        if not seen or not honest:
            return unseen("no answer was witnessed, or no honest one to compare with")
        most = max(_octets(one) for _, one in seen)
        words = f"{most} octets at most, where the honest answer has {honest}"
        if most > times * honest:
            return failed(FailKind.RESOURCE, words)
        found = none_hangs(seen)
        return found if found.kind else passed(words, outcome=seen[-1][0])

    return NamedOracle(f"answers_no_more_than({times:g} times)", judge)


def answers_in_order() -> Oracle:
    """Every request is answered, with success or with a refusal; an error of its own gives WARN."""

    def judge(record: Record) -> Finding:
        seen = outcomes_of(record, "attacker")
        if not seen:
            return unseen("no answer was witnessed")
        for outcome, one in seen:
            if outcome is Outcome.GARBAGE:
                return failed(FailKind.WRONG_REASON, f"no HTTP: {told(outcome, one)}")
        found = none_hangs(seen)
        errors = [one for _, one in seen if one.data.get("code") == 500]
        if found.kind or not errors:
            return found
        return warned(f"an error of its own: {_what(errors[0])}", outcome=Outcome.RESPONDED)

    return NamedOracle("answers_in_order", judge)


def _is_judged(one: Observation) -> bool:
    after = one.data.get("after_s")
    late = isinstance(after, int | float) and after >= _SLOW_S
    return one.data.get("code") in _JUDGED and not late


def _octets(one: Observation) -> int:
    octets = one.data.get("octets")
    return octets if isinstance(octets, int) else 0


def _what(one: Observation) -> str:
    return str(one.data.get("detail"))
