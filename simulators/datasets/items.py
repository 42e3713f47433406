"""Sequences and items whose delimiters are missing or surplus, or whose lengths lie."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from typing import Final

from simulators.datasets.specimen import (
    CONTENT_SEQUENCE,
    PIXEL_DATA,
    Builder,
    Content,
    Specimen,
    placed,
    spliced,
    written,
)
from simulators.wire.dataset import UNDEFINED, DataItem, Element, encode_dataset

_ITEM_END: Final = b"\xfe\xff\x0d\xe0\0\0\0\0"
_SEQUENCE_END: Final = b"\xfe\xff\xdd\xe0\0\0\0\0"
_TEXT: Final = Element(tag=0x0040A160, vr="UT", value="synthetic " * 16)
_LEAF: Final = DataItem(elements=(_TEXT,))


def _sequence(
    *items: DataItem, vr: str = "SQ", length: int | None = None, undefined: bool = False
) -> Element:
    """Content Sequence, that stands right before the pixels."""
    return Element(tag=CONTENT_SEQUENCE, vr=vr, value=items, length=length, undefined=undefined)


def _added(
    content: Content, element: Element, *, owed: tuple[int, ...] = (PIXEL_DATA,)
) -> Specimen:
    return written(placed(content, element), honest_as=content, owed=owed)


def _open_sequence(content: Content) -> Specimen:
    return _added(content, _sequence(_LEAF, length=UNDEFINED))


def _open_unknown(content: Content) -> Specimen:
    leaf = DataItem(elements=encode_dataset((_TEXT,), "implicit"))
    return _added(content, _sequence(leaf, vr="UN", length=UNDEFINED))


def _open_item(content: Content) -> Specimen:
    return _added(content, _sequence(replace(_LEAF, length=UNDEFINED), undefined=True))


def _open_fragments(content: Content) -> Specimen:
    fragments = (DataItem(elements=b""), DataItem(elements=bytes(64)))
    pixels = Element(tag=PIXEL_DATA, vr="OB", value=fragments, length=UNDEFINED)
    return _added(content, pixels, owed=())


def _stray(raw: bytes, content: Content) -> Specimen:
    return written(content, octets=spliced(content, raw, before=PIXEL_DATA))


DELIMITERS: Final[Mapping[str, Builder]] = {
    "sequence-without-end": _open_sequence,
    "unknown-without-end": _open_unknown,
    "item-without-end": _open_item,
    "fragments-without-end": _open_fragments,
    "stray-sequence-end": partial(_stray, _SEQUENCE_END),
    "stray-item-end": partial(_stray, _ITEM_END),
}
"""An undefined length without a delimiter, or a delimiter of nothing."""

_BODY: Final = len(encode_dataset((_TEXT,), "explicit"))
_PIXEL_HEADER: Final = 12


def _item_of(more: int, content: Content) -> Specimen:
    lying = replace(_LEAF, length=_BODY + more)
    return _added(content, _sequence(lying, length=8 + _BODY))


def _sequence_of(more: int, content: Content) -> Specimen:
    return _added(content, _sequence(_LEAF, length=8 + _BODY + more))


def _swallowed(content: Content) -> int:
    """How many octets the pixels take with their header, which end the data set."""
    return len(encode_dataset([each for each in content if each.tag >= PIXEL_DATA], "explicit"))


def _item_over_pixels(content: Content) -> Specimen:
    """The item ends in the middle of the pixels, and its sequence where it should."""
    lying = replace(_LEAF, length=_BODY + _PIXEL_HEADER + 64)
    return _added(content, _sequence(lying, undefined=True))


def _sequence_over_pixels(content: Content) -> Specimen:
    return _sequence_of(_swallowed(content), content)


UNTRUE_LENGTHS: Final[Mapping[str, Builder]] = {
    "item-2-less": partial(_item_of, -2),
    "item-2-more": partial(_item_of, 2),
    "item-64-less": partial(_item_of, -64),
    "item-64-more": partial(_item_of, 64),
    "item-over-pixels": _item_over_pixels,
    "sequence-2-less": partial(_sequence_of, -2),
    "sequence-64-more": partial(_sequence_of, 64),
    "sequence-over-pixels": _sequence_over_pixels,
}
"""An item or a sequence that is shorter or longer than its length says."""
