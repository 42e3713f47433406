"""Oracles on searches that are compared with each other: are keys data, and matched as such?

They read ``search`` observations: ``name`` of the key, ``form`` (the question's part in the
comparison), ``found`` (number of matches), ``answer`` (digest of which), ``outcome``, ``status``
(final one of a C-FIND, or None; a QIDO-RS search has the ``code`` of HTTP) and ``seconds``.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from harness.model import Finding, Observation, Oracle, Record
from harness.oracles.base import NamedOracle, failed, passed, unseen, warned
from harness.oracles.outcomes import REFUSALS, is_failure
from harness.verdict import FailKind, Outcome, Verdict

_NO_SEARCH = "no query was made"
_NOTHING_THERE = "an honest query does not find what was stored, so nothing could be seen"

Opinion = Callable[[Observation, Sequence[Observation]], Finding | bool]
"""On one search among all: a finding ends the judgement; True is a strict pass, False a lenient."""


def keys_are_data() -> Oracle:
    """No character of a key but the wildcards of DICOM changes what is found (CWE-89).

    Every "marker" is compared with the "control" of its key, the same text with letters in place of
    the signs that mean something to a database. A device may refuse either. A "lone quote" that
    fails where "two quotes" succeed has broken a statement. A "pattern" that means something to
    SQL's LIKE gives away no more than a wildcard does, and is a WARN.
    """
    return _compared("keys_are_data", _as_data, refusal=True)


def finds_literally() -> Oracle:
    """A value with signs that mean something to a database is found by itself, and by itself only.

    Every "literal" finds what the "honest" query found; every "other" does not.
    """
    return _compared("finds_literally", _literally)


def answers_in_proportion(least_s: float = 3.0, times: float = 20.0) -> Oracle:
    """No query takes many times longer than the "honest" one, and more than a few seconds.

    One that was not answered at all in the time we waited is slow too: whether the device still
    serves anybody is for the sentinel to say.
    """

    def judge(record: Record) -> Finding:
        every = list(record.of("search"))
        honest = _one(every, "honest")
        if honest is None or honest.data.get("outcome") != Outcome.RESPONDED.value:
            return unseen("an honest query was not answered" if every else _NO_SEARCH)
        others = [seen for seen in every if seen is not honest]
        limit = max(least_s, times * _seconds(honest))
        for seen in others:
            if seen.data.get("outcome") == Outcome.TIMEOUT.value:
                words = f"not answered in {_seconds(seen):.1f} s: {_told(seen)}"
                return failed(FailKind.SLOW, words)
        slowest = max(others, key=_seconds, default=None)
        if slowest is None:
            return unseen(_NO_SEARCH)
        words = f"{_seconds(slowest):.2f} s (bound {limit:.1f} s): {_told(slowest)}"
        return passed(words) if _seconds(slowest) <= limit else failed(FailKind.SLOW, words)

    return NamedOracle(f"answers_in_proportion({least_s:g} s)", judge)


def matches_by_rule() -> Oracle:
    """What matching lays down for wildcards and ranges holds; otherwise WARN (PS3.4 C.2.2.2).

    A "found" question matches, a "not found" one does not; both may be refused (lenient).
    """
    return _compared("matches_by_rule", _by_rule)


def idle_afterwards(share: float) -> Oracle:
    """After the answer the device uses less than a share of one core, where that was observed.

    Reads an ``idle`` observation; evidence beside another oracle, as :func:`busy_at_most` is.
    """

    def judge(record: Record) -> Finding:
        seen = record.last("idle")
        used = seen.data.get("share") if seen else None
        if not isinstance(used, int | float):
            return passed("processor time was not observed")
        words = f"uses {used:.0%} of one core when nobody asks (bound {share:.0%})"
        return passed(words) if used < share else failed(FailKind.RESOURCE, words)

    return NamedOracle(f"idle_afterwards({share:.0%})", judge)


def _by_rule(seen: Observation, _every: Sequence[Observation]) -> Finding | bool:
    form, found = seen.data.get("form"), bool(seen.data.get("found"))
    if form not in ("found", "not found") or _is_refusal(seen):
        return form not in ("found", "not found")
    if found != (form == "found"):
        return warned(f"{'found' if found else 'not found'}, against the rule: {_told(seen)}")
    return True


def _seconds(seen: Observation) -> float:
    value = seen.data.get("seconds")
    return float(value) if isinstance(value, int | float) else 0.0


def _as_data(seen: Observation, every: Sequence[Observation]) -> Finding | bool:
    form = seen.data.get("form")
    control = _one(every, "control" if form != "pattern" else "letters", seen.data.get("name"))
    if form not in ("marker", "lone quote", "two quotes", "pattern") or control is None:
        return True
    if form == "lone quote" and _is_refusal(seen):
        pair = _one(every, "two quotes", seen.data.get("name"))
        if pair is not None and not _is_refusal(pair) and not _is_refusal(control):
            return failed(FailKind.WRONG_REASON, f"one quote fails, two succeed: {_told(seen)}")
    if _is_refusal(seen):
        return False
    if _is_refusal(control):
        return not seen.data.get("found") or _differs(form, seen, control)
    same = seen.data.get("answer") == control.data.get("answer")
    return same or _differs(form, seen, control)


def _differs(form: object, seen: Observation, control: Observation) -> Finding:
    words = f"{_told(seen)}, where letters in their place: {_told(control)}"
    if form == "pattern":
        return warned(f"a sign of SQL's LIKE acts as a wildcard: {words}")
    return failed(FailKind.LEAK, f"the key is not taken as data: {words}")


def _literally(seen: Observation, every: Sequence[Observation]) -> Finding | bool:
    form, honest = seen.data.get("form"), _one(every, "honest")
    if form == "literal":
        if honest is not None and seen.data.get("answer") == honest.data.get("answer"):
            return True
        if _is_refusal(seen):
            return failed(FailKind.WRONG_REASON, f"an honest value is refused: {_told(seen)}")
        return failed(FailKind.LOSS, f"a value is not found by itself: {_told(seen)}")
    if form == "other" and seen.data.get("found"):
        return failed(FailKind.LEAK, f"found by what it is not: {_told(seen)}")
    return not _is_refusal(seen)


def _compared(name: str, opinion: Opinion, *, refusal: bool = False) -> Oracle:
    """An oracle that asks for an opinion on every search, where the honest one found something."""

    def judge(record: Record) -> Finding:
        every = list(record.of("search"))
        if not every:
            return unseen(_NO_SEARCH)
        honest = _one(every, "honest")
        if honest is None or not honest.data.get("found"):
            return unseen(_NOTHING_THERE)
        worst, strict = passed(f"{len(every)} queries, no key was more than data"), True
        for seen in every:
            if seen.data.get("outcome") == Outcome.TIMEOUT.value:
                return failed(FailKind.HANG, f"not answered: {_told(seen)}")
            found = opinion(seen, every)
            if isinstance(found, Finding):
                worst = max(worst, found, key=lambda finding: finding.verdict)
            else:
                strict &= found
        if strict or worst.verdict is not Verdict.PASS:
            return worst
        return passed(worst.reason, preferred=False)

    return NamedOracle(name, judge, refusal=refusal)


def _one(every: Sequence[Observation], form: str, name: object = None) -> Observation | None:
    """The first search of a form, of one key if named."""
    for seen in every:
        if seen.data.get("form") == form and name in (None, seen.data.get("name")):
            return seen
    return None


def _is_refusal(seen: Observation) -> bool:
    """True for a failure status, or where the association ended instead."""
    status, code = seen.data.get("status"), seen.data.get("code")
    if isinstance(code, int):
        return not 200 <= code < 300
    if seen.data.get("outcome") in {one.value for one in REFUSALS}:
        return True
    return isinstance(status, int) and is_failure(status)


def _told(seen: Observation) -> str:
    status = seen.data.get("status")
    ending = f"status {status:04X}H" if isinstance(status, int) else seen.data.get("outcome")
    if "code" in seen.data:
        ending = f"HTTP {seen.data['code']}"
    asked = f"{seen.data.get('name')} {seen.data.get('text')!r}"
    return f"{asked}: {seen.data.get('found')} match(es), {ending}"
