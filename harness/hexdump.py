"""Hex dumps that name the field that lied."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from harness.model import JSON

_ROW = 16


def hexdump(data: Mapping[str, JSON]) -> str:
    """The head of an emission, 16 bytes a row, each lying part marked and named below.

    Args:
        data: An ``emitted`` or ``received`` observation: ``head``, ``bytes``, ``parts``, ``lies``.
    """
    raw = bytes.fromhex(str(data.get("head", "")))
    lines = [_row(raw, offset) for offset in range(0, len(raw), _ROW)]
    total = data.get("bytes")
    if isinstance(total, int) and total > len(raw):
        lines.append(f"... {total - len(raw)} more bytes")
    lines += [f"lie: {name} at offset {offset}, {size} bytes" for name, offset, size in _lies(data)]
    return "\n".join(lines)


def _row(raw: bytes, offset: int) -> str:
    chunk = raw[offset : offset + _ROW]
    text = "".join(chr(byte) if 32 <= byte < 127 else "." for byte in chunk)
    return f"{offset:06x}  {chunk.hex(' '):<47}  {text}"


def _lies(data: Mapping[str, JSON]) -> Iterator[tuple[str, int, int]]:
    lies, parts = data.get("lies"), data.get("parts")
    if not isinstance(lies, list | tuple) or not isinstance(parts, list | tuple):
        return
    for part in parts:
        if isinstance(part, list | tuple) and len(part) == 3 and part[0] in lies:
            name, offset, size = part
            yield str(name), int(str(offset)), int(str(size))
