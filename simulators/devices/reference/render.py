"""What the device draws of a file: a picture that anybody can look at, and the plain object."""

from pathlib import Path
from typing import TYPE_CHECKING

from simulators.devices.reference.errors import RefusedError

if TYPE_CHECKING:
    from simulators.devices.reference.reader import Opened

_PIXEL_DATA = 0x7FE00010
_ROWS, _COLUMNS, _SAMPLES, _ALLOCATED = 0x00280010, 0x00280011, 0x00280002, 0x00280100
_KIND, _RED = 0x00280004, 0x00281101
_LARGEST = 32 << 20


def write_pictures(path: Path, plain: "Opened") -> None:
    """Write the picture of an object, and the object; both depend on nothing else.

    Raises:
        RefusedError: The picture is too large, or of a kind that is not drawn.
    """
    rows, columns, samples, allocated = (
        int.from_bytes(plain.value(tag).ljust(2, b"\0"), "little")
        for tag in (_ROWS, _COLUMNS, _SAMPLES, _ALLOCATED)
    )
    pixels = plain.elements[_PIXEL_DATA].value
    if samples not in (1, 3) or allocated not in (8, 16) or len(pixels) > _LARGEST:
        raise RefusedError("a picture of a kind that is not drawn")
    if plain.value(_KIND) == b"PALETTE COLOR":
        pixels = _within_palette(pixels, plain, allocated // 8)
    frames = max(1, len(pixels) // (rows * columns * samples * (allocated // 8)))
    head = f"P{5 if samples == 1 else 6}\n{columns} {rows * frames}\n{(1 << allocated) - 1}\n"
    path.with_suffix(path.suffix + ".pgm").write_bytes(head.encode("ascii") + pixels)
    path.with_suffix(path.suffix + ".dcm").write_bytes(plain.content)


def _within_palette(pixels: bytes, plain: "Opened", width: int) -> bytes:
    """Return indices that all have a colour: those beyond the palette have its last one."""
    entries = int.from_bytes(plain.elements[_RED].value[:2], "little") or 1 << 16
    if width > 1:
        return pixels
    return bytes(min(index, entries - 1) for index in pixels)
