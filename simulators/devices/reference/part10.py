"""Objects that the requestor sends: a Part 10 file (PS3.10 7.1), or a small one of its own."""

from dataclasses import dataclass
from pathlib import Path

from simulators.devices.reference.scanner import Bounds, DataSetError, scan
from simulators.devices.reference.uids import CT_IMAGE_STORAGE, EXPLICIT_LE
from simulators.wire.dataset import Element, encode_dataset

_PREFIX_AT, _META_AT = 128, 132
_GROUP_LENGTH = 12
_EXAMPLE_UID = "2.25.139467240519340583957402746190563746281"


class FileError(ValueError):
    """The file is no Part 10 file that the requestor can send."""


@dataclass(frozen=True, slots=True)
class StoredObject:
    """One object and how it is encoded."""

    sop_class: bytes
    sop_instance: bytes
    transfer_syntax: bytes
    data: bytes


def read_object(path: Path) -> StoredObject:
    """Read a Part 10 file.

    Raises:
        FileError: It is none.
        OSError: It cannot be read.
    """
    content = path.read_bytes()
    try:
        meta, end = meta_of(content)
        return StoredObject(meta[2], meta[3], meta[0x10], content[end:])
    except FileError as error:
        raise FileError(f"{path}: {error}") from None
    except KeyError as error:
        raise FileError(f"{path}: (0002,{error.args[0]:04X}) missing") from None


def meta_of(content: bytes) -> tuple[dict[int, bytes], int]:
    """Return the file meta values by element number, and where the data set begins.

    Raises:
        FileError: The content is no Part 10 file.
    """
    if content[_PREFIX_AT:_META_AT] != b"DICM":
        raise FileError("no DICM prefix")
    start = _META_AT + _GROUP_LENGTH
    end = start + int.from_bytes(content[start - 4 : start], "little")
    return _meta_values(content[start:end]), end


def _meta_values(meta: bytes) -> dict[int, bytes]:
    """Return the values of the file meta elements by element number."""
    values: dict[int, bytes] = {}
    at = 0
    while at + 8 <= len(meta):
        long = meta[at + 4 : at + 6] in (b"OB", b"UN")
        head, width = (12, 4) if long else (8, 2)
        length = int.from_bytes(meta[at + head - width : at + head], "little")
        element = int.from_bytes(meta[at + 2 : at + 4], "little")
        values[element] = meta[at + head : at + head + length].rstrip(b"\0 ")
        at += head + length
    return values


def example_object() -> StoredObject:
    """Return a small object to send when the user names no file."""
    elements = [
        Element(tag=0x00080016, vr="UI", value=CT_IMAGE_STORAGE.decode()),
        Element(tag=0x00080018, vr="UI", value=f"{_EXAMPLE_UID}.3"),
        Element(tag=0x00080060, vr="CS", value="CT"),
        Element(tag=0x00100010, vr="PN", value="REFERENCE^DEVICE"),
        Element(tag=0x00100020, vr="LO", value="REF-1"),
        Element(tag=0x0020000D, vr="UI", value=f"{_EXAMPLE_UID}.1"),
        Element(tag=0x0020000E, vr="UI", value=f"{_EXAMPLE_UID}.2"),
    ]
    data = encode_dataset(elements, "explicit")
    return StoredObject(CT_IMAGE_STORAGE, f"{_EXAMPLE_UID}.3".encode(), EXPLICIT_LE, data)


def identity_of(data: bytes, transfer_syntax: bytes) -> tuple[bytes, bytes, bytes]:
    """Return SOP Class, SOP Instance and Study Instance UID of a data set.

    Raises:
        FileError: It cannot be read.
    """
    try:
        values = scan(data, transfer_syntax, Bounds()).values
    except DataSetError as error:
        raise FileError(str(error)) from None
    sop_class, instance, study = (
        values.get(tag, b"").rstrip(b"\0") for tag in (0x00080016, 0x00080018, 0x0020000D)
    )
    return sop_class, instance, study
