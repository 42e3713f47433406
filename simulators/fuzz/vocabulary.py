"""What fields are made to say: boundary values of lengths, odd values by kind, foreign PDUs.

All of it is inert: syntax and sizes, never a payload.
"""

from __future__ import annotations

from collections.abc import Callable

LENGTHS: dict[str, Callable[[int, int], int]] = {
    "zero": lambda true, most: 0,
    "one": lambda true, most: 1,
    "one less": lambda true, most: max(0, true - 1),
    "one more": lambda true, most: true + 1,
    "two more": lambda true, most: true + 2,
    "half": lambda true, most: true // 2,
    "double": lambda true, most: true * 2,
    "most positive": lambda true, most: most // 2,
    "least negative": lambda true, most: most // 2 + 1,
    "one below most": lambda true, most: most - 1,
    "most": lambda true, most: most,
}
"""Boundary values of a length, from the true one and the largest that fits."""

_PATTERN = b"A" * 70
VALUES: dict[str, dict[str, Callable[[bytes], bytes]]] = {
    "type": {
        "zero": lambda old: b"\0", "most": lambda old: b"\xff",
        "next": lambda old: bytes([old[0] + 1 & 0xFF]), "bit 7": lambda old: bytes([old[0] ^ 0x80]),
    },
    "reserved": {"ones": lambda old: b"\xff" * len(old)},
    "id": {
        "zero": lambda old: b"\0", "even": lambda old: b"\2", "most": lambda old: b"\xff",
        "other": lambda old: bytes([old[0] + 2 & 0xFF]),
    },
    "control": {
        "zero": lambda old: b"\0", "not last": lambda old: bytes([old[0] & 1]),
        "other kind": lambda old: bytes([old[0] ^ 1]), "unknown bits": lambda old: b"\xfc",
    },
    "number": {
        "zero": lambda old: bytes(len(old)), "ones": lambda old: b"\xff" * len(old),
        "one": lambda old: (1).to_bytes(len(old) or 1, "big"),
        "most positive": lambda old: b"\x7f" + b"\xff" * (len(old) - 1),
        "least negative": lambda old: b"\x80" + bytes(max(0, len(old) - 1)),
    },
    "uid": {
        "empty": lambda old: b"", "65 characters": lambda old: (b"1.2." * 20)[:65],
        "a letter": lambda old: b"1.2.x.4", "dots": lambda old: b"..",
        "unknown": lambda old: b"2.25.1", "NUL inside": lambda old: b"1.2\0.840",
        "leading zero": lambda old: b"1.02.3", "long": lambda old: b"1." * 600,
    },
    "text": {
        "empty": lambda old: b"", "spaces": lambda old: b" " * len(old),
        "control": lambda old: b"\x1b[31m\r\n\0", "format": lambda old: b"%s%n%x%s",
        "long": lambda old: _PATTERN * 16, "8 bit": lambda old: b"\xff\xfe\x80",
        "escape": lambda old: b"\x1b$B\x1b(J" * 4, "many": lambda old: b"\\" * 64,
    },
    "tag": {
        "zero": lambda old: bytes(4), "ones": lambda old: b"\xff" * 4,
        "item": lambda old: b"\xfe\xff\x00\xe0", "item end": lambda old: b"\xfe\xff\x0d\xe0",
        "sequence end": lambda old: b"\xfe\xff\xdd\xe0", "command": lambda old: bytes(4),
        "pixel data": lambda old: b"\xe0\x7f\x10\x00",
        "swapped": lambda old: old[1:2] + old[:1] + old[3:4] + old[2:3],
    },
    "vr": {
        "SQ": lambda old: b"SQ", "OB": lambda old: b"OB", "US": lambda old: b"US",
        "UN": lambda old: b"UN", "unknown": lambda old: b"ZZ", "zero": lambda old: b"\0\0",
        "lower case": lambda old: old.lower(), "swapped": lambda old: old[::-1],
    },
    "octets": {
        "empty": lambda old: b"", "odd": lambda old: old + b"\0", "ones": lambda old: b"\xff" * 8,
        "one": lambda old: b"\0",
    },
}  # fmt: skip
"""Values by the kind of field; each makes the octets from the honest ones."""

FOREIGN = {
    "01H": bytes.fromhex("010000000000"), "02H": bytes.fromhex("0200000000020000"),
    "03H": bytes.fromhex("03000000000400010101"), "05H": bytes.fromhex("05000000000400000000"),
    "06H": bytes.fromhex("06000000000400000000"), "07H": bytes.fromhex("07000000000400000000"),
    "04H without a PDV": bytes.fromhex("040000000000"),
    "04H on context 255": bytes.fromhex("04000000000800000004ff030000"),
    "04H empty, not last": bytes.fromhex("040000000006000000020101"),
    "FFH": bytes.fromhex("ff000000000400000000"), "text": b"GET / HTTP/1.0\r\n\r\n",
}  # fmt: skip
"""What is thrown in between; short, and inert."""
