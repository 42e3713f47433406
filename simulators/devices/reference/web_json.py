"""The DICOM JSON model (PS3.18 F): what is stored, as objects of JSON, and those as text."""

from __future__ import annotations

import base64
import json
import struct
from collections.abc import Callable, Mapping, Sequence

from harness.model import JSON
from simulators.devices.reference.flaws import Flaws

Attributes = dict[str, JSON]
"""Attributes by tag, as in an answer."""

PIXEL_DATA = 0x7FE00010
_TAG = struct.Struct("<HHI")
_ITEM, _ITEM_END, _SEQUENCE_END = 0xFFFEE000, 0xFFFEE00D, 0xFFFEE0DD
_UNDEFINED = 0xFFFFFFFF
_LONG = frozenset(["OB", "OD", "OF", "OL", "OV", "OW", "SQ", "SV", "UC", "UN", "UR", "UT", "UV"])
_BULK = frozenset(["OB", "OD", "OF", "OL", "OV", "OW", "UN"])
_ONE_VALUE = frozenset(["LT", "ST", "UT", "UR"])
_PACKED = {
    "US": "H", "SS": "h", "UL": "I", "SL": "i", "UV": "Q", "SV": "q", "FL": "f", "FD": "d",
}  # fmt: skip
_INLINE = 4096
_CHARACTER_SET = "00080005"


def encoded(objects: JSON, flaws: Flaws) -> bytes:
    """Return JSON as text."""
    if flaws.has("web_joins_json"):
        return _joined(objects).encode("utf-8", "replace")
    if flaws.has("web_json_floats"):
        objects = json.loads(json.dumps(objects), parse_int=float)
    return json.dumps(objects, separators=(",", ":")).encode()


def attribute(vr: str, value: bytes, *, utf8: bool = True) -> Attributes:
    """Return one attribute that is no sequence."""
    if vr in _BULK:
        return {"vr": vr, "InlineBinary": base64.b64encode(value).decode()} if value else {"vr": vr}
    values = _values(vr, value, utf8=utf8)
    return {"vr": vr, "Value": values} if values else {"vr": vr}


def of_data_set(data: bytes, *, implicit: bool, bulk: Callable[[int], str]) -> Attributes:
    """Return the attributes of a data set that was found to be sound when it came.

    Args:
        data: The data set, inflated.
        implicit: It has no VRs.
        bulk: Where a long value of the top level can be had, by its tag.
    """
    return _Reader(data, bulk).data_set(len(data), implicit=implicit, top=True)


class _Reader:
    """Reads forward; nesting was bounded when the object was taken."""

    def __init__(self, data: bytes, bulk: Callable[[int], str]) -> None:
        self._data = data
        self._bulk = bulk
        self._at = 0
        self._utf8 = True

    def data_set(self, end: int, *, implicit: bool, top: bool = False) -> Attributes:
        found: Attributes = {}
        while self._at < end:
            tag, length = self._head()
            if tag == _ITEM_END:
                break
            vr, length = self._vr(tag, length, implicit=implicit)
            name = f"{tag:08X}"
            if tag == PIXEL_DATA and top:
                found[name] = {"vr": vr, "BulkDataURI": self._bulk(tag)}
                break
            if vr == "SQ" or length == _UNDEFINED:
                items = self._items(length, implicit=implicit or vr == "UN")
                found[name] = {"vr": "SQ", "Value": items} if items else {"vr": "SQ"}
                continue
            value = self._data[self._at : self._at + length]
            self._at += length
            if name == _CHARACTER_SET:
                self._utf8 = b"192" in value or b"100" not in value
            if top and vr in _BULK and length > _INLINE:
                found[name] = {"vr": vr, "BulkDataURI": self._bulk(tag)}
            else:
                found[name] = attribute(vr, value, utf8=self._utf8)
        return found

    def _items(self, length: int, *, implicit: bool) -> list[JSON]:
        end = len(self._data) if length == _UNDEFINED else self._at + length
        items: list[JSON] = []
        while self._at < end:
            tag, size = self._head()
            if tag != _ITEM:
                break
            inner = end if size == _UNDEFINED else self._at + size
            items.append(self.data_set(inner, implicit=implicit))
        return items

    def _head(self) -> tuple[int, int]:
        group, element, length = _TAG.unpack_from(self._data, self._at)
        self._at += _TAG.size
        return group << 16 | element, length

    def _vr(self, tag: int, length: int, *, implicit: bool) -> tuple[str, int]:
        if implicit:
            return vr_of(tag), length
        vr = self._data[self._at - 4 : self._at - 2].decode("latin-1")
        if vr not in _LONG:
            return vr, int.from_bytes(self._data[self._at - 2 : self._at], "little")
        self._at += 4
        return vr, int.from_bytes(self._data[self._at - 4 : self._at], "little")


def vr_of(tag: int) -> str:
    """Return the VR that the data dictionary (PS3.6) has for a tag; UN for one that it has not."""
    from pydicom.datadict import dictionary_VR

    try:
        vr = dictionary_VR(tag)
    except KeyError:
        return "UN"
    return vr if len(vr) == 2 else "OW" if "OW" in vr else "US"


def _values(vr: str, value: bytes, *, utf8: bool) -> list[JSON]:
    if vr in _PACKED:
        size = struct.calcsize("<" + _PACKED[vr])
        whole = value[: len(value) // size * size]
        return [_finite(each) for (each,) in struct.iter_unpack("<" + _PACKED[vr], whole)]
    if vr == "AT":
        pairs = struct.iter_unpack("<HH", value[: len(value) // 4 * 4])
        return [f"{group:04X}{element:04X}" for group, element in pairs]
    text = value.decode("utf-8" if utf8 else "latin-1", "replace").rstrip(" \0")
    if not text:
        return []
    parts = [text] if vr in _ONE_VALUE else [part.strip(" ") for part in text.split("\\")]
    if vr == "PN":
        return [_name(part) for part in parts]
    return [_number(part) if vr in ("IS", "DS") else part or None for part in parts]


def _finite(value: float) -> JSON:
    # JSON has no name for what is no number (RFC 8259 6).
    return str(value) if value != value or value in (float("inf"), float("-inf")) else value


def _name(text: str) -> JSON:
    groups = ("Alphabetic", "Ideographic", "Phonetic")
    return {name: part for name, part in zip(groups, text.split("="), strict=False) if part}


def _number(text: str) -> JSON:
    """Return a decimal or integer string as a number, or as it is where it is none (F.2.2)."""
    try:
        value = float(text)
    except ValueError:
        return text
    return int(value) if value.is_integer() and abs(value) < 2**53 else _finite(value)


def _joined(value: JSON) -> str:
    if isinstance(value, str):
        return f'"{value}"'
    if isinstance(value, Mapping):
        return "{" + ",".join(f'"{key}":{_joined(each)}' for key, each in value.items()) + "}"
    if isinstance(value, Sequence):
        return "[" + ",".join(map(_joined, value)) + "]"
    return json.dumps(value)
