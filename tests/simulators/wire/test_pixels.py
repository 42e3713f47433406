"""Encapsulated streams: honest ones are read by others, and every header can lie."""

import struct

import pytest
from pydicom.encaps import generate_fragments, parse_basic_offsets
from pydicom.pixels.decoders.rle import _rle_decode_segment

from simulators import wire
from simulators.wire import pixels
from simulators.wire.dataset import DataItem

SAMPLES = bytes(range(256))


def octets(element: wire.Element) -> bytes:
    return wire.encode_dataset((element,), "explicit")


def test_an_honest_segment_is_read_by_an_independent_decoder() -> None:
    frame = pixels.rle_frame([pixels.rle_segment(SAMPLES)])
    count, first = struct.unpack_from("<II", frame)
    assert (count, first) == (1, 64)
    assert bytes(_rle_decode_segment(frame[first:])) == SAMPLES


def test_segments_stand_where_the_header_says() -> None:
    parts = [pixels.rle_segment(SAMPLES[:100]), pixels.rle_segment(SAMPLES[100:])]
    frame = pixels.rle_frame(parts)
    count, first, second = struct.unpack_from("<III", frame)
    assert count == 2
    assert frame[first:second] == parts[0]
    assert frame[second:] == parts[1]
    assert all(len(part) % 2 == 0 for part in parts)


def test_count_and_offsets_are_sent_as_they_stand() -> None:
    frame = pixels.rle_frame([b"ab"], count=0x80000000, offsets=[0xFFFFFFFE])
    assert struct.unpack_from("<II", frame) == (0x80000000, 0xFFFFFFFE)
    assert frame[64:] == b"ab"


def test_fragments_are_found_by_an_independent_reader() -> None:
    table = pixels.offset_table(0, 10)
    raw = octets(pixels.encapsulated([b"abc", b"de"], table=table))[12:]
    assert parse_basic_offsets(raw) == [0, 10]
    assert list(generate_fragments(raw[8 + len(table) :])) == [b"abc\0", b"de"]
    assert raw.endswith(struct.pack("<HHI", 0xFFFE, 0xE0DD, 0))


def test_a_delimiter_can_be_missing() -> None:
    raw = octets(pixels.encapsulated([b"ab"], delimiter=False))
    assert raw.endswith(b"ab")
    assert raw[8:12] == b"\xff" * 4


def test_an_item_is_sent_as_it_stands() -> None:
    raw = octets(pixels.encapsulated([DataItem(elements=b"abc", length=9)]))
    assert struct.pack("<HHI", 0xFFFE, 0xE000, 9) + b"abc" in raw


def test_jpeg_markers_follow_one_another_by_their_lengths() -> None:
    stream = pixels.jpeg_lossless(SAMPLES, 16)
    assert stream[:2] == b"\xff\xd8"
    at, markers = 2, []
    while stream[at + 1] != 0xDA:
        markers.append(stream[at + 1])
        at += 2 + int.from_bytes(stream[at + 2 : at + 4], "big")
    assert markers == [0xC3, 0xC4]
    assert stream.endswith(b"\xff\xd9")


@pytest.mark.parametrize("length", [0, 1, 65535])
def test_a_marker_can_lie_about_its_length(length: int) -> None:
    segment = pixels.jpeg_segment(0xE0, b"ab", length=length)
    assert segment == b"\xff\xe0" + length.to_bytes(2, "big") + b"ab"


def test_coded_samples_hold_no_marker() -> None:
    coded = pixels.jpeg_entropy(bytes((0, 255) * 64), 16)
    assert b"\xff" in coded
    assert all(coded[at + 1 : at + 2] == b"\0" for at in range(len(coded)) if coded[at] == 0xFF)


def test_changes_of_a_stream_stand_in_their_place() -> None:
    frame = pixels.jpeg_frame_header(65500, 4, components=255)
    stream = pixels.jpeg_lossless(SAMPLES, 16, before=b"XX", frame=frame, end=b"")
    assert stream[2:4] == b"XX"
    assert stream[4 : 4 + len(frame)] == frame
    assert not stream.endswith(b"\xff\xd9")
    assert frame[5:9] == struct.pack(">HH", 65500, 4)
    assert frame[9] == 255


def test_fragments_are_read_however_they_lie() -> None:
    raw = octets(pixels.encapsulated([b"ab", b"cdef"], table=b"1234"))[12:-8]
    assert pixels.fragments_in(raw) == [b"1234", b"ab", b"cdef"]
    assert pixels.fragments_in(raw[:-1]) == [b"1234", b"ab", b"cde"]
    assert pixels.fragments_in(b"\xfe\xff\0") == []


def test_zeros_are_one_run_in_each_line() -> None:
    stream = pixels.jpeg_ls(16, 16)
    header = pixels.jpeg_ls_frame_header(16, 16)
    assert stream[2 : 2 + len(header)] == header
    coded = stream[2 + len(header) + 10 : -2]
    # 16 lines in steps of growing length, a zero bit behind each octet of ones.
    assert coded.startswith(b"\xff\x7f")
    assert all(each < 0x80 for at, each in enumerate(coded[1:], 1) if coded[at - 1] == 0xFF)


def test_a_codestream_says_its_tiles() -> None:
    header = pixels.jpeg_2000_header(16384, 8, tile=1, components=3, length=0)
    assert header[:6] == b"\xff\x4f\xff\x51\0\0"
    assert struct.unpack(">8I", header[8:40]) == (16384, 8, 0, 0, 1, 1, 0, 0)
    assert header[40:42] == b"\0\3"
