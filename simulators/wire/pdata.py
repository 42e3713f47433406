"""P-DATA-TF and its PDVs (PS3.8 9.3.5, Annex E): the one PDU that must be fast.

A decoded `PDataTF` keeps its octets and takes them apart when a field is first looked at.
Nobody can tell: equality, hashing, ``repr`` and ``replace`` all look at the fields.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from typing import ClassVar, Final

from simulators.wire.fields import Part, counted, size, u8, unless

_PDV_HEADER = struct.Struct(">IBB")
_pdv_header = _PDV_HEADER.pack
_one_pdv = struct.Struct(">BBIIBB").pack
_pdu_header = struct.Struct(">BBI").pack

PDV_OVERHEAD: Final = 6
"""Octets of a PDV before its fragment: length, context id, control header."""


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


class _Lazy:
    """Holds the octets of a PDU whose fields nobody has looked at yet."""

    __slots__ = ("_raw",)

    _raw: bytes

    def __getattr__(self, name: str) -> object:
        # Called only while a slot is empty, that is on a freshly decoded PDU.
        if name not in _FIELDS:
            raise AttributeError(name)
        raw = _raw_of(self)
        values = {
            "reserved": raw[1],
            "length": unless(int.from_bytes(raw[2:6], "big"), len(raw) - 6),
            "pdvs": decode_pdvs(raw, 6),
        }
        for field, value in values.items():
            object.__setattr__(self, field, value)
        return values[name]


@dataclass(frozen=True, slots=True, kw_only=True)
class PDataTF(_Lazy):
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
