"""Application and presentation context items of the A-ASSOCIATE PDUs (PS3.8 9.3.2, 9.3.3).

One rule: a field left at None is computed, a field that is set is sent as it stands; nothing
validates. Every item has ``length`` (the two-octet item length) and ``reserved`` (octet 2).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from simulators.wire.fields import Octets, Part, normalise, octets, u8
from simulators.wire.framing import (
    Framed,
    ItemLike,
    StructuredItem,
    UidItem,
    encode_item,
    header,
    item_list_parts,
    item_parts,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ApplicationContext(Framed):
    """10H, application context name (PS3.8 9.3.2.1)."""

    type: ClassVar[int] = 0x10
    name: Octets = b"1.2.840.10008.3.1.1.1"

    def __post_init__(self) -> None:
        normalise(self, "name")

    def content(self) -> bytes:
        """Return the name."""
        return octets(self.name)

    def content_parts(self) -> list[Part]:
        """Return the name as a part."""
        return [Part("name", octets(self.name))]


@dataclass(frozen=True, slots=True, kw_only=True)
class AbstractSyntax(UidItem):
    """30H, abstract syntax; needed only where its header lies, else give the bare UID."""

    type: ClassVar[int] = 0x30


@dataclass(frozen=True, slots=True, kw_only=True)
class TransferSyntax(UidItem):
    """40H, transfer syntax; needed only where its header lies, else give the bare UID."""

    type: ClassVar[int] = 0x40


@dataclass(frozen=True, slots=True, kw_only=True)
class PresentationContextRQ(Framed):
    """20H, one proposed presentation context (PS3.8 9.3.2.2).

    Attributes:
        id: Presentation context id, odd when honest.
        abstract_syntax: UID, or an item sent in its place; None leaves it out.
        transfer_syntaxes: UIDs, or items sent in their place.
        reserved2: Octets 6 to 8.
    """

    type: ClassVar[int] = 0x20
    id: int
    abstract_syntax: Octets | StructuredItem | None
    transfer_syntaxes: tuple[Octets | StructuredItem, ...]
    reserved2: bytes = bytes(3)

    def __post_init__(self) -> None:
        normalise(self, "abstract_syntax")
        if any(isinstance(each, str) for each in self.transfer_syntaxes):
            plain = tuple(octets(t) if isinstance(t, str) else t for t in self.transfer_syntaxes)
            object.__setattr__(self, "transfer_syntaxes", plain)

    def content(self) -> bytes:
        """Return id, reserved octets and both kinds of syntax sub-item."""
        chunks = [bytes((self.id,)), self.reserved2]
        add = chunks.append
        syntax = self.abstract_syntax
        if type(syntax) is bytes:
            add(header(0x30, 0, len(syntax)))
            add(syntax)
        elif syntax is not None:
            add(_syntax(0x30, syntax))
        for each in self.transfer_syntaxes:
            if type(each) is bytes:
                add(header(0x40, 0, len(each)))
                add(each)
            else:
                add(_syntax(0x40, each))
        return b"".join(chunks)

    def content_parts(self) -> list[Part]:
        """Return the named parts of the body."""
        parts = [u8("id", self.id), Part("reserved2", self.reserved2)]
        if self.abstract_syntax is not None:
            parts += _syntax_parts("abstract_syntax", 0x30, self.abstract_syntax)
        for index, each in enumerate(self.transfer_syntaxes):
            parts += _syntax_parts(f"transfer_syntaxes[{index}]", 0x40, each)
        return parts


@dataclass(frozen=True, slots=True, kw_only=True)
class PresentationContextAC(Framed):
    """21H, the answer to one presentation context (PS3.8 9.3.3.2).

    Attributes:
        id: Presentation context id.
        result: 0 acceptance, 1 user rejection, 2 no reason, 3 abstract syntax not supported,
            4 transfer syntaxes not supported.
        transfer_syntax: UID, or an item sent in its place; None leaves it out.
        reserved2: Octet 6.
        reserved3: Octet 8.
    """

    type: ClassVar[int] = 0x21
    id: int
    result: int = 0
    transfer_syntax: Octets | StructuredItem | None
    reserved2: int = 0
    reserved3: int = 0

    def __post_init__(self) -> None:
        normalise(self, "transfer_syntax")

    def content(self) -> bytes:
        """Return id, result and the transfer syntax sub-item."""
        head = bytes((self.id, self.reserved2, self.result, self.reserved3))
        if self.transfer_syntax is None:
            return head
        return head + _syntax(0x40, self.transfer_syntax)

    def content_parts(self) -> list[Part]:
        """Return the named parts of the body."""
        parts = [
            u8("id", self.id),
            u8("reserved2", self.reserved2),
            u8("result", self.result),
            u8("reserved3", self.reserved3),
        ]
        if self.transfer_syntax is not None:
            parts += _syntax_parts("transfer_syntax", 0x40, self.transfer_syntax)
        return parts


@dataclass(frozen=True, slots=True, kw_only=True)
class UserInformation(Framed):
    """50H, the list of user-data sub-items (PS3.8 9.3.2.3)."""

    type: ClassVar[int] = 0x50
    items: tuple[ItemLike, ...] = ()

    def content(self) -> bytes:
        """Return the encoded sub-items."""
        return b"".join([encode_item(item) for item in self.items])

    def content_parts(self) -> list[Part]:
        """Return the parts of the sub-items."""
        return item_list_parts("items", self.items)


def _syntax(kind: int, value: Octets | StructuredItem) -> bytes:
    if isinstance(value, (bytes, str)):
        uid = octets(value)
        return header(kind, 0, len(uid)) + uid
    return encode_item(value)


def _syntax_parts(prefix: str, kind: int, value: Octets | StructuredItem) -> list[Part]:
    if isinstance(value, (bytes, str)):
        value = (
            AbstractSyntax(uid=value) if kind == AbstractSyntax.type else TransferSyntax(uid=value)
        )
    return item_parts(prefix, value)
