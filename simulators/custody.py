"""What a device keeps of marked objects: copies of them, by study, in every way that is open.

C-GET where the device claims it, files where its storage folder is known. What no way covers is not
guessed.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from io import BytesIO
from typing import Final

from pydicom import Dataset, dcmread
from pydicom.filereader import read_dataset
from pydicom.tag import BaseTag

from harness.model import JSON, Claim
from harness.stage import Stage
from harness.verdict import Outcome
from simulators import hostile, wire
from simulators.marking import ACTOR, INSTANCE_NUMBER, SIDE
from simulators.queries import RETRIEVE, associate_to_retrieve, converse, study_keys
from simulators.requestor import Requestor
from simulators.storage_folder import StorageFolder, storage_folder
from simulators.wire import uids

_PENDING = frozenset((0xFF00, 0xFF01))
_C_STORE_RQ = 0x0001
_PATIENCE_S = 3.0
_LOOK_AGAIN_S = 0.1
_MOST_FILE: Final = 16 * 1024 * 1024
_MOST_COPIES: Final = 64
_LONGEST_TEXT: Final = 128
_READ: Final = (
    hostile.SOP_INSTANCE_UID,
    hostile.PATIENT_ID,
    hostile.STUDY_INSTANCE_UID,
    INSTANCE_NUMBER,
    hostile.PIXEL_DATA,
)


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
        return stored(self._folder, study)


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
            if message.command.integer("CommandField") == _C_STORE_RQ:
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


def names_retrieved(stage: Stage, study: str) -> list[str]:
    """SOP Instance UIDs of everything that an honest C-GET brings of a study.

    Raises:
        PreconditionUnmetError: As for :func:`retrieved`.
    """
    return [_text(copy, hostile.SOP_INSTANCE_UID) for copy in retrieved(stage, study)]


def stored(folder: StorageFolder, study: str) -> list[Dataset]:
    """The Part 10 files of a study that came into the storage folder since the first look."""
    found: list[Dataset] = []
    for entry in folder.fresh():
        if not entry.is_file or len(found) >= _MOST_COPIES:
            continue
        try:
            with entry.path.open("rb") as file:
                copy = dcmread(BytesIO(file.read(_MOST_FILE)), specific_tags=[*_READ])
        except Exception:  # whatever pydicom, or the file system, says of a device's file
            continue
        if _text(copy, hostile.STUDY_INSTANCE_UID) == study:
            found.append(copy)
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
    number = _text(copy, INSTANCE_NUMBER)
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
