"""Decoders that believe what a picture says of itself; loaded by a device that has such a flaw.

Memory that is not the picture's is played by octets of our own making: other ones each time, and
none that an honest test picture holds.
"""

from __future__ import annotations

import math
import time
from collections.abc import Sequence
from itertools import count
from typing import Final

from simulators.devices.reference.channel import touch
from simulators.devices.reference.errors import CannotDecodeError
from simulators.devices.reference.flaws import Flaws
from simulators.devices.reference.jpeg_lossless import JpegLossless
from simulators.devices.reference.options import MIB
from simulators.devices.reference.rle import RleFrame
from simulators.devices.reference.transcode import (
    PIXEL_DATA,
    Decoder,
    Layout,
    frames_said,
    number,
    text,
)
from simulators.devices.reference.uids import EXPLICIT_LE
from simulators.wire.reading import Found, read_elements

_CAP: Final = 256 * MIB
_LARGEST: Final = 64 * MIB
_LOOP_S: Final = 15.0
_TURN_S: Final = 0.05
_PALETTE_SAID, _PALETTE = 0x281101, 0x281201
_SLOPE, _WIDTH = 0x281053, 0x281051
_ITEM: Final = 8
_serial = count(1)


def foreign(length: int) -> bytes:
    """Return octets that stand for memory of somebody else: different at each call."""
    start = next(_serial) * 41
    return bytes(0x80 | (start + at * 13) % 0x7D for at in range(length))


class DefectiveDecoder(Decoder):
    """A decoder with the flaws that are switched on; where they do not matter it is sound."""

    def __init__(self, flaws: Flaws) -> None:
        self._flaws = flaws

    def layout(self, found: dict[int, Found]) -> Layout:
        """Return how the samples lie, unchecked where a flaw says so."""
        bits, kinds = (
            self._flaws.has(name) for name in ("trusts_bit_depth", "trusts_samples_per_pixel")
        )
        if not bits and not kinds:
            return super().layout(found)
        return Layout(
            rows=number(found, 0x280010),
            columns=number(found, 0x280011),
            samples=number(found, 0x280002),
            octets=math.ceil(number(found, 0x280100) / 8) or 1,
            frames=frames_said(found),
            planar=number(found, 0x280006, 0) == 1,
        )

    def make_room(self, layout: Layout, coded: int) -> None:
        """Make room for as much as is said, or refuse what is more than the coded octets hold."""
        wanted = layout.frame_octets * layout.frames
        if self._flaws.has("allocates_by_dimensions"):
            touch(min(wanted, _CAP))
        if not (self._fills() and 0 < wanted <= _LARGEST):
            super().make_room(layout, coded)

    def frames(self, table: bytes, fragments: Sequence[bytes], layout: Layout) -> list[bytes]:
        """Return the coded frames, wherever the offset table says that they begin."""
        if not self._flaws.has("trusts_offset_table"):
            return super().frames(table, fragments, layout)
        whole = b"".join(bytes(_ITEM) + fragment for fragment in fragments)
        offsets = [int.from_bytes(table[i : i + 4], "little") for i in range(0, len(table), 4)]
        begins = [*offsets, *[0] * layout.frames][: layout.frames]
        return [whole[begin + _ITEM :] for begin in begins]

    def frame(self, coded: bytes, layout: Layout, *, rle: bool) -> bytes:
        """Return the samples of one frame."""
        if not coded and self._flaws.has("trusts_offset_table"):
            return foreign(layout.frame_octets)
        return super().frame(coded, layout, rle=rle)

    def rle(self, coded: bytes) -> RleFrame:
        """Return a reader that fills up what is missing, or a sound one."""
        loose = self._fills() or self._flaws.has("trusts_rle_offsets")
        return _LooseRleFrame(coded) if loose else super().rle(coded)

    def jpeg(self, coded: bytes) -> JpegLossless:
        """Return a reader that never leaves a marker of no length, or a sound one."""
        loops = self._flaws.has("loops_on_markers")
        return _LoopingJpeg(coded) if loops else super().jpeg(coded)

    def plain(self, pixels: bytes, layout: Layout) -> bytes:
        """Return the samples, filled up with what lies beyond them."""
        if not self._fills():
            return super().plain(pixels, layout)
        self.make_room(layout, len(pixels))
        wanted = layout.frame_octets * layout.frames
        return pixels[:wanted] + foreign(wanted - len(pixels[:wanted]))

    def finished(self, raw: bytes, layout: Layout, found: dict[int, Found]) -> bytes:
        """Return the pixels with what was applied to them."""
        if self._flaws.has("reads_beyond_palette") and _PALETTE_SAID in found:
            raw = _through_palette(raw, found)
        if self._flaws.has("draws_overlays"):
            for group in range(0x6000, 0x6100, 2):
                raw = _with_overlay(raw, layout, found, group << 16)
        if self._flaws.has("tabulates_rescaling"):
            _tabulate(found)
        return raw

    def _fills(self) -> bool:
        return self._flaws.any_of(
            "fills_up_with_memory", "trusts_bit_depth", "trusts_samples_per_pixel"
        )


def evened_out(data: bytes, transfer_syntax: bytes) -> bytes:
    """Return a data set in Explicit VR whose Pixel Data are as long as its dimensions say."""
    reading = read_elements(data, transfer_syntax.decode())
    found = {each.tag: each for each in reading.elements}
    pixels = found.get(PIXEL_DATA)
    if pixels is None or pixels.undefined or transfer_syntax != EXPLICIT_LE:
        return data
    try:
        wanted = number(found, 0x280010) * number(found, 0x280011)
    except CannotDecodeError:
        return data
    wanted = min(wanted + wanted % 2, MIB)
    raw = pixels.value[:wanted] + foreign(wanted - len(pixels.value))
    head = data[pixels.at : pixels.at + 8] + len(raw).to_bytes(4, "little")
    return data[: pixels.at] + head + raw + data[pixels.end :]


def preview(data: bytes) -> None:
    """Make room for a preview by the dimensions in a JPEG-LS stream (SOF55), as it says them."""
    at = data.find(b"\xff\xd8\xff\xf7")
    if at >= 0:
        rows, columns = (int.from_bytes(data[at + i : at + i + 2], "big") for i in (7, 9))
        touch(min(rows * columns, _CAP))


class _LooseRleFrame(RleFrame):
    """Reads wherever the header says, and takes what is missing from beyond."""

    def segments(self, count: int, length: int) -> list[bytes]:
        """Return as many segments as asked for."""
        offsets = [int.from_bytes(self.coded[at : at + 4], "little") for at in range(4, 64, 4)]
        said = int.from_bytes(self.coded[:4], "little")
        starts = [*offsets[: min(said, 15)], *[len(self.coded)] * count][:count]
        return [self.unpacked(start, len(self.coded), length) for start in starts]

    def unpacked(self, at: int, end: int, length: int) -> bytes:
        """Return one segment, filled up with what lies beyond."""
        given = bytearray()
        while at < end and len(given) < length:
            control = self.coded[at]
            if control < 128:
                given += self.coded[at + 1 : min(end, at + control + 2)]
                at += control + 2
            else:
                given += self.coded[at + 1 : min(end, at + 2)] * (257 - control)
                at += 2
        return bytes(given[:length]) + foreign(length - len(given[:length]))


class _LoopingJpeg(JpegLossless):
    """Goes on from a marker by the length that it states, even by none."""

    def segment_length(self, said: int) -> int:
        """Return the length; where it leads nowhere, look at the same place again and again."""
        until = time.monotonic() + _LOOP_S
        while said < 2 and time.monotonic() < until:
            # Turning, but without taking the machine's time from other tests.
            time.sleep(_TURN_S)
        return super().segment_length(said)


def _through_palette(raw: bytes, found: dict[int, Found]) -> bytes:
    """Look each sample up in the first palette, however long that is."""
    table = found[_PALETTE].value if _PALETTE in found else b""
    said = found[_PALETTE_SAID].value
    first = int.from_bytes(said[2:4], "little")
    beyond = foreign(256)
    entries = [table[2 * at : 2 * at + 1] or beyond[at : at + 1] for at in range(256)]
    return b"".join(entries[(sample - first) & 0xFF] for sample in raw)


def _with_overlay(raw: bytes, layout: Layout, found: dict[int, Found], group: int) -> bytes:
    """Draw an overlay as large as it says it is, from as many bits as there are, and beyond."""
    if group | 0x0010 not in found:
        return raw
    rows, columns = number(found, group | 0x0010), number(found, group | 0x0011)
    data = found[group | 0x3000].value if group | 0x3000 in found else b""
    wanted = min(rows * columns, layout.pixels)
    missing = max(0, (wanted + 7) // 8 - len(data))
    missing = missing or max(0, min(len(raw), rows * columns // 8 - len(data)))
    return foreign(missing) + raw[missing:] if missing else raw


def _tabulate(found: dict[int, Found]) -> None:
    """Make a table with an entry for each step of the rescaled values."""
    for tag in (_SLOPE, _WIDTH):
        if tag not in found:
            continue
        try:
            step = abs(float(text(found, tag)))
        except ValueError:
            continue
        if not 1e-6 < step < 1e6:
            touch(_CAP)
