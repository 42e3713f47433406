"""A bounded look through an encoded data set (PS3.5 7): one pass, no recursion, no copy.

The device does not interpret objects. It makes sure that every length stays inside its frame, that
tags ascend, that nesting ends, and picks the short top-level values out.
"""

import struct
import zlib
from collections.abc import Callable
from dataclasses import dataclass, field

from simulators.devices.reference.uids import DEFLATED_LE, IMPLICIT_LE

_TAG = struct.Struct("<HHI")
_SHORT_VRS = frozenset(b"AE AS AT CS DA DS DT FD FL IS LO LT PN SH SL SS ST TM UI UL US".split())
_LONG_VRS = frozenset(b"OB OD OF OL OV OW SQ SV UC UN UR UT UV".split())
_BULK_VRS = frozenset(b"OB OD OF OL OV OW UN".split())
_UNDEFINED = 0xFFFFFFFF
_ITEM, _ITEM_END, _SEQUENCE_END = 0xFFFEE000, 0xFFFEE00D, 0xFFFEE0DD
_PIXEL_DATA = 0x7FE00010
# Implicit VR does not say what a sequence is: those whose items are ever asked for.
_KNOWN_SEQUENCES = frozenset({0x00081199})
_LONGEST_VALUE = 1 << 10
_INFLATE_STEP = 1 << 16


class DataSetError(ValueError):
    """The bytes are no data set in this transfer syntax, or nest too deeply."""


class TooLargeError(DataSetError):
    """The data set inflates beyond the ceiling."""


class TooDeepError(DataSetError):
    """Sequences nest beyond the limit."""


@dataclass(frozen=True, slots=True)
class Bounds:
    """Limits of one scan.

    Attributes:
        depth: Deepest nesting of sequences.
        inflated: Longest data set after inflation, bytes.
        reserve: Called with every declared length of a bulk value (a flaw allocates there).
        items: Most items of top-level sequences whose values are picked out too.
    """

    depth: int = 200
    inflated: int = 64 << 20
    reserve: Callable[[int], object] | None = None
    items: int = 0


@dataclass(slots=True)
class _Frame:
    """A data set, a sequence or a pixel data fragment list that is being read.

    Attributes:
        end: Where it must end; None when a delimiter ends it.
        items: True where items are expected, False where elements are.
        implicit: True where elements have no VR.
        fragments: True for encapsulated pixel data.
    """

    end: int | None
    items: bool
    implicit: bool
    fragments: bool = False
    last: int = -1


@dataclass(slots=True)
class Scan:
    """What was found.

    Attributes:
        values: Short top-level values by tag.
        vrs: Their VR (empty when implicit).
        items: Short values of the items of each top-level sequence, where they were asked for.
        long: True where a top-level value was too long to be picked out.
    """

    long: bool = False
    values: dict[int, bytes] = field(default_factory=dict[int, bytes])
    vrs: dict[int, bytes] = field(default_factory=dict[int, bytes])
    items: dict[int, list[dict[int, bytes]]] = field(
        default_factory=dict[int, list[dict[int, bytes]]]
    )


def scan(data: bytes, transfer_syntax: bytes, bounds: Bounds) -> Scan:
    """Look through a data set.

    Args:
        data: The data set as sent.
        transfer_syntax: UID of one of the three supported syntaxes.
        bounds: Limits.

    Raises:
        DataSetError: The data set is malformed or beyond a limit.
    """
    if transfer_syntax == DEFLATED_LE:
        data = inflate(data, bounds.inflated)
    return _Scanner(data, implicit=transfer_syntax == IMPLICIT_LE, bounds=bounds).run()


def inflate(data: bytes, ceiling: int) -> bytes:
    """Inflate a deflated data set (PS3.5 A.5) step by step.

    Raises:
        TooLargeError: The result is longer than ``ceiling`` bytes.
        DataSetError: The stream is broken, unfinished or followed by more than a padding byte.
    """
    engine = zlib.decompressobj(-zlib.MAX_WBITS)
    chunks: list[bytes] = []
    size, rest = 0, data
    try:
        while not engine.eof:
            chunk = engine.decompress(rest, _INFLATE_STEP)
            rest = engine.unconsumed_tail
            if not chunk and not rest:
                break
            chunks.append(chunk)
            size += len(chunk)
            if size > ceiling:
                raise TooLargeError(f"data set inflates beyond {ceiling} bytes")
    except zlib.error as error:
        raise DataSetError(f"deflated stream broken: {error}") from None
    if not engine.eof or engine.unused_data not in (b"", b"\0"):
        raise DataSetError("deflated stream unfinished or followed by other bytes")
    return b"".join(chunks)


class _Scanner:
    """One pass over one data set."""

    def __init__(self, data: bytes, *, implicit: bool, bounds: Bounds) -> None:
        self._data = data
        self._at = 0
        self._bounds = bounds
        self._stack = [_Frame(len(data), items=False, implicit=implicit)]
        self._end = len(data)
        self._found = Scan()
        self._sequence = 0
        self._items_left = bounds.items

    def run(self) -> Scan:
        while self._stack:
            frame = self._stack[-1]
            if frame.end is not None and self._at >= frame.end:
                self._pop()
            elif frame.items:
                self._item(frame)
            else:
                self._element(frame)
        return self._found

    def _head(self) -> tuple[int, int]:
        """Return the tag and the next four bytes as a length."""
        if self._at == self._end:
            raise DataSetError("delimiter missing")  # what has a length has ended before
        if self._at + _TAG.size > self._end:
            raise DataSetError("element header cut")
        group, element, length = _TAG.unpack_from(self._data, self._at)
        self._at += _TAG.size
        return group << 16 | element, length

    def _pop(self) -> None:
        self._stack.pop()
        # Where the innermost frame of defined length ends.
        ends = (frame.end for frame in reversed(self._stack) if frame.end is not None)
        self._end = next(ends, len(self._data))

    def _item(self, frame: _Frame) -> None:
        tag, length = self._head()
        if tag == _SEQUENCE_END and frame.end is None:
            self._close(length)
        elif tag != _ITEM:
            raise DataSetError(f"{tag:08X} where an item is expected")
        elif frame.fragments:
            self._skip(length)
        else:
            if self._bounds.items and len(self._stack) == 2:
                self._note_item()
            self._open(length, items=False, implicit=frame.implicit)

    def _note_item(self) -> None:
        if not self._items_left:
            raise TooLargeError(f"more than {self._bounds.items} items")
        self._items_left -= 1
        self._found.items.setdefault(self._sequence, []).append({})

    def _element(self, frame: _Frame) -> None:
        tag, length = self._head()
        if tag == _ITEM_END and frame.end is None:
            self._close(length)
            return
        if tag <= frame.last or tag >> 16 in (0, 2, 0xFFFE):
            raise DataSetError(f"{tag:08X} out of order or out of place")
        frame.last = tag
        vr = b"" if frame.implicit else self._vr()
        if vr:
            length = self._explicit_length(vr)
        elif self._bounds.items and tag in _KNOWN_SEQUENCES:
            vr = b"SQ"
        if len(self._stack) == 1:
            self._sequence = tag
        if length == _UNDEFINED:
            self._undefined(tag, vr, frame)
        elif vr == b"SQ":
            self._open(length, items=True, implicit=frame.implicit)
        else:
            self._value(tag, vr, length)

    def _vr(self) -> bytes:
        vr = self._data[self._at - 4 : self._at - 2]
        if vr not in _SHORT_VRS and vr not in _LONG_VRS:
            raise DataSetError(f"VR {vr!r} unknown")
        return vr

    def _explicit_length(self, vr: bytes) -> int:
        if vr in _SHORT_VRS:
            return int.from_bytes(self._data[self._at - 2 : self._at], "little")
        self._at += 4
        if self._at > self._end:
            raise DataSetError("element header cut")
        return int.from_bytes(self._data[self._at - 4 : self._at], "little")

    def _undefined(self, tag: int, vr: bytes, frame: _Frame) -> None:
        if vr in (b"OB", b"OW") and tag == _PIXEL_DATA:
            self._push(_Frame(None, items=True, implicit=False, fragments=True))
        elif vr in (b"SQ", b"UN", b""):
            # Undefined-length UN holds implicit VR items (PS3.5 6.2.2 note 2).
            self._push(_Frame(None, items=True, implicit=frame.implicit or vr == b"UN"))
        else:
            raise DataSetError(f"undefined length for VR {vr!r}")

    def _open(self, length: int, *, items: bool, implicit: bool) -> None:
        end = None if length == _UNDEFINED else self._at + length
        if end is not None and end > self._end:
            raise DataSetError("sequence or item longer than its frame")
        self._push(_Frame(end, items=items, implicit=implicit))

    def _push(self, frame: _Frame) -> None:
        # A nesting level is a sequence and its item: two frames.
        if len(self._stack) > 2 * self._bounds.depth:
            raise TooDeepError(f"nested more than {self._bounds.depth} deep")
        self._stack.append(frame)
        if frame.end is not None:
            self._end = frame.end

    def _close(self, length: int) -> None:
        if length:
            raise DataSetError("delimiter with a length")
        self._pop()

    def _value(self, tag: int, vr: bytes, length: int) -> None:
        if self._bounds.reserve is not None and (not vr or vr in _BULK_VRS):
            self._bounds.reserve(length)
        at = self._at
        self._skip(length)
        if len(self._stack) == 1 and length <= _LONGEST_VALUE:
            self._found.values[tag] = self._data[at : at + length]
            self._found.vrs[tag] = vr
        elif len(self._stack) == 1:
            self._found.long = True
        elif self._bounds.items and len(self._stack) == 3 and length <= _LONGEST_VALUE:
            self._found.items[self._sequence][-1][tag] = self._data[at : at + length]

    def _skip(self, length: int) -> None:
        if length % 2 or self._at + length > self._end:
            raise DataSetError("value of odd length or longer than its frame")
        self._at += length
