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
from simulators.retrieval import answers_of, bring_back, leave
from simulators.wire import uids

CHARACTER_SET: Final = 0x00080005
ACCESSION_NUMBER: Final = 0x00080050
SOP_INSTANCE_UID: Final = hostile.SOP_INSTANCE_UID
PATIENT_NAME: Final = hostile.PATIENT_NAME_TAG
PATIENT_ID: Final = hostile.PATIENT_ID
STUDY_ID: Final = 0x00200010

_LEVEL: Final = 0x00080052
_PLAIN: Final[Mapping[int, str]] = {ACCESSION_NUMBER: "SH", PATIENT_ID: "LO", STUDY_ID: "SH"}
_VRS: Final[Mapping[int, str]] = {CHARACTER_SET: "CS"}
_IGNORED: Final = b" \0"


def with_text(stage: Stage, changes: Mapping[int, bytes], *, number: int = 1) -> SyntheticObject:
    """An object of the play's study whose texts have these octets, padded to an even length."""
    content = {each.tag: each for each in hostile.elements(stage, number)}
    for tag, value in changes.items():
        vr = content[tag].vr if tag in content else _VRS.get(tag, "LO")
        filler = b"\0" if vr == "UI" else b" "
        padded = value + filler * (len(value) % 2)
        content[tag] = wire.Element(tag=tag, vr=vr, value=padded)
    return hostile.as_object([content[tag] for tag in sorted(content)], uids.EXPLICIT_LE)


def keeps_text(stage: Stage, changes: Mapping[int, bytes]) -> None:
    """Leaves an honest object and, in its study, one with hostile text; asks for both again.

    Witnesses ``kept``, ``returned`` with ``changed`` (tags of other values), and ``answered``: how
    a C-FIND of the study ended, ``missing`` (how many of its two objects it does not name), and
    ``wrong`` (tags of plain texts that came otherwise).

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
    thing = with_text(stage, changes, number=2)
    if not leave(stage, thing):
        return
    came, ending = bring_back(stage, thing)
    found: dict[str, JSON] = {"changed": differing(thing, came[0].values())} if came else {}
    stage.observe("returned", **ending, **found)
    _search(stage, thing, honest)


def differing(thing: SyntheticObject, values: Mapping[int, bytes]) -> list[JSON]:
    """Tags of the object whose value is another one, or missing; padding does not count."""
    sent = wire.read_elements(thing.dataset, thing.transfer_syntax).elements
    return [
        f"{each.tag:08X}"
        for each in sent
        if not each.undefined
        and values.get(each.tag, b"\1").rstrip(_IGNORED) != each.value.rstrip(_IGNORED)
    ]


def tells_patients_apart(
    stage: Stage, one: Mapping[int, bytes], other: Mapping[int, bytes]
) -> None:
    """Leaves a study of each of two patients, and asks for the first by Patient ID.

    Witnesses ``kept`` for each, and ``identity``: how the C-FIND ended, ``own`` and ``foreign``
    (how many matches are of the first and of the other study), and ``misnamed`` (the first study
    came under another name).

    Args:
        stage: The play.
        one: Texts of the first patient.
        other: Texts of the second.
    """
    studies = [uid(stage, 2, number) for number in (1, 2)]
    for number, (study, texts) in enumerate(zip(studies, (one, other), strict=True), 1):
        identity = {
            hostile.STUDY_INSTANCE_UID: study.encode(),
            hostile.SERIES_INSTANCE_UID: uid(stage, 3, number).encode(),
        }
        thing = with_text(stage, {**texts, **identity}, number=number)
        if not leave(stage, thing, number=number):
            return
    keys = [
        wire.Element(tag=_LEVEL, vr="CS", value="STUDY"),
        wire.Element(tag=PATIENT_NAME, vr="PN"),
        wire.Element(tag=PATIENT_ID, vr="LO", value=_even(one[PATIENT_ID])),
        wire.Element(tag=hostile.STUDY_INSTANCE_UID, vr="UI"),
    ]
    if CHARACTER_SET in one:
        keys.insert(0, wire.Element(tag=CHARACTER_SET, vr="CS", value=_even(one[CHARACTER_SET])))
    found, ending = _ask(stage, tuple(keys))
    own = [each for each in found if _text(each, hostile.STUDY_INSTANCE_UID) == studies[0].encode()]
    foreign = [
        each for each in found if _text(each, hostile.STUDY_INSTANCE_UID) == studies[1].encode()
    ]
    named = {_text(each, PATIENT_NAME).rstrip(b"^=") for each in own}
    stage.observe(
        "identity", **ending, own=len(own), foreign=len(foreign),
        misnamed=bool(named - {one[PATIENT_NAME].rstrip(b"^= ")}),
    )  # fmt: skip


STORAGE_EXPLICIT: Final = wire.Context(STORAGE.id, uids.SECONDARY_CAPTURE, (uids.EXPLICIT_LE,))
"""Where the objects of this module go: their octets are in explicit VR."""


def _search(stage: Stage, thing: SyntheticObject, honest: SyntheticObject) -> None:
    """Asks for the study, and for the objects in it."""
    study = wire.Element(tag=hostile.STUDY_INSTANCE_UID, vr="UI", value=thing.study)
    plain = [wire.Element(tag=tag, vr=vr) for tag, vr in _PLAIN.items()]
    name = wire.Element(tag=PATIENT_NAME, vr="PN")
    level = wire.Element(tag=_LEVEL, vr="CS", value="STUDY")
    found, ending = _ask(stage, _sorted(level, name, study, *plain))
    sent = wire.read_elements(thing.dataset, thing.transfer_syntax)
    wrong = {
        f"{tag:08X}"
        for each in found
        for tag in _PLAIN
        if _text(each, tag).decode("latin-1").strip() != (sent.text(tag) or "").strip()
    }
    series = wire.Element(tag=hostile.SERIES_INSTANCE_UID, vr="UI", value=uid(stage, 3))
    level = wire.Element(tag=_LEVEL, vr="CS", value="IMAGE")
    instance = wire.Element(tag=SOP_INSTANCE_UID, vr="UI")
    listed, _ = _ask(stage, _sorted(instance, level, study, series))
    named = {_text(each, SOP_INSTANCE_UID) for each in listed}
    missing = {thing.sop_instance.encode(), honest.sop_instance.encode()} - named
    stage.observe(
        "answered", **ending, studies=len(found), missing=len(missing), wrong=sorted(wrong)
    )


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


def _sorted(*elements: wire.Element) -> tuple[wire.Element, ...]:
    return tuple(sorted(elements, key=lambda each: each.tag))


def _text(values: Mapping[int, bytes], tag: int) -> bytes:
    return values.get(tag, b"").rstrip(_IGNORED)


def _even(value: bytes) -> bytes:
    return value + b" " * (len(value) % 2)
