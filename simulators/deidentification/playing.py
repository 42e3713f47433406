"""How an object full of canaries is given to a de-identifier, within one play."""

from __future__ import annotations

from typing import Final

from harness.stage import Stage
from harness.verdict import Outcome
from simulators.deidentification import facts, related
from simulators.deidentification.desk import Deidentifying, Done
from simulators.deidentification.objects import Maker, Subject, honest
from simulators.deidentification.search import opened

_LIE: Final = "de-identification"


def gives(stage: Stage, make: Maker, what: str) -> None:
    """Has the device de-identify an object; what is left of its canaries is observed."""
    _given(stage, make, what)


def gives_honestly(stage: Stage) -> None:
    """Has the device de-identify an honest object, and compares the picture."""
    subject = honest(stage.token)
    before = _digest(subject)
    with Deidentifying(stage) as desk:
        done = desk.deidentify(subject, "an honest file")
    after = [facts.picture_of(one) for one in done.made]
    stage.observe("picture", "reader", before=before, after=[*after])


def gives_and_reads_marks(stage: Stage, make: Maker, what: str) -> None:
    """The same; what the object then says of itself is observed."""
    done = _given(stage, make, what)
    _required(stage, done)
    for one in done.made:
        stage.observe("marks", "reader", **facts.marks_of(one))


def gives_uids(stage: Stage) -> None:
    """An object whose UIDs occur twice; what stands in their places is observed."""
    done = _given(stage, related.with_uids, "an object whose UIDs occur twice")
    _required(stage, done)
    for one in done.made:
        stage.observe("uids", "reader", **facts.uids_of(one, stage.token))


def gives_dates(stage: Stage) -> None:
    """An object with dates in an order; what stands in their places is observed."""
    done = _given(stage, related.with_dates, "an object with dates in an order")
    _required(stage, done)
    before = related.dates_of(stage.token)
    for one in done.made:
        stage.observe("dates", "reader", **facts.dates_of(one, before))
        stage.observe("marks", "reader", **facts.marks_of(one))


def _given(stage: Stage, make: Maker, what: str) -> Done:
    section = stage.profile.deidentifier
    options: tuple[str, ...] = section.options if section else ()
    with Deidentifying(stage) as desk:
        return desk.deidentify(make(stage.token, options), what, lie=_LIE)


def _required(stage: Stage, done: Done) -> None:
    """Nothing can be said of an object that did not come out."""
    said = done.outcome is Outcome.RESPONDED
    stage.require(said and done.made, f"no object came out to look at: {done.detail}")


def _digest(subject: Subject) -> str:
    read = opened(subject.octets)
    return "" if isinstance(read, str) else facts.picture_of(read)
