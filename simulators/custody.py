"""Objects that are known again by their content, and what a device keeps of them.

A *mark* is a number from 1 to 255 that stands in Instance Number and in every pixel, so that a
copy tells whose header and whose pixels it has, whatever name it bears. Copies are looked for by
study, in every way that is open: C-GET where the device claims it, files where its storage folder
is known. What no way covers is not guessed.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from io import BytesIO
from typing import Final

from pydicom import Dataset, dcmread
from pydicom.filereader import read_dataset
from pydicom.tag import BaseTag

from harness.model import JSON, Claim
from harness.oracles import is_failure
from harness.stage import Stage
from harness.verdict import Outcome
from simulators import hostile, wire
from simulators.objects import uid
from simulators.queries import RETRIEVE, STORAGE, associate_to_retrieve, converse, study_keys
from simulators.requestor import Requestor
from simulators.storage_folder import StorageFolder, storage_folder
from simulators.wire import uids

ACTOR: Final = "polite"
"""Who stores honestly before, and looks afterwards."""

SIDE: Final = 16
"""Rows and columns of a marked object, unless told otherwise."""

_INSTANCE_NUMBER: Final = 0x00200013
_ROWS, _COLUMNS = 0x00280010, 0x00280011
_PENDING = frozenset((0xFF00, 0xFF01))
_PATIENCE_S = 3.0
_LOOK_AGAIN_S = 0.1
_MOST_FILE: Final = 16 * 1024 * 1024
_MOST_COPIES: Final = 64
_LONGEST_TEXT: Final = 128
_READ: Final = (
    hostile.SOP_INSTANCE_UID,
    hostile.PATIENT_ID,
    hostile.STUDY_INSTANCE_UID,
    _INSTANCE_NUMBER,
    hostile.PIXEL_DATA,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Marked:
    """A marked object, not encoded yet.

    Attributes:
        mark: Its mark.
        name: Its SOP Instance UID, or what stands in its place.
        study: Its Study Instance UID.
        content: Its elements.
    """

    mark: int
    name: str
    study: str
    content: tuple[wire.Element, ...]

    def altered(self, tag: int, value: str) -> Marked:
        """The same object with another value for one of its identifying attributes."""
        name = value if tag == hostile.SOP_INSTANCE_UID else self.name
        study = value if tag == hostile.STUDY_INSTANCE_UID else self.study
        content = hostile.replacing(self.content, tag, value)
        return replace(self, name=name, study=study, content=content)


def marked(stage: Stage, mark: int, *, number: int = 1, side: int = SIDE) -> Marked:
    """A Secondary Capture object with a mark.

    Args:
        stage: Gives the unique identity.
        mark: From 1 to 255.
        number: Objects of one number have the same SOP Instance UID.
        side: Rows and columns; an even number.
    """
    content = hostile.elements(stage, number)
    for tag, value in (
        (_INSTANCE_NUMBER, str(mark)),
        (_ROWS, side.to_bytes(2, "little")),
        (_COLUMNS, side.to_bytes(2, "little")),
        (hostile.PIXEL_DATA, bytes([mark]) * (side * side)),
    ):
        content = hostile.replacing(content, tag, value)
    return Marked(mark=mark, name=uid(stage, 1, number), study=uid(stage, 2), content=content)


def offer(
    stage: Stage, thing: Marked, *, actor: str = ACTOR, legal: bool = True, stimulus: bool = False
) -> bool:
    """Stores a marked object on an association of its own; True when the device says it has it.

    Witnesses ``offered``: ``mark``, ``name``, ``legal``, ``taken``, ``outcome`` and ``status``.

    Args:
        stage: The play.
        thing: What to store.
        actor: Who stores it.
        legal: It conforms, so that the device has no reason to refuse it.
        stimulus: This is what the play is about.

    Raises:
        PreconditionUnmetError: The device does not accept the association.
    """
    with Requestor(stage, actor=actor) as peer:
        peer.associate((STORAGE,))
        coded = hostile.as_object(thing.content, peer.contexts[STORAGE.id])
        outcome = peer.store(coded, stimulus=stimulus)
        taken = note(stage, thing, actor, outcome, legal=legal)
        if outcome is Outcome.RESPONDED:
            peer.release()
    return taken


def note(
    stage: Stage, thing: Marked, actor: str, outcome: Outcome, *, legal: bool = True
) -> bool:
    """Witnesses ``offered`` by the actor's last outcome; True when the device took the object."""
    seen = stage.record({}).last("outcome", actor)
    status = seen.data.get("status") if seen else None
    answered = outcome is Outcome.RESPONDED and isinstance(status, int)
    taken = answered and isinstance(status, int) and not is_failure(status)
    stage.observe(
        "offered", actor, mark=thing.mark, name=thing.name, legal=legal, taken=taken,
        outcome=outcome.value, status=status if answered else None,
    )  # fmt: skip
    return taken


class Custody:
    """Looks for what the device keeps of a play; made before the play stores anything."""

    def __init__(self, stage: Stage) -> None:
        self._stage = stage
        self._folder = storage_folder(stage)

    def look(self, *studies: str, least: int = 1, side: int = SIDE) -> None:
        """Looks for every copy in some studies; witnesses ``kept`` for each way that is open.

        ``copies`` lists, for each, ``name``, ``patient``, ``header`` (its mark by Instance Number)
        and ``pixels`` (its mark by its pixels); a mark is 0 where there is none, or where pixels
        of one object do not all have the same.

        Args:
            *studies: Study Instance UIDs.
            least: How many copies must be there; an archive that indexes later is given time.
            side: Rows and columns that copies must have.
        """
        for way, found in self._ways():
            copies = self._patiently(found, studies, least)
            self._stage.observe(
                "kept", ACTOR, how=way, copies=[_told(each, side) for each in copies]
            )

    def _ways(self) -> Iterator[tuple[str, Callable[[str], Sequence[Dataset]]]]:
        if Claim.RETRIEVE_SCP in self._stage.profile.claims():
            yield "C-GET", self._retrieved
        if self._folder is not None:
            yield "files", self._stored

    def _patiently(
        self, found: Callable[[str], Sequence[Dataset]], studies: Sequence[str], least: int
    ) -> Sequence[Dataset]:
        deadline = time.monotonic() + _PATIENCE_S
        while True:
            copies = [each for study in studies for each in found(study)]
            if len(copies) >= least or time.monotonic() >= deadline:
                return copies
            if self._stage.cancelled.wait(_LOOK_AGAIN_S):
                return copies

    def _retrieved(self, study: str) -> list[Dataset]:
        return retrieved(self._stage, study)

    def _stored(self, study: str) -> list[Dataset]:
        assert self._folder is not None
        mine = hostile.STUDY_INSTANCE_UID
        return [found for found in stored(self._folder) if _text(found, mine) == study]


def retrieved(stage: Stage, study: str) -> list[Dataset]:
    """Everything that an honest C-GET brings of a study, as far as it can be read.

    Raises:
        PreconditionUnmetError: The association is not accepted, or the request is not answered.
    """
    copies: list[Dataset] = []
    with Requestor(stage, actor=ACTOR) as peer:
        associate_to_retrieve(peer)
        coded = wire.encode_dataset(study_keys(study, retrieve=True), peer.contexts[RETRIEVE[0].id])
        peer.invoke(wire.c_get_rq(message_id=peer.next_message_id()), coded)

        def take(message: wire.Message) -> bool:
            if message.command.integer("CommandField") == 0x0001:
                if len(copies) < _MOST_COPIES:
                    copies.append(_decoded(message, peer))
                _confirm(peer, message)
                return False
            return message.command.integer("Status") not in _PENDING

        outcome, detail = converse(peer, take)
        peer.conclude(outcome, {**detail, "matches": len(copies)})
        stage.require(outcome is Outcome.RESPONDED, "an honest C-GET was not answered")
        peer.release()
    return copies


def stored(folder: StorageFolder) -> list[Dataset]:
    """Every Part 10 file that came into the storage folder since the first look."""
    files = [entry.path for entry in folder.fresh() if entry.is_file]
    found: list[Dataset] = []
    for path in files[:_MOST_COPIES]:
        try:
            with path.open("rb") as file:
                content = BytesIO(file.read(_MOST_FILE))
            found.append(dcmread(content, specific_tags=[*_READ]))
        except Exception:  # whatever pydicom, or the file system, says of a device's file
            continue
    return found


def _decoded(message: wire.Message, peer: Requestor) -> Dataset:
    """The data set of a sub-operation; an empty one where it cannot be read."""
    implicit = peer.contexts.get(message.context_id) == uids.IMPLICIT_LE
    try:
        return read_dataset(
            BytesIO(message.dataset or b""), implicit, True, specific_tags=[*map(BaseTag, _READ)]
        )
    except Exception:  # whatever pydicom says of a device's octets
        return Dataset()


def _told(copy: Dataset, side: int) -> JSON:
    pixels = _value(copy, hostile.PIXEL_DATA)
    uniform = len(pixels) == side * side and pixels.count(pixels[:1]) == len(pixels)
    number = _text(copy, _INSTANCE_NUMBER)
    return {
        "name": _text(copy, hostile.SOP_INSTANCE_UID),
        "patient": _text(copy, hostile.PATIENT_ID),
        "header": int(number) if number.isascii() and number.isdigit() else 0,
        "pixels": pixels[0] if uniform else 0,
    }


def _text(copy: Dataset, tag: int) -> str:
    return _value(copy, tag)[:_LONGEST_TEXT].decode("latin-1").strip(" \0")


def _value(copy: Dataset, tag: int) -> bytes:
    """A value as it stands: converting what a device gives would warn, or fail."""
    if tag not in copy:
        return b""
    value = copy.get_item(tag).value
    return value if isinstance(value, bytes) else b""


def _confirm(peer: Requestor, asked: wire.Message) -> None:
    sop_class = asked.command.text("AffectedSOPClassUID") or ""
    name = asked.command.text("AffectedSOPInstanceUID") or ""
    number = asked.command.integer("MessageID") or 0
    peer.invoke(wire.c_store_rsp(sop_class, name, number), context_id=asked.context_id)
