"""JPEG Lossless, process 14, selection value 1, read strictly (ISO/IEC 10918-1 B, H).

One component of eight bits, one scan: what Secondary Capture pictures in grey are. Anything else,
and anything that breaks a rule, is refused; each octet is looked at once.
"""

from simulators.devices.reference.errors import CannotDecodeError

_START, _END, _FRAME, _TABLES, _SCAN, _RESTART = 0xD8, 0xD9, 0xC3, 0xC4, 0xDA, 0xDD
_FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
_MIDDLE = 128
_MOST_BITS = 16


class JpegLossless:
    """One coded picture."""

    def __init__(self, coded: bytes) -> None:
        self.coded = coded
        self._at = 0
        self._size: tuple[int, int] | None = None
        self._codes: dict[tuple[int, int], int] = {}

    def samples(self, rows: int, columns: int) -> bytes:
        """Return the samples row by row.

        Args:
            rows: Rows that the object says it has.
            columns: Columns, likewise.

        Raises:
            CannotDecodeError: The stream is malformed, or has other dimensions.
        """
        if self.coded[:2] != bytes((0xFF, _START)):
            raise CannotDecodeError("no start of image")
        self._at = 2
        while (marker := self._marker()) != _SCAN:
            body = self._segment()
            if marker in _FRAMES:
                self._take_frame(marker, body, rows, columns)
            elif marker == _TABLES:
                self._take_table(body)
            elif marker in (_START, _END, _RESTART) or marker < 0xC0:
                raise CannotDecodeError(f"marker {marker:02X} out of place")
        scan = self._segment()
        if self._size is None or not self._codes or scan != bytes((1, 1, 0, 1, 0, 0)):
            raise CannotDecodeError("scan without frame or table, or of another kind")
        return self._predicted(rows, columns)

    def segment_length(self, said: int) -> int:
        """Return the length of a marker segment; raises as :meth:`samples` does."""
        if said < 2 or self._at + said > len(self.coded):
            raise CannotDecodeError("marker segment shorter than its length, or than possible")
        return said

    def _marker(self) -> int:
        while self.coded[self._at : self._at + 2] == b"\xff\xff":
            self._at += 1
        if self._at + 4 > len(self.coded) or self.coded[self._at] != 0xFF:
            raise CannotDecodeError("no marker where one is due")
        self._at += 2
        return self.coded[self._at - 1]

    def _segment(self) -> bytes:
        length = self.segment_length(int.from_bytes(self.coded[self._at : self._at + 2], "big"))
        body = self.coded[self._at + 2 : self._at + length]
        self._at += length
        return body

    def _take_frame(self, marker: int, body: bytes, rows: int, columns: int) -> None:
        said = int.from_bytes(body[1:3], "big"), int.from_bytes(body[3:5], "big")
        described = (len(body), body[:1], body[5:]) == (9, b"\x08", b"\x01\x01\x11\x00")
        if marker != _FRAME or not described or self._size is not None:
            raise CannotDecodeError("another process or precision, or a second frame")
        if said != (rows, columns):
            raise CannotDecodeError(f"the stream has {said[0]} x {said[1]} samples")
        self._size = said

    def _take_table(self, body: bytes) -> None:
        counts, values = body[1:17], body[17:]
        if len(counts) != _MOST_BITS or body[0] or sum(counts) != len(values):
            raise CannotDecodeError("Huffman table malformed")
        code = at = 0
        for bits, count in enumerate(counts, 1):
            for value in values[at : at + count]:
                if value > _MOST_BITS or code >= 1 << bits:
                    raise CannotDecodeError("Huffman table with too many codes")
                self._codes[bits, code] = value
                code += 1
            at, code = at + count, code << 1

    def _predicted(self, rows: int, columns: int) -> bytes:
        """Read the differences and add them up (H.1.2.1, predictor 1)."""
        bits = _Bits(self.coded, self._at)
        given = bytearray()
        for at in range(rows * columns):
            expected = _MIDDLE if not at else given[at - 1] if at % columns else given[at - columns]
            given.append((expected + self._difference(bits)) & 0xFF)
        bits.end()
        return bytes(given)

    def _difference(self, bits: "_Bits") -> int:
        code = 0
        for length in range(1, _MOST_BITS + 1):
            code = code << 1 | bits.next()
            category = self._codes.get((length, code))
            if category is not None:
                break
        else:
            raise CannotDecodeError("no such Huffman code")
        value = 0
        for _ in range(category):
            value = value << 1 | bits.next()
        return value if not category or value >> (category - 1) else value - (1 << category) + 1


class _Bits:
    """The bits of entropy-coded octets, from the most significant on."""

    def __init__(self, coded: bytes, at: int) -> None:
        self._coded = coded
        self._at = at
        self._octet = self._left = 0

    def next(self) -> int:
        """Return one bit; raises CannotDecodeError where there is none."""
        if not self._left:
            stuffed = self._coded[self._at : self._at + 2] == b"\xff\x00"
            if self._at >= len(self._coded) or (self._coded[self._at] == 0xFF and not stuffed):
                raise CannotDecodeError("coded samples end too early")
            self._octet, self._left = self._coded[self._at], 8
            self._at += 1 + stuffed
        self._left -= 1
        return self._octet >> self._left & 1

    def end(self) -> None:
        """Make sure that the picture ends here; raises CannotDecodeError otherwise."""
        if self._coded[self._at : self._at + 2] != bytes((0xFF, _END)):
            raise CannotDecodeError("no end of image behind the samples")
