"""Pictures for a peer that takes none compressed: decoded strictly, within bounds (PS3.5 A.4).

What a picture says of itself is checked against what is there before any room is made for it.
Palettes, overlays and rescaling are passed on as they are: whoever shows a picture applies them.
"""

from __future__ import annotations

import struct
from collections.abc import Sequence
from dataclasses import dataclass

from simulators.devices.reference.errors import CannotDecodeError
from simulators.devices.reference.flaws import FlawName, Flaws
from simulators.devices.reference.jpeg_lossless import JpegLossless
from simulators.devices.reference.options import MIB
from simulators.devices.reference.rle import RleFrame
from simulators.devices.reference.uids import EXPLICIT_LE, RLE_LOSSLESS
from simulators.wire.reading import Found, read_elements

PIXEL_DATA = 0x7FE00010
_SAMPLES, _PLANAR, _FRAMES, _ROWS, _COLUMNS = 0x280002, 0x280006, 0x280008, 0x280010, 0x280011
_ALLOCATED, _STORED, _HIGH_BIT = 0x280100, 0x280101, 0x280102
_PHOTOMETRIC = 0x280004
_SAMPLES_OF = {b"MONOCHROME1": 1, b"MONOCHROME2": 1, b"PALETTE COLOR": 1, b"RGB": 3}
_LARGEST = 64 * MIB
_BEST_RATIO = 64
_ITEM = struct.Struct("<HHI")
DEFECTS: tuple[FlawName, ...] = (
    "allocates_by_dimensions",
    "fills_up_with_memory",
    "trusts_bit_depth",
    "trusts_rle_offsets",
    "trusts_offset_table",
    "loops_on_markers",
    "reads_beyond_palette",
    "draws_overlays",
    "trusts_samples_per_pixel",
    "tabulates_rescaling",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """How the samples of a picture lie, as its attributes say.

    Attributes:
        octets: Octets of one sample.
        planar: Samples of one kind stand together, in each frame.
    """

    rows: int
    columns: int
    samples: int
    octets: int
    frames: int
    planar: bool

    @property
    def pixels(self) -> int:
        """Pixels of one frame."""
        return self.rows * self.columns

    @property
    def frame_octets(self) -> int:
        """Octets of one decoded frame."""
        return self.pixels * self.samples * self.octets


class Decoder:
    """Decodes the pictures of one device."""

    def decoded(self, data: bytes, transfer_syntax: bytes) -> bytes:
        """Return a data set in Explicit VR Little Endian.

        Args:
            data: The data set as it is stored.
            transfer_syntax: RLE Lossless or JPEG Lossless.

        Raises:
            CannotDecodeError: The picture is not what it says, or beyond a bound.
        """
        reading = read_elements(data, EXPLICIT_LE.decode())
        found = {each.tag: each for each in reading.elements}
        pixels = found.get(PIXEL_DATA)
        if reading.fault or pixels is None or not pixels.undefined:
            raise CannotDecodeError("no encapsulated pixel data")
        layout = self.layout(found)
        table, *fragments = fragments_of(pixels.value)
        self.make_room(layout, sum(map(len, fragments)))
        rle = transfer_syntax == RLE_LOSSLESS
        frames = [
            self.frame(coded, layout, rle=rle) for coded in self.frames(table, fragments, layout)
        ]
        raw = self.finished(b"".join(frames), layout, found)
        vr = b"OW" if layout.octets > 1 else b"OB"
        head = struct.pack("<HH2sxxI", 0x7FE0, 0x0010, vr, len(raw) + len(raw) % 2)
        return data[: pixels.at] + head + raw + b"\0" * (len(raw) % 2) + data[pixels.end :]

    def layout(self, found: dict[int, Found]) -> Layout:
        """Return how the samples lie; raises as :meth:`decoded` does."""
        stored = number(found, _ALLOCATED), number(found, _STORED), number(found, _HIGH_BIT)
        if (
            stored[0] not in (8, 16)
            or not 1 <= stored[1] <= stored[0]
            or stored[2] != stored[1] - 1
        ):
            raise CannotDecodeError("bits allocated, bits stored and high bit do not agree")
        kind = text(found, _PHOTOMETRIC)
        samples = number(found, _SAMPLES)
        if _SAMPLES_OF.get(kind) != samples:
            raise CannotDecodeError("samples per pixel do not agree with the kind of picture")
        planar = number(found, _PLANAR, 0) if samples > 1 else 0
        if planar > 1:
            raise CannotDecodeError("planar configuration unknown")
        return Layout(
            rows=number(found, _ROWS),
            columns=number(found, _COLUMNS),
            samples=samples,
            octets=stored[0] // 8,
            frames=frames_said(found),
            planar=planar == 1,
        )

    def make_room(self, layout: Layout, coded: int) -> None:
        """Refuse a picture that cannot be in so many coded octets; raises as :meth:`decoded`."""
        wanted = layout.frame_octets * layout.frames
        if not 0 < wanted <= min(_LARGEST, coded * _BEST_RATIO):
            raise CannotDecodeError("more pixels than the coded octets can hold")

    def frames(self, table: bytes, fragments: Sequence[bytes], layout: Layout) -> list[bytes]:
        """Return the coded octets of each frame; raises as :meth:`decoded` does."""
        if not table and layout.frames == 1 and fragments:
            return [b"".join(fragments)]
        starts, at = {}, 0
        for index, fragment in enumerate(fragments):
            starts[at] = index
            at += len(fragment) + _ITEM.size
        offsets = [int.from_bytes(table[i : i + 4], "little") for i in range(0, len(table), 4)]
        offsets = offsets if table else list(starts)
        ascending = offsets[:1] == [0] and offsets == sorted(set(offsets))
        if len(offsets) != layout.frames or not ascending or not starts.keys() >= set(offsets):
            raise CannotDecodeError("the offset table does not agree with the fragments")
        bounds = [*(starts[offset] for offset in offsets), len(fragments)]
        return [b"".join(fragments[bounds[i] : bounds[i + 1]]) for i in range(len(bounds) - 1)]

    def frame(self, coded: bytes, layout: Layout, *, rle: bool) -> bytes:
        """Return the samples of one frame; raises as :meth:`decoded` does."""
        if rle:
            return interleaved(
                self.rle(coded).segments(layout.samples * layout.octets, layout.pixels), layout
            )
        if (layout.samples, layout.octets) != (1, 1):
            raise CannotDecodeError("only one octet and one sample for each pixel in JPEG Lossless")
        return self.jpeg(coded).samples(layout.rows, layout.columns)

    def rle(self, coded: bytes) -> RleFrame:
        """Return the reader of an RLE frame."""
        return RleFrame(coded)

    def jpeg(self, coded: bytes) -> JpegLossless:
        """Return the reader of a JPEG stream."""
        return JpegLossless(coded)

    def plain(self, pixels: bytes, layout: Layout) -> bytes:
        """Return the samples of a picture that is not compressed; raises as :meth:`decoded`."""
        self.make_room(layout, len(pixels))
        wanted = layout.frame_octets * layout.frames
        if len(pixels) not in (wanted, wanted + wanted % 2):
            raise CannotDecodeError("the pixels are not as many as described")
        return pixels[:wanted]

    def finished(self, raw: bytes, _layout: Layout, _found: dict[int, Found]) -> bytes:
        """Return the Pixel Data to send: nothing is applied to them."""
        return raw


def decoder_for(flaws: Flaws) -> Decoder:
    """Return the decoder of a device."""
    if flaws.any_of(*DEFECTS):
        from simulators.devices.reference.transcode_flaws import DefectiveDecoder

        return DefectiveDecoder(flaws)
    return Decoder()


def fragments_of(value: bytes) -> list[bytes]:
    """Return the items of encapsulated pixel data, of which the first is the offset table.

    Raises:
        CannotDecodeError: There is not even a table.
    """
    items: list[bytes] = []
    at = 0
    while at + _ITEM.size <= len(value):
        length = _ITEM.unpack_from(value, at)[2]
        at += _ITEM.size
        items.append(value[at : at + length])
        at += length
    if not items:
        raise CannotDecodeError("no offset table")
    return items


def interleaved(segments: Sequence[bytes], layout: Layout) -> bytes:
    """Return the octets of a frame from its segments, the most significant octet of each first."""
    octets, total = layout.octets, layout.frame_octets
    raw = bytearray(total)
    for index, segment in enumerate(segments):
        sample, octet = divmod(index, octets)
        place = octets - 1 - octet
        if layout.planar:
            start = sample * layout.pixels * octets + place
            raw[start : start + layout.pixels * octets : octets] = segment
        else:
            raw[sample * octets + place :: layout.samples * octets] = segment
    return bytes(raw)


def number(found: dict[int, Found], tag: int, default: int | None = None) -> int:
    """Return an unsigned short.

    Raises:
        CannotDecodeError: It is missing or no number.
    """
    value = found[tag].value if tag in found else b""
    if len(value) != 2:
        if default is None or value:
            raise CannotDecodeError(f"{tag:08X} missing or no number")
        return default
    return int.from_bytes(value, "little")


def frames_said(found: dict[int, Found]) -> int:
    """Return the number of frames, 1 where it is not said; raises as :func:`number` does."""
    said = text(found, _FRAMES)
    if not said and _FRAMES not in found:
        return 1
    if not said.isdigit() or len(said) > 12:
        raise CannotDecodeError("Number of Frames is no number")
    return int(said)


def text(found: dict[int, Found], tag: int) -> bytes:
    """Return a text without its padding; nothing where it is missing."""
    return found[tag].value.strip(b" \0") if tag in found else b""
