"""What an A-ASSOCIATE-AC says, read from the octets that the record kept (PS3.8 9.3.3).

Total: whatever the octets are, the answer is what could be read, and never an error.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

_AC: Final = 2
_FIXED: Final = 74
"""Octets before the first item."""

_CONTEXT, _USER = 0x21, 0x50
_TRANSFER_SYNTAX: Final = 0x40
_MAXIMUM, _CLASS, _VERSION = 0x51, 0x52, 0x55


@dataclass(frozen=True, slots=True, kw_only=True)
class Acceptance:
    """One acceptance.

    Attributes:
        transfer_syntaxes: Of the presentation contexts that were accepted.
        max_pdu: Octets that it takes in one PDU, 0 for any number; None if it does not say.
        implementation_class: Its UID; empty if it does not say.
        implementation_version: Its name; likewise.
    """

    transfer_syntaxes: tuple[str, ...] = ()
    max_pdu: int | None = None
    implementation_class: str = ""
    implementation_version: str = ""


def acceptance(raw: bytes) -> Acceptance | None:
    """The acceptance in these octets; None when they are no A-ASSOCIATE-AC."""
    if len(raw) < _FIXED or raw[0] != _AC:
        return None
    syntaxes: list[str] = []
    user: dict[int, bytes] = {}
    for kind, value in _items(raw[_FIXED:]):
        if kind == _CONTEXT and len(value) > 4 and value[2] == 0:
            syntaxes += [_text(v) for k, v in _items(value[4:]) if k == _TRANSFER_SYNTAX]
        elif kind == _USER:
            user.update(_items(value))
    maximum = user.get(_MAXIMUM, b"")
    return Acceptance(
        transfer_syntaxes=tuple(dict.fromkeys(syntaxes)),
        max_pdu=int.from_bytes(maximum, "big") if len(maximum) == 4 else None,
        implementation_class=_text(user.get(_CLASS, b"")),
        implementation_version=_text(user.get(_VERSION, b"")),
    )


def _items(raw: bytes) -> Iterator[tuple[int, bytes]]:
    """Type and value of each whole item; what is cut off is left out."""
    while len(raw) >= 4:
        end = 4 + int.from_bytes(raw[2:4], "big")
        if end > len(raw):
            return
        yield raw[0], raw[4:end]
        raw = raw[end:]


def _text(value: bytes) -> str:
    return value.rstrip(b"\0 ").decode("ascii", "replace")
