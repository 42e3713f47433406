"""What the device is expected to answer: one comparison where it does, a full parse otherwise.

A device answers like requests alike. So the octets of its first answer, with another message id
and another instance name, are what every later success must look like; whatever looks different is
taken apart by :mod:`simulators.load.listener`.
"""

from __future__ import annotations

import struct
from typing import Final

from simulators.load import naming
from simulators.load.naming import FIRST_NUMBER

_DATA_AT: Final = 12
_MESSAGE_ID: Final = 0x0120
_STATUS: Final = 0x0900
_INSTANCE: Final = 0x1000
_ONLY_COMMAND: Final = 3

_put_short = struct.Struct("<H").pack_into
_read_header = struct.Struct("<HHI").unpack_from


class Likeness:
    """What the next success of one operation looks like.

    Attributes:
        octets: The answer that is expected; `expect` changes it.
        size: Its length.
    """

    __slots__ = ("_message_id_at", "_place", "_view", "octets", "size")

    def __init__(self, raw: bytes, message_id_at: int, place: slice | None) -> None:
        self.octets = bytearray(raw)
        self.size = len(raw)
        self._view = memoryview(self.octets)
        self._message_id_at = message_id_at
        self._place = place

    def expect(self, number: int, message_id: int) -> bytearray:
        """Returns what success looks like for a request."""
        view = self._view
        if self._place is not None:
            view[self._place] = b"%d" % (FIRST_NUMBER + number)
        _put_short(view, self._message_id_at, message_id)
        return self.octets


def likeness(raw: bytes, name: str) -> Likeness | None:
    """Returns how answers look, learnt from one that told of success; None if that is no guide.

    Args:
        raw: The one P-DATA-TF that the answer was.
        name: SOP Instance UID that was asked with; empty if none was.
    """
    if len(raw) < _DATA_AT or raw[11] != _ONLY_COMMAND:
        return None
    where = _values(raw)
    if where.get(_STATUS, (0, 0))[1] != 2 or where.get(_MESSAGE_ID, (0, 0))[1] != 2:
        return None
    place = None
    at, length = where.get(_INSTANCE, (0, 0))
    if name and length:
        if raw[at : at + length].rstrip(b"\0 ") != name.encode():
            return None
        end = at + len(name)
        place = slice(end - naming.DIGITS, end)
    return Likeness(raw, where[_MESSAGE_ID][0], place)


def _values(raw: bytes) -> dict[int, tuple[int, int]]:
    """Returns where the values of the elements of group 0 stand, and how long they are."""
    where: dict[int, tuple[int, int]] = {}
    at = _DATA_AT
    while at + 8 <= len(raw):
        group, element, length = _read_header(raw, at)
        if group == 0 and at + 8 + length <= len(raw):
            where.setdefault(element, (at + 8, length))
        at += 8 + length
    return where
