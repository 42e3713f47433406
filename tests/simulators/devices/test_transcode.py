"""The decoders of the reference device: true to what is honest, strict with everything else."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from simulators import wire
from simulators.devices.reference.errors import CannotDecodeError
from simulators.devices.reference.flaws import choose
from simulators.devices.reference.jpeg_lossless import JpegLossless
from simulators.devices.reference.transcode import Decoder, decoder_for
from simulators.devices.reference.transcode_flaws import DefectiveDecoder
from simulators.devices.reference.uids import JPEG_LOSSLESS, RLE_LOSSLESS
from simulators.pictures import SAMPLES
from simulators.wire import pixels, uids
from tests.simulators.devices.picture_probes import picture

ROWS, COLUMNS, FRAMES, PLANAR = 0x00280010, 0x00280011, 0x00280008, 0x00280006
SAMPLES_PER_PIXEL, KIND = 0x00280002, 0x00280004
WIDE: Mapping[int, int | str | bytes] = {0x00280100: 16, 0x00280101: 16, 0x00280102: 15}
RGB: Mapping[int, int | str | bytes] = {SAMPLES_PER_PIXEL: 3, KIND: "RGB "}
SEGMENT = pixels.rle_segment(SAMPLES)
FRAME = pixels.rle_frame([SEGMENT])
STREAM = pixels.jpeg_lossless(bytes(range(256)), 16)


def decoded(
    data: wire.Element,
    changes: Mapping[int, int | str | bytes] | None = None,
    syntax: bytes = RLE_LOSSLESS,
) -> bytes:
    made = Decoder().decoded(picture("1.2.3", data, changes or {}), syntax)
    (raw,) = wire.read_elements(made, uids.EXPLICIT_LE).values(pixels.PIXEL_DATA)
    return raw


def rle(*segments: bytes) -> wire.Element:
    return pixels.encapsulated([pixels.rle_frame([pixels.rle_segment(each) for each in segments])])


def test_one_octet_for_each_pixel() -> None:
    assert decoded(rle(SAMPLES)) == SAMPLES


def test_runs_are_spread() -> None:
    frame = pixels.rle_frame([b"\x81\x07" * 2 + b"\x80\x80"])
    assert decoded(pixels.encapsulated([frame])) == b"\7" * 256


def test_the_most_significant_octets_come_first() -> None:
    raw = decoded(rle(b"\1" * 256, b"\2" * 256), WIDE)
    assert raw == b"\2\1" * 256


def test_colours_are_interleaved_or_not() -> None:
    planes = [bytes([colour]) * 256 for colour in (1, 2, 3)]
    assert decoded(rle(*planes), {**RGB, PLANAR: 0}) == b"\1\2\3" * 256
    assert decoded(rle(*planes), {**RGB, PLANAR: 1}) == b"".join(planes)


def test_frames_follow_the_table_or_their_fragments() -> None:
    other = pixels.rle_frame([pixels.rle_segment(bytes(256))])
    table = pixels.offset_table(0, len(FRAME) + 8)
    for each in (b"", table):
        data = pixels.encapsulated([FRAME, other], table=each)
        assert decoded(data, {FRAMES: "2 "}) == SAMPLES + bytes(256)


def test_a_frame_may_have_two_fragments() -> None:
    cut = len(FRAME) // 2 & ~1
    assert decoded(pixels.encapsulated([FRAME[:cut], FRAME[cut:]])) == SAMPLES


def test_what_stands_around_the_pixels_stays() -> None:
    data = picture("1.2.3", rle(SAMPLES), {})
    before = wire.read_elements(data, uids.EXPLICIT_LE)
    after = wire.read_elements(Decoder().decoded(data, RLE_LOSSLESS), uids.EXPLICIT_LE)
    assert not after.fault
    assert after.elements[:-1] == before.elements[:-1]


def test_jpeg_lossless() -> None:
    data = pixels.encapsulated([STREAM])
    assert decoded(data, syntax=JPEG_LOSSLESS) == bytes(range(256))


LIES: list[tuple[wire.Element, Mapping[int, int | str | bytes]]] = [
    (rle(SAMPLES), {ROWS: 17}),
    (rle(SAMPLES), {ROWS: 0}),
    (rle(SAMPLES), {ROWS: 65535, COLUMNS: 65535}),
    (rle(SAMPLES), {FRAMES: "2 "}),
    (rle(SAMPLES), {FRAMES: "-1"}),
    (rle(SAMPLES), {FRAMES: "9" * 400}),
    (rle(SAMPLES), {ROWS: b"\1"}),
    (rle(SAMPLES), {0x00280100: 12}),
    (rle(SAMPLES), {0x00280102: 40}),
    (rle(SAMPLES), {0x00280101: 0, 0x00280102: 65535}),
    (rle(SAMPLES), RGB),
    (rle(SAMPLES), {SAMPLES_PER_PIXEL: 3}),
    (rle(SAMPLES), {KIND: "NOBODY"}),
    (rle(SAMPLES, SAMPLES, SAMPLES), {**RGB, PLANAR: 7}),
    (rle(SAMPLES, SAMPLES), {}),
    (pixels.encapsulated([]), {}),
    (pixels.encapsulated([FRAME[:20]]), {}),
    (pixels.encapsulated([FRAME[:-9]]), {}),
    (pixels.encapsulated([pixels.rle_frame([SEGMENT], count=0)]), {}),
    (pixels.encapsulated([pixels.rle_frame([SEGMENT], offsets=[4])]), {}),
    (pixels.encapsulated([pixels.rle_frame([SEGMENT], offsets=[0xFFFFFFFE])]), {}),
    (pixels.encapsulated([pixels.rle_frame([SEGMENT, SEGMENT], offsets=[64, 64])]), WIDE),
    (pixels.encapsulated([FRAME, FRAME], table=pixels.offset_table(0, 0)), {FRAMES: "2 "}),
    (pixels.encapsulated([FRAME, FRAME], table=pixels.offset_table(0, 66)), {FRAMES: "2 "}),
    (pixels.encapsulated([FRAME, FRAME], table=pixels.offset_table(0)), {FRAMES: "2 "}),
    (wire.Element(tag=pixels.PIXEL_DATA, vr="OB", value=SAMPLES), {}),
]


@pytest.mark.parametrize(("data", "changes"), LIES, ids=range(len(LIES)))
def test_a_picture_that_lies_is_refused(
    data: wire.Element, changes: Mapping[int, int | str | bytes]
) -> None:
    with pytest.raises(CannotDecodeError):
        decoded(data, changes)


def stream(**changes: bytes) -> bytes:
    return pixels.jpeg_lossless(SAMPLES, 16, **changes)


FRAME_HEADER = pixels.jpeg_frame_header(16, 16)


@pytest.mark.parametrize(
    "coded",
    [
        b"",
        STREAM[2:],
        b"\xff\xd8" + b"\xff" * 60_000,
        stream(before=pixels.jpeg_segment(0xE0, length=0)),
        stream(before=pixels.jpeg_segment(0xE0, length=65535)),
        stream(before=b"\xff\xd8\0\2"),
        stream(before=FRAME_HEADER),
        stream(frame=b""),
        stream(frame=pixels.jpeg_frame_header(4, 4)),
        stream(frame=pixels.jpeg_frame_header(16, 16, precision=12)),
        stream(frame=pixels.jpeg_frame_header(16, 16, components=255)),
        stream(frame=FRAME_HEADER.replace(b"\xff\xc3", b"\xff\xc0")),
        stream(tables=b""),
        stream(tables=pixels.jpeg_tables(counts=bytes([255] * 16))),
        stream(tables=pixels.jpeg_tables(counts=bytes([9, *[0] * 15]))),
        stream(scan=pixels.jpeg_scan_header(table=3)),
        stream(scan=pixels.jpeg_scan_header(predictor=7)),
        stream(end=b""),
        stream(end=b"")[:-20],
        stream(end=b"\0\0\xff\xd9"),
    ],
    ids=range(20),
)
def test_a_stream_that_lies_is_refused(coded: bytes) -> None:
    with pytest.raises(CannotDecodeError):
        JpegLossless(coded).samples(16, 16)


def test_only_a_flawed_device_loads_the_flaws() -> None:
    assert type(decoder_for(choose([]))) is Decoder
    assert type(decoder_for(choose(["fails_echo"]))) is Decoder
    assert type(decoder_for(choose(["trusts_rle_offsets"]))) is DefectiveDecoder


@pytest.mark.parametrize(
    "name", ["fills_up_with_memory", "trusts_bit_depth", "trusts_offset_table", "draws_overlays"]
)
def test_a_flawed_device_decodes_honest_pictures(name: str) -> None:
    data = picture("1.2.3", rle(SAMPLES), {})
    flawed = decoder_for(choose([name]))
    assert flawed.decoded(data, RLE_LOSSLESS) == Decoder().decoded(data, RLE_LOSSLESS)
