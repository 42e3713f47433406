"""Oracles on a program that de-identifies: what it left of a patient, and what it says that it did.

``deidentified`` observations tell what became of each file: ``outcome``, ``detail``, ``files``,
``readable``, ``leaks`` (each with ``channel``, ``place``, ``action``, ``decides``), ``crash``,
``timed_out``, ``lie``. ``picture``, ``marks``, ``uids`` and ``dates`` tell of the object that came
out. What no rule that was read forbids is a WARN at most.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from harness import deidentification
from harness.model import JSON, Finding, Observation, Oracle, Record
from harness.oracles.base import NamedOracle, failed, passed, unseen, warned
from harness.verdict import FailKind, Outcome

_SHOWN = 6
_ELSEWHERE = frozenset(("what it printed", "what it left in its working folder"))
_UID = re.compile(r"[0-2](\.(0|[1-9][0-9]*)){1,31}")
_LONGEST_UID = 64


def comes_out_whole() -> Oracle:
    """An honest object comes out, as a file that can be read, with its picture as it was."""

    def judge(record: Record) -> Finding:
        seen, picture = record.last("deidentified"), record.last("picture")
        if seen is None or picture is None:
            return unseen("nothing was de-identified")
        if seen.data.get("outcome") != Outcome.RESPONDED.value:
            return failed(FailKind.WRONG_REASON, f"an honest object was refused: {_said(seen)}")
        if not seen.data.get("files"):
            return failed(FailKind.LOSS, f"success was told, and nothing written: {_said(seen)}")
        if not seen.data.get("readable"):
            return failed(FailKind.LOSS, f"what was written is no DICOM file: {_said(seen)}")
        after = picture.data.get("after")
        same = isinstance(after, list | tuple) and picture.data.get("before") in after
        if not same:
            return failed(FailKind.LOSS, "the picture is another one than before")
        return passed("the object came out with its picture", outcome=Outcome.RESPONDED)

    return NamedOracle("comes_out_whole", judge)


def leaves_no_canary() -> Oracle:
    """The object comes out, and of what stood for the patient nothing is found anywhere."""

    def judge(record: Record) -> Finding:
        seen = record.last("deidentified")
        if seen is None:
            return unseen("nothing was de-identified")
        if found := _leaked(seen):
            return found
        if seen.data.get("outcome") != Outcome.RESPONDED.value or not seen.data.get("readable"):
            return unseen(f"no object came out in which to look: {_said(seen)}")
        return passed(f"none of {seen.data.get('canaries')} canaries is left")

    return NamedOracle("leaves_no_canary", judge)


def tells_nobody() -> Oracle:
    """What it prints, and what it leaves where it works, holds no canary."""

    def judge(record: Record) -> Finding:
        seen = record.last("deidentified")
        if seen is None:
            return unseen("nothing was de-identified")
        if found := _leaked(seen, elsewhere=True):
            return found
        return passed("nothing of the patient was printed or left behind")

    return NamedOracle("tells_nobody", judge)


def refuses_or_leaves_no_canary() -> Oracle:
    """Either nothing comes out, or nothing of the patient does: never the object as it was."""

    def judge(record: Record) -> Finding:
        seen = record.last("deidentified")
        if seen is None:
            return unseen("nothing was de-identified")
        if found := _leaked(seen):
            return found
        if seen.data.get("timed_out"):
            return failed(FailKind.HANG, f"did not end: {_said(seen)}")
        crash = seen.data.get("crash")
        if isinstance(crash, list | tuple) and crash:
            return warned(f"nothing came out, but by an error that nobody handled: {crash[0]}")
        if not seen.data.get("files"):
            return passed(f"nothing came out: {_said(seen)}", outcome=_outcome(seen))
        return passed(f"what came out holds no canary: {_said(seen)}", outcome=_outcome(seen))

    return NamedOracle("refuses_or_leaves_no_canary", judge, refusal=True)


def says_what_it_did() -> Oracle:
    """The object says that it was de-identified, and by the profile and options claimed."""

    def judge(record: Record) -> Finding:
        marks = record.last("marks")
        if marks is None:
            return unseen("no object came out to look at")
        if (said := marks.data.get("removed")) != "YES":
            return failed(FailKind.WRONG_REASON, f"Patient Identity Removed is {said!r}, not YES")
        told, claimed = set(_codes(marks.data)), _claimed(record)
        if missing := sorted(claimed - told):
            return failed(
                FailKind.WRONG_REASON, f"it does not say by which method: {_named(missing)}"
            )
        known = set(deidentification.codes().values())
        if more := sorted((told & known) - claimed):
            return warned(f"it names more than its profile claims: {_named(more)}")
        return passed("it says that it was de-identified, and how")

    return NamedOracle("says_what_it_did", judge)


def replaces_uids() -> Oracle:
    """Each UID is replaced by one other UID wherever it stood, and by none that tells of it."""

    def judge(record: Record) -> Finding:
        seen = record.last("uids")
        if seen is None:
            return unseen("no object came out to look at")
        places = seen.data.get("places")
        if not isinstance(places, Mapping):
            return unseen("nobody saw its UIDs")
        if problem := next(_uid_problems(places, seen.data), ""):
            return failed(FailKind.LOSS, problem)
        hashed = seen.data.get("hashed")
        if isinstance(hashed, list | tuple) and hashed:
            return warned(f"UIDs are a plain digest of the original ones ({hashed[0]})")
        return passed(f"{len(places)} UIDs were replaced, each alike wherever it stood")

    return NamedOracle("replaces_uids", judge)


def moves_dates_together() -> Oracle:
    """Dates are changed and keep their order, and the object says that they were modified."""

    def judge(record: Record) -> Finding:
        seen, marks = record.last("dates"), record.last("marks")
        if seen is None or marks is None:
            return unseen("no object came out to look at")
        before, after = _texts(seen.data.get("before")), _texts(seen.data.get("after"))
        if any(not re.fullmatch(r"\d{8}", day) for day in after):
            return failed(FailKind.LOSS, f"dates were to be kept in modified form: {after}")
        if kept := [day for day, now in zip(before, after, strict=True) if day == now]:
            return failed(FailKind.LEAK, f"{len(kept)} of {len(before)} dates are as they were")
        if seen.data.get("stamp") in _texts(seen.data.get("stamps")):
            return failed(FailKind.LEAK, "a time stamp is as it was")
        if after != sorted(after):
            return failed(FailKind.LOSS, f"the order of the dates is another one now: {after}")
        if (said := marks.data.get("dates")) != "MODIFIED":
            words = f"Longitudinal Temporal Information Modified is {said!r}, not MODIFIED"
            return failed(FailKind.WRONG_REASON, words)
        return passed("dates were moved, in the order in which they were")

    return NamedOracle("moves_dates_together", judge)


def _leaked(seen: Observation, *, elsewhere: bool = False) -> Finding | None:
    """What came out, or what was told elsewhere; None where that is nothing."""
    leaks = seen.data.get("leaks")
    listed = leaks if isinstance(leaks, list | tuple) else ()
    found = [one for one in listed if isinstance(one, Mapping)]
    found = [one for one in found if (one.get("channel") in _ELSEWHERE) is elsewhere]
    certain = [one for one in found if one.get("decides")]
    if certain:
        return failed(FailKind.LEAK, f"still there: {_places(certain)}")
    if found:
        return warned(f"still there, which newer rules or options forbid: {_places(found)}")
    return None


def _places(leaks: Sequence[Mapping[str, JSON]]) -> str:
    shown = [f"{one.get('place')} in {one.get('channel')}" for one in leaks[:_SHOWN]]
    more = len(leaks) - len(shown)
    return "; ".join(shown) + (f" and {more} more" if more else "")


def _uid_problems(places: Mapping[str, JSON], data: Mapping[str, JSON]) -> Iterator[str]:
    new: dict[str, str] = {}
    for old, values in places.items():
        now = sorted(set(_texts(values)))
        if len(now) > 1:
            yield f"one UID became {len(now)} different ones: references lead nowhere"
        if bad := [one for one in now if not _UID.fullmatch(one) or len(one) > _LONGEST_UID]:
            yield f"a UID became {bad[0]!r}, which is none"
        if now and new.setdefault(now[0], old) != old:
            yield "two different UIDs became the same one"
    if data.get("meta") != data.get("instance"):
        yield "file meta information and data set name different instances"


def _claimed(record: Record) -> set[str]:
    """The codes of what is claimed."""
    names = [record.facts.get("deid_profile"), *_texts(record.facts.get("deid_options"))]
    table = deidentification.codes()
    return {table[name] for name in names if isinstance(name, str) and name in table}


def _codes(data: Mapping[str, JSON]) -> Iterator[str]:
    rows = data.get("codes")
    for row in rows if isinstance(rows, list | tuple) else ():
        if isinstance(row, list | tuple) and len(row) == 2 and row[1] == "DCM":
            yield str(row[0])


def _named(codes: Sequence[str]) -> str:
    names = {code: name for name, code in deidentification.codes().items()}
    return ", ".join(f"{code} ({names[code]})" for code in codes)


def _texts(value: object) -> list[str]:
    return [str(one) for one in value] if isinstance(value, list | tuple) else []


def _outcome(seen: Observation) -> Outcome:
    return Outcome(str(seen.data.get("outcome")))


def _said(seen: Observation) -> str:
    return str(seen.data.get("detail"))
