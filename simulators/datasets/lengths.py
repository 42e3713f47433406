"""Lengths that promise more than there is, and values of lengths that their VR does not permit."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from typing import Final

from simulators.datasets.specimen import (
    CONTENT_SEQUENCE,
    PATIENT_ID,
    PIXEL_DATA,
    Builder,
    Content,
    Specimen,
    patient_of,
    placed,
    written,
)
from simulators.wire import uids
from simulators.wire.dataset import DataItem, Element

_HUGE: Final = 0x7FFF_FFFE
_COMMENTS: Final = 0x00204000
_PRIVATE: Final = (0x00290010, 0x00291001)
_TEXT: Final = Element(tag=0x0040A160, vr="UT", value="synthetic")


def _with_pixels(content: Content, change: Callable[[Element], Element]) -> Content:
    return tuple(change(each) if each.tag == PIXEL_DATA else each for each in content)


def _replaced(extra: Element, content: Content, syntax: str = uids.EXPLICIT_LE) -> Specimen:
    return written(placed(content, extra), syntax, owed=())


def _private(content: Content) -> Specimen:
    creator = Element(tag=_PRIVATE[0], vr="LO", value="ASSAY SYNTHETIC")
    lying = Element(tag=_PRIVATE[1], vr="OB", value=b"\1\2", length=1 << 30)
    return written(placed(content, creator, lying), owed=())


def _fragment(content: Content) -> Specimen:
    fragments = (DataItem(elements=b""), DataItem(elements=bytes(64), length=_HUGE))
    return written(
        _with_pixels(content, lambda one: replace(one, vr="OB", value=fragments, undefined=True)),
        honest_as=content,
        owed=(),
    )


def _sequence(content: Content) -> Specimen:
    items = (DataItem(elements=(_TEXT,)),)
    return _replaced(Element(tag=CONTENT_SEQUENCE, vr="SQ", value=items, length=_HUGE), content)


def _item(content: Content) -> Specimen:
    items = (DataItem(elements=(_TEXT,), length=_HUGE),)
    return _replaced(Element(tag=CONTENT_SEQUENCE, vr="SQ", value=items, undefined=True), content)


def _just_over(content: Content) -> Specimen:
    def promise_more(one: Element) -> Element:
        return replace(one, length=len(one.value) + 2)

    return written(_with_pixels(content, promise_more), owed=())


BEYOND_THE_END: Final[Mapping[str, Builder]] = {
    "short-text": partial(
        _replaced, Element(tag=_COMMENTS, vr="LT", value="synthetic", length=0xFFFE)
    ),
    "implicit-text": partial(
        _replaced,
        Element(tag=_COMMENTS, vr="LT", value="synthetic", length=_HUGE),
        syntax=uids.IMPLICIT_LE,
    ),
    "unknown": partial(_replaced, Element(tag=_COMMENTS, vr="UN", value=b"\1\2", length=_HUGE)),
    "private": _private,
    "sequence": _sequence,
    "item": _item,
    "fragment": _fragment,
    "two-more": _just_over,
}
"""A length beyond the end of the data set, by the kind of thing that has it."""


def _unfit(tag: int, vr: str, value: bytes, content: Content, *, kept: bool = True) -> Specimen:
    """A value that may have to be mended, and whose text must be kept where it is one."""
    sent = placed(content, Element(tag=tag, vr=vr, value=value))
    return written(sent, owed=(PIXEL_DATA, tag) if kept else (PIXEL_DATA,))


def _odd_patient(content: Content) -> Specimen:
    """The Patient ID has an odd number of characters, and no padding."""
    odd = Element(tag=PATIENT_ID, vr="LO", value=patient_of(content).encode())
    return written(placed(content, odd), honest_as=content)


UNFIT: Final[Mapping[str, Builder]] = {
    "US-of-3": partial(_unfit, 0x00280106, "US", b"\1\0\2", kept=False),
    "US-of-0": partial(_unfit, 0x00280106, "US", b"", kept=False),
    "UL-of-2": partial(_unfit, 0x00186016, "UL", b"\1\0", kept=False),
    "DS-of-17": partial(_unfit, 0x00281050, "DS", b"1.000000000000001"),
    "IS-of-18": partial(_unfit, 0x00200012, "IS", b"000000000000000001"),
    "UI-of-7": partial(_unfit, 0x00200052, "UI", b"2.25.13"),
    "LO-of-odd": _odd_patient,
    "OB-of-odd": partial(_unfit, PIXEL_DATA, "OB", bytes(range(1, 256))),
}
"""A value whose length does not fit its VR, or is odd."""
