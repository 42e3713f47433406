"""Data sets (PS3.5 7): encoded from values that may lie about every length.

One rule: a length left at None is computed, one that is set is sent as it stands. Nesting is
walked with a stack of our own, so that a depth of 20 000 costs time in proportion and no recursion.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from simulators.wire import uids

UNDEFINED: Final = 0xFFFF_FFFF
"""The undefined length (PS3.5 7.1.1)."""

Tag = int
"""A tag as 0xGGGGEEEE."""

_ITEM: Final = 0xFFFEE000
_ITEM_END: Final = 0xFFFEE00D
_SEQUENCE_END: Final = 0xFFFEE0DD
LONG_VRS: Final = frozenset(
    ("OB", "OD", "OF", "OL", "OV", "OW", "SQ", "SV", "UC", "UN", "UR", "UT", "UV")
)
"""The value representations whose lengths have 32 bits in explicit VR (PS3.5 7.1.2)."""
_NUL_PADDED: Final = frozenset(("OB", "UI", "UN"))
_BIG: Final = frozenset(("big", uids.EXPLICIT_BE))
_EXPLICIT: Final = {
    "implicit": False,
    "explicit": True,
    "deflated": True,
    "big": True,
    uids.IMPLICIT_LE: False,
    uids.EXPLICIT_LE: True,
    uids.DEFLATED_LE: True,
    uids.EXPLICIT_BE: True,
}
# How wide the numbers of a value are, for the one transfer syntax that turns them round.
_WIDTHS: Final = {
    **dict.fromkeys(("AT", "OW", "SS", "US"), 2),
    **dict.fromkeys(("FL", "OF", "OL", "SL", "UL"), 4),
    **dict.fromkeys(("FD", "OD", "OV", "SV", "UV"), 8),
}
_tag_and_length = struct.Struct("<HHI").pack
_long_header = struct.Struct("<HH2sHI").pack
_short_header = struct.Struct("<HH2sH").pack


@dataclass(frozen=True, slots=True, kw_only=True)
class DataItem:
    """One item of a sequence, or one fragment of encapsulated pixel data.

    Attributes:
        elements: The elements, or raw octets in their place.
        length: Item length as sent; None computes it.
        undefined: True for the undefined length and an item delimiter.
    """

    elements: tuple[Element, ...] | bytes = ()
    length: int | None = None
    undefined: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Element:
    """One data element.

    Attributes:
        tag: Tag as 0xGGGGEEEE.
        vr: Two characters; written in explicit VR only.
        value: Octets as they stand; text, padded to an even length; or items.
        length: Value length as sent; None computes it.
        undefined: True for the undefined length and a sequence delimiter.
        long: True or False for a header with a length of 32 or 16 bits in explicit VR, whatever
            the VR has; None takes what it has.
    """

    tag: Tag
    vr: str
    value: bytes | str | tuple[DataItem, ...] = b""
    length: int | None = None
    undefined: bool = False
    long: bool | None = None


@dataclass(slots=True)
class _Open:
    """A container whose children are being written: where it goes and how it ends."""

    owner: Element | DataItem
    children: Iterator[Element | DataItem]
    slot: int
    size: int = 0


def encode_dataset(elements: Sequence[Element], transfer_syntax: str = "implicit") -> bytes:
    """Return the octets of a data set; elements are written in the order given.

    Args:
        elements: The elements.
        transfer_syntax: ``implicit``, ``explicit``, ``deflated`` (all little endian) or ``big``
            (explicit big endian), or the UID of one. Values are given in little endian always.

    Raises:
        KeyError: No such transfer syntax.
        TypeError: A sequence is to be written in big endian.
        struct.error: A length is set to a number that its octets cannot hold.
    """
    explicit = _EXPLICIT[transfer_syntax]
    if transfer_syntax in _BIG:
        return _turned_round(elements)
    raw = _encode(elements, explicit)
    return deflate(raw) if transfer_syntax in ("deflated", uids.DEFLATED_LE) else raw


def _turned_round(elements: Sequence[Element]) -> bytes:
    """Return a flat data set in Explicit VR Big Endian (PS3.5 A.3, retired)."""
    chunks: list[bytes] = []
    for each in elements:
        raw = _octets(each)
        if not isinstance(raw, bytes):
            raise TypeError("only flat data sets are written in big endian")
        width = _WIDTHS.get(each.vr, 1)
        turned = b"".join(raw[at : at + width][::-1] for at in range(0, len(raw), width))
        length = len(raw) if each.length is None else each.length
        head = struct.pack(">HH2s", each.tag >> 16, each.tag & 0xFFFF, each.vr.encode("latin-1"))
        long = each.vr in LONG_VRS if each.long is None else each.long
        size = struct.pack(">HI", 0, length) if long else struct.pack(">H", length)
        chunks += (head, size, turned)
    return b"".join(chunks)


def deflate(raw: bytes) -> bytes:
    """Return ``raw`` deflated without a zlib header and padded to even length (PS3.5 A.5)."""
    packer = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    packed = packer.compress(raw) + packer.flush()
    return packed + b"\0" * (len(packed) % 2)


def nested(
    depth: int,
    tag: Tag = 0x0040A730,
    leaf: Sequence[Element] = (),
    *,
    undefined: bool = True,
) -> Element:
    """Return ``depth`` sequences inside one another, each with one item.

    Args:
        depth: Number of sequences, at least 1.
        tag: Tag of every sequence; the default is Content Sequence.
        leaf: Elements of the innermost item.
        undefined: False gives every sequence and item its defined length.
    """
    content = tuple(leaf)
    for _ in range(max(1, depth)):
        item = DataItem(elements=content, undefined=undefined)
        content = (Element(tag=tag, vr="SQ", value=(item,), undefined=undefined),)
    return content[0]


def _encode(elements: Sequence[Element], explicit: bool) -> bytes:
    """Write depth first; a header is filled in when the size of its container is known."""
    chunks: list[bytes] = []
    root = _Open(DataItem(), iter(elements), -1)
    stack = [root]
    while stack:
        top = stack[-1]
        child = next(top.children, None)
        if child is None:
            stack.pop()
            if stack:
                stack[-1].size += _close(top, chunks, explicit)
        elif isinstance(raw := _octets(child), bytes):
            top.size += _leaf(child, raw, chunks, explicit)
        else:
            chunks.append(b"")
            stack.append(_Open(child, raw, len(chunks) - 1))
    return b"".join(chunks)


def _octets(child: Element | DataItem) -> bytes | Iterator[Element | DataItem]:
    """Return a child's octets, or what stands inside it."""
    if isinstance(child, DataItem):
        return child.elements if isinstance(child.elements, bytes) else iter(child.elements)
    if isinstance(child.value, str):
        raw = child.value.encode("utf-8", "surrogatepass")
        return raw + (b"\0" if child.vr in _NUL_PADDED else b" ") * (len(raw) % 2)
    return child.value if isinstance(child.value, bytes) else iter(child.value)


def _leaf(child: Element | DataItem, raw: bytes, chunks: list[bytes], explicit: bool) -> int:
    """Append a child without children; return its size."""
    head, end = _header(child, len(raw), explicit), _end(child)
    chunks += (head, raw, end)
    return len(head) + len(raw) + len(end)


def _close(done: _Open, chunks: list[bytes], explicit: bool) -> int:
    """Fill in the header of a finished container and end it; return its size."""
    head, end = _header(done.owner, done.size, explicit), _end(done.owner)
    chunks[done.slot] = head
    chunks.append(end)
    return len(head) + done.size + len(end)


def _header(owner: Element | DataItem, size: int, explicit: bool) -> bytes:
    length = owner.length
    if length is None:
        length = UNDEFINED if owner.undefined else size
    if isinstance(owner, DataItem):
        return _tag_and_length(_ITEM >> 16, _ITEM & 0xFFFF, length)
    group, number = owner.tag >> 16, owner.tag & 0xFFFF
    if not explicit:
        return _tag_and_length(group, number, length)
    vr = owner.vr.encode("latin-1")
    if owner.vr in LONG_VRS if owner.long is None else owner.long:
        return _long_header(group, number, vr, 0, length)
    return _short_header(group, number, vr, length)


def _end(owner: Element | DataItem) -> bytes:
    if not owner.undefined:
        return b""
    tag = _ITEM_END if isinstance(owner, DataItem) else _SEQUENCE_END
    return _tag_and_length(tag >> 16, tag & 0xFFFF, 0)
