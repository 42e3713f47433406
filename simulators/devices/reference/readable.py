"""What a person is shown of a file, and whether its picture can be as it is described."""

import math
from collections.abc import Mapping
from typing import Final

from simulators.wire.reading import Found

_LONGEST: Final = 256
_CODECS: Final = {
    b"": "ascii", b"ISO_IR 6": "ascii", b"ISO_IR 100": "latin-1", b"ISO_IR 192": "utf-8",
    b"ISO 2022 IR 87": "iso2022_jp", b"ISO 2022 IR 100": "latin-1",
}  # fmt: skip
_PIXEL_DATA: Final = 0x7FE00010
_SAMPLES: Final = {b"MONOCHROME1": 1, b"MONOCHROME2": 1, b"PALETTE COLOR": 1, b"RGB": 3}
_COLOURS: Final = (b"YBR_", b"RGB")
_OVERLAYS: Final = range(0x6000, 0x6020, 2)
_DEPTHS: Final = (8, 16, 32)


def text_of(value: bytes, charset: bytes) -> str:
    """Return a text with everything replaced that a terminal obeys, or that is no character."""
    terms = [term.strip() for term in charset.split(b"\\")[:8]]
    codec = next((_CODECS[term] for term in reversed(terms) if term in _CODECS), "ascii")
    text = value[:_LONGEST].decode(codec, "replace")
    return "".join(each if each.isprintable() else "?" for each in text)


def description_problem(elements: Mapping[int, Found]) -> str:
    """Return why a picture cannot be as it is described; nothing if it can."""
    samples, rows, columns = (_number(elements, tag) for tag in (0x280002, 0x280010, 0x280011))
    allocated, stored, high = (_number(elements, tag) for tag in (0x280100, 0x280101, 0x280102))
    kind, frames = _text(elements, 0x280004), _text(elements, 0x280008) or b"1"
    if not rows or not columns:
        return "no rows or columns"
    if allocated not in _DEPTHS or not 0 < stored <= allocated or high != stored - 1:
        return "bits allocated, bits stored and high bit contradict one another"
    due = _SAMPLES.get(kind, 3 if kind.startswith(_COLOURS) else 0)
    if samples != due:
        return "samples per pixel and photometric interpretation contradict one another"
    if not frames.isdigit() or int(frames[:10]) < 1:
        return "no number of frames"
    pixels = elements[_PIXEL_DATA]
    octets = rows * columns * samples * (allocated // 8) * int(frames[:10])
    if not pixels.undefined and len(pixels.value) not in (octets, octets + octets % 2):
        return "the pixels are not as many as described"
    return _palette_problem(elements) or _overlay_problem(elements) or _scale_problem(elements)


def described_octets(elements: Mapping[int, Found]) -> int:
    """Return how many octets the description of a picture promises."""
    product = 1
    for tag in (0x280002, 0x280010, 0x280011, 0x280100):
        product *= max(1, _number(elements, tag))
    frames = _text(elements, 0x280008)
    return product * (int(frames[:10]) if frames.isdigit() else 1) // 8


def _palette_problem(elements: Mapping[int, Found]) -> str:
    for colour in range(3):
        descriptor = elements.get(0x281101 + colour)
        table = elements.get(0x281201 + colour)
        if descriptor is None and table is None:
            continue
        if descriptor is None or table is None or len(descriptor.value) != 6:
            return "a palette without its descriptor, or the other way round"
        entries = int.from_bytes(descriptor.value[:2], "little") or 1 << 16
        bits = int.from_bytes(descriptor.value[4:], "little")
        first = int.from_bytes(descriptor.value[2:4], "little", signed=descriptor.vr == "SS")
        if bits not in (8, 16) or first < 0 or len(table.value) not in (entries, 2 * entries):
            return "a palette is not as long as its descriptor says"
    if _text(elements, 0x280004) == b"PALETTE COLOR" and 0x281101 not in elements:
        return "no palette"
    return ""


def _overlay_problem(elements: Mapping[int, Found]) -> str:
    for group in _OVERLAYS:
        data = elements.get(group << 16 | 0x3000)
        rows, columns = (_number(elements, group << 16 | one) for one in (0x10, 0x11))
        if data is None and not rows and not columns:
            continue
        origin = elements.get(group << 16 | 0x50)
        if data is None or rows * columns > 8 * len(data.value):
            return "an overlay is larger than its bits"
        spots = [origin.value[at : at + 2] for at in (0, 2)] if origin else []
        if any(not 0 < int.from_bytes(each, "little", signed=True) < 1 << 12 for each in spots):
            return "an overlay lies outside the picture"
    return ""


def _scale_problem(elements: Mapping[int, Found]) -> str:
    for tag in (0x281050, 0x281051, 0x281052, 0x281053):
        for text in _text(elements, tag).split(b"\\") if tag in elements else ():
            try:
                number = float(text)
            except ValueError:
                return "a slope or a window is no number"
            if not math.isfinite(number) or abs(number) > 1e9:
                return "a slope or a window is of an extreme size"
            if (tag == 0x281051 and number < 1) or (tag == 0x281053 and number == 0):
                return "a slope or a window is nought"
    return ""


def _number(elements: Mapping[int, Found], tag: int) -> int:
    value = elements[tag].value if tag in elements else b""
    return int.from_bytes(value, "little") if len(value) == 2 else 0


def _text(elements: Mapping[int, Found], tag: int) -> bytes:
    return elements[tag].value.strip(b" \0") if tag in elements else b""
