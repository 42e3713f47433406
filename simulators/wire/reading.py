"""Data sets read as PS3.5 7 lays them down: the reading that others are compared with.

Total and bounded: any octets give the elements up to the first place where they are no data set,
and say what is wrong there. Nesting is followed with a stack of our own.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from typing import Final

from simulators.wire import uids
from simulators.wire.dataset import LONG_VRS, UNDEFINED, Tag

PIXEL_DATA: Final = 0x7FE00010
_ITEM, _ITEM_END, _SEQUENCE_END = 0xFFFEE000, 0xFFFEE00D, 0xFFFEE0DD
_SHORT_VRS: Final = frozenset(
    ("AE", "AS", "AT", "CS", "DA", "DS", "DT", "FD", "FL", "IS", "LO", "LT", "PN", "SH", "SL", "SS",
     "ST", "TM", "UI", "UL", "US")
)  # fmt: skip
_read_head = struct.Struct("<HHI").unpack_from
_MOST: Final = 1 << 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """One element of the top level.

    Attributes:
        tag: Tag as 0xGGGGEEEE.
        vr: Its VR; empty in implicit VR.
        value: Octets of the value; of an undefined length, all up to its delimiter.
        undefined: The length was undefined.
        at: Where the element begins.
        end: Where the next one does.
    """

    tag: Tag
    vr: str
    value: bytes
    undefined: bool
    at: int
    end: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What stands in a data set.

    Attributes:
        elements: Those of the top level, in the order in which they stand.
        fault: Why reading ended before the end; empty when it did not.
    """

    elements: tuple[Found, ...]
    fault: str = ""

    def values(self, tag: Tag) -> tuple[bytes, ...]:
        """Return the values of every element with that tag."""
        return tuple(each.value for each in self.elements if each.tag == tag)

    def text(self, tag: Tag) -> str | None:
        """Return the first value with that tag as text without its padding; None if missing."""
        found = self.values(tag)
        return found[0].rstrip(b" \0").decode("latin-1") if found else None


class _FaultError(ValueError):
    """The octets are no data set here."""


@dataclass(slots=True)
class _Frame:
    """An item, or a list of items, whose end is looked for; without an end, for its delimiter."""

    end: int | None
    items: bool
    implicit: bool
    fragments: bool = False


def read_elements(raw: bytes, transfer_syntax: str) -> Reading:
    """Read the top level of a data set; total.

    Args:
        raw: The data set, inflated where it was deflated.
        transfer_syntax: UID; what is not Implicit VR Little Endian is read as explicit, little
            endian.
    """
    reader = _Reader(raw, transfer_syntax == uids.IMPLICIT_LE)
    found: list[Found] = []
    try:
        while reader.at < len(raw) and len(found) < _MOST:
            found.append(reader.element())
    except _FaultError as fault:
        return Reading(elements=tuple(found), fault=str(fault))
    return Reading(elements=tuple(found))


class _Reader:
    """Goes through one data set."""

    def __init__(self, raw: bytes, implicit: bool) -> None:
        self.raw = raw
        self.at = 0
        self._implicit = implicit

    def element(self) -> Found:
        """Read one element of the top level."""
        start = self.at
        tag, vr, length = self._header(self._implicit)
        begin = self.at
        if tag >> 16 == 0xFFFE:
            raise _FaultError(f"{tag:08X} at the top level, at {start}")
        if length == UNDEFINED:
            self._pass_over(_list_of(tag, vr, self._implicit))
            stop = self.at - 8
        else:
            stop = self._forward(length)
        return Found(
            tag=tag,
            vr=vr,
            value=self.raw[begin:stop],
            undefined=length == UNDEFINED,
            at=start,
            end=self.at,
        )

    def _header(self, implicit: bool) -> tuple[int, str, int]:
        if self.at + 8 > len(self.raw):
            raise _FaultError(f"element header cut at {self.at}")
        group, number, length = _read_head(self.raw, self.at)
        tag = group << 16 | number
        self.at += 8
        if implicit or group == 0xFFFE:
            return tag, "", length
        vr = self.raw[self.at - 4 : self.at - 2].decode("latin-1")
        if vr in _SHORT_VRS:
            return tag, vr, length >> 16
        if vr not in LONG_VRS and not (vr.isascii() and vr.isupper()):
            raise _FaultError(f"no value representation at {self.at - 4}")
        if self.at + 4 > len(self.raw):
            raise _FaultError(f"element header cut at {self.at - 8}")
        self.at += 4
        return tag, vr, int.from_bytes(self.raw[self.at - 4 : self.at], "little")

    def _forward(self, length: int) -> int:
        if self.at + length > len(self.raw):
            raise _FaultError(f"value longer than the data set at {self.at}")
        self.at += length
        return self.at

    def _pass_over(self, first: _Frame) -> None:
        """Go on behind the delimiter that ends a list of items."""
        stack = [first]
        while stack:
            frame = stack[-1]
            if frame.end is not None and self.at >= frame.end:
                stack.pop()
                continue
            tag, vr, length = self._header(frame.implicit)
            if frame.end is None and tag == (_SEQUENCE_END if frame.items else _ITEM_END):
                stack.pop()
            elif frame.items != (tag == _ITEM):
                raise _FaultError(f"{tag:08X} where it has no place, at {self.at}")
            elif frame.items and not frame.fragments:
                end = None if length == UNDEFINED else self.at + length
                stack.append(_Frame(end, items=False, implicit=frame.implicit))
            elif length == UNDEFINED:
                stack.append(_list_of(tag, vr, frame.implicit))
            else:
                self._forward(length)


def _list_of(tag: int, vr: str, implicit: bool) -> _Frame:
    """What stands behind an element of undefined length."""
    # Of undefined length, UN holds items in implicit VR (PS3.5 6.2.2 note).
    fragments = vr in ("OB", "OW") and tag == PIXEL_DATA
    return _Frame(None, items=True, implicit=implicit or vr == "UN", fragments=fragments)
