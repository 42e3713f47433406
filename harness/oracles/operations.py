"""Oracles on operations that are cancelled, repeated or asked for ahead of their turn.

They read ``search`` observations (see :mod:`.queries`), and ``tally``: how often each message
number was ``sent`` and ``answered`` by a final response (pairs of number and times), how many
responses were to ``strange`` numbers, how it ended (``outcome``), and ``quiet_s``: how long the
device had said nothing before that.
"""

from __future__ import annotations

from collections import Counter

from harness.model import JSON, Finding, Observation, Oracle, Record
from harness.oracles.base import NamedOracle, failed, passed, unseen
from harness.oracles.outcomes import REFUSALS
from harness.verdict import FailKind, Outcome

_CANCELLED = 0xFE00
_TOO_SOON_S = 0.005
_QUIET_S = 2.0
_ENDED = frozenset(one.value for one in REFUSALS)


def goes_on_undisturbed() -> Oracle:
    """A query answers the same whether or not somebody cancels what is not theirs to cancel.

    Compares the "unknown" (C-CANCEL of an unknown number on the same association) or "elsewhere"
    search (the number is right, the association is not) with the "honest" one. A device may end
    the association that named an unknown number (lenient), but not that of somebody else.
    """

    def judge(record: Record) -> Finding:
        honest = _search(record, "honest")
        seen = _search(record, "unknown") or _search(record, "elsewhere")
        if honest is None or seen is None or not honest.data.get("found"):
            return unseen("no query with matches was made, and none cancelled by somebody else")
        words = _compared(seen, honest)
        if seen.data.get("outcome") in _ENDED:
            if seen.data.get("form") == "unknown":
                return passed(f"the association that sent it ended: {words}", preferred=False)
            return failed(FailKind.WRONG_REASON, f"ended by another association: {words}")
        if seen.data.get("outcome") == Outcome.TIMEOUT.value:
            return failed(FailKind.HANG, f"no end: {words}")
        if seen.data.get("status") == _CANCELLED:
            return failed(FailKind.ACCEPTED, f"cancelled by what did not name it: {words}")
        if seen.data.get("answer") != honest.data.get("answer"):
            return failed(FailKind.LOSS, f"not the same matches: {words}")
        return passed(words)

    return NamedOracle("goes_on_undisturbed", judge)


def stops_when_cancelled(least: int) -> Oracle:
    """A query that matches at least so much ends early when it is cancelled at the first match.

    Compares the "cancelled" search with the "honest" one. FE00H is the strict pass; any end before
    the last match passes, and so does one that comes as soon as the C-CANCEL can have arrived.
    """

    def judge(record: Record) -> Finding:
        honest, seen = _search(record, "honest"), _search(record, "cancelled")
        if honest is None or seen is None:
            return unseen("no query was cancelled")
        existing, found = _number(honest, "found"), _number(seen, "found")
        if existing < least:
            return unseen(f"{existing} match(es) are too few to tell ({least} are needed)")
        words = _compared(seen, honest)
        if seen.data.get("outcome") == Outcome.TIMEOUT.value:
            return failed(FailKind.HANG, f"no end: {words}")
        if seen.data.get("status") == _CANCELLED:
            return passed(words)
        rest = seen.data.get("rest_s")
        if found >= existing and isinstance(rest, int | float) and rest < _TOO_SOON_S:
            return passed(f"over too soon for a cancel to be noticed: {words}", preferred=False)
        if found >= existing:
            return failed(FailKind.RESOURCE, f"every match came after the cancel: {words}")
        return passed(words, preferred=False)

    return NamedOracle(f"stops_when_cancelled({least} matches)", judge)


def answers_each_once() -> Oracle:
    """Every request gets exactly one final response, or the association is ended at once.

    One that is ended only after a long silence was forgotten: a timer ended it, not the excess.
    """

    def judge(record: Record) -> Finding:
        seen = record.last("tally")
        if seen is None:
            return unseen("no request was sent ahead")
        sent, answered = _counted(seen, "sent"), _counted(seen, "answered")
        lost, surplus = sent - answered, answered - sent
        words = f"{answered.total()} answers to {sent.total()} requests"
        if not sent:
            return unseen("no request was sent ahead")
        if surplus or seen.data.get("strange"):
            number = next(iter(surplus), "strange")
            return failed(FailKind.LOSS, f"{words}, too many to message {number}")
        quiet = seen.data.get("quiet_s")
        late = isinstance(quiet, int | float) and quiet > _QUIET_S
        if seen.data.get("outcome") in _ENDED and not (lost and late):
            return passed(f"{words}, then the association ended", preferred=False)
        if lost:
            return failed(FailKind.LOSS, f"{words}, none to message {next(iter(lost))}")
        return passed(words)

    return NamedOracle("answers_each_once", judge)


def _search(record: Record, form: str) -> Observation | None:
    found = None
    for seen in record.of("search"):
        if seen.data.get("form") == form:
            found = seen
    return found


def _compared(seen: Observation, honest: Observation) -> str:
    status = seen.data.get("status")
    ending = f"status {status:04X}H" if isinstance(status, int) else str(seen.data.get("outcome"))
    return f"{seen.data.get('found')} of {honest.data.get('found')} match(es), {ending}"


def _number(seen: Observation, key: str) -> int:
    value = seen.data.get(key)
    return value if isinstance(value, int) else 0


def _counted(seen: Observation, key: str) -> Counter[int]:
    pairs: JSON = seen.data.get(key)
    counted: Counter[int] = Counter()
    for pair in pairs if isinstance(pairs, list | tuple) else ():
        if isinstance(pair, list | tuple) and len(pair) == 2:
            counted[int(str(pair[0]))] += int(str(pair[1]))
    return counted
