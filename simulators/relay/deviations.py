"""What a person in the middle may do to one unit that passes; sans-IO.

Nothing here needs a key. Where the object and its answer are is told by volume and order: the
object that the requestor was given to send is far larger than all else that it says (proposals of
128 contexts and certificates stay below 32 KiB), and what the acceptor says next is the answer.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from simulators.handshakes.evidence import Parts, client_hello_parts
from simulators.relay import hello
from simulators.relay.framing import HEADER_BYTES, Side, Unit
from simulators.relay.transcript import Transcript
from simulators.tls.codes import ContentType, MessageType

PIXEL_OCTETS = 1 << 17
"""Pixel data of the object: 128 KiB. Half of it said, whatever comes is pixel data; all of it
said, whatever the acceptor says is the answer."""

_BIT = 0x01
_FROM_THE_END = 21
"""Before the tag (16 octets) and the inner type of TLS 1.3, four octets into the last value: a
digit of a UID in a command set, a pixel in an object. A device that looks at nothing but the
plain text has no reason to stumble."""
_CLIENT_HELLO = bytes([MessageType.CLIENT_HELLO])


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """What happens instead of passing a unit on.

    Attributes:
        data: What goes out in its place; empty when it is held back.
        what: Its name in the evidence.
        parts: ``data`` in named parts.
        lies: Which of them deviate.
        back: ``data`` goes to whoever sent the unit.
        cut: Both connections end by FIN after it, without a word in TLS.
    """

    data: bytes
    what: str
    parts: Parts
    lies: tuple[str, ...] = ()
    back: bool = False
    cut: bool = False


Deviation = Callable[[Side, Unit, Transcript], Act | None]
"""Looks at each unit before it is passed; the first act is the only one."""


def cut_offer(what: str) -> Deviation:
    """Takes ``versions``, ``suites`` or ``extended_master_secret`` out of the ClientHello."""

    def deviate(side: Side, unit: Unit, _seen: Transcript) -> Act | None:
        if not _is_hello(side, unit):
            return None
        changed = hello.without(unit.data, what)
        if changed is None:
            return None
        data, part = changed
        header: Parts = [("record", data[:HEADER_BYTES])]
        parts = header + client_hello_parts(data[HEADER_BYTES:])
        return Act(data=data, what=f"ClientHello with fewer {what}", parts=parts, lies=(part,))

    return deviate


def flip_in_the_object() -> Deviation:
    """Flips one bit of the record that carries the pixel data of a C-STORE."""

    def deviate(side: Side, unit: Unit, seen: Transcript) -> Act | None:
        return _flipped(unit, "C-STORE-RQ data") if _is_object(side, unit, seen) else None

    return deviate


def flip_in_the_answer() -> Deviation:
    """Flips one bit of the first record with which the acceptor answers the object."""

    def deviate(side: Side, unit: Unit, seen: Transcript) -> Act | None:
        return _flipped(unit, "C-STORE-RSP") if _is_answer(side, unit, seen) else None

    return deviate


def cut_inside_the_object(*, between_records: bool) -> Deviation:
    """Ends the stream before the record with the pixel data, or in the middle of it."""

    def deviate(side: Side, unit: Unit, seen: Transcript) -> Act | None:
        if not _is_object(side, unit, seen):
            return None
        kept = b"" if between_records else unit.data[: len(unit.data) // 2]
        parts: Parts = [("half a record", kept)] if kept else []
        return Act(data=kept, what="FIN inside a C-STORE-RQ", parts=parts, cut=True)

    return deviate


def cut_before_the_answer() -> Deviation:
    """Holds the answer to the object back and ends the stream in its place."""

    def deviate(side: Side, unit: Unit, seen: Transcript) -> Act | None:
        if not _is_answer(side, unit, seen):
            return None
        return Act(data=b"", what="FIN in place of the C-STORE-RSP", parts=[], cut=True)

    return deviate


def refuse_in_place_of_the_acceptor(parts: Parts, what: str) -> Deviation:
    """Answers the ClientHello by these bytes; the acceptor never hears it."""

    def deviate(side: Side, unit: Unit, _seen: Transcript) -> Act | None:
        if not _is_hello(side, unit):
            return None
        data = b"".join(data for _, data in parts)
        return Act(data=data, what=what, parts=parts, back=True)

    return deviate


def reflect() -> Deviation:
    """Gives the requestor its own ClientHello back; the acceptor never hears it."""

    def deviate(side: Side, unit: Unit, _seen: Transcript) -> Act | None:
        if not _is_hello(side, unit):
            return None
        header: Parts = [("record", unit.data[:HEADER_BYTES])]
        parts = header + client_hello_parts(unit.data[HEADER_BYTES:])
        what = "the requestor's own ClientHello"
        return Act(data=unit.data, what=what, parts=parts, lies=("handshake.type",), back=True)

    return deviate


def lead_astray(what: str) -> Deviation:
    """Passes the ClientHello unaltered, to where the requestor did not mean to go."""

    def deviate(side: Side, unit: Unit, _seen: Transcript) -> Act | None:
        if not _is_hello(side, unit):
            return None
        return Act(data=unit.data, what=what, parts=[("the requestor's ClientHello", unit.data)])

    return deviate


def _is_hello(side: Side, unit: Unit) -> bool:
    handshake = side is Side.REQUESTOR and unit.type == ContentType.HANDSHAKE
    return handshake and unit.data[HEADER_BYTES : HEADER_BYTES + 1] == _CLIENT_HELLO


def _is_object(side: Side, unit: Unit, seen: Transcript) -> bool:
    """A sealed record in the second half of the object; ``seen`` ends before the unit."""
    sealed = unit.type == ContentType.APPLICATION_DATA
    return side is Side.REQUESTOR and sealed and seen.sealed(side) >= PIXEL_OCTETS // 2


def _is_answer(side: Side, unit: Unit, seen: Transcript) -> bool:
    """The acceptor's first sealed record after the object; ``seen`` ends before the unit."""
    sealed = unit.type == ContentType.APPLICATION_DATA
    return side is Side.ACCEPTOR and sealed and seen.sealed(side.other) >= PIXEL_OCTETS


def _flipped(unit: Unit, what: str) -> Act:
    at = max(HEADER_BYTES, len(unit.data) - _FROM_THE_END)
    bit = bytes([unit.data[at] ^ _BIT])
    parts: Parts = [
        ("record.header", unit.data[:HEADER_BYTES]),
        ("sealed", unit.data[HEADER_BYTES:at]),
        ("sealed.flipped", bit),
        ("sealed.rest", unit.data[at + 1 :]),
    ]
    data = b"".join(data for _, data in parts)
    return Act(data=data, what=f"{what}, one bit flipped", parts=parts, lies=("sealed.flipped",))
