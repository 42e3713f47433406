"""The doors of the codec: `encode`, `decode`, `named_parts` and `lies`."""

from __future__ import annotations

import struct

from simulators.wire.fields import unless
from simulators.wire.item_decoder import decode_items
from simulators.wire.pdata import PDataTF, decode_pdata, encode_pdata
from simulators.wire.pdus import (
    PDU,
    Abort,
    AssociateAC,
    AssociateRJ,
    AssociateRQ,
    RawPDU,
    ReleaseRP,
    ReleaseRQ,
    Unparsed,
    header,
    pdu_parts,
)

HEADER_LENGTH = 6
"""Octets before the variable part of every PDU: type, reserved, length."""

_ASSOCIATE_FIXED = HEADER_LENGTH + 68
_read_header = struct.Struct(">BBI").unpack_from
_read_version = struct.Struct(">HH").unpack_from


def encode(pdu: PDU | Unparsed) -> bytes:
    """Return the octets of ``pdu``: always the join of its `named_parts`.

    Raises:
        struct.error, OverflowError, ValueError: A field is set to a number that its octets cannot
            hold; there is no way to send that.
    """
    if type(pdu) is PDataTF:
        return pdu._raw or encode_pdata(pdu)
    if isinstance(pdu, Unparsed):
        return pdu.data
    body = pdu.content()
    length = pdu.length
    return header(pdu.type, pdu.reserved, len(body) if length is None else length) + body


def named_parts(pdu: PDU | Unparsed) -> list[tuple[str, bytes]]:
    """Return (name, octets) of every field, in order, so that a hex dump can name the liar.

    Names are paths such as ``length``, ``items[2].length`` or ``items[2].abstract_syntax.uid``.
    """
    if isinstance(pdu, Unparsed):
        return [("data", pdu.data)]
    return [(part.name, part.octets) for part in pdu_parts(pdu)]


def lies(pdu: PDU | Unparsed) -> list[str]:
    """Return the names of the parts whose length was set to something else than the truth."""
    if isinstance(pdu, Unparsed):
        return []
    return [part.name for part in pdu_parts(pdu) if part.lying]


def decode(data: bytes) -> PDU | Unparsed:
    """Return the PDU that stands in ``data``; total: never raises, never loses an octet.

    ``data`` is taken for exactly one PDU. ``length`` of the result stays None where the declared
    length is true; re-encoding gives ``data`` again in every case.
    """
    if len(data) < HEADER_LENGTH:
        return Unparsed(data, f"{len(data)} octets are no PDU header")
    kind = data[0]
    if kind == 4:
        return decode_pdata(data)
    if kind == 1 or kind == 2:
        return _associate(data, AssociateRQ if kind == 1 else AssociateAC)
    _, reserved, declared = _read_header(data)
    body = data[HEADER_LENGTH:]
    length = unless(declared, len(body))
    if kind == 5:
        return ReleaseRQ(length=length, reserved=reserved, body=body)
    if kind == 6:
        return ReleaseRP(length=length, reserved=reserved, body=body)
    if kind == 3 or kind == 7:
        return _four_octets(data, length)
    return RawPDU(type=kind, reserved=reserved, length=length, body=body)


def _associate(
    data: bytes, cls: type[AssociateRQ] | type[AssociateAC]
) -> AssociateRQ | AssociateAC | Unparsed:
    if len(data) < _ASSOCIATE_FIXED:
        return Unparsed(data, f"{len(data)} octets cannot hold the fixed fields of {cls.__name__}")
    _, reserved, declared = _read_header(data)
    version, reserved2 = _read_version(data, HEADER_LENGTH)
    return cls(
        length=unless(declared, len(data) - HEADER_LENGTH),
        reserved=reserved,
        protocol_version=version,
        reserved2=reserved2,
        called=data[10:26].rstrip(b" "),
        calling=data[26:42].rstrip(b" "),
        reserved3=data[42:74],
        items=decode_items(data[74:]),
    )


def _four_octets(data: bytes, length: int | None) -> AssociateRJ | Abort | Unparsed:
    if len(data) != HEADER_LENGTH + 4:
        name = "A-ASSOCIATE-RJ" if data[0] == AssociateRJ.type else "A-ABORT"
        return Unparsed(data, f"the body of {name} has {len(data) - HEADER_LENGTH} octets, not 4")
    first, second, source, reason = data[HEADER_LENGTH:]
    if data[0] == AssociateRJ.type:
        return AssociateRJ(
            length=length,
            reserved=data[1],
            reserved2=first,
            result=second,
            source=source,
            reason=reason,
        )
    return Abort(
        length=length,
        reserved=data[1],
        reserved2=first,
        reserved3=second,
        source=source,
        reason=reason,
    )
