"""RLE Lossless, read strictly (PS3.5 Annex G): every segment gives just the octets that are due."""

import struct

from simulators.devices.reference.errors import CannotDecodeError

_HEADER = struct.Struct("<16I")
_MOST_SEGMENTS = 15
_NOTHING = 128


class RleFrame:
    """One coded frame."""

    def __init__(self, coded: bytes) -> None:
        self.coded = coded

    def segments(self, count: int, length: int) -> list[bytes]:
        """Return the decoded segments.

        Args:
            count: How many there must be.
            length: Octets that each must give.

        Raises:
            CannotDecodeError: The header or a segment says otherwise.
        """
        if len(self.coded) < _HEADER.size:
            raise CannotDecodeError("RLE header cut")
        said, *offsets = _HEADER.unpack_from(self.coded)
        if said != count or said > _MOST_SEGMENTS:
            raise CannotDecodeError(f"{said} RLE segments where {count} are due")
        bounds = [*self.checked(offsets[:said]), len(self.coded)]
        return [self.unpacked(bounds[index], bounds[index + 1], length) for index in range(said)]

    def checked(self, offsets: list[int]) -> list[int]:
        """Return the offsets if they ascend within the frame; raises as :meth:`segments`."""
        ascending = offsets == sorted(set(offsets))
        if not ascending or offsets[0] != _HEADER.size or offsets[-1] >= len(self.coded):
            raise CannotDecodeError("RLE offsets out of order or out of the frame")
        return offsets

    def unpacked(self, at: int, end: int, length: int) -> bytes:
        """Return one segment between two places; raises as :meth:`segments` does."""
        given = bytearray()
        while at < end and len(given) < length:
            control = self.coded[at]
            at += 1
            if control < _NOTHING:
                given += self.coded[at : min(end, at + control + 1)]
                at += control + 1
            elif control > _NOTHING:
                given += self.coded[at : min(end, at + 1)] * (257 - control)
                at += 1
        if len(given) != length or at > end:
            raise CannotDecodeError("RLE segment gives too few or too many octets")
        return bytes(given)
