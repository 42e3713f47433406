"""Oracles on what web services answer: who is served, and what an answer tells.

They read ``outcome`` observations that carry ``what`` (the request in words), ``code`` (HTTP
status), ``fields`` (some header fields, lower case), ``marks`` (which of our marks came back),
``octets`` and ``tagged`` (the content begins with a tag).
"""

from __future__ import annotations

from harness.model import Finding, Observation, Oracle, Record
from harness.oracles.base import NamedOracle, failed, outcomes_of, passed, told, unseen, warned
from harness.oracles.outcomes import REFUSALS
from harness.oracles.web_answers import fields_of, is_success, marks_of, none_hangs, succeeded
from harness.verdict import FailKind, Outcome

_UNAVAILABLE = frozenset((501, 503, 505, 507))
"""Server errors that are an orderly refusal (RFC 9110 15.6)."""

_MARKUP = ("text/html", "application/xhtml", "image/svg", "text/xml", "application/xml")


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
        if not succeeded(outcome, one):
            return failed(FailKind.WRONG_REASON, f"an honest request failed: {words}")
        missing = [mark for mark in marks if mark not in marks_of(one)]
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
            if marks_of(one):
                return failed(FailKind.LEAK, f"{why}: {told(outcome, one)} ({marks_of(one)[0]})")
        return none_hangs(seen)

    return NamedOracle(f"gives_away_nothing({why})", judge, refusal=True)


def answers_alike() -> Oracle:
    """Two requests get answers that cannot be told apart by code or by length (CWE-203)."""

    def judge(record: Record) -> Finding:
        seen = [one for _, one in outcomes_of(record, "attacker") if "code" in one.data]
        if len(seen) < 2:
            return unseen("fewer than two requests were answered")
        if any(is_success(one) for one in seen):
            return failed(FailKind.ACCEPTED, f"not refused: {_worded(seen)}")
        codes = {str(one.data.get("code")) for one in seen}
        lengths = {str(one.data.get("octets")) for one in seen}
        words = _worded(seen)
        if len(codes) > 1 or len(lengths) > 1:
            return failed(FailKind.LEAK, f"told apart: {words}")
        return passed(words, outcome=Outcome.RESPONDED)

    return NamedOracle("answers_alike", judge, refusal=True)


def escapes_markup() -> Oracle:
    """Markup of ours comes back escaped, or as something that no browser takes for markup."""

    def judge(record: Record) -> Finding:
        seen = outcomes_of(record, "attacker")
        if not any("code" in one.data for _, one in seen):
            return unseen("nothing was answered")
        for outcome, one in seen:
            fields = fields_of(one)
            kind = fields.get("content-type", "").lower()
            guessed = not kind and fields.get("x-content-type-options", "").lower() != "nosniff"
            # Browsers take for a page what begins as one (WHATWG MIME Sniffing 7.1).
            sniffed = guessed and bool(one.data.get("tagged"))
            if "markup" in marks_of(one) and (sniffed or kind.startswith(_MARKUP)):
                return failed(
                    FailKind.LEAK, f"our markup is part of the page: {told(outcome, one)}"
                )
        return none_hangs(seen)

    return NamedOracle("escapes_markup", judge)


def splits_no_header() -> Oracle:
    """A line break of ours begins no header line."""

    def judge(record: Record) -> Finding:
        seen = outcomes_of(record, "attacker")
        if not any("code" in one.data for _, one in seen):
            return unseen("nothing was answered")
        for outcome, one in seen:
            if any(mark.endswith("in the head") for mark in marks_of(one)):
                return failed(FailKind.LEAK, f"our line stands in the head: {told(outcome, one)}")
        return none_hangs(seen)

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
            fields = fields_of(one)
            origin = fields.get("access-control-allow-origin", "")
            trusted = fields.get("access-control-allow-credentials", "").lower() == "true"
            if "foreign" in marks_of(one) or origin.endswith(".invalid"):
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
            fields = fields_of(one)
            if not fields.get("content-type"):
                return failed(FailKind.WRONG_REASON, f"no Content-Type: {told(outcome, one)}")
            if fields.get("x-content-type-options", "").lower() != "nosniff":
                return failed(FailKind.WRONG_REASON, f"no nosniff: {told(outcome, one)}")
        return passed(f"{len(seen)} answers say what they are", outcome=Outcome.RESPONDED)

    return NamedOracle("says_what_it_sends", judge)


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


def _worded(seen: list[Observation]) -> str:
    return "; ".join(f"{one.data.get('detail')}, {one.data.get('octets')} octets" for one in seen)
