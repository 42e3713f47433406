"""Oracles on what a device keeps of objects that collide, by name or in time.

They read ``offered`` observations (``mark``, ``legal``, ``taken``, ``outcome``, ``status``) and
``kept`` ones, one for each way of looking (``how``), whose ``copies`` tell by ``header`` and
``pixels`` which marked object each of them is. A copy whose two marks differ, or is without one, is
a mixture. What nobody could look for is not judged.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from harness.model import Finding, Observation, Oracle, Record
from harness.oracles.base import NamedOracle, failed, passed, unseen
from harness.verdict import FailKind, Outcome

_NOBODY_LOOKED = (
    "nobody could look for the objects: the device claims no retrieval, and its storage folder is "
    "not known"
)
_COPIES_MAY_REPEAT = "files"
"""A way that shows a receiver's folder, where each arrival may have a file of its own."""

FIRST, SECOND = 1, 2
"""Marks of the object that was there, and of the one that came with the same name."""


@dataclass(frozen=True, slots=True)
class _Kept:
    """What one way of looking showed."""

    how: str
    copies: int
    marks: tuple[int, ...]
    """Of the copies that are whole."""

    @property
    def mixed(self) -> bool:
        return len(self.marks) < self.copies


@dataclass(frozen=True, slots=True)
class _Offered:
    """One attempt to store, by whom, and how it was answered."""

    actor: str
    mark: int
    legal: bool
    taken: bool
    outcome: str
    status: int | None

    def __str__(self) -> str:
        said = "" if self.status is None else f" {self.status:04X}H"
        return f"{self.outcome}{said}"


def keeps_one_of_them() -> Oracle:
    """Of several objects with one name, stored at the same time, exactly one is there, whole.

    Several whole ones are tolerated as files, where the device serves none of them.
    """

    def judge(ways: list[_Kept], offers: list[_Offered]) -> Finding:
        if not any(offer.taken for offer in offers):
            return unseen("the device took none of the objects")
        repeated = False
        for way in ways:
            if way.mixed:
                return _mixture(way)
            if not way.copies:
                return failed(FailKind.LOSS, f"none is there ({way.how}), although one was taken")
            if way.copies > 1 and way.how != _COPIES_MAY_REPEAT:
                words = f"{way.copies} objects of one name are there ({way.how})"
                return failed(FailKind.LOSS, words)
            repeated |= way.copies > 1
        words = f"{sum(offer.taken for offer in offers)} of {len(offers)} taken, and what is there"
        return passed(f"{words} is whole ({_names(ways)})", preferred=not repeated)

    return _on_custody("keeps_one_of_them", judge)


def keeps_every_name() -> Oracle:
    """Objects whose names are alike stay apart: what was taken is there, once, with its content.

    A name that breaks PS3.5 9.1 may be refused; one that conforms may not.
    """

    def judge(ways: list[_Kept], offers: list[_Offered]) -> Finding:
        for offer in offers:
            if offer.outcome == Outcome.TIMEOUT.value:
                return failed(FailKind.HANG, f"object {offer.mark}: neither answer nor ending")
            if offer.legal and not offer.taken:
                words = f"object {offer.mark} has a conforming name and was refused: {offer}"
                return failed(FailKind.WRONG_REASON, words)
        taken = [offer.mark for offer in offers if offer.taken]
        for way in ways:
            if way.mixed:
                return _mixture(way)
            lost = [mark for mark in taken if mark not in way.marks]
            if lost:
                words = f"{len(lost)} of {len(taken)} objects that were taken are not there"
                return failed(FailKind.LOSS, f"{words} ({way.how})")
        return passed(f"{len(taken)} of {len(offers)} taken, each of them there ({_names(ways)})")

    return _on_custody("keeps_every_name", judge, refusal=True)


def keeps_to_duplicate_rule() -> Oracle:
    """A second object with the name of one that is there is treated as the device claims.

    The fact ``duplicates`` is ``keep`` (the first stays, whatever is answered), ``refuse`` (what
    differs is answered by a failure) or ``replace`` (the second takes its place as a whole, if it
    is answered with success). To keep both is a lenient pass unless it claims to refuse, and so is
    success for what was not kept where it claims ``keep``.
    """

    def judge(record: Record) -> Finding:
        ways, offers = list(_ways(record)), list(_offers(record))
        rule = _RULES.get(str(record.facts.get("duplicates")))
        second = next((offer for offer in offers if offer.actor == "attacker"), None)
        if not ways or rule is None or second is None:
            return unseen(_NOBODY_LOOKED)
        if second.outcome == Outcome.TIMEOUT.value:
            return failed(FailKind.HANG, "neither answer nor ending")
        strict = True
        for way in ways:
            if way.mixed:
                return _mixture(way)
            found = _same_again(way) if second.mark == FIRST else rule(way, second)
            if isinstance(found, Finding):
                return found
            strict &= found
        words = f"the second was answered {second}, and the rule is kept ({_names(ways)})"
        return passed(words, preferred=strict)

    return NamedOracle("keeps_to_duplicate_rule", judge, refusal=True)


def _same_again(way: _Kept) -> Finding | bool:
    """On an identical second object: it may be answered in any way, and changes nothing."""
    if FIRST not in way.marks:
        return failed(FailKind.LOSS, f"the object is gone after it was sent again ({way.how})")
    if way.copies > 1 and way.how != _COPIES_MAY_REPEAT:
        return failed(FailKind.LOSS, f"the object is there {way.copies} times ({way.how})")
    return way.copies == 1


def _keep(way: _Kept, second: _Offered) -> Finding | bool:
    if FIRST not in way.marks:
        return _replaced(way, second)
    return SECOND not in way.marks and not second.taken


def _refuse(way: _Kept, second: _Offered) -> Finding | bool:
    if FIRST not in way.marks:
        return _replaced(way, second)
    if second.taken or SECOND in way.marks:
        words = f"a different object of the same name was answered {second}"
        return failed(FailKind.ACCEPTED, f"{words}; {_shown(way)}")
    return True


def _replace(way: _Kept, second: _Offered) -> Finding | bool:
    there, gone = (SECOND, FIRST) if second.taken else (FIRST, SECOND)
    if there not in way.marks:
        words = f"the second was answered {second}, and not what this says is there"
        return failed(FailKind.LOSS, f"{words}; {_shown(way)}")
    return gone not in way.marks


_RULES: dict[str, Callable[[_Kept, _Offered], Finding | bool]] = {
    "keep": _keep,
    "refuse": _refuse,
    "replace": _replace,
}


def _replaced(way: _Kept, second: _Offered) -> Finding:
    words = f"the first object is gone, after a second one was answered {second}"
    return failed(FailKind.LOSS, f"{words}; {_shown(way)}")


def _mixture(way: _Kept) -> Finding:
    words = f"{way.copies - len(way.marks)} of {way.copies} copies"
    return failed(FailKind.LOSS, f"{words} mix two objects, or are damaged ({way.how})")


def _shown(way: _Kept) -> str:
    marks = ", ".join(map(str, way.marks)) or "none"
    return f"there: {marks} ({way.how})"


def _names(ways: list[_Kept]) -> str:
    return ", ".join(way.how for way in ways)


def _on_custody(
    name: str, judge: Callable[[list[_Kept], list[_Offered]], Finding], *, refusal: bool = False
) -> Oracle:
    """An oracle on what was offered and what is kept; both must have been seen."""

    def of_record(record: Record) -> Finding:
        ways, offers = list(_ways(record)), list(_offers(record))
        if not ways:
            return unseen(_NOBODY_LOOKED)
        return judge(ways, offers) if offers else unseen("nothing was offered")

    return NamedOracle(name, of_record, refusal=refusal)


def _ways(record: Record) -> Iterator[_Kept]:
    for seen in record.of("kept"):
        copies = seen.data.get("copies")
        listed = copies if isinstance(copies, list | tuple) else ()
        each = [copy for copy in listed if isinstance(copy, dict)]
        pairs = [(copy.get("header"), copy.get("pixels")) for copy in each]
        whole = tuple(one for one, other in pairs if isinstance(one, int) and 0 < one == other)
        yield _Kept(str(seen.data.get("how")), len(each), whole)


def _offers(record: Record) -> Iterator[_Offered]:
    for seen in record.of("offered"):
        yield _offered(seen)


def _offered(seen: Observation) -> _Offered:
    data = seen.data
    mark, status = data.get("mark"), data.get("status")
    return _Offered(
        actor=seen.actor,
        mark=mark if isinstance(mark, int) else 0,
        legal=data.get("legal") is True,
        taken=data.get("taken") is True,
        outcome=str(data.get("outcome")),
        status=status if isinstance(status, int) else None,
    )
