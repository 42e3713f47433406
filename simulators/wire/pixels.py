"""Encapsulated pixel data (PS3.5 A.4, Annex G; ISO/IEC 10918-1) whose every header can lie.

Tiny valid streams are made here by code, so that a test needs neither a codec nor a stored image;
a field that is set is sent as it stands.
"""

from __future__ import annotations

import struct
from collections.abc import Sequence
from typing import Final

from simulators.wire.dataset import DataItem, Element

PIXEL_DATA: Final = 0x7FE00010

_ITEM_HEADER: Final = 8
_RLE_HEADER: Final = 64
_LITERAL: Final = 128
_CATEGORIES: Final = 9
_MIDDLE: Final = 128
_RUN_ORDER: Final = (
    *(order for order in range(4) for _ in range(4)),
    *(order for order in range(4, 8) for _ in range(2)),
    *range(8, 16),
)
"""Logarithms of the lengths of runs, J of ISO/IEC 14495-1 A.2.1."""


def encapsulated(
    fragments: Sequence[bytes | DataItem],
    *,
    table: bytes = b"",
    delimiter: bool = True,
) -> Element:
    """Return Pixel Data in fragments (PS3.5 A.4).

    Args:
        fragments: Octets of each, padded to an even number; a `DataItem` is sent as it stands.
        table: The Basic Offset Table.
        delimiter: False leaves the Sequence Delimitation Item out.
    """
    items = [each if isinstance(each, DataItem) else _fragment(each) for each in fragments]
    content = (DataItem(elements=table), *items)
    if delimiter:
        return Element(tag=PIXEL_DATA, vr="OB", value=content, undefined=True)
    return Element(tag=PIXEL_DATA, vr="OB", value=content, length=0xFFFF_FFFF)


def offset_table(*offsets: int) -> bytes:
    """Return a Basic Offset Table of these offsets, each in octets from the first fragment."""
    return struct.pack(f"<{len(offsets)}I", *offsets)


def fragments_in(value: bytes) -> list[bytes]:
    """Return the items of encapsulated Pixel Data, the offset table first; total.

    A length that promises more than there is ends with the octets.
    """
    found: list[bytes] = []
    at = 0
    while at + _ITEM_HEADER <= len(value):
        length = int.from_bytes(value[at + 4 : at + _ITEM_HEADER], "little")
        at += _ITEM_HEADER
        found.append(value[at : at + length])
        at += length
    return found


def rle_frame(
    segments: Sequence[bytes],
    *,
    count: int | None = None,
    offsets: Sequence[int] | None = None,
) -> bytes:
    """Return one frame of RLE Lossless (PS3.5 Annex G).

    Args:
        segments: Encoded segments, one for each octet of a sample, see :func:`rle_segment`.
        count: Number of segments as sent; None computes it.
        offsets: Their offsets as sent, at most fifteen; None computes them.
    """
    if offsets is None:
        starts = [_RLE_HEADER]
        for segment in segments[:-1]:
            starts.append(starts[-1] + len(segment))
        offsets = starts[:15]
    table = [len(segments) if count is None else count, *offsets, *[0] * (15 - len(offsets))]
    return struct.pack("<16I", *table) + b"".join(segments)


def rle_segment(octets: bytes) -> bytes:
    """Return octets as literal runs of PackBits, padded to an even number (PS3.5 G.3)."""
    runs = [octets[at : at + _LITERAL] for at in range(0, len(octets), _LITERAL)]
    coded = b"".join(bytes((len(run) - 1,)) + run for run in runs)
    return coded + b"\x80" * (len(coded) % 2)


def jpeg_segment(marker: int, body: bytes = b"", *, length: int | None = None) -> bytes:
    """Return a marker segment (ISO/IEC 10918-1 B.1.1.4), its length as sent or computed."""
    size = len(body) + 2 if length is None else length
    return struct.pack(">BBH", 0xFF, marker, size) + body


def jpeg_frame_header(
    rows: int, columns: int, *, precision: int = 8, components: int = 1, length: int | None = None
) -> bytes:
    """Return a start of frame for process 14 (SOF3) with one component described."""
    body = struct.pack(">BHHB", precision, rows, columns, components) + b"\x01\x11\x00"
    return jpeg_segment(0xC3, body, length=length)


def jpeg_tables(*, counts: bytes | None = None) -> bytes:
    """Return a Huffman table (DHT) in which each of nine categories has a code of four bits.

    Args:
        counts: How many codes there are of each of the sixteen lengths, as sent.
    """
    honest = bytes((0, 0, 0, _CATEGORIES, *[0] * 12))
    values = bytes(range(_CATEGORIES))
    return jpeg_segment(0xC4, b"\0" + (honest if counts is None else counts) + values)


def jpeg_scan_header(*, table: int = 0, predictor: int = 1) -> bytes:
    """Return a start of scan for one component and a predictor (1 is selection value 1)."""
    return jpeg_segment(0xDA, bytes((1, 1, table << 4, predictor, 0, 0)))


def jpeg_entropy(samples: bytes, columns: int) -> bytes:
    """Return 8-bit samples coded by predictor 1 and the table of :func:`jpeg_tables` (H.1)."""
    bits: list[str] = []
    for at, sample in enumerate(samples):
        if at == 0:
            expected = _MIDDLE
        else:
            expected = samples[at - 1] if at % columns else samples[at - columns]
        bits.append(_coded(sample - expected))
    text = "".join(bits)
    text += "1" * (-len(text) % 8)
    raw = bytes(int(text[at : at + 8], 2) for at in range(0, len(text), 8))
    return raw.replace(b"\xff", b"\xff\x00")


def jpeg_lossless(
    samples: bytes,
    columns: int,
    *,
    frame: bytes | None = None,
    tables: bytes | None = None,
    before: bytes = b"",
    scan: bytes | None = None,
    end: bytes = b"\xff\xd9",
) -> bytes:
    """Return a JPEG Lossless stream (process 14, selection value 1) of 8-bit samples.

    Args:
        samples: One octet each, row by row.
        columns: Samples in a row.
        frame: The frame header as sent; None makes the honest one.
        tables: The Huffman table as sent; None makes the honest one.
        before: Octets between start of image and frame header.
        scan: The scan header as sent; None makes the honest one.
        end: What stands after the coded samples.
    """
    head = jpeg_frame_header(len(samples) // columns, columns) if frame is None else frame
    coding = jpeg_tables() if tables is None else tables
    start = jpeg_scan_header() if scan is None else scan
    coded = jpeg_entropy(samples, columns)
    return b"\xff\xd8" + before + head + coding + start + coded + end


def jpeg_ls(
    rows: int, columns: int, *, frame: bytes | None = None, end: bytes = b"\xff\xd9"
) -> bytes:
    """Return a JPEG-LS stream (ISO/IEC 14495-1) of 8-bit samples that are all zero.

    Such a picture is coded in run mode alone, so that its lines need no context.

    Args:
        rows: Lines.
        columns: Samples in a line.
        frame: The frame header (SOF55) as sent; None makes the honest one.
        end: What stands after the coded samples.
    """
    scan = jpeg_segment(0xDA, bytes((1, 1, 0, 0, 0, 0)))
    head = jpeg_ls_frame_header(rows, columns) if frame is None else frame
    return b"\xff\xd8" + head + scan + _zero_runs(rows, columns) + end


def jpeg_ls_frame_header(rows: int, columns: int, *, length: int | None = None) -> bytes:
    """Return a start of frame for JPEG-LS (SOF55) with one component."""
    body = struct.pack(">BHHB", 8, rows, columns, 1) + b"\x01\x11\x00"
    return jpeg_segment(0xF7, body, length=length)


def jpeg_2000_header(
    width: int, height: int, *, tile: int, components: int = 1, length: int | None = None
) -> bytes:
    """Return the beginning of a JPEG 2000 codestream (SOC, SIZ; ISO/IEC 15444-1 A.5.1)."""
    body = struct.pack(">H8IH", 0, width, height, 0, 0, tile, tile, 0, 0, components)
    return b"\xff\x4f" + jpeg_segment(0x51, body + b"\x07\x01\x01", length=length)


def _fragment(octets: bytes) -> DataItem:
    return DataItem(elements=octets + b"\0" * (len(octets) % 2))


def _coded(difference: int) -> str:
    """Return the code of a difference and its extra bits (ISO/IEC 10918-1 H.1.2.2)."""
    category = abs(difference).bit_length()
    if not category:
        return f"{0:04b}"
    extra = difference if difference > 0 else difference + (1 << category) - 1
    return f"{category:04b}{extra:0{category}b}"


def _zero_runs(rows: int, columns: int) -> bytes:
    """Code lines of zeros as runs (ISO/IEC 14495-1 A.7.1.2), with a zero bit behind each FF."""
    bits, index = "", 0
    for _ in range(rows):
        left = columns
        while left > 0:
            # A run that the end of the line cuts short is a one, too, and leaves the index alone.
            whole = left >= 1 << _RUN_ORDER[index]
            left -= 1 << _RUN_ORDER[index]
            bits += "1"
            index = min(index + 1, len(_RUN_ORDER) - 1) if whole else index
    coded = bytearray()
    while bits:
        room = 7 if coded and coded[-1] == 0xFF else 8
        coded.append(int(bits[:room].ljust(room, "0"), 2))
        bits = bits[room:]
    return bytes(coded) + (b"\0" if coded[-1:] == b"\xff" else b"")
