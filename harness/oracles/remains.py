"""Oracles on what is left: of a transfer that was cut off, of an object that was rejected."""

from __future__ import annotations

from harness.model import Finding, Oracle, Record
from harness.oracles.base import NamedOracle, failed, outcomes_of, passed, told, unseen
from harness.oracles.outcomes import REFUSALS
from harness.verdict import FailKind, Outcome

_FILES = "files"


def leaves_nothing() -> Oracle:
    """Of a transfer that was cut off nothing is listed, retrievable or on the disc (PS3.4 B.2.3).

    Reads ``traces`` observations, one for each way of looking (``how``): ``found`` counts what is
    there of the transfer, ``control`` what is there of an object that was stored after it. A way
    that does not show the control object is no witness.
    """

    def judge(record: Record) -> Finding:
        ways: list[str] = []
        for seen in record.of("traces"):
            how, found, control = (seen.data.get(key) for key in ("how", "found", "control"))
            if not isinstance(found, int) or not isinstance(control, int):
                continue
            if found and how == _FILES:
                words = f"{found} file(s) with a part of it stayed in the storage folder"
                return failed(FailKind.RESOURCE, words)
            if found:
                return failed(FailKind.ACCEPTED, f"taken for an object: {how} shows it")
            if control:
                ways.append(str(how))
        if not ways:
            return unseen("nobody could look: no way shows even what was stored honestly")
        return passed(f"nothing of it is there ({', '.join(ways)})")

    return NamedOracle("leaves_nothing", judge, refusal=True)


def withdraws_nothing() -> Oracle:
    """An object that somebody without the right has asked to withdraw is still served.

    Reads the last ``withdrawn`` observation (``gone``) and the attacker's last outcome. A note that
    is taken without effect is a lenient pass: its sender may believe that it had one.
    """

    def judge(record: Record) -> Finding:
        seen, outcomes = record.last("withdrawn"), outcomes_of(record, "attacker")
        if seen is None or not outcomes:
            return unseen("nobody looked for the object")
        outcome, answer = outcomes[-1]
        if outcome is Outcome.TIMEOUT:
            return failed(FailKind.HANG, f"neither answer nor ending: {told(outcome, answer)}")
        words = f"the note was answered {told(outcome, answer)}"
        if seen.data.get("gone"):
            return failed(FailKind.LOSS, f"the object is gone: {words}")
        refused = outcome in REFUSALS or outcome is Outcome.RELEASED
        refused |= bool(answer.data.get("status"))
        return passed(f"the object is there: {words}", preferred=refused, outcome=outcome)

    return NamedOracle("withdraws_nothing", judge, refusal=True)


def withdraws_what_it_names() -> Oracle:
    """An object that somebody with the right has asked to withdraw is no longer served.

    Reads the last ``withdrawn`` observation.
    """

    def judge(record: Record) -> Finding:
        seen = record.last("withdrawn")
        if seen is None:
            return unseen("nobody looked for the object")
        if not seen.data.get("gone"):
            return failed(FailKind.WRONG_REASON, "the object is served as before")
        return passed("the object is no longer served")

    return NamedOracle("withdraws_what_it_names", judge)
