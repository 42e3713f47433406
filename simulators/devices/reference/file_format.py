"""How a stored object is named and how its file begins (PS3.10 7.1)."""

import hashlib
import struct
from functools import lru_cache

from simulators.devices.reference.uids import (
    IMPLEMENTATION_CLASS,
    IMPLEMENTATION_VERSION,
    is_uid,
)

_SHORT = struct.Struct("<HH2sH")
_LONG = struct.Struct("<HH2sxxI")
_PREAMBLE = bytes(128) + b"DICM"


def safe_name(uid: bytes) -> str:
    """Return a UID itself when it is one, else a hash: a name that holds nothing of it."""
    if is_uid(uid):
        return uid.decode("ascii")
    return "unassigned" if not uid else f"illegal-{hashlib.sha256(uid).hexdigest()[:32]}"


def without_separators(value: bytes) -> str:
    """Replace path separators and control characters, and forget names made of dots (a flaw)."""
    return "".join(
        "_" if character in '/\\:*?"<>|' or character < " " else character
        for character in value.decode("latin-1")
    )


def file_meta(sop_class: bytes, sop_instance: bytes, transfer_syntax: bytes) -> bytes:
    """Return preamble, prefix and file meta information of a Part 10 file (PS3.10 7.1)."""
    before, after = _around(sop_class, transfer_syntax)
    body = before + _short(3, b"UI", sop_instance) + after
    return _PREAMBLE + _SHORT.pack(2, 0, b"UL", 4) + len(body).to_bytes(4, "little") + body


@lru_cache(64)
def _around(sop_class: bytes, transfer_syntax: bytes) -> tuple[bytes, bytes]:
    """Return what stands before and after the SOP Instance UID."""
    return (
        _LONG.pack(2, 1, b"OB", 2) + b"\0\1" + _short(2, b"UI", sop_class),
        _short(0x10, b"UI", transfer_syntax)
        + _short(0x12, b"UI", IMPLEMENTATION_CLASS)
        + _short(0x13, b"SH", IMPLEMENTATION_VERSION),
    )


def _short(element: int, vr: bytes, value: bytes) -> bytes:
    padded = value + (b"\0" if vr == b"UI" else b" ") * (len(value) % 2)
    return _SHORT.pack(2, element, vr, len(padded)) + padded
