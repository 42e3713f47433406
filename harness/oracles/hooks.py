"""Oracle on the command that a device runs for received objects: values are data, not words."""

from __future__ import annotations

from harness.model import Finding, Observation, Oracle, Record
from harness.oracles.base import NamedOracle, failed, passed, unseen
from harness.verdict import FailKind


def hook_sees_values(*, honest: bool = False) -> Oracle:
    """No value of the peer is carried out; the command sees it as it came, or it is refused.

    Reads ``hooked`` observations, one for each value that was sent: ``value`` and ``text``; whether
    the object was ``taken``, the command was ``heard`` of, it saw the text ``literal``, and a shell
    made the ``marker``. A changed value, and a command that is not called, are lenient passes.

    Args:
        honest: The values are plain ones: each must be taken and seen as it came.
    """

    def judge(record: Record) -> Finding:
        seen = list(record.of("hooked"))
        if not seen:
            return unseen("nothing was sent to the command")
        carried_out = [_named(each) for each in seen if each.data.get("marker")]
        if carried_out:
            return failed(FailKind.ACCEPTED, f"a shell carried out {', '.join(carried_out)}")
        odd = [each for each in seen if not _strict(each, honest=honest)]
        words = ", ".join(f"{_named(each)} {_fate(each)}" for each in odd)
        words = words or f"{len(seen)} value(s) refused, or seen as they came"
        if odd and honest:
            return failed(FailKind.WRONG_REASON, words)
        return passed(words, preferred=not odd)

    return NamedOracle(f"hook_sees_values({'honest' if honest else ''})", judge, refusal=True)


def _strict(seen: Observation, *, honest: bool) -> bool:
    refused = not seen.data.get("taken")
    return bool(seen.data.get("literal")) or (refused and not honest)


def _named(seen: Observation) -> str:
    return f"{seen.data.get('value')}={str(seen.data.get('text'))[:80]!r}"


def _fate(seen: Observation) -> str:
    if not seen.data.get("taken"):
        return "was refused"
    if not seen.data.get("heard"):
        return "was taken, and the command not called"
    return "came as it is" if seen.data.get("literal") else "came altered"
