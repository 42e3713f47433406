"""Rejection notes: key object selections whose title withdraws what they name (IHE RAD-66).

Titles are those of PS3.16 CID 7011, and the SOP class that of PS3.4 B.5.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from pydicom import Dataset, Sequence

from harness.stage import Stage
from harness.verdict import Outcome
from simulators import wire
from simulators.custody import names_retrieved
from simulators.lab import lab_of
from simulators.marking import ACTOR, Marked, marked, note, offer
from simulators.objects import SyntheticObject, encoded, synthetic_dataset, uid
from simulators.queries import UNCOMPRESSED
from simulators.requestor import Requestor
from simulators.uninvited import is_let_in, stranger
from simulators.wire import uids

_KEY_OBJECTS: Final = "1.2.840.10008.5.1.4.1.1.88.59"
NOTES: Final = wire.Context(1, _KEY_OBJECTS, UNCOMPRESSED)
"""The context of a rejection note."""

TITLES: Final[Mapping[str, tuple[str, str]]] = {
    "quality": ("113001", "Rejected for Quality Reasons"),
    "safety": ("113037", "Rejected for Patient Safety Reasons"),
    "worklist": ("113038", "Incorrect Modality Worklist Entry"),
    "retention": ("113039", "Data Retention Policy Expired"),
}
"""Code and meaning of the titles that reject, by reason."""

_PIXELS = (
    "SamplesPerPixel", "PhotometricInterpretation", "Rows", "Columns", "BitsAllocated",
    "BitsStored", "HighBit", "PixelRepresentation", "PixelData", "ConversionType",
)  # fmt: skip


def served_object(stage: Stage) -> Marked:
    """Stores an object honestly, and sees that a retrieval brings it.

    Raises:
        PreconditionUnmetError: It was not taken, or does not come back.
    """
    thing = marked(stage, 1)
    stage.require(offer(stage, thing), "the object was not taken")
    served = thing.name in names_retrieved(stage, thing.study)
    stage.require(served, "the object was not served before there was a note")
    return thing


def reject(stage: Stage, thing: Marked, reason: str, *, entitled: bool) -> None:
    """Sends a rejection note for an object, which is the stimulus; witnesses ``offered`` for it.

    Args:
        stage: The play.
        thing: What is to be withdrawn.
        reason: Which title the note has.
        entitled: Calls by a title whose notes have an effect; otherwise by one that is known and
            has no such right, or by one that nobody knows where there is none.
    """
    acceptor = stage.profile.acceptor
    entitled_ones = [*(acceptor.rejection_ae_titles if acceptor else ())]
    known = (*(acceptor.calling_ae_titles if acceptor else ()), lab_of(stage).calling)
    others = [title for title in known if title not in entitled_ones] or [stranger(stage)]
    with Requestor(stage, calling=entitled_ones[0] if entitled else others[0]) as peer:
        if not is_let_in(peer, (NOTES,), lie="calling"):
            return
        outcome = peer.store(_note(stage, thing, reason, peer.contexts[NOTES.id]), stimulus=True)
        note(stage, thing, peer.actor, outcome)
        if outcome is Outcome.RESPONDED:
            peer.release()


def look_for(stage: Stage, thing: Marked) -> None:
    """Witnesses ``withdrawn``: whether an object is ``gone`` from what a retrieval brings.

    Raises:
        PreconditionUnmetError: An honest retrieval is not answered.
    """
    gone = thing.name not in names_retrieved(stage, thing.study)
    stage.observe("withdrawn", ACTOR, name=thing.name, gone=gone)


def _note(stage: Stage, thing: Marked, reason: str, transfer_syntax: str) -> SyntheticObject:
    name = uid(stage, 9)
    dataset = synthetic_dataset(
        stage,
        SOPClassUID=_KEY_OBJECTS,
        SOPInstanceUID=name,
        StudyInstanceUID=thing.study,
        SeriesInstanceUID=uid(stage, 8),
        Modality="KO",
    )
    for keyword in _PIXELS:
        delattr(dataset, keyword)
    code, meaning = TITLES[reason]
    dataset.ValueType = "CONTAINER"
    dataset.ContinuityOfContent = "SEPARATE"
    dataset.ConceptNameCodeSequence = _one(
        CodeValue=code, CodingSchemeDesignator="DCM", CodeMeaning=meaning
    )
    referenced = _one(
        ReferencedSOPClassUID=uids.SECONDARY_CAPTURE, ReferencedSOPInstanceUID=thing.name
    )
    series = _one(ReferencedSOPSequence=referenced, SeriesInstanceUID=uid(stage, 3))
    dataset.CurrentRequestedProcedureEvidenceSequence = _one(
        ReferencedSeriesSequence=series, StudyInstanceUID=thing.study
    )
    dataset.ContentSequence = _one(
        RelationshipType="CONTAINS", ValueType="IMAGE", ReferencedSOPSequence=referenced
    )
    return SyntheticObject(
        sop_class=_KEY_OBJECTS,
        sop_instance=name,
        study=thing.study,
        transfer_syntax=transfer_syntax,
        dataset=encoded(dataset, transfer_syntax),
    )


def _one(**values: object) -> Sequence:
    item = Dataset()
    for keyword, value in values.items():
        setattr(item, keyword, value)
    return Sequence([item])
