"""The objects that a play lays down, so that there is something to be had or to be denied."""

from __future__ import annotations

from dataclasses import dataclass

from harness.errors import PreconditionUnmetError
from harness.profile import Cell, IdentitySection, ObjectSection
from harness.stage import Stage
from simulators import wire
from simulators.access.callers import Caller, identity_of
from simulators.access.operations import CONTEXTS, MAIN_ID, STORAGE_ID
from simulators.lab import lab_of
from simulators.objects import SyntheticObject, synthetic_object, uid
from simulators.queries import UNCOMPRESSED, find, study_keys
from simulators.wire import uids

_QUERY = CONTEXTS["find"]
_CONTEXT = wire.Context(STORAGE_ID, uids.SECONDARY_CAPTURE, UNCOMPRESSED)
_FIRST = 100
_WARNING = 0xB


@dataclass(frozen=True, slots=True)
class Laid:
    """An object with the UID of its series, and why there is none."""

    thing: SyntheticObject | None
    series: str = ""
    why_not: str = ""


class Shelf:
    """Makes objects for cells, and has those that are to be found stored by who may.

    Args:
        stage: The play.
    """

    def __init__(self, stage: Stage) -> None:
        self._stage = stage
        self._laid: dict[tuple[str, str], Laid] = {}
        self._number = _FIRST
        section = stage.profile.authorisation
        listed = section.listed_objects if section else ()
        self._objects = {each.name: each for each in listed}

    def section(self, name: str) -> ObjectSection:
        """The object of the profile; one without properties for operations that touch none."""
        return self._objects.get(name) or ObjectSection(name=name)

    def new(self, name: str, syntax: str) -> SyntheticObject:
        """A fresh object, for a store."""
        return self._made(self.section(name), syntax)[0]

    def laid(self, cell: Cell) -> Laid:
        """The object of a cell, stored before it is asked for; one for all that may share it."""
        section = self.section(cell.object)
        owner = cell.identity if section.owner else ""
        key = (cell.object, owner)
        if key not in self._laid:
            self._laid[key] = self._lay(section, cell)
        return self._laid[key]

    def _lay(self, section: ObjectSection, cell: Cell) -> Laid:
        who = self._provider(section, cell)
        try:
            with Caller(self._stage, who, called=section.ae_title, actor="polite") as peer:
                entered = peer.enter((_CONTEXT,))
                if not entered or STORAGE_ID not in peer.contexts:
                    return Laid(None, why_not=f"{who.name} could not store an object to ask for")
                thing, series = self._made(section, peer.contexts[STORAGE_ID])
                peer.store(thing, context_id=STORAGE_ID)
                status = peer.ending.number("status")
                if status is None or not (status == 0 or status >> 12 == _WARNING):
                    return Laid(None, why_not=f"an object of {who.name} to ask for was not stored")
                peer.leave()
        except PreconditionUnmetError as unmet:
            return Laid(None, why_not=str(unmet))
        return Laid(thing, series)

    def _provider(self, section: ObjectSection, cell: Cell) -> IdentitySection:
        """Who stores: its owner, else an identity that may, else the peer that is always polite."""
        if section.owner == "own":
            return identity_of(self._stage, cell.identity)
        others = [
            other.identity
            for other in self._stage.profile.matrix
            if other.operation == "store"
            and other.declared == "allowed"
            and other.object == section.name
        ]
        # Somebody else first, so that nobody is served what he himself has brought.
        for name in sorted(others, key=lambda name: name == cell.identity):
            if name != cell.identity or section.owner is None:
                return identity_of(self._stage, name)
        return IdentitySection(name="polite", ae_title=lab_of(self._stage).calling)

    def _made(self, section: ObjectSection, syntax: str) -> tuple[SyntheticObject, str]:
        self._number += 1
        number, stage = self._number, self._stage
        series = uid(stage, 3, number)
        patient = section.patient_id or f"SYN{number}{stage.token[:10]}"
        thing = synthetic_object(
            stage,
            number,
            transfer_syntax=syntax,
            PatientID=patient,
            StudyInstanceUID=uid(stage, 2, number),
            SeriesInstanceUID=series,
            AccessionNumber=f"A{number}{stage.token[:8]}",
            StudyID=str(number),
        )
        return thing, series


def looked_up(stage: Stage, cell: Cell, thing: SyntheticObject) -> int | None:
    """How often the study of an object is found by somebody who may query; None if nobody could."""
    may = (
        identity_of(stage, other.identity)
        for other in stage.profile.matrix
        if (other.operation, other.object, other.declared) == ("find", cell.object, "allowed")
    )
    who = next(may, None) or IdentitySection(name="polite", ae_title=lab_of(stage).calling)
    try:
        with Caller(stage, who, actor="polite") as peer:
            if not peer.enter(_QUERY) or MAIN_ID not in peer.contexts:
                return None
            matches = find(peer, study_keys(thing.study), context_id=MAIN_ID)
            answered = peer.ending.number("status") == 0
            peer.leave()
            return matches if answered or matches else None
    except PreconditionUnmetError:
        return None
