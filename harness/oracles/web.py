"""Oracles on what web services answer.

They read ``outcome`` observations that carry ``what`` (the request in words), ``code`` (HTTP
status), ``fields`` (some header fields, lower case), ``marks`` (which of our marks came back) and
``octets``; and what the play's other observers saw (``responses``, ``fetched``, ``served`` ...).
"""

from __future__ import annotations

from collections.abc import Mapping

from harness.model import Finding, Observation, Oracle, Record
from harness.oracles.base import NamedOracle, failed, outcomes_of, passed, told, unseen, warned
from harness.oracles.outcomes import REFUSALS
from harness.verdict import FailKind, Outcome

_UNAVAILABLE = frozenset((501, 503, 505, 507))
"""Server errors that are an orderly refusal (RFC 9110 15.6)."""

_MARKUP = ("text/html", "application/xhtml", "image/svg", "text/xml", "application/xml")
_GRACE_S = 2.0


def turns_away(*preferred: int) -> Oracle:
    """Every request is refused: by one of these codes, or leniently by another refusal.

    A server error (500, 502 ...) is refusal by accident, and gives WARN.
    """

    def judge(record: Record) -> Finding:
        seen = outcomes_of(record, "attacker")
        if not seen:
            return unseen("no answer was witnessed")
        opinions = [_refusal(outcome, one, preferred) for outcome, one in seen]
        worst = max(opinions, key=lambda found: (found.verdict, not found.preferred))
        return worst if worst.kind else _counted(worst, len(seen))

    wanted = ", ".join(map(str, preferred)) or "any refusal"
    return NamedOracle(f"turns_away({wanted})", judge, refusal=True)


def answers_with(*marks: str) -> Oracle:
    """An honest request is answered with success, and what was asked for is in the answer."""

    def judge(record: Record) -> Finding:
        seen = outcomes_of(record, "attacker")
        if not seen:
            return unseen("no answer was witnessed")
        outcome, one = seen[-1]
        words = told(outcome, one)
        if not _succeeded(outcome, one):
            return failed(FailKind.WRONG_REASON, f"an honest request failed: {words}")
        missing = [mark for mark in marks if mark not in _marks(one)]
        if missing:
            return failed(FailKind.LOSS, f"{words}, but without {', '.join(missing)}")
        return passed(words, outcome=outcome)

    return NamedOracle(f"answers_with({', '.join(marks) or 'success'})", judge)


def gives_away_nothing(why: str) -> Oracle:
    """None of our marks comes back in any answer, and every request is answered or refused."""

    def judge(record: Record) -> Finding:
        seen = outcomes_of(record, "attacker")
        if not seen:
            return unseen("no answer was witnessed")
        for outcome, one in seen:
            if _marks(one):
                return failed(FailKind.LEAK, f"{why}: {told(outcome, one)} ({_marks(one)[0]})")
        return _none_hangs(seen)

    return NamedOracle(f"gives_away_nothing({why})", judge, refusal=True)


def answers_alike() -> Oracle:
    """Two requests get answers that cannot be told apart by code or by length (CWE-203)."""

    def judge(record: Record) -> Finding:
        seen = [one for _, one in outcomes_of(record, "attacker") if "code" in one.data]
        if len(seen) < 2:
            return unseen("fewer than two requests were answered")
        if any(_is_success(one) for one in seen):
            return failed(FailKind.ACCEPTED, f"not refused: {_worded(seen)}")
        codes = {one.data.get("code") for one in seen}
        lengths = {one.data.get("octets") for one in seen}
        words = _worded(seen)
        if len(codes) > 1 or len(lengths) > 1:
            return failed(FailKind.LEAK, f"told apart: {words}")
        return passed(words, outcome=Outcome.RESPONDED)

    return NamedOracle("answers_alike", judge, refusal=True)


def reads_one_message() -> Oracle:
    """What has two readings is refused, or read as one message: no second answer to it.

    Reads ``responses``: ``codes`` of the answers that came, ``open`` where the connection was
    still open at the end.
    """

    def judge(record: Record) -> Finding:
        seen = record.last("responses", "attacker")
        codes = seen.data.get("codes") if seen else None
        if seen is None or not isinstance(codes, list | tuple):
            return unseen("no answers were counted")
        words = f"answers {', '.join(map(str, codes)) or 'none'}"
        first = codes[0] if codes else None
        if len(codes) > 1:
            return failed(FailKind.ACCEPTED, f"one message was read as {len(codes)}: {words}")
        if seen.data.get("open"):
            if first is None:
                return failed(FailKind.HANG, "neither answered nor ended")
            if isinstance(first, int) and first < 400:
                return warned(f"taken, and the connection stayed open: {words}")
        refused = isinstance(first, int) and 400 <= first < 500
        return passed(words, preferred=refused, outcome=Outcome.RESPONDED if codes else None)

    return NamedOracle("reads_one_message", judge, refusal=True)


def escapes_markup() -> Oracle:
    """Markup of ours comes back escaped, or as something that no browser takes for markup."""

    def judge(record: Record) -> Finding:
        seen = outcomes_of(record, "attacker")
        if not any("code" in one.data for _, one in seen):
            return unseen("nothing was answered")
        for outcome, one in seen:
            fields = _fields(one)
            kind = fields.get("content-type", "").lower()
            sniffed = not kind and fields.get("x-content-type-options", "").lower() != "nosniff"
            if "markup" in _marks(one) and (sniffed or kind.startswith(_MARKUP)):
                return failed(
                    FailKind.LEAK, f"our markup is part of the page: {told(outcome, one)}"
                )
        return _none_hangs(seen)

    return NamedOracle("escapes_markup", judge)


def splits_no_header() -> Oracle:
    """A line break of ours begins no header line."""

    def judge(record: Record) -> Finding:
        seen = outcomes_of(record, "attacker")
        if not any("code" in one.data for _, one in seen):
            return unseen("nothing was answered")
        for outcome, one in seen:
            if any(mark.endswith("in the head") for mark in _marks(one)):
                return failed(FailKind.LEAK, f"our line stands in the head: {told(outcome, one)}")
        return _none_hangs(seen)

    return NamedOracle("splits_no_header", judge)


def admits_no_origin() -> Oracle:
    """No page of any origin may read answers with the user's credentials (CWE-942).

    An origin that is reflected with credentials fails; any origin without credentials gives WARN.
    """

    def judge(record: Record) -> Finding:
        seen = outcomes_of(record, "attacker")
        answered = [(outcome, one) for outcome, one in seen if "code" in one.data]
        if not answered:
            return unseen("nothing was answered")
        for outcome, one in answered:
            fields = _fields(one)
            origin = fields.get("access-control-allow-origin", "")
            trusted = fields.get("access-control-allow-credentials", "").lower() == "true"
            if "foreign" in _marks(one) or origin.endswith(".invalid"):
                words = f"the origin of a stranger is admitted: {told(outcome, one)}"
                return failed(FailKind.ACCEPTED, words) if trusted else warned(words)
        return passed(told(*answered[-1]), outcome=answered[-1][0])

    return NamedOracle("admits_no_origin", judge)


def says_what_it_sends() -> Oracle:
    """Every page with content says what it is, and forbids to guess (nosniff)."""

    def judge(record: Record) -> Finding:
        seen = [
            (outcome, one)
            for outcome, one in outcomes_of(record, "attacker")
            if "code" in one.data and one.data.get("octets")
        ]
        if not seen:
            return unseen("no answer had content")
        for outcome, one in seen:
            fields = _fields(one)
            if not fields.get("content-type"):
                return failed(FailKind.WRONG_REASON, f"no Content-Type: {told(outcome, one)}")
            if fields.get("x-content-type-options", "").lower() != "nosniff":
                return failed(FailKind.WRONG_REASON, f"no nosniff: {told(outcome, one)}")
        return passed(f"{len(seen)} answers say what they are", outcome=Outcome.RESPONDED)

    return NamedOracle("says_what_it_sends", judge)


def limits_web_results(fact: str = "web_max_results") -> Oracle:
    """One answer holds no more matches than claimed.

    Reads ``matches``: ``count`` of an answer, ``held`` (how many there are to be found).
    """

    def judge(record: Record) -> Finding:
        limit = record.number(fact, 0)
        seen = [one for one in record.of("matches") if isinstance(one.data.get("count"), int)]
        if not seen or not limit:
            return unseen("no answer was counted, or no limit is claimed")
        most = max(int(str(one.data["count"])) for one in seen)
        held = max(int(str(one.data.get("held", 0))) for one in seen)
        words = f"{most} of {held} matches in one answer (claimed limit {limit:g})"
        if most > limit:
            return failed(FailKind.RESOURCE, words)
        return passed(words) if held > limit else unseen(f"{words}: too few to tell")

    return NamedOracle("limits_web_results", judge)


def fetches_nothing() -> Oracle:
    """The device calls no address that stands in what it was sent (CWE-918).

    Reads ``fetched`` of the canary: ``ready`` (a call of ours was heard), ``calls`` of others.
    """

    def judge(record: Record) -> Finding:
        seen = record.last("fetched", "canary")
        if seen is None or not seen.data.get("ready"):
            return unseen("our listener did not hear us, so it would have heard nobody")
        calls = int(str(seen.data.get("calls", 0)))
        if calls:
            return failed(FailKind.ACCEPTED, f"the device called our address {calls} time(s)")
        return passed("nobody called our address")

    return NamedOracle("fetches_nothing", judge)


def changes_nothing() -> Oracle:
    """What was there is there as it was, and nothing else: a refusal has no effect.

    Reads ``effect``: ``what`` was looked for, ``changed``.
    """

    def judge(record: Record) -> Finding:
        seen = list(record.of("effect"))
        if not seen:
            return unseen("nobody looked for an effect")
        for one in seen:
            if one.data.get("changed"):
                return failed(FailKind.ACCEPTED, f"it took effect: {one.data.get('what')}")
        return passed(f"no effect: {seen[-1].data.get('what')}")

    return NamedOracle("changes_nothing", judge, refusal=True)


def serves_the_web() -> Oracle:
    """An honest web request is answered after the attack (and during it, where one was made).

    Reads ``served`` of the "polite" actor: ``ok``, ``after_s``.
    """

    def judge(record: Record) -> Finding:
        seen = list(record.of("served", "polite"))
        if not seen:
            return unseen("no polite peer asked")
        for one in seen:
            if not one.data.get("ok"):
                words = f"an honest web request was not served: {one.data.get('detail')}"
                return failed(FailKind.HANG, words)
        return passed(f"{len(seen)} honest web request(s) were served")

    return NamedOracle("serves_the_web", judge)


def gives_up_slow_requests(fact: str = "web_request_timeout_s") -> Oracle:
    """A request that does not come whole is given up within the claimed time."""

    def judge(record: Record) -> Finding:
        limit = record.number(fact, 0)
        seen = outcomes_of(record, "attacker")
        if not seen or not limit:
            return unseen("no outcome was witnessed, or no time is claimed")
        outcome, one = seen[-1]
        words = f"{told(outcome, one)} (claimed {limit:g} s)"
        after = one.data.get("after_s")
        if outcome is Outcome.TIMEOUT:
            return failed(FailKind.HANG, f"still waiting: {words}")
        if _is_success(one):
            return failed(FailKind.ACCEPTED, f"a part was taken for the whole: {words}")
        if isinstance(after, int | float) and after > limit + _GRACE_S:
            return failed(FailKind.SLOW, words)
        return passed(words, preferred=one.data.get("code") == 408, outcome=outcome)

    return NamedOracle("gives_up_slow_requests", judge, refusal=True)


def _refusal(outcome: Outcome, one: Observation, preferred: tuple[int, ...]) -> Finding:
    words, code = told(outcome, one), one.data.get("code")
    if outcome in REFUSALS:
        return passed(words, preferred=False, outcome=outcome)
    if outcome is Outcome.TIMEOUT:
        return failed(FailKind.HANG, f"neither answered nor ended: {words}")
    if outcome is not Outcome.RESPONDED or not isinstance(code, int):
        return failed(FailKind.WRONG_REASON, f"no HTTP: {words}", outcome=outcome)
    if 300 <= code < 500 or code in _UNAVAILABLE:
        strict = code in preferred or (not preferred and code >= 400)
        return passed(words, preferred=strict, outcome=outcome)
    if code >= 500:
        return warned(f"refused by an error of its own: {words}", outcome=outcome)
    return failed(FailKind.ACCEPTED, f"not refused: {words}", outcome=outcome)


def _counted(found: Finding, count: int) -> Finding:
    if count == 1:
        return found
    return Finding(
        verdict=found.verdict, reason=f"{count} requests, of them {found.reason}",
        preferred=found.preferred, outcome=found.outcome,
    )  # fmt: skip


def _none_hangs(seen: list[tuple[Outcome, Observation]]) -> Finding:
    for outcome, one in seen:
        if outcome is Outcome.TIMEOUT:
            return failed(FailKind.HANG, f"neither answered nor ended: {told(outcome, one)}")
    return passed(told(*seen[-1]), outcome=seen[-1][0])


def _succeeded(outcome: Outcome, one: Observation) -> bool:
    return outcome is Outcome.RESPONDED and _is_success(one)


def _is_success(one: Observation) -> bool:
    code = one.data.get("code")
    return isinstance(code, int) and 200 <= code < 300


def _marks(one: Observation) -> list[str]:
    marks = one.data.get("marks")
    return [str(mark) for mark in marks] if isinstance(marks, list | tuple) else []


def _fields(one: Observation) -> dict[str, str]:
    fields = one.data.get("fields")
    if not isinstance(fields, Mapping):
        return {}
    return {str(name): str(value) for name, value in fields.items()}


def _worded(seen: list[Observation]) -> str:
    return "; ".join(f"{one.data.get('detail')}, {one.data.get('octets')} octets" for one in seen)
