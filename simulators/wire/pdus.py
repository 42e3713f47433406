"""The seven PDUs of PS3.8 9.3, and one that is none of them.

One rule: a field left at None is computed, a field that is set is sent as it stands; nothing
validates. PDUs are values: `dataclasses.replace` makes a different one.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from typing import ClassVar

from simulators.wire.fields import Part, counted, size, u8, u16
from simulators.wire.framing import ItemLike, encode_item, item_list_parts
from simulators.wire.pdata import PDataTF

header = struct.Struct(">BBI").pack
"""Pack type, reserved octet and length."""

_VERSION = struct.Struct(">HH").pack


@dataclass(frozen=True, slots=True, kw_only=True)
class _Associate:
    """The common layout of A-ASSOCIATE-RQ and -AC.

    Attributes:
        length: PDU length as sent; None computes it.
        reserved: Octet 2.
        protocol_version: Octets 7-8; receivers test bit 0 only.
        reserved2: Octets 9-10, as a number.
        called: Called AE title; padded with spaces to 16 octets, never cut.
        calling: Calling AE title; likewise.
        reserved3: Octets 43-74.
        items: Variable items, or raw octets in their place.
    """

    type: ClassVar[int]
    length: int | None = None
    reserved: int = 0
    protocol_version: int = 1
    reserved2: int = 0
    called: bytes = b"ANY-SCP"
    calling: bytes = b"ASSAY"
    reserved3: bytes = bytes(32)
    items: tuple[ItemLike, ...] = ()

    def content(self) -> bytes:
        """Return everything after the six-octet header."""
        return b"".join(
            [
                _VERSION(self.protocol_version, self.reserved2),
                self.called.ljust(16),
                self.calling.ljust(16),
                self.reserved3,
                *[encode_item(item) for item in self.items],
            ]
        )

    def content_parts(self) -> list[Part]:
        """Return `content` as named parts."""
        return [
            u16("protocol_version", self.protocol_version),
            u16("reserved2", self.reserved2),
            Part("called", self.called.ljust(16)),
            Part("calling", self.calling.ljust(16)),
            Part("reserved3", self.reserved3),
            *item_list_parts("items", self.items),
        ]


@dataclass(frozen=True, slots=True, kw_only=True)
class AssociateRQ(_Associate):
    """01H, A-ASSOCIATE-RQ (PS3.8 9.3.2)."""

    type: ClassVar[int] = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class AssociateAC(_Associate):
    """02H, A-ASSOCIATE-AC (PS3.8 9.3.3)."""

    type: ClassVar[int] = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class AssociateRJ:
    """03H, A-ASSOCIATE-RJ (PS3.8 9.3.4).

    Attributes:
        length: PDU length as sent; None computes it.
        reserved: Octet 2.
        reserved2: Octet 7.
        result: 1 permanent, 2 transient.
        source: 1 service user, 2 provider (ACSE), 3 provider (presentation).
        reason: Meaning depends on ``source``.
    """

    type: ClassVar[int] = 3
    length: int | None = None
    reserved: int = 0
    reserved2: int = 0
    result: int = 1
    source: int = 1
    reason: int = 1

    def content(self) -> bytes:
        """Return the four octets of the body."""
        return bytes((self.reserved2, self.result, self.source, self.reason))

    def content_parts(self) -> list[Part]:
        """Return `content` as named parts."""
        return [
            u8("reserved2", self.reserved2),
            u8("result", self.result),
            u8("source", self.source),
            u8("reason", self.reason),
        ]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Release:
    """The common layout of A-RELEASE-RQ and -RP: four reserved octets, or any others."""

    type: ClassVar[int]
    length: int | None = None
    reserved: int = 0
    body: bytes = bytes(4)

    def content(self) -> bytes:
        """Return the body."""
        return self.body

    def content_parts(self) -> list[Part]:
        """Return the body as a part."""
        return [Part("body", self.body)]


@dataclass(frozen=True, slots=True, kw_only=True)
class ReleaseRQ(_Release):
    """05H, A-RELEASE-RQ (PS3.8 9.3.6)."""

    type: ClassVar[int] = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class ReleaseRP(_Release):
    """06H, A-RELEASE-RP (PS3.8 9.3.7)."""

    type: ClassVar[int] = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class Abort:
    """07H, A-ABORT (PS3.8 9.3.8).

    Attributes:
        length: PDU length as sent; None computes it.
        reserved: Octet 2.
        reserved2: Octet 7.
        reserved3: Octet 8.
        source: 0 service user, 2 service provider.
        reason: 0 to 6, significant only when ``source`` is 2.
    """

    type: ClassVar[int] = 7
    length: int | None = None
    reserved: int = 0
    reserved2: int = 0
    reserved3: int = 0
    source: int = 0
    reason: int = 0

    def content(self) -> bytes:
        """Return the four octets of the body."""
        return bytes((self.reserved2, self.reserved3, self.source, self.reason))

    def content_parts(self) -> list[Part]:
        """Return `content` as named parts."""
        return [
            u8("reserved2", self.reserved2),
            u8("reserved3", self.reserved3),
            u8("source", self.source),
            u8("reason", self.reason),
        ]


@dataclass(frozen=True, slots=True, kw_only=True)
class RawPDU:
    """Any octets behind a PDU header: unknown types, or known ones with a foreign body."""

    type: int
    reserved: int = 0
    length: int | None = None
    body: bytes = b""

    def content(self) -> bytes:
        """Return the body."""
        return self.body

    def content_parts(self) -> list[Part]:
        """Return the body as a part."""
        return [Part("body", self.body)]


@dataclass(frozen=True, slots=True)
class Unparsed:
    """Octets that are no PDU; a value, so that a broken device cannot break us.

    Attributes:
        data: The octets as received.
        reason: Why they are no PDU.
    """

    data: bytes
    reason: str


PDU = AssociateRQ | AssociateAC | AssociateRJ | PDataTF | ReleaseRQ | ReleaseRP | Abort | RawPDU
"""Everything that can be sent as one PDU."""


def pdu_parts(pdu: PDU) -> list[Part]:
    """Return header and content of any PDU as parts."""
    body = pdu.content_parts()
    return [
        u8("type", pdu.type),
        u8("reserved", pdu.reserved),
        counted("length", pdu.length, size(body), 4),
        *body,
    ]
