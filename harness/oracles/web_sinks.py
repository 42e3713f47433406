"""Oracles on what a web server writes of our values for other programs: JSON, XML, tables.

They read ``written``: ``form``, ``code``, ``valid`` and ``fault``, ``wrong`` (values that came as
something else) and ``right`` (how many came as they were sent).
"""

from __future__ import annotations

from harness.model import Finding, Observation, Oracle, Record
from harness.oracles.base import NamedOracle, failed, outcomes_of, passed, unseen
from harness.verdict import FailKind, Outcome


def writes_validly(*, honest: bool = False) -> Oracle:
    """What is written is well-formed, and holds our values as they are.

    An object that was not taken is not written either, and a server that refuses to write it says
    nothing wrong; neither will do for an honest one.

    Args:
        honest: Values must have come, and all of them right.
    """

    def judge(record: Record) -> Finding:
        if (found := _unwritten(record, honest=honest)) is not None:
            return found
        for seen in _written(record):
            form = seen.data.get("form")
            if not seen.data.get("valid"):
                words = f"what is sent as {form} is none: {seen.data.get('fault')}"
                return failed(FailKind.WRONG_REASON, words)
            wrong = seen.data.get("wrong")
            if isinstance(wrong, list | tuple) and wrong:
                return failed(FailKind.LOSS, f"{form}: {wrong[0]}")
        right = sum(int(str(seen.data.get("right", 0))) for seen in _written(record))
        if honest and not right:
            return failed(FailKind.LOSS, "nothing of an honest object is written")
        words = f"well-formed, {right} value(s) as they were sent"
        return passed(words, preferred=bool(right), outcome=Outcome.RESPONDED)

    return NamedOracle(f"writes_validly({'honest' if honest else ''})", judge)


def exports_no_formula() -> Oracle:
    """No cell with a text of ours begins with a sign that makes it a formula (CWE-1236).

    A table without anything of ours says nothing.
    """

    def judge(record: Record) -> Finding:
        if (found := _unwritten(record, honest=True)) is not None:
            return found
        seen = _written(record)[-1]
        if not seen.data.get("right"):
            return unseen("the table holds nothing of what was stored")
        wrong = seen.data.get("wrong")
        if isinstance(wrong, list | tuple) and wrong:
            words = f"{len(wrong)} cell(s) begin as a formula: {wrong[0]!r}"
            return failed(FailKind.ACCEPTED, words)
        return passed(f"{seen.data.get('right')} cell(s) of ours, none of them a formula")

    return NamedOracle("exports_no_formula", judge)


def _written(record: Record) -> list[Observation]:
    return [seen for seen in record.of("written", "attacker") if seen.data.get("code") == 200]


def _unwritten(record: Record, *, honest: bool) -> Finding | None:
    """A finding where nothing was written."""
    every = outcomes_of(record, "attacker")
    if not every:
        return unseen("no answer was witnessed")
    if any(outcome is Outcome.TIMEOUT for outcome, _ in every):
        return failed(FailKind.HANG, "neither answered nor ended")
    if _written(record):
        return None
    asked = record.last("written", "attacker")
    if asked is None:
        return unseen("nobody asked for it") if honest else passed("the object was not taken")
    words = f"not written: HTTP {asked.data.get('code')}"
    if honest:
        return failed(FailKind.WRONG_REASON, words)
    return passed(words, preferred=False)
