"""Oracles on a device that reads files: how it ended, what it cost, what it touched and said.

All read ``reading`` observations: ``outcome``, ``detail``, ``crash`` (evidence, in words),
``timed_out``, ``stopped`` (what we ended it for), ``duration_s``, ``growth_bytes``, ``opened``,
``baited``, ``outside``, ``control``, ``lie``. The worst of a play's readings decides.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from harness.model import Finding, Observation, Oracle, Record
from harness.oracles.base import NamedOracle, failed, passed, unseen, warned
from harness.verdict import FailKind, Outcome

_MIB = 1 << 20

_Look = Callable[[Record, Observation], Finding]


def reads() -> Oracle:
    """An honest file is read, and the program has opened it: what every reader's twin must do."""

    def look(_record: Record, seen: Observation) -> Finding:
        words = _words(seen)
        if bad := ended_badly(seen):
            return bad
        if seen.data.get("outcome") != Outcome.RESPONDED.value:
            return failed(FailKind.WRONG_REASON, f"an honest file was not read: {words}")
        if seen.data.get("opened") is False:
            return unseen(f"it never opened the file, so that its success says nothing: {words}")
        return passed(words, outcome=Outcome.RESPONDED)

    return _each("reads", look)


def survives_reading() -> Oracle:
    """The program ends by itself and in order: no crash, no hang, nothing that exhausts us."""

    def look(_record: Record, seen: Observation) -> Finding:
        return ended_badly(seen) or _in_order(seen)

    return _each("survives_reading", look)


def refuses_reading(*, must: bool = True) -> Oracle:
    """The file is refused, by exit code or in words; reading it is a FAIL, or a WARN.

    Args:
        must: Whether reading it is a FAIL.
    """

    def look(_record: Record, seen: Observation) -> Finding:
        if bad := ended_badly(seen):
            return bad
        if seen.data.get("outcome") != Outcome.RESPONDED.value:
            return _in_order(seen)
        words = f"read as if nothing were wrong: {_words(seen)}"
        return failed(FailKind.ACCEPTED, words) if must else warned(words)

    name = "refuses_reading" if must else "refuses_reading(should)"
    return _each(name, look, refusal=True)


def refuses_or_reads_within(seconds: float, memory_bytes: int) -> Oracle:
    """The program ends by itself within bounds of time and of memory beyond an honest file's.

    A lower limit of memory that the profile claims takes the place of the one given.
    """

    def look(record: Record, seen: Observation) -> Finding:
        growth, took = seen.data.get("growth_bytes"), seen.data.get("duration_s")
        bound = min(float(memory_bytes), record.number("reader_max_memory", memory_bytes))
        if not isinstance(growth, int | float) or not isinstance(took, int | float):
            return unseen("time and memory were not measured")
        if growth > bound:
            words = f"took {growth / _MIB:.0f} MiB more than an honest file"
            return failed(FailKind.RESOURCE, f"{words} (bound {bound / _MIB:.0f} MiB)")
        if bad := ended_badly(seen):
            return bad
        if took > seconds:
            return failed(FailKind.SLOW, f"took {took:.1f} s (bound {seconds:g} s)")
        return _in_order(seen)

    name = f"refuses_or_reads_within({seconds:g} s, {memory_bytes / _MIB:g} MiB)"
    return _each(name, look)


def plants_nothing() -> Oracle:
    """Nothing is created, changed or deleted but in the folders that it may write to."""

    def look(_record: Record, seen: Observation) -> Finding:
        outside = seen.data.get("outside")
        if not isinstance(outside, list | tuple):
            return unseen("the file system was not observed")
        if outside:
            shown = ", ".join(ascii(path) for path in outside[:5])
            return failed(FailKind.LEAK, f"changed outside its folders: {shown}")
        return passed(f"nothing changed outside its folders; {_words(seen)}")

    return _each("plants_nothing", look)


def stays_in_the_folder() -> Oracle:
    """Of all that lies outside the medium, the program opens nothing."""

    def look(_record: Record, seen: Observation) -> Finding:
        baited = seen.data.get("baited")
        if not isinstance(baited, bool):
            return unseen("the file system does not tell what was opened")
        if baited:
            return failed(FailKind.LEAK, f"opened a file outside the medium; {_words(seen)}")
        return passed(f"opened nothing outside the medium; {_words(seen)}")

    return _each("stays_in_the_folder", look)


def prints_no_control_bytes() -> Oracle:
    """The output holds no control character that a terminal would obey."""

    def look(_record: Record, seen: Observation) -> Finding:
        control = seen.data.get("control")
        if not isinstance(control, list | tuple):
            return unseen("nobody saw the output")
        if control:
            return failed(FailKind.LEAK, f"printed control characters: {control[0]}")
        return passed(f"printed no control character; {_words(seen)}")

    return _each("prints_no_control_bytes", look)


def _each(name: str, look: _Look, *, refusal: bool = False) -> Oracle:
    """The worst finding on the readings that matter: those of lies, or all of an honest play."""

    def judge(record: Record) -> Finding:
        seen = list(record.of("reading"))
        lies = [one for one in seen if one.data.get("lie")] or seen
        if not lies:
            return unseen("nothing was read")
        found = [look(record, one) for one in lies]
        return max(found, key=lambda one: (one.verdict, not one.preferred))

    return NamedOracle(name, judge, refusal=refusal)


def ended_badly(seen: Observation) -> Finding | None:
    """A crash, a hang, or what we had to end for our own sake; None when it ended by itself."""
    crash, stopped = seen.data.get("crash"), seen.data.get("stopped")
    if isinstance(crash, list | tuple) and crash:
        return failed(FailKind.CRASH, f"crashed: {_listed(crash)}")
    if seen.data.get("timed_out"):
        return failed(FailKind.HANG, f"did not end: {seen.data.get('detail')}")
    if stopped == "cancelled":
        return unseen("the play was ended before the program did")
    if stopped:
        return failed(FailKind.RESOURCE, f"{seen.data.get('detail')}")
    return None


def _in_order(seen: Observation) -> Finding:
    outcome = Outcome(str(seen.data.get("outcome")))
    if outcome is Outcome.CLOSED:
        return warned(f"ended in a way that its profile does not explain: {_words(seen)}")
    return passed(_words(seen), outcome=outcome)


def _words(seen: Observation) -> str:
    verb = "read" if seen.data.get("outcome") == Outcome.RESPONDED.value else "not read"
    return f"{verb} ({seen.data.get('detail')})"


def _listed(crash: Sequence[object]) -> str:
    return "; ".join(str(one) for one in crash)
