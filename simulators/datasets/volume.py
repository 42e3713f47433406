"""Data sets of very many small parts, all of them valid."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import partial
from typing import Final

from simulators.datasets.specimen import Builder, Content, Specimen, placed, written
from simulators.wire import uids
from simulators.wire.dataset import DataItem, Element

_GROUPS: Final = range(0x0041, 0x0045, 2)
_BLOCKS: Final = range(0x10, 0xE0)
_REFERENCED_IMAGES: Final = 0x00081140
VALUES: Final = 65_534


def _elements() -> Iterator[Element]:
    """About 10^5 private elements of two octets, each in its creator's block."""
    for group in _GROUPS:
        for block in _BLOCKS:
            yield Element(tag=group << 16 | block, vr="LO", value="ASSAY")
        for block in _BLOCKS:
            for number in range(256):
                yield Element(tag=group << 16 | block << 8 | number, vr="US", value=b"\1\0")


def _many_elements(content: Content) -> Specimen:
    return written(placed(content, *_elements()))


def _many_items(content: Content, *, undefined: bool) -> Specimen:
    inside = (Element(tag=0x00081155, vr="UI", value="2.25.1"),)
    items = tuple(DataItem(elements=inside, undefined=undefined) for _ in range(50_000))
    return written(
        placed(
            content, Element(tag=_REFERENCED_IMAGES, vr="SQ", value=items, undefined=undefined)
        )
    )


MANY_PARTS: Final[Mapping[str, Builder]] = {
    "elements": _many_elements,
    "items": partial(_many_items, undefined=False),
    "undefined-items": partial(_many_items, undefined=True),
}
"""10^5 elements, or 50 000 items."""


def _values(tag: int, vr: str, value: bytes, content: Content) -> Specimen:
    """In implicit VR, where a length may pass 64 KiB."""
    sent = placed(content, Element(tag=tag, vr=vr, value=value + b" " * (len(value) % 2)))
    return written(sent, uids.IMPLICIT_LE)


def _numbered(form: str) -> bytes:
    return "\\".join(form.format(number) for number in range(VALUES)).encode("ascii")


MANY_VALUES: Final[Mapping[str, Builder]] = {
    "AT": partial(_values, 0x00280009, "AT", b"\x54\x00\x18\x10" * VALUES),
    "UI": partial(_values, 0x00080062, "UI", _numbered("2.25.{}")),
    "DS": partial(_values, 0x00280030, "DS", _numbered("{}")),
    "LO": partial(_values, 0x00101000, "LO", _numbered("S{}")),
    "empty": partial(_values, 0x00101001, "PN", b"\\" * (VALUES - 1)),
}
"""One attribute of 65 534 values, by VR."""
