"""Files whose pictures lie: dimensions, samples, tables, overlays and compressed streams."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Final

from harness.specimens import Files, Shelf
from simulators.corpus.files import changed, one, part10, valued
from simulators.pictures import (
    ALLOCATED,
    COLUMNS,
    FRAMES,
    HIGH_BIT,
    PHOTOMETRIC,
    PLANAR,
    ROWS,
    SAMPLES,
    SAMPLES_PER_PIXEL,
    SIDE,
    STORED,
)
from simulators.wire import pixels as streams
from simulators.wire import uids
from simulators.wire.dataset import DataItem, Element, encode_dataset
from simulators.wire.pixels import PIXEL_DATA

_HONEST_SEGMENT: Final = streams.rle_segment(SAMPLES)
_FRAME: Final = streams.rle_frame([_HONEST_SEGMENT])
_STEP: Final = len(_FRAME) + 8
_NOT_DRAWN: Final = "It is refused with a message, or shown without reading or writing elsewhere."
_NATIVE: Final = Element(tag=PIXEL_DATA, vr="OW", value=SAMPLES)

Changes = Mapping[int, int | str | Element]


def _element(tag: int, value: int | str | Element) -> Element:
    if isinstance(value, Element):
        return value
    if isinstance(value, int):
        return Element(tag=tag, vr="US", value=value.to_bytes(2, "little"))
    return valued(tag, "IS" if tag == FRAMES else "DS" if tag > 0x00281000 else "CS", value)


def _picture(token: str, data: Element, syntax: str, changes: Changes | None = None) -> Files:
    made = {tag: _element(tag, value) for tag, value in (changes or {}).items()}
    content = changed({PIXEL_DATA: data, **made}, token)
    return one(part10(encode_dataset(content, "explicit"), token=token, syntax=syntax))


def _described(changes: Changes, token: str) -> Files:
    return _picture(token, _NATIVE, uids.EXPLICIT_LE, changes)


def _all_described(lies: Mapping[str, Changes]) -> dict[str, Callable[[str], Files]]:
    return {name: partial(_described, changes) for name, changes in lies.items()}


def _fragments(build: Callable[[], Element], syntax: str, changes: Changes, token: str) -> Files:
    return _picture(token, build(), syntax, changes)


def _rle(
    lies: Mapping[str, Callable[[], Element]], changes: Changes
) -> dict[str, Callable[[str], Files]]:
    return {
        name: partial(_fragments, build, uids.RLE_LOSSLESS, changes) for name, build in lies.items()
    }


def rle(token: str) -> Files:
    """An honest picture in RLE Lossless."""
    return _picture(token, streams.encapsulated([_FRAME]), uids.RLE_LOSSLESS)


def jpeg(token: str) -> Files:
    """An honest picture in JPEG Lossless."""
    stream = streams.jpeg_lossless(SAMPLES, SIDE)
    return _picture(token, streams.encapsulated([stream]), uids.JPEG_LOSSLESS)


DIMENSIONS: Final = Shelf(
    name="dimensions",
    deviation="Rows, columns and frames promise more than the file holds, or wrap 32 bits.",
    expectation=f"{_NOT_DRAWN} No memory is taken for promises.",
    makers=_all_described(
        {
            "65535-x-65535": {ROWS: 65535, COLUMNS: 65535},
            "16384-x-16384": {ROWS: 16384, COLUMNS: 16384},
            "2147483647-frames": {FRAMES: "2147483647"},
            "16777217-frames": {FRAMES: "16777217"},
            "negative-frames": {FRAMES: "-1"},
            "no-rows": {ROWS: 0},
            "one-row-more": {ROWS: SIDE + 1},
        }
    ),
)
DEPTH: Final = Shelf(
    name="sample-depth",
    deviation="Bits allocated, bits stored and high bit contradict one another.",
    expectation=_NOT_DRAWN,
    makers=_all_described(
        {
            "high-bit-above-allocated": {HIGH_BIT: 40},
            "stored-above-allocated": {STORED: 16, HIGH_BIT: 15},
            "1-allocated": {ALLOCATED: 1, STORED: 1, HIGH_BIT: 0},
            "12-allocated": {ALLOCATED: 12, STORED: 12, HIGH_BIT: 11},
            "52-allocated": {ALLOCATED: 52, STORED: 52, HIGH_BIT: 51},
            "none-stored": {STORED: 0, HIGH_BIT: 65535},
        }
    ),
)
KINDS: Final = Shelf(
    name="kinds-of-picture",
    deviation="Samples per pixel, photometric interpretation and planes contradict one another.",
    expectation=_NOT_DRAWN,
    makers=_all_described(
        {
            "rgb-of-one-sample": {PHOTOMETRIC: "RGB"},
            "three-samples-of-grey": {SAMPLES_PER_PIXEL: 3, PLANAR: 0},
            "ybr-of-one-plane": {SAMPLES_PER_PIXEL: 3, PHOTOMETRIC: "YBR_FULL", PLANAR: 1},
            "no-samples": {SAMPLES_PER_PIXEL: 0},
            "unknown-kind": {PHOTOMETRIC: "X-UNKNOWN-KIND"},
        }
    ),
)


def _palette(*said: int, first_sign: bool = False) -> Changes:
    """Three equal tables of two entries behind a descriptor that says otherwise."""
    descriptor = b"".join((each & 0xFFFF).to_bytes(2, "little") for each in said)
    vr = "SS" if first_sign else "US"
    tables: dict[int, int | str | Element] = {PHOTOMETRIC: "PALETTE COLOR"}
    for colour in range(3):
        tables[0x00281101 + colour] = Element(tag=0x00281101 + colour, vr=vr, value=descriptor)
        entries = Element(tag=0x00281201 + colour, vr="OW", value=b"\0\0\1\1")
        tables[0x00281201 + colour] = entries
    return tables


PALETTE: Final = Shelf(
    name="palettes",
    deviation="A palette is shorter than its descriptor says, or begins elsewhere.",
    expectation=f"{_NOT_DRAWN} An index is clamped.",
    makers=_all_described(
        {
            "65536-entries": _palette(0, 0, 16),
            "255-entries": _palette(255, 0, 16),
            "begins-at-200": _palette(2, 200, 16),
            "begins-below-zero": _palette(2, -32768, 16, first_sign=True),
            "52-bits": _palette(2, 0, 52),
            "two-values": _palette(2, 0),
        }
    ),
)


def _overlay(changes: Changes) -> Changes:
    return {
        0x60000010: SIDE,
        0x60000011: SIDE,
        0x60000040: Element(tag=0x60000040, vr="CS", value="G"),
        0x60000050: Element(tag=0x60000050, vr="SS", value=b"\1\0\1\0"),
        0x60000100: 1,
        0x60000102: 0,
        0x60003000: Element(tag=0x60003000, vr="OW", value=bytes(SIDE * SIDE // 8)),
        **changes,
    }


_FAR: Final = Element(tag=0x60000050, vr="SS", value=b"\xff\x7f\xff\x7f")
_NO_BITS: Final = Element(tag=0x60003000, vr="OW", value=b"")

OVERLAYS: Final = Shelf(
    name="overlays",
    deviation="An overlay is larger than its bits, or lies outside the picture.",
    expectation=f"{_NOT_DRAWN} Overlays are clipped.",
    makers=_all_described(
        {
            "65535-x-65535": _overlay({0x60000010: 65535, 0x60000011: 65535}),
            "without-bits": _overlay({0x60003000: _NO_BITS}),
            "far-outside": _overlay({0x60000050: _FAR}),
            "in-bit-12": _overlay({0x60000100: 16, 0x60000102: 12, 0x60003000: _NO_BITS}),
        }
    ),
)
RESCALING: Final = Shelf(
    name="rescaling",
    deviation="A slope or a window is nought, no number, or of an extreme size.",
    expectation=f"{_NOT_DRAWN} No table grows without bound.",
    makers=_all_described(
        {
            name: {0x00281052: "0", 0x00281053: "1", **changes}
            for name, changes in {
                "slope-of-1e-300": {0x00281053: "1E-300"},
                "slope-of-1e308": {0x00281053: "1E308"},
                "slope-not-a-number": {0x00281053: "NaN"},
                "window-of-no-width": {0x00281050: "0", 0x00281051: "0"},
                "window-of-1e-30": {0x00281050: "1E30", 0x00281051: "1E-30"},
            }.items()
        }
    ),
)


def _frame(*segments: bytes, count: int | None = None, starts: list[int] | None = None) -> Element:
    return streams.encapsulated([streams.rle_frame(segments, count=count, offsets=starts)])


RLE_HEADERS: Final = Shelf(
    name="rle-headers",
    deviation="The header or a segment of an RLE frame lies.",
    expectation=_NOT_DRAWN,
    makers=_rle(
        {
            "no-segments": lambda: _frame(_HONEST_SEGMENT, count=0),
            "sixteen-segments": lambda: _frame(_HONEST_SEGMENT, count=16),
            "2147483648-segments": lambda: _frame(_HONEST_SEGMENT, count=0x8000_0000),
            "begins-in-the-header": lambda: _frame(_HONEST_SEGMENT, starts=[4]),
            "begins-behind-the-frame": lambda: _frame(_HONEST_SEGMENT, starts=[0x1_0000]),
            "begins-at-4294967294": lambda: _frame(_HONEST_SEGMENT, starts=[0xFFFF_FFFE]),
            "gives-too-little": lambda: _frame(_HONEST_SEGMENT[:100]),
            "gives-too-much": lambda: _frame(b"\x81\x01" * 64),
            "header-cut": lambda: streams.encapsulated([_FRAME[:20]]),
        },
        {},
    ),
)


def _two(table: bytes) -> Element:
    return streams.encapsulated([_FRAME, _FRAME], table=table)


ENCAPSULATION: Final = Shelf(
    name="encapsulation",
    deviation="The offset table contradicts the fragments, or a fragment its length.",
    expectation=_NOT_DRAWN,
    makers=_rle(
        {
            "table-behind-the-end": lambda: _two(streams.offset_table(0, 1 << 20)),
            "table-overlaps": lambda: _two(streams.offset_table(0, 0)),
            "table-descends": lambda: _two(streams.offset_table(_STEP, 0)),
            "table-of-five-octets": lambda: _two(b"\0\0\0\0\1"),
            "no-delimiter": lambda: streams.encapsulated([_FRAME, _FRAME], delimiter=False),
            "odd-fragment": lambda: streams.encapsulated([DataItem(elements=_FRAME + b"\0")]),
            "fragment-too-long": lambda: streams.encapsulated(
                [DataItem(elements=_FRAME, length=0x7FFF_FFFE)]
            ),
            "no-fragment": lambda: streams.encapsulated([]),
        },
        {FRAMES: "2"},
    ),
)


def _jpeg(stream: bytes, syntax: str, token: str) -> Files:
    return _picture(token, streams.encapsulated([stream]), syntax)


def _lossless(**lies: bytes) -> Callable[[str], Files]:
    return partial(_jpeg, streams.jpeg_lossless(SAMPLES, SIDE, **lies), uids.JPEG_LOSSLESS)


_WIDE_2000: Final = streams.jpeg_2000_header(0x7FFF_FFFF, 0x7FFF_FFFF, tile=1) + b"\xff\xd9"

CODED: Final = Shelf(
    name="coded-streams",
    deviation="A compressed stream has loops, other dimensions, or ends too early.",
    expectation=f"{_NOT_DRAWN} It takes no longer than ten seconds.",
    makers={
        "marker-of-no-length": _lossless(before=streams.jpeg_segment(0xE0, length=0)),
        "marker-too-long": _lossless(before=streams.jpeg_segment(0xE0, length=65535)),
        "65500-x-65500": _lossless(frame=streams.jpeg_frame_header(65500, 65500)),
        "smaller-than-said": _lossless(frame=streams.jpeg_frame_header(4, 4)),
        "no-rows": _lossless(frame=streams.jpeg_frame_header(0, SIDE)),
        "255-components": _lossless(frame=streams.jpeg_frame_header(SIDE, SIDE, components=255)),
        "too-many-codes": _lossless(tables=streams.jpeg_tables(counts=bytes((255,) * 16))),
        "scan-without-table": _lossless(scan=streams.jpeg_scan_header(table=3)),
        "ends-early": _lossless(end=b"", frame=streams.jpeg_frame_header(SIDE * 64, SIDE)),
        "fill-octets": partial(_jpeg, b"\xff\xd8" + b"\xff" * 60_000, uids.JPEG_LOSSLESS),
        "jpeg-ls-65500-x-65500": partial(
            _jpeg,
            streams.jpeg_ls(SIDE, SIDE, frame=streams.jpeg_ls_frame_header(65500, 65500)),
            uids.JPEG_LS_LOSSLESS,
        ),
        "jpeg-2000-of-2147483647": partial(_jpeg, _WIDE_2000, uids.JPEG_2000_LOSSLESS),
    },
)
HONEST_PICTURES: Final = Shelf(
    name="honest-pictures",
    deviation="None: the pictures that every other one deviates from.",
    expectation="They are read and decoded.",
    makers={"rle": rle, "jpeg": jpeg},
)
