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


def _many_items(content: Content, *, count: int, undefined: bool) -> Specimen:
    inside = (Element(tag=0x00081155, vr="UI", value="2.25.1"),)
    items = (DataItem(elements=inside, undefined=undefined),) * count
    references = Element(tag=_REFERENCED_IMAGES, vr="SQ", value=items, undefined=undefined)
    return written(placed(content, references))


MANY_PARTS: Final[Mapping[str, Builder]] = {
    "elements": _many_elements,
    "items": partial(_many_items, count=50_000, undefined=False),
    "undefined-items": partial(_many_items, count=20_000, undefined=True),
}
"""10^5 elements, 50 000 items, or 20 000 whose ends must be looked for."""


def _values(tag: int, vr: str, value: bytes, content: Content) -> Specimen:
    """In implicit VR, where a length may pass 64 KiB."""
    sent = placed(content, Element(tag=tag, vr=vr, value=value + b" " * (len(value) % 2)))
    return written(sent, uids.IMPLICIT_LE)


def _uids() -> bytes:
    return "\\".join(f"2.25.{number}" for number in range(VALUES)).encode("ascii")


MANY_VALUES: Final[Mapping[str, Builder]] = {
    "AT": partial(_values, 0x00280009, "AT", b"\x54\x00\x18\x10" * VALUES),
    "UI": partial(_values, 0x00080062, "UI", _uids()),
    "empty": partial(_values, 0x00101001, "PN", b"\\" * (VALUES - 1)),
}
"""One attribute of 65 534 values, by VR."""
