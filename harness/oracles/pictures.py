"""Oracles on what a device gives back of what was left with it: truth, refusal, or something else.

They read ``kept`` (how a C-STORE ended, ``taken``) and ``returned`` observations (how a C-GET
ended, and what came): see :mod:`simulators.retrieval`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from harness.model import Finding, Observation, Oracle, Record
from harness.oracles.base import NamedOracle, failed, passed, told, unseen
from harness.oracles.outcomes import REFUSALS
from harness.verdict import FailKind, Outcome

Opinion = Callable[[Observation], Finding]


def decodes_truly(*, may_wait: bool = False) -> Oracle:
    """A picture comes back decoded as it was sent; one that no decoder can trust may be refused.

    Octets that nobody sent, or pixels that differ each time, come out of memory that is not the
    picture's. What is cut or padded with zeros is a lenient pass where there is no one truth.

    Args:
        may_wait: Silence after the C-STORE is a lenient pass: the lie makes more octets due.
    """

    def opinion(seen: Observation) -> Finding:
        octets, foreign = seen.data.get("octets"), seen.data.get("foreign")
        if not isinstance(octets, int):
            return failed(FailKind.WRONG_REASON, "an object came back without decoded pixels")
        if isinstance(foreign, int) and foreign:
            first = seen.data.get("first_foreign")
            words = f"{foreign} of {octets} octets of the pixels were never sent: {first}"
            return failed(FailKind.LEAK, words)
        exact = seen.data.get("exact")
        words = "as it was sent" if exact else "with nothing strange in it"
        return passed(f"{octets} octets came back {words}", preferred=bool(exact))

    def judge(record: Record) -> Finding:
        found = _of_what_came(record, opinion, may_wait=may_wait)
        returned = record.of("returned", "attacker")
        prints = {str(seen.data["digest"]) for seen in returned if seen.data.get("digest")}
        if len(prints) > 1 and found.kind is None:
            words = "the same picture came back twice with different pixels"
            return failed(FailKind.LEAK, words)
        return found

    return NamedOracle(f"decodes_truly({'waits' if may_wait else ''})", judge)


def gives_back_truly() -> Oracle:
    """An honest picture comes back, sample for sample: what every positive twin must do."""

    def judge(record: Record) -> Finding:
        returned = list(record.of("returned", "attacker"))
        if not returned:
            kept = record.last("kept", "attacker")
            if kept is None:
                return unseen("nobody left a picture")
            words = told(Outcome(str(kept.data.get("outcome"))), kept)
            return failed(FailKind.WRONG_REASON, f"an honest picture was not taken: {words}")
        for seen in returned:
            words = told(Outcome(str(seen.data.get("outcome"))), seen)
            if not seen.data.get("objects"):
                return failed(FailKind.LOSS, f"an honest picture did not come back: {words}")
            if not seen.data.get("exact"):
                return failed(FailKind.LOSS, f"an honest picture came back changed: {words}")
        return passed("came back sample for sample", outcome=Outcome.RESPONDED)

    return NamedOracle("gives_back_truly", judge)


def keeps_exactly(*, but: str = "") -> Oracle:
    """What was taken comes back value for value; what a device will not keep so, it refuses.

    Reads ``changed`` of ``returned``: the elements whose value is another one.

    Args:
        but: Tag of the element that is malformed itself, so that mending it is a lenient pass.
    """

    def opinion(seen: Observation) -> Finding:
        changed = seen.data.get("changed")
        if not isinstance(changed, list | tuple):
            return unseen("nobody compared what came back")
        if any(tag != but for tag in changed):
            shown = ", ".join(str(each) for each in changed[:4])
            return failed(FailKind.LOSS, f"came back with other values: {shown}")
        if changed:
            return passed("came back, its malformed text mended", preferred=False)
        return passed("came back value for value")

    shown = f"but {but}" if but else ""
    return NamedOracle(f"keeps_exactly({shown})", lambda record: _of_what_came(record, opinion))


def _of_what_came(record: Record, opinion: Opinion, *, may_wait: bool = False) -> Finding:
    """Judge each object that was left, the worst first; names say which one it was."""
    every = list(record.of("kept", "attacker"))
    if not every:
        return unseen("nobody saw whether the object was taken")
    returned = list(record.of("returned", "attacker"))
    found: list[Finding] = []
    for kept in every:
        name = kept.data.get("name")
        came = [seen for seen in returned if seen.data.get("name", "") == name]
        one = _of_one(kept, came, opinion, may_wait=may_wait)
        found.append(replace(one, reason=f"{name}: {one.reason}") if name else one)
    return max(found, key=lambda each: (each.verdict, not each.preferred))


def _of_one(
    kept: Observation, returned: Sequence[Observation], opinion: Opinion, *, may_wait: bool
) -> Finding:
    """Judge each retrieval of one object; before that, whether it was taken at all."""
    if may_wait and kept.data.get("outcome") == Outcome.TIMEOUT.value:
        return passed("the device waited for octets that never came", preferred=False)
    if not kept.data.get("taken"):
        return _refused(kept, "the object was")
    if not returned:
        return unseen("nobody asked for the object again")
    found = [_of_return(seen, opinion) for seen in returned]
    return max(found, key=lambda each: (each.verdict, not each.preferred))


def _of_return(seen: Observation, opinion: Opinion) -> Finding:
    if not seen.data.get("objects"):
        return _not_given(seen)
    if seen.data.get("another"):
        # Whether a device mixes objects up is a matter of its own, and not of what this one says.
        return unseen("another object came back under its UID")
    return opinion(seen)


def _not_given(seen: Observation) -> Finding:
    succeeded = seen.data.get("outcome") == Outcome.RESPONDED.value and not seen.data.get("status")
    if succeeded and not seen.data.get("failures"):
        # An archive that no longer knows what it has acknowledged has lost it.
        return failed(FailKind.LOSS, "success was answered, and no object came")
    return _refused(seen, "its retrieval was")


def _refused(seen: Observation, what: str) -> Finding:
    outcome = Outcome(str(seen.data.get("outcome")))
    words = told(outcome, seen)
    if outcome is Outcome.TIMEOUT:
        return failed(FailKind.HANG, f"{what} neither served nor refused: {words}")
    if outcome is Outcome.ACCEPTED:
        return failed(FailKind.RESOURCE, f"{what} answered without end: {words}")
    if outcome is Outcome.RESPONDED or outcome in REFUSALS:
        orderly = outcome in (Outcome.RESPONDED, Outcome.ABORTED)
        return passed(f"{what} refused: {words}", preferred=orderly, outcome=outcome)
    return failed(FailKind.WRONG_REASON, f"{what} answered by something else: {words}")
