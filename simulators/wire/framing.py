"""Item framing (PS3.8 9.3.1): a type, a reserved octet, a two-octet length, a body."""

from __future__ import annotations

import struct
from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from simulators.wire.fields import Octets, Part, counted, normalise, octets, size, u8

header = struct.Struct(">BBH").pack
"""Pack type, reserved octet and length."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Framed:
    """What all items of a known type share.

    Attributes:
        length: Item length as sent; None computes it.
        reserved: Octet 2 of the item; receivers shall not test it.
    """

    type: ClassVar[int]
    length: int | None = None
    reserved: int = 0

    def content(self) -> bytes:
        """Return everything after the four-octet header."""
        return b"".join([part.octets for part in self.content_parts()])

    def content_parts(self) -> list[Part]:
        """Return `content` as named parts, names relative to the item."""
        raise NotImplementedError


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """Any item at all: the way to send unknown types and misplaced or broken bodies.

    Attributes:
        type: Item type, 0 to 255.
        body: Raw octets, or items.
        length: Item length as sent; None computes it.
        reserved: Octet 2 of the item.
    """

    type: int
    body: bytes | tuple[ItemLike, ...] = b""
    length: int | None = None
    reserved: int = 0

    def content(self) -> bytes:
        """Return the body, encoded."""
        if isinstance(self.body, bytes):
            return self.body
        return b"".join([encode_item(item) for item in self.body])

    def content_parts(self) -> list[Part]:
        """Return the body as one part, or as the parts of its items."""
        if isinstance(self.body, bytes):
            return [Part("body", self.body)]
        return item_list_parts("body", self.body)


StructuredItem = Item | Framed
"""An item with a header of its own."""

ItemLike = StructuredItem | bytes
"""What an item list takes: an item, or raw octets in its place."""


@dataclass(frozen=True, slots=True, kw_only=True)
class UidItem(Framed):
    """An item whose whole body is one UID."""

    uid: Octets

    def __post_init__(self) -> None:
        normalise(self, "uid")

    def content(self) -> bytes:
        """Return the UID."""
        return octets(self.uid)

    def content_parts(self) -> list[Part]:
        """Return the UID as a part."""
        return [Part("uid", octets(self.uid))]


def encode_item(item: ItemLike) -> bytes:
    """Return the octets of one item; raw octets pass as they are."""
    if isinstance(item, bytes):
        return item
    body = item.content()
    length = item.length
    return header(item.type, item.reserved, len(body) if length is None else length) + body


def item_parts(prefix: str, item: ItemLike) -> list[Part]:
    """Return the octets of one item as parts named ``prefix.field``."""
    if isinstance(item, bytes):
        return [Part(prefix, item)]
    body = item.content_parts()
    return [
        u8(f"{prefix}.type", item.type),
        u8(f"{prefix}.reserved", item.reserved),
        counted(f"{prefix}.length", item.length, size(body), 2),
        *(Part(f"{prefix}.{part.name}", part.octets, part.lying) for part in body),
    ]


def item_list_parts(prefix: str, items: Sequence[ItemLike]) -> list[Part]:
    """Return the parts of several items, named ``prefix[index].field``."""
    return [
        part for index, item in enumerate(items) for part in item_parts(f"{prefix}[{index}]", item)
    ]


def counted_text(name: str, value: Octets, claimed: int | None) -> list[Part]:
    """Return a two-octet length and the field that it counts."""
    raw = octets(value)
    return [counted(f"{name}_length", claimed, len(raw), 2), Part(name, raw)]
