"""A rendered picture (PS3.18 10.4.1.1.3) of a plain grey one: small, eight bits, as PNG."""

from __future__ import annotations

import struct
import zlib

_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_LARGEST = 1 << 24


def png(values: dict[int, bytes], pixels: bytes) -> bytes | None:
    """Return the first frame as PNG; None for a picture of another kind, or a cut one."""
    short = {tag: int.from_bytes(values.get(tag, b"")[:2], "little") for tag in _NEEDED}
    rows, columns, allocated = (short[tag] for tag in _NEEDED[:3])
    octets = allocated // 8
    size = rows * columns * octets
    if short[_SAMPLES] != 1 or octets not in (1, 2) or not 0 < size <= min(_LARGEST, len(pixels)):
        return None
    # Of two octets the upper one of what is stored is what eight bits can show.
    shift = max(0, (short[_STORED] or allocated) - 8)
    form = f"<{rows * columns}{'H' if octets == 2 else 'B'}"
    grey = bytes(value >> shift & 0xFF for value in struct.unpack(form, pixels[:size]))
    lines = b"".join(b"\0" + grey[at : at + columns] for at in range(0, len(grey), columns))
    head = struct.pack(">IIBBBBB", columns, rows, 8, 0, 0, 0, 0)
    chunks = ((b"IHDR", head), (b"IDAT", zlib.compress(lines)), (b"IEND", b""))
    return _SIGNATURE + b"".join(_chunk(kind, data) for kind, data in chunks)


_SAMPLES, _STORED = 0x00280002, 0x00280101
_NEEDED = (0x00280010, 0x00280011, 0x00280100, _SAMPLES, _STORED)


def _chunk(kind: bytes, data: bytes) -> bytes:
    crc = zlib.crc32(kind + data)
    return len(data).to_bytes(4, "big") + kind + data + crc.to_bytes(4, "big")
