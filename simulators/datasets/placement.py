"""Elements where they have no place: other groups, twice, out of order, in nobody's block."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Final

from simulators.datasets.specimen import (
    PATIENT_ID,
    PIXEL_DATA,
    SOP_INSTANCE_UID,
    Builder,
    Content,
    Specimen,
    decoy_of,
    patient_of,
    placed,
    written,
)
from simulators.wire import uids
from simulators.wire.dataset import DataItem, Element, encode_dataset

_FOREIGN_UID: Final = "2.25.1234567890"
_LENGTH_OF_ALL: Final = b"\xfe\xff\xff\x7f"


def _foreign(tag: int, vr: str, value: str | bytes, content: Content) -> Specimen:
    return written(placed(content, Element(tag=tag, vr=vr, value=value)))


def _at_the_end(tag: int, vr: str, value: str, content: Content) -> Specimen:
    return written((*content, Element(tag=tag, vr=vr, value=value)))


FOREIGN_GROUPS: Final[Mapping[str, Builder]] = {
    "meta-instance": partial(_foreign, 0x00020003, "UI", _FOREIGN_UID),
    "meta-transfer-syntax": partial(_foreign, 0x00020010, "UI", uids.IMPLICIT_LE),
    "meta-length": partial(_foreign, 0x00020000, "UL", _LENGTH_OF_ALL),
    "meta-at-the-end": partial(_at_the_end, 0x00020010, "UI", uids.IMPLICIT_LE),
    "command-instance": partial(_foreign, 0x00001000, "UI", _FOREIGN_UID),
    "command-length": partial(_foreign, 0x00000000, "UL", _LENGTH_OF_ALL),
    "group-length": partial(_foreign, 0x00080000, "UL", _LENGTH_OF_ALL),
    "group-length-of-pixels": partial(_foreign, 0x7FE00000, "UL", b"\0\0\0\0"),
}
"""Elements of the file meta information or the command set, or untrue lengths of groups."""


def _twice(content: Content, *, apart: bool, honest_first: bool) -> Specimen:
    pair = [patient_of(content), decoy_of(content)]
    first, last = pair if honest_first else pair[::-1]
    one, two = (Element(tag=PATIENT_ID, vr="LO", value=value) for value in (first, last))
    others = [each for each in content if each.tag != PATIENT_ID]
    before = [each for each in others if each.tag < PATIENT_ID]
    after = [each for each in others if each.tag > PATIENT_ID]
    sent = (*before, one, *after, two) if apart else (*before, one, two, *after)
    return written(sent, honest_as=content, patients=pair)


def _reversed(content: Content) -> Specimen:
    return written(tuple(content[::-1]))


def _late_patient(content: Content) -> Specimen:
    late = [each for each in content if each.tag == PATIENT_ID]
    return written((*(each for each in content if each.tag != PATIENT_ID), *late))


def _two_instances(content: Content) -> Specimen:
    at = next(i for i, each in enumerate(content) if each.tag == SOP_INSTANCE_UID) + 1
    other = Element(tag=SOP_INSTANCE_UID, vr="UI", value=_FOREIGN_UID)
    return written((*content[:at], other, *content[at:]), honest_as=content)


DISORDER: Final[Mapping[str, Builder]] = {
    "two-patients": partial(_twice, apart=False, honest_first=True),
    "two-patients-turned": partial(_twice, apart=False, honest_first=False),
    "patient-again-at-the-end": partial(_twice, apart=True, honest_first=True),
    "two-instances": _two_instances,
    "patient-late": _late_patient,
    "reversed": _reversed,
}
"""Tags that stand twice, or out of order."""

_OCTETS: Final = bytes(range(256))
_CREATOR: Final = 0x00290010
_BLOCK: Final = 0x00291001


def _block(content: Content, *creators: tuple[int, str], tag: int = _BLOCK) -> Specimen:
    made = [Element(tag=at, vr="LO", value=name) for at, name in creators]
    owned = Element(tag=tag, vr="UN", value=_OCTETS)
    return written(placed(content, *made, owned), owed=(PIXEL_DATA, tag))


def _two_blocks(content: Content) -> Specimen:
    name = "ASSAY SYNTHETIC"
    second = Element(tag=0x00291101, vr="UN", value=_OCTETS[::-1])
    both = _block(placed(content, second), (_CREATOR, name), (_CREATOR + 1, name))
    return Specimen(
        octets=both.octets, syntax=both.syntax, sop_class=both.sop_class,
        sop_instance=both.sop_instance, study=both.study, mark=both.mark, patients=both.patients,
        owes={**both.owes, 0x00291101: _OCTETS[::-1]},
    )  # fmt: skip


def _private_sequence(content: Content) -> Specimen:
    """An undefined length of UN: what stands inside is implicit (PS3.5 6.2.2)."""
    inside = Element(tag=0x00080104, vr="LO", value=b"synthetic meaning ")
    items = (DataItem(elements=encode_dataset((inside,), "implicit"), undefined=True),)
    creator = Element(tag=_CREATOR, vr="LO", value="ASSAY SYNTHETIC")
    sent = placed(content, creator, Element(tag=_BLOCK, vr="UN", value=items, undefined=True))
    named = placed(content, creator, Element(tag=_BLOCK, vr="UN", value=b"synthetic meaning"))
    return written(sent, honest_as=named, owed=(PIXEL_DATA, _BLOCK))


PRIVATE: Final[Mapping[str, Builder]] = {
    "honest-block": lambda content: _block(content, (_CREATOR, "ASSAY SYNTHETIC")),
    "no-creator": lambda content: _block(content),
    "creator-of-two-values": lambda content: _block(content, (_CREATOR, "ASSAY\\SYNTHETIC")),
    "creator-of-another-group": lambda content: _block(content, (0x00310010, "ASSAY SYNTHETIC")),
    "one-creator-of-two-blocks": _two_blocks,
    "unknown-sequence": _private_sequence,
}
"""Private blocks that nobody owns, or that two do, and what nobody can interpret."""
