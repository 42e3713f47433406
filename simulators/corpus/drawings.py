"""Pictures that hold less than they describe, promise endlessly much, or are legal and unusual."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Final

from harness.specimens import Files, Shelf
from simulators.corpus.files import changed, one, part10, valued
from simulators.pictures import COLUMNS, FRAMES, PHOTOMETRIC, ROWS, SAMPLES, SIDE
from simulators.wire import pixels as streams
from simulators.wire import uids
from simulators.wire.dataset import Element, encode_dataset
from simulators.wire.pixels import PIXEL_DATA

_FRAME: Final = streams.rle_frame([streams.rle_segment(SAMPLES)])
_STREAM: Final = streams.jpeg_lossless(SAMPLES, SIDE)
_ONES: Final = b"\1" * (SIDE * SIDE)
_HALF: Final = len(_STREAM) // 4 * 2


def _native(octets: bytes) -> Element:
    return Element(tag=PIXEL_DATA, vr="OW", value=octets)


def _number(tag: int, value: int) -> Element:
    if tag == FRAMES:
        return valued(tag, "IS", str(value))
    return Element(tag=tag, vr="US", value=value.to_bytes(2, "little"))


def _drawn(data: Element, syntax: str, numbers: Mapping[int, int], token: str) -> Files:
    changes = {tag: _number(tag, value) for tag, value in numbers.items()}
    content = changed({PIXEL_DATA: data, **changes}, token)
    return one(part10(encode_dataset(content, "explicit"), token=token, syntax=syntax))


def _plain(data: Element, numbers: Mapping[int, int] | None = None) -> partial[Files]:
    return partial(_drawn, data, uids.EXPLICIT_LE, numbers or {})


def _rle(data: Element, numbers: Mapping[int, int] | None = None) -> partial[Files]:
    return partial(_drawn, data, uids.RLE_LOSSLESS, numbers or {})


def _jpeg(data: Element, numbers: Mapping[int, int] | None = None) -> partial[Files]:
    return partial(_drawn, data, uids.JPEG_LOSSLESS, numbers or {})


def _without(token: str) -> Files:
    # Of another kind too: a file that is cut before its picture is another lie.
    kind = valued(PHOTOMETRIC, "CS", "MONOCHROME1")
    content = changed({PIXEL_DATA: None, PHOTOMETRIC: kind}, token)
    return one(part10(encode_dataset(content, "explicit"), token=token))


def _beyond_palette(token: str) -> Files:
    """Every sample is an index beyond a palette of two colours."""
    colours = {
        0x00281101 + n: Element(tag=0x00281101 + n, vr="US", value=b"\2\0\0\0\x10\0")
        for n in range(3)
    }
    tables = {
        0x00281201 + n: Element(tag=0x00281201 + n, vr="OW", value=b"\0\0\xff\xff")
        for n in range(3)
    }
    kind = valued(PHOTOMETRIC, "CS", "PALETTE COLOR")
    data = _native(b"\xff" * (SIDE * SIDE))
    content = changed({PHOTOMETRIC: kind, PIXEL_DATA: data, **colours, **tables}, token)
    return one(part10(encode_dataset(content, "explicit"), token=token))


_LARGER: Final = {ROWS: 64, COLUMNS: 64}
_HALF_COUNT: Final = len(SAMPLES) // 2

UNFILLED: Final = Shelf(
    name="unfilled-pictures",
    deviation="A picture has fewer samples than it describes, or points beyond its palette.",
    expectation="It is refused, or what is missing is shown in one colour.",
    makers={
        "half": _plain(_native(SAMPLES[:_HALF_COUNT])),
        "two-octets": _plain(_native(SAMPLES[:2])),
        "none": _plain(_native(b"")),
        "no-element": _without,
        "larger": _plain(_native(SAMPLES), _LARGER),
        "second-frame-missing": _plain(_native(SAMPLES), {FRAMES: 2}),
        "beyond-palette": _beyond_palette,
        "rle-larger": _rle(streams.encapsulated([_FRAME]), _LARGER),
        "rle-half": _rle(
            streams.encapsulated([streams.rle_frame([streams.rle_segment(SAMPLES[:_HALF_COUNT])])])
        ),
        "rle-second-frame-missing": _rle(streams.encapsulated([_FRAME]), {FRAMES: 2}),
        "jpeg-larger": _jpeg(streams.encapsulated([_STREAM]), _LARGER),
        "jpeg-cut": _jpeg(streams.encapsulated([_STREAM[:-40] + b"\xff\xd9"])),
    },
)
ENDLESS: Final = Shelf(
    name="endless-pictures",
    deviation="A file of a kilobyte describes a picture of gigabytes.",
    expectation="It is refused, or drawn as far as it goes: not written out.",
    makers={
        "65534-x-65534": _plain(_native(SAMPLES), {ROWS: 65534, COLUMNS: 65534}),
        "16383-x-16383": _plain(_native(SAMPLES), {ROWS: 16383, COLUMNS: 16383}),
        "100000-frames": _plain(_native(SAMPLES), {FRAMES: 100_000}),
        "rle-16383-x-16383": _rle(streams.encapsulated([_FRAME]), {ROWS: 16383, COLUMNS: 16383}),
        "rle-100000-frames": _rle(streams.encapsulated([_FRAME]), {FRAMES: 100_000}),
    },
)


def _runs(octets: bytes) -> bytes:
    """Octets as replicate runs (PS3.5 G.3.1) wherever two or more are alike."""
    coded = bytearray()
    at = 0
    while at < len(octets):
        count = 1
        while at + count < len(octets) and octets[at + count] == octets[at] and count < 128:
            count += 1
        coded += bytes((257 - count if count > 1 else 0, octets[at]))
        at += count
    return bytes(coded) + b"\x80" * (len(coded) % 2)


def _commented() -> bytes:
    """A stream with a comment and an application segment behind its first marker."""
    comment = streams.jpeg_segment(0xFE, b"synthetic")
    return _STREAM[:2] + comment + streams.jpeg_segment(0xEF, b"assay\0") + _STREAM[2:]


_TWO: Final = streams.rle_frame([streams.rle_segment(_ONES)])
_SECOND: Final = len(_FRAME) + 8

UNUSUAL: Final[Mapping[str, tuple[partial[Files], bytes]]] = {
    "rle-runs": (
        _rle(streams.encapsulated([streams.rle_frame([_runs(SAMPLES)])])), SAMPLES,
    ),
    "rle-idle-octets": (
        _rle(
            streams.encapsulated(
                [streams.rle_frame([b"\x80\x80" + streams.rle_segment(SAMPLES)])]
            )
        ),
        SAMPLES,
    ),
    "rle-offset-table": (
        _rle(streams.encapsulated([_FRAME], table=streams.offset_table(0))), SAMPLES,
    ),
    "rle-two-frames": (
        _rle(streams.encapsulated([_FRAME, _TWO]), {FRAMES: 2}), SAMPLES + _ONES,
    ),
    "rle-two-frames-and-table": (
        _rle(
            streams.encapsulated([_FRAME, _TWO], table=streams.offset_table(0, _SECOND)),
            {FRAMES: 2},
        ),
        SAMPLES + _ONES,
    ),
    "jpeg-two-fragments": (
        _jpeg(streams.encapsulated([_STREAM[:_HALF], _STREAM[_HALF:]])), SAMPLES,
    ),
    "jpeg-comments": (_jpeg(streams.encapsulated([_commented()])), SAMPLES),
    "jpeg-offset-table": (
        _jpeg(streams.encapsulated([_STREAM], table=streams.offset_table(0))), SAMPLES,
    ),
}  # fmt: skip
"""By case: what makes the file, and the samples that must come out of it."""

_PERMITTED: Final = (
    "None: the standard permits each of these {} streams, and few devices write them."
)
_GIVEN_BACK: Final = "The samples are given back as they went in."

LEGAL_RLE: Final = Shelf(
    name="unusual-rle",
    deviation=_PERMITTED.format("RLE"),
    expectation=_GIVEN_BACK,
    makers={name: make for name, (make, _) in UNUSUAL.items() if name.startswith("rle")},
)
LEGAL_JPEG: Final = Shelf(
    name="unusual-jpeg",
    deviation=_PERMITTED.format("JPEG"),
    expectation=_GIVEN_BACK,
    makers={name: make for name, (make, _) in UNUSUAL.items() if name.startswith("jpeg")},
)
