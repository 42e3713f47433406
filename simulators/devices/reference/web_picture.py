"""Pictures over the web (PS3.18 10.4.1.1.3): frames, and a small one in eight bits as PNG."""

from __future__ import annotations

import struct
import zlib
from dataclasses import dataclass

from simulators.devices.reference.errors import CannotDecodeError
from simulators.devices.reference.flaws import Flaws
from simulators.devices.reference.transcode import (
    PIXEL_DATA,
    Layout,
    decoder_for,
    number,
    text,
)
from simulators.devices.reference.uids import DECODED, EXPLICIT_LE, IMPLICIT_LE, KEPT
from simulators.wire.reading import Found, read_elements

_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_LARGEST = 1 << 24
_THUMBNAIL = 128
_PHOTOMETRIC, _STORED = 0x00280004, 0x00280101
_GREY, _COLOUR = 0, 2
_COLOUR_TYPES = {b"MONOCHROME1": _GREY, b"MONOCHROME2": _GREY, b"RGB": _COLOUR}


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture that is what it says.

    Attributes:
        layout: How its samples lie.
        raw: They.
        kind: Its photometric interpretation.
        stored: How many bits of a sample are used.
    """

    layout: Layout
    raw: bytes
    kind: bytes
    stored: int

    def frame(self, which: int) -> bytes:
        """Return a frame by its number, which counts from one; nothing where there is none."""
        size = self.layout.frame_octets
        return self.raw[(which - 1) * size : which * size] if which > 0 else b""


def picture_of(data: bytes, syntax: bytes, flaws: Flaws) -> Picture:
    """Return the picture of a data set.

    Args:
        data: The data set; inflated where it was deflated.
        syntax: Its transfer syntax.
        flaws: What is switched on.

    Raises:
        CannotDecodeError: It has none, or none that is what it says.
    """
    decoder = decoder_for(flaws)
    if syntax in KEPT or flaws.has("cannot_decode"):
        raise CannotDecodeError("no decoder for this transfer syntax")
    if syntax in DECODED:
        data = decoder.decoded(data, syntax)
    plain = IMPLICIT_LE if syntax == IMPLICIT_LE else EXPLICIT_LE
    found = _read(data, plain)
    pixels = found.get(PIXEL_DATA)
    if pixels is None or pixels.undefined:
        raise CannotDecodeError("no pixels")
    layout = decoder.layout(found)
    if syntax in DECODED:
        raw = pixels.value[: layout.frame_octets * layout.frames]
    else:
        raw = decoder.finished(decoder.plain(pixels.value, layout), layout, found)
    return Picture(layout, raw, text(found, _PHOTOMETRIC), number(found, _STORED))


def png(picture: Picture, *, any_kind: bool = False, thumbnail: bool = False) -> bytes | None:
    """Return the first frame as PNG; None for a picture that cannot be shown so.

    Args:
        picture: It.
        any_kind: Show what is neither grey nor colour as if it were grey (a flaw).
        thumbnail: Take no more rows and columns than a small picture has.
    """
    layout = picture.layout
    colour = _COLOUR_TYPES.get(picture.kind, _GREY if any_kind else None)
    width = 3 if colour == _COLOUR else 1
    shown = layout.samples == width and layout.octets in ((1,) if width == 3 else (1, 2))
    if colour is None or not shown or not 0 < layout.pixels <= _LARGEST:
        return None
    step = max(1, -(-max(layout.rows, layout.columns) // _THUMBNAIL)) if thumbnail else 1
    rows, columns = -(-layout.rows // step), -(-layout.columns // step)
    lines = _lines(_eight_bits(picture), layout, width, step)
    head = struct.pack(">IIBBBBB", columns, rows, 8, colour, 0, 0, 0)
    chunks = ((b"IHDR", head), (b"IDAT", zlib.compress(lines)), (b"IEND", b""))
    return _SIGNATURE + b"".join(_chunk(name, content) for name, content in chunks)


def _eight_bits(picture: Picture) -> bytes:
    """Return the samples of the first frame, pixel by pixel, each in one octet."""
    layout, raw = picture.layout, picture.frame(1)
    if layout.planar:
        size = layout.pixels
        planes = (raw[at : at + size] for at in range(0, len(raw), size))
        return bytes(sample for pixel in zip(*planes, strict=True) for sample in pixel)
    if layout.octets == 1:
        return raw
    # Of two octets the upper one of what is stored is what eight bits can show.
    shift = max(0, picture.stored - 8)
    values = struct.unpack(f"<{len(raw) // 2}H", raw)
    return bytes(value >> shift & 0xFF for value in values)


def _lines(eight: bytes, layout: Layout, width: int, step: int) -> bytes:
    """Return every so many rows and columns as lines of a PNG without a filter."""
    lines = bytearray()
    for row in range(0, layout.rows, step):
        line = eight[row * layout.columns * width : (row + 1) * layout.columns * width]
        pixels = (line[at : at + width] for at in range(0, len(line), width * step))
        lines += b"\0" + (line if step == 1 else b"".join(pixels))
    return bytes(lines)


def _read(data: bytes, syntax: bytes) -> dict[int, Found]:
    return {each.tag: each for each in read_elements(data, syntax.decode()).elements}


def _chunk(kind: bytes, data: bytes) -> bytes:
    crc = zlib.crc32(kind + data)
    return len(data).to_bytes(4, "big") + kind + data + crc.to_bytes(4, "big")
