"""Texts whose octets lie about their characters: left with the device, asked for, searched for.

Every name is synthetic; beside each hostile text stand plain ones, so that it shows whether a
device that cannot read the one still reads the others.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from harness.model import JSON
from harness.stage import Stage
from simulators import hostile, wire
from simulators.objects import SyntheticObject, uid
from simulators.queries import QUERY, STORAGE
from simulators.requestor import Requestor
from simulators.retrieval import answers_of, compare, leave
from simulators.wire import uids

CHARACTER_SET: Final = 0x00080005
ACCESSION_NUMBER: Final = 0x00080050
PATIENT_NAME: Final = hostile.PATIENT_NAME_TAG
PATIENT_ID: Final = hostile.PATIENT_ID
STUDY_ID: Final = 0x00200010

_LEVEL: Final = 0x00080052
_PLAIN: Final[Mapping[int, str]] = {ACCESSION_NUMBER: "SH", PATIENT_ID: "LO", STUDY_ID: "SH"}
_VRS: Final[Mapping[int, str]] = {CHARACTER_SET: "CS"}
_IGNORED: Final = b" \0"


def with_text(stage: Stage, changes: Mapping[int, bytes], *, number: int = 1) -> SyntheticObject:
    """An object in a study of its own whose texts have these octets, padded to an even length."""
    honest = hostile.elements(stage, number)
    honest = hostile.replacing(honest, hostile.STUDY_INSTANCE_UID, uid(stage, 2, number))
    honest = hostile.replacing(honest, hostile.SERIES_INSTANCE_UID, uid(stage, 3, number))
    content = {each.tag: each for each in honest}
    for tag, value in changes.items():
        vr = content[tag].vr if tag in content else _VRS.get(tag, "LO")
        content[tag] = wire.Element(tag=tag, vr=vr, value=_even(value))
    return hostile.as_object([content[tag] for tag in sorted(content)], uids.EXPLICIT_LE)


def keeps_texts(stage: Stage, texts: Mapping[str, Mapping[int, bytes]]) -> None:
    """Leaves an honest study of a patient, and one with each of the texts; asks for them again.

    Witnesses ``kept`` and ``returned`` by ``name``, the latter with ``changed`` (tags of other
    values), and at last ``answered``: how a C-FIND of the patient ended, the number of ``studies``,
    which of them are ``missing``, and ``wrong`` (tags of plain texts that came otherwise).

    Args:
        stage: The play.
        texts: Octets by tag, under a name each.

    Raises:
        PreconditionUnmetError: The honest object was not taken.
    """
    honest = with_text(stage, {}, number=1)
    with Requestor(stage, actor="polite") as peer:
        peer.associate((STORAGE_EXPLICIT,))
        peer.store(honest)
        seen = stage.record({}).last("outcome", "polite")
        stage.require(seen and seen.data.get("status") == 0, "an honest object was not stored")
        peer.release()
    stored = {"an honest neighbour": honest}
    for number, (name, changes) in enumerate(texts.items(), 2):
        thing = with_text(stage, changes, number=number)
        if leave(stage, thing, name=name):
            stored[name] = thing
            compare(stage, thing, name=name, series=uid(stage, 3, number))
    _search(stage, stored)


def tells_patients_apart(
    stage: Stage, one: Mapping[int, bytes], others: Mapping[str, Mapping[int, bytes]]
) -> None:
    """Leaves a study of each of several patients, and asks for the first by Patient ID.

    Witnesses ``kept`` for each by ``name``, and ``identity``: how the C-FIND ended, ``own`` (how
    many matches are of the first study), ``foreign`` (whose else came), and ``misnamed`` (the first
    study came under another name). Nothing is asked where the first study was not taken.

    Args:
        stage: The play.
        one: Texts of the first patient.
        others: Texts of the others, under a name each.
    """
    studies = [uid(stage, 2, number).encode() for number in range(1, len(others) + 2)]
    patients = {"the first": one, **others}
    taken = [
        leave(stage, with_text(stage, texts, number=number), name=name)
        for number, (name, texts) in enumerate(patients.items(), 1)
    ]
    if not taken[0]:
        return
    keys = [
        wire.Element(tag=CHARACTER_SET, vr="CS", value=_even(one.get(CHARACTER_SET, b""))),
        wire.Element(tag=_LEVEL, vr="CS", value="STUDY"),
        wire.Element(tag=PATIENT_NAME, vr="PN"),
        wire.Element(tag=PATIENT_ID, vr="LO", value=_even(one[PATIENT_ID])),
        wire.Element(tag=hostile.STUDY_INSTANCE_UID, vr="UI"),
    ]
    found, ending = _ask(stage, tuple(keys if CHARACTER_SET in one else keys[1:]))
    named = [_text(each, hostile.STUDY_INSTANCE_UID) for each in found]
    foreign: list[JSON] = [
        name
        for name, study in zip(patients, studies, strict=True)
        if study in named and study != studies[0]
    ]
    own = [each for each, study in zip(found, named, strict=True) if study == studies[0]]
    names = {_text(each, PATIENT_NAME).rstrip(b"^=") for each in own}
    stage.observe(
        "identity", **ending, own=len(own), foreign=foreign,
        misnamed=bool(names - {one[PATIENT_NAME].rstrip(b"^= ")}),
    )  # fmt: skip


STORAGE_EXPLICIT: Final = wire.Context(STORAGE.id, uids.SECONDARY_CAPTURE, (uids.EXPLICIT_LE,))
"""Where the objects of this module go: their octets are in explicit VR."""


def _search(stage: Stage, stored: Mapping[str, SyntheticObject]) -> None:
    """Asks for the studies of the patient."""
    honest = next(iter(stored.values()))
    sent = wire.read_elements(honest.dataset, honest.transfer_syntax)
    patient = sent.text(PATIENT_ID) or ""
    keys = {
        **{tag: wire.Element(tag=tag, vr=vr) for tag, vr in _PLAIN.items()},
        PATIENT_ID: wire.Element(tag=PATIENT_ID, vr="LO", value=patient),
        PATIENT_NAME: wire.Element(tag=PATIENT_NAME, vr="PN"),
        _LEVEL: wire.Element(tag=_LEVEL, vr="CS", value="STUDY"),
        hostile.STUDY_INSTANCE_UID: wire.Element(tag=hostile.STUDY_INSTANCE_UID, vr="UI"),
    }
    found, ending = _ask(stage, tuple(keys[tag] for tag in sorted(keys)))
    wrong = {
        f"{tag:08X}"
        for each in found
        for tag in _PLAIN
        if _text(each, tag).decode("latin-1").strip() != (sent.text(tag) or "").strip()
    }
    named = {_text(each, hostile.STUDY_INSTANCE_UID) for each in found}
    missing: list[JSON] = [
        name for name, thing in stored.items() if thing.study.encode() not in named
    ]
    stage.observe("answered", **ending, studies=len(found), missing=missing, wrong=sorted(wrong))


def _ask(
    stage: Stage, keys: tuple[wire.Element, ...]
) -> tuple[list[dict[int, bytes]], dict[str, JSON]]:
    """One C-FIND on an association of its own."""
    with Requestor(stage) as attacker:
        attacker.associate((QUERY,))
        found, outcome, status = answers_of(attacker, keys)
        if attacker.ended is None:
            attacker.release()
    return found, {"outcome": outcome.value, "status": status}


def _text(values: Mapping[int, bytes], tag: int) -> bytes:
    return values.get(tag, b"").rstrip(_IGNORED)


def _even(value: bytes) -> bytes:
    return value + b" " * (len(value) % 2)
