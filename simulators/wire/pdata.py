"""P-DATA-TF and its PDVs (PS3.8 9.3.5, Annex E): the one PDU that must be fast.

A decoded `PDataTF` keeps its octets and takes them apart when a field is first looked at; an
encoded one keeps the octets that it gave. Nobody can tell: equality, hashing, ``repr`` and
``replace`` all look at the fields.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, ClassVar, Final

from simulators.wire.fields import Part, counted, u8, unless

_PDV_HEADER = struct.Struct(">IBB")
_pdv_header = _PDV_HEADER.pack
_read_pdv_header = _PDV_HEADER.unpack_from
_both_headers = struct.Struct(">BBIIBB").pack
_pdu_header = struct.Struct(">BBI").pack
_read_length = struct.Struct(">I").unpack_from
_read_lengths = struct.Struct(">IIBB").unpack_from

PDV_OVERHEAD: Final = 6
"""Octets of a PDV before its fragment: length, context id, control header."""

_DATA_AT: Final = 6 + PDV_OVERHEAD


@dataclass(frozen=True, slots=True, kw_only=True)
class PDV:
    """One presentation data value.

    Attributes:
        length: PDV length as sent; None computes it (fragment plus two).
        context_id: Presentation context id.
        control: Message control header as sent; None computes it from the two flags.
        command: True for a fragment of a command set, False for one of a data set.
        last: True for the last fragment.
        data: The fragment.
    """

    context_id: int = 1
    command: bool = False
    last: bool = True
    data: bytes = b""
    control: int | None = None
    length: int | None = None

    def encode(self) -> bytes:
        """Return the octets of the PDV item."""
        data = self.data
        length = self.length
        control = self.control
        if control is None:
            control = self.command | self.last << 1
        size_ = len(data) + 2 if length is None else length
        return _pdv_header(size_, self.context_id, control) + data

    def parts(self, prefix: str) -> list[Part]:
        """Return the octets of the PDV item as parts named ``prefix.field``."""
        control = self.command | self.last << 1 if self.control is None else self.control
        return [
            counted(f"{prefix}.length", self.length, len(self.data) + 2, 4),
            u8(f"{prefix}.context_id", self.context_id),
            u8(f"{prefix}.control", control),
            Part(f"{prefix}.data", self.data),
        ]


@dataclass(frozen=True, slots=True, kw_only=True)
class PDataTF:
    """04H, P-DATA-TF.

    Attributes:
        length: PDU length as sent; None computes it.
        reserved: Octet 2.
        pdvs: PDVs, or raw octets in their place.
    """

    type: ClassVar[int] = 4
    length: int | None = None
    reserved: int = 0
    pdvs: tuple[PDV | bytes, ...] = ()
    # The octets, once they are known. The value is frozen, so they stay true; `replace` drops them.
    _raw: bytes | None = field(default=None, init=False, repr=False, compare=False)

    if not TYPE_CHECKING:

        def __getattr__(self, name: str) -> object:
            # Called only while a slot is empty, that is on a decoded PDU nobody has looked at.
            if name not in ("pdvs", "length", "reserved"):
                raise AttributeError(name)
            raw = self._raw
            _set_reserved(self, raw[1])
            _set_length(self, unless(_read_length(raw, 2)[0], len(raw) - 6))
            _set_pdvs(self, decode_pdvs(raw, 6))
            return getattr(self, name)

    def content(self) -> bytes:
        """Return the PDV items."""
        return b"".join([pdv if isinstance(pdv, bytes) else pdv.encode() for pdv in self.pdvs])

    def content_parts(self) -> list[Part]:
        """Return `content` as named parts."""
        parts: list[Part] = []
        for index, pdv in enumerate(self.pdvs):
            name = f"pdvs[{index}]"
            parts += [Part(name, pdv)] if isinstance(pdv, bytes) else pdv.parts(name)
        return parts


_new = object.__new__
_set_context_id, _set_command, _set_last, _set_data, _set_control, _set_pdv_length = (
    vars(PDV)[name].__set__
    for name in ("context_id", "command", "last", "data", "control", "length")
)
_set_raw, _set_reserved, _set_length, _set_pdvs = (
    vars(PDataTF)[name].__set__ for name in ("_raw", "reserved", "length", "pdvs")
)


def encode_pdata(pdu: PDataTF) -> bytes:
    """Return the octets of a P-DATA-TF; one honest PDV costs one pack and one copy."""
    raw = pdu._raw
    if raw is None:
        raw = _encode(pdu)
        _set_raw(pdu, raw)
    return raw


def _encode(pdu: PDataTF) -> bytes:
    pdvs = pdu.pdvs
    if len(pdvs) == 1 and pdu.length is None:
        pdv = pdvs[0]
        if type(pdv) is PDV and pdv.length is None and pdv.control is None:
            data = pdv.data
            size = len(data) + 2
            control = pdv.command | pdv.last << 1
            return _both_headers(4, pdu.reserved, size + 4, size, pdv.context_id, control) + data
    body = pdu.content()
    length = pdu.length
    return _pdu_header(4, pdu.reserved, len(body) if length is None else length) + body


def decode_pdata(data: bytes) -> PDataTF:
    """Return the P-DATA-TF that stands in ``data`` (six octets or more), not yet taken apart."""
    pdu = _new(PDataTF)
    _set_raw(pdu, data)
    return pdu


def one_fragment(context_id: int, control: int, fragment: bytes | memoryview) -> PDataTF:
    """Return an honest P-DATA-TF of one PDV, encoded already: one copy of the fragment.

    Args:
        context_id: Presentation context id.
        control: Message control header, 0 to 3.
        fragment: The fragment.
    """
    size = len(fragment) + 2
    head = _both_headers(4, 0, size + 4, size, context_id, control)
    return decode_pdata(b"".join((head, fragment)))


def only_fragment(pdu: PDataTF) -> tuple[int, int, memoryview] | None:
    """Return context id, control header and fragment where that needs no copy.

    That is for a PDU whose octets are known and hold one honest PDV; None for all others.
    """
    raw = pdu._raw
    if raw is None or len(raw) < _DATA_AT:
        return None
    pdu_length, pdv_length, context_id, control = _read_lengths(raw, 2)
    if pdu_length != len(raw) - 6 or pdv_length != len(raw) - 10:
        return None
    return context_id, control, memoryview(raw)[_DATA_AT:]


def decode_pdvs(raw: bytes, start: int) -> tuple[PDV | bytes, ...]:
    """Take PDV items apart from ``start`` on; total.

    A PDV whose length reaches past the end, or does not even cover its own header, takes all that
    is left and keeps the length that lied. Fewer than six octets at the end stay raw.
    """
    pdvs: list[PDV | bytes] = []
    # Slots are set one by one here: half the time of the dataclass constructor.
    at, end = start, len(raw)
    while end - at >= PDV_OVERHEAD:
        length, context_id, control = _read_pdv_header(raw, at)
        stop = at + 4 + length
        honest = length >= 2 and stop <= end
        if not honest:
            stop = end
        pdv = _new(PDV)
        _set_context_id(pdv, context_id)
        _set_command(pdv, bool(control & 1))
        _set_last(pdv, bool(control & 2))
        _set_data(pdv, raw[at + PDV_OVERHEAD : stop])
        _set_control(pdv, None if control < 4 else control)
        _set_pdv_length(pdv, None if honest else length)
        pdvs.append(pdv)
        at = stop
    if at < end:
        pdvs.append(raw[at:])
    return tuple(pdvs)
