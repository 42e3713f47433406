"""Valid data sets that parsers read as different patients; the standard has one reading of each."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from simulators.datasets.specimen import (
    PATIENT_ID,
    PATIENT_NAME,
    PIXEL_DATA,
    Builder,
    Content,
    Specimen,
    decoy_of,
    placed,
    written,
)
from simulators.wire import uids
from simulators.wire.dataset import DataItem, Element, encode_dataset

_REFERENCED_IMAGES: Final = 0x00081140
_ITEM_END: Final = b"\xfe\xff\x0d\xe0\0\0\0\0"
_SEQUENCE_END: Final = b"\xfe\xff\xdd\xe0\0\0\0\0"
_OWED: Final = (PATIENT_NAME, PATIENT_ID, PIXEL_DATA)


def _decoy(content: Content) -> Element:
    return Element(tag=PATIENT_ID, vr="LO", value=decoy_of(content))


def _with(content: Content, *extra: Element, syntax: str = uids.EXPLICIT_LE) -> Specimen:
    return written(placed(content, *extra), syntax, owed=_OWED)


def _in_an_item(content: Content) -> Specimen:
    """Who flattens sequences, or searches for the tag, finds the patient of an item."""
    item = DataItem(elements=(_decoy(content),), undefined=True)
    return _with(content, Element(tag=_REFERENCED_IMAGES, vr="SQ", value=(item,), undefined=True))


def _in_a_value(content: Content) -> Specimen:
    """Who searches for the tag finds it in a text that stands before it."""
    text = encode_dataset([_decoy(content)], "explicit")
    return _with(content, Element(tag=0x00081080, vr="LO", value=b"  " + text))


def _behind_a_false_end(content: Content) -> Specimen:
    """Who looks for delimiters instead of going by lengths leaves the sequence inside a value."""
    rest = len(_ITEM_END) + len(_SEQUENCE_END)
    swallows = Element(tag=0x00110011, vr="OB", length=rest)
    inside = encode_dataset([_decoy(content), swallows], "explicit")
    value = Element(tag=0x00420011, vr="OB", value=_ITEM_END + _SEQUENCE_END + inside)
    item = DataItem(elements=(value,), undefined=True)
    return _with(content, Element(tag=_REFERENCED_IMAGES, vr="SQ", value=(item,), undefined=True))


def _in_an_unknown_list(content: Content) -> Specimen:
    """Inside UN of undefined length stands implicit VR, whatever stands around it."""
    inside = encode_dataset([_decoy(content)], "implicit")
    item = DataItem(elements=inside, undefined=True)
    creator = Element(tag=0x00090010, vr="LO", value="ASSAY SYNTHETIC")
    return _with(content, creator, Element(tag=0x00091001, vr="UN", value=(item,), undefined=True))


def _in_an_unknown_value(content: Content) -> Specimen:
    """A UN of defined length is octets, even where they look like elements of the top level."""
    creator = Element(tag=0x00090010, vr="LO", value="ASSAY SYNTHETIC")
    value = encode_dataset([_decoy(content)], "explicit")
    return _with(content, creator, Element(tag=0x00091001, vr="UN", value=value))


def _in_the_padding(content: Content) -> Specimen:
    """Behind the pixels stands padding that nobody reads (PS3.10 7.2)."""
    padding = encode_dataset([_decoy(content)], "explicit")
    return _with(content, Element(tag=0xFFFCFFFC, vr="OB", value=padding))


def _behind_a_length_like_a_vr(content: Content) -> Specimen:
    """Who guesses explicit VR by the letters takes 4F4CH, a length, for the VR "LO".

    Declared as implicit, the data set begins with an Image Type of 20 300 octets; taken for
    explicit, with an empty one and the patient that stands in its value.
    """
    others = [each for each in content if each.tag not in (PATIENT_ID, PIXEL_DATA)]
    size = int.from_bytes(b"LO\0\0", "little")
    shadow = encode_dataset(placed(others, _decoy(content)), "explicit")
    swallows = Element(tag=0x7FE00010, vr="OB", length=0)
    head = encode_dataset([swallows], "explicit")[:8]
    rest = size - len(shadow) - len(head) - 4
    honest_rest = len(encode_dataset(content, "implicit"))
    body = shadow + head + (rest + honest_rest).to_bytes(4, "little") + bytes(rest)
    return _with(content, Element(tag=0x00080008, vr="CS", value=body), syntax=uids.IMPLICIT_LE)


DISPUTED: Final[Mapping[str, Builder]] = {
    "in-an-item": _in_an_item,
    "in-a-value": _in_a_value,
    "behind-a-false-end": _behind_a_false_end,
    "in-an-unknown-list": _in_an_unknown_list,
    "in-an-unknown-value": _in_an_unknown_value,
    "in-the-padding": _in_the_padding,
    "behind-a-length-like-a-vr": _behind_a_length_like_a_vr,
}
"""Where another patient stands than the one whom the standard's reading gives."""
