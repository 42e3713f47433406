"""From octets to items: total, and without losing an octet.

Whatever an item claims, `encode_item` of the result gives the same octets again. A body that
does not fit its type stays an `Item` with raw octets, too few octets for a header stay raw.
"""

from __future__ import annotations

import struct
from collections.abc import Callable
from typing import Final

from simulators.wire import items as it
from simulators.wire import user_items as us
from simulators.wire.fields import unless
from simulators.wire.framing import Framed, Item, ItemLike, StructuredItem

_read_header = struct.Struct(">BBH").unpack_from

_CONTAINERS: Final = frozenset((0x20, 0x21, 0x50))

_Frame = tuple[int | None, int]
"""Length if it lies, and the reserved octet."""


def decode_items(raw: bytes, *, nested: bool = False) -> tuple[ItemLike, ...]:
    """Take an item list apart; the last item takes what is left when it promises more.

    Args:
        raw: The item list.
        nested: True inside another item, where items that hold items stay `Item`: the standard
            has none there, and 16 000 of them fit into one another.
    """
    found: list[ItemLike] = []
    at, end = 0, len(raw)
    while end - at >= 4:
        kind, reserved, length = _read_header(raw, at)
        stop = at + 4 + length
        body = raw[at + 4 : stop]
        lie = None if stop <= end else length
        found.append(_decode_item(kind, (lie, reserved), body, nested=nested))
        at = stop
    if at < end:
        found.append(raw[at:])
    return tuple(found)


def _decode_item(kind: int, frame: _Frame, body: bytes, *, nested: bool) -> StructuredItem:
    decoder = None if nested and kind in _CONTAINERS else _DECODERS.get(kind)
    item = decoder(frame, body) if decoder else None
    if item is None:
        return Item(type=kind, length=frame[0], reserved=frame[1], body=body)
    return item


def _application_context(frame: _Frame, body: bytes) -> Framed:
    return it.ApplicationContext(length=frame[0], reserved=frame[1], name=body)


def _abstract_syntax(frame: _Frame, body: bytes) -> Framed:
    return it.AbstractSyntax(length=frame[0], reserved=frame[1], uid=body)


def _transfer_syntax(frame: _Frame, body: bytes) -> Framed:
    return it.TransferSyntax(length=frame[0], reserved=frame[1], uid=body)


def _syntaxes(raw: bytes, start: int) -> list[tuple[int, bytes | StructuredItem]] | None:
    """Return (type, bare UID or item) of each sub-item; None when octets are left over."""
    found: list[tuple[int, bytes | StructuredItem]] = []
    at, end = start, len(raw)
    while end - at >= 4:
        kind, reserved, length = _read_header(raw, at)
        stop = at + 4 + length
        body = raw[at + 4 : stop]
        if stop <= end and not reserved and kind in (0x30, 0x40):
            found.append((kind, body))
        else:
            lie = None if stop <= end else length
            found.append((0, _decode_item(kind, (lie, reserved), body, nested=True)))
        at = stop
    return found if at >= end else None


def _bare(kind: int, expected: int, value: bytes | StructuredItem) -> bytes | StructuredItem:
    """Keep a UID bare only where its type goes without saying."""
    if kind == expected or not isinstance(value, bytes):
        return value
    return it.AbstractSyntax(uid=value) if kind == 0x30 else it.TransferSyntax(uid=value)


def _presentation_context_rq(frame: _Frame, body: bytes) -> Framed | None:
    found = _syntaxes(body, 4) if len(body) >= 4 else None
    if found is None:
        return None
    abstract: bytes | StructuredItem | None = None
    rest = found
    if found and (found[0][0] == 0x30 or isinstance(found[0][1], it.AbstractSyntax)):
        abstract, rest = found[0][1], found[1:]
    return it.PresentationContextRQ(
        length=frame[0],
        reserved=frame[1],
        id=body[0],
        reserved2=body[1:4],
        abstract_syntax=abstract,
        transfer_syntaxes=tuple([_bare(kind, 0x40, value) for kind, value in rest]),
    )


def _presentation_context_ac(frame: _Frame, body: bytes) -> Framed | None:
    found = _syntaxes(body, 4) if len(body) >= 4 else None
    if found is None or len(found) > 1:
        return None
    return it.PresentationContextAC(
        length=frame[0],
        reserved=frame[1],
        id=body[0],
        reserved2=body[1],
        result=body[2],
        reserved3=body[3],
        transfer_syntax=_bare(found[0][0], 0x40, found[0][1]) if found else None,
    )


def _user_information(frame: _Frame, body: bytes) -> Framed:
    return it.UserInformation(
        length=frame[0], reserved=frame[1], items=decode_items(body, nested=True)
    )


def _maximum_length(frame: _Frame, body: bytes) -> Framed | None:
    if len(body) != 4:
        return None
    value = int.from_bytes(body, "big")
    return us.MaximumLength(length=frame[0], reserved=frame[1], value=value)


def _implementation_class_uid(frame: _Frame, body: bytes) -> Framed:
    return us.ImplementationClassUID(length=frame[0], reserved=frame[1], uid=body)


def _async_window(frame: _Frame, body: bytes) -> Framed | None:
    if len(body) != 4:
        return None
    return us.AsyncWindow(
        length=frame[0],
        reserved=frame[1],
        invoked=_u16(body, 0),
        performed=_u16(body, 2),
    )


def _role_selection(frame: _Frame, body: bytes) -> Framed | None:
    if len(body) < 4:
        return None
    return us.RoleSelection(
        length=frame[0],
        reserved=frame[1],
        uid=body[2:-2],
        scu=body[-2],
        scp=body[-1],
        uid_length=unless(_u16(body, 0), len(body) - 4),
    )


def _implementation_version_name(frame: _Frame, body: bytes) -> Framed:
    return us.ImplementationVersionName(length=frame[0], reserved=frame[1], name=body)


def _extended_negotiation(frame: _Frame, body: bytes) -> Framed | None:
    if len(body) < 2:
        return None
    claimed = _u16(body, 0)
    uid = body[2 : 2 + claimed]
    return us.ExtendedNegotiation(
        length=frame[0],
        reserved=frame[1],
        uid=uid,
        info=body[2 + claimed :],
        uid_length=unless(claimed, len(uid)),
    )


def _common_extended_negotiation(frame: _Frame, body: bytes) -> Framed | None:
    fields: list[bytes] = []
    at = 0
    for _ in range(3):
        stop = at + 2 + _u16(body, at)
        if at + 2 > len(body) or stop > len(body):
            return None
        fields.append(body[at + 2 : stop])
        at = stop
    return us.CommonExtendedNegotiation(
        length=frame[0],
        reserved=frame[1],
        uid=fields[0],
        service_class_uid=fields[1],
        related=_related(fields[2]),
        tail=body[at:],
    )


def _related(raw: bytes) -> tuple[bytes, ...] | bytes:
    """Take the counted list of related UIDs apart, or leave it as it is."""
    uids: list[bytes] = []
    at = 0
    while at < len(raw):
        stop = at + 2 + _u16(raw, at)
        if at + 2 > len(raw) or stop > len(raw):
            return raw
        uids.append(raw[at + 2 : stop])
        at = stop
    return tuple(uids)


def _user_identity_rq(frame: _Frame, body: bytes) -> Framed | None:
    if len(body) < 6:
        return None
    claimed = _u16(body, 2)
    # A primary field that leaves no room for the secondary length is taken to end before it.
    stop = min(4 + claimed, len(body) - 2)
    secondary = body[stop + 2 :]
    return us.UserIdentityRQ(
        length=frame[0],
        reserved=frame[1],
        identity_type=body[0],
        positive_response=body[1],
        primary=body[4:stop],
        secondary=secondary,
        primary_length=unless(claimed, stop - 4),
        secondary_length=unless(_u16(body, stop), len(secondary)),
    )


def _user_identity_ac(frame: _Frame, body: bytes) -> Framed | None:
    if len(body) < 2:
        return None
    return us.UserIdentityAC(
        length=frame[0],
        reserved=frame[1],
        response=body[2:],
        response_length=unless(_u16(body, 0), len(body) - 2),
    )


def _u16(raw: bytes, at: int) -> int:
    return int.from_bytes(raw[at : at + 2], "big")


_DECODERS: Final[dict[int, Callable[[_Frame, bytes], Framed | None]]] = {
    0x10: _application_context,
    0x20: _presentation_context_rq,
    0x21: _presentation_context_ac,
    0x30: _abstract_syntax,
    0x40: _transfer_syntax,
    0x50: _user_information,
    0x51: _maximum_length,
    0x52: _implementation_class_uid,
    0x53: _async_window,
    0x54: _role_selection,
    0x55: _implementation_version_name,
    0x56: _extended_negotiation,
    0x57: _common_extended_negotiation,
    0x58: _user_identity_rq,
    0x59: _user_identity_ac,
}
