"""Oracles on what strangers learn: which title was wrong, how often they may guess, what exists.

They read ``guess`` observations (``wrong``, ``outcome``, ``answer``: codes of a rejection as
"1/1/3", ``seconds``) and ``search`` observations as in :mod:`.queries`.
"""

from __future__ import annotations

import statistics

from harness.model import Finding, Observation, Oracle, Record
from harness.oracles.base import NamedOracle, failed, outcomes_of, passed, told, unseen, warned
from harness.oracles.outcomes import REFUSALS
from harness.verdict import FailKind, Outcome

_REFUSED = frozenset(one.value for one in REFUSALS)
_SOON_S = 1.0
_CLEARLY_S = 0.005
_TIMES = 3.0


def refuses_alike() -> Oracle:
    """Wrong AE titles are refused in one way, whichever of them is wrong (CWE-203)."""

    def judge(record: Record) -> Finding:
        seen = list(record.of("guess"))
        if not {"calling", "called"} <= {str(one.data.get("wrong")) for one in seen}:
            return unseen("not both of the titles were guessed")
        for one in seen:
            if one.data.get("outcome") not in _REFUSED:
                return failed(FailKind.ACCEPTED, f"not refused: {_worded(one)}")
        ways = {f"{one.data.get('outcome')} {one.data.get('answer')}" for one in seen}
        words = "; ".join(_worded(one) for one in seen)
        return passed(words) if len(ways) == 1 else failed(FailKind.LEAK, words)

    return NamedOracle("refuses_alike", judge, refusal=True)


def throttles_guesses() -> Oracle:
    """After the claimed number of wrong titles no further one is judged (CWE-307).

    Reads the fact ``guess_limit``. Judged is a guess that is rejected for good (result 1) at once;
    turned away for the moment, closed, aborted, ignored and delayed are all ways to throttle.
    """

    def judge(record: Record) -> Finding:
        seen, limit = list(record.of("guess")), record.number("guess_limit", 0)
        if not seen or not limit:
            return unseen("nobody guessed, or no limit is claimed")
        taken = [one for one in seen if one.data.get("outcome") == Outcome.ACCEPTED.value]
        if taken:
            return failed(FailKind.ACCEPTED, f"not refused: {_worded(taken[0])}")
        judged = sum(_is_judged(one) for one in seen)
        words = f"{judged} of {len(seen)} guesses were judged (claimed limit {limit:g})"
        if not judged:
            return unseen(f"{words}, so that nothing was there to be throttled")
        if judged > limit:
            return failed(FailKind.ACCEPTED, words)
        return passed(words) if len(seen) > limit else unseen(f"{words}: too few guesses")

    return NamedOracle("throttles_guesses", judge, refusal=True)


def limits_enumeration() -> Oracle:
    """Queries that say less than is claimed find nothing, where an honest one does (CWE-359)."""

    def judge(record: Record) -> Finding:
        honest = [one for one in record.of("search") if one.data.get("form") == "honest"]
        broad = [one for one in record.of("search") if one.data.get("form") == "broad"]
        if not broad or not any(one.data.get("found") for one in honest):
            return unseen("no query found what was stored, so that none had anything to give away")
        for one in broad:
            words = f"{one.data.get('name')} {one.data.get('text')!r}"
            if one.data.get("found"):
                return failed(FailKind.LEAK, f"{words} finds {one.data.get('found')} match(es)")
            if one.data.get("outcome") == Outcome.TIMEOUT.value:
                return failed(FailKind.HANG, f"{words} is not answered")
        return passed(f"{len(broad)} queries that say too little find nothing")

    return NamedOracle("limits_enumeration", judge, refusal=True)


def tells_nothing_of_existence() -> Oracle:
    """Whoever may not ask hears the same of what exists and of what does not (CWE-203, CWE-208).

    Reads "existing" and "random" searches; a stranger that is not let in can ask nothing. A clear
    difference of the median times is a WARN: what else the device does can cause it.
    """

    def judge(record: Record) -> Finding:
        existing, random = _asked(record, "existing"), _asked(record, "random")
        if not existing or not random:
            for outcome, seen in outcomes_of(record, "attacker"):
                nobody = outcome is Outcome.RELEASED and seen.data.get("contexts") == 0
                if outcome in REFUSALS or nobody:
                    return passed(f"not let in to ask: {told(outcome, seen)}", outcome=outcome)
            return unseen("no stranger asked")
        ways, others = ({_way(one) for one in every} for every in (existing, random))
        if ways != others:
            words = f"of what exists {_list(ways)}, of what does not {_list(others)}"
            return failed(FailKind.LEAK, words)
        mine, theirs = _median_s(existing), _median_s(random)
        words = (
            f"{len(existing)} pairs: {_list(ways)}; medians {mine * 1e3:.1f}, {theirs * 1e3:.1f} ms"
        )
        clear = abs(mine - theirs) > _CLEARLY_S and max(mine, theirs) > _TIMES * min(mine, theirs)
        return warned(f"the times differ, {words}") if clear else passed(words)

    return NamedOracle("tells_nothing_of_existence", judge, refusal=True)


def _is_judged(seen: Observation) -> bool:
    seconds = seen.data.get("seconds")
    soon = isinstance(seconds, int | float) and seconds < _SOON_S
    return str(seen.data.get("answer")).startswith("1/") and soon


def _worded(seen: Observation) -> str:
    answer = f" {seen.data.get('answer')}" if seen.data.get("answer") else ""
    return f"{seen.data.get('wrong')} wrong: {seen.data.get('outcome')}{answer}"


def _asked(record: Record, form: str) -> list[Observation]:
    return [one for one in record.of("search") if one.data.get("form") == form]


def _way(seen: Observation) -> str:
    status = seen.data.get("status")
    ending = f"{status:04X}H" if isinstance(status, int) else str(seen.data.get("outcome"))
    return f"{ending} with {seen.data.get('found')} match(es)"


def _list(ways: set[str]) -> str:
    return ", ".join(sorted(ways)[:3])


def _median_s(every: list[Observation]) -> float:
    values = [one.data.get("seconds") for one in every]
    return statistics.median(
        [float(one) for one in values if isinstance(one, int | float)] or [0.0]
    )
