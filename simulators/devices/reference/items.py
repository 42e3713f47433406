"""Strict reading of the items of A-ASSOCIATE PDUs (PS3.8 9.3.2, 9.3.3, D.1; PS3.7 D.3.3).

Every length must fit its frame exactly. Items of unknown type are skipped, as 9.3.1 wants it.
"""

import struct
from collections.abc import Iterator
from dataclasses import dataclass, field

from simulators.devices.reference.errors import INVALID_PARAMETER, ProtocolError
from simulators.devices.reference.uids import is_uid

_HEADER = struct.Struct(">BxH")
_WORD = struct.Struct(">H")
_PAIR = struct.Struct(">HH")

CONTEXT_ITEM = {1: 0x20, 2: 0x21}
USER_INFORMATION = 0x50
MAX_CONTEXTS = 128


@dataclass(frozen=True, slots=True)
class UserIdentity:
    """What sub-item 58H says (PS3.7 D.3.3.7.1): its type, whether it wants an answer, the rest."""

    kind: int
    answer: bool
    primary: bytes
    secondary: bytes


@dataclass(frozen=True, slots=True)
class UserInformation:
    """The user-data sub-items that matter to the device.

    Attributes:
        max_length: Longest P-DATA-TF variable field that the peer takes, bytes; 0 is no limit.
        roles: SOP Class UID to (SCU role, SCP role).
        window: Operations that the peer would have outstanding: those it asks for, those it is
            asked for; None when it did not say.
        identity: Who the user says he is; None when it did not say.
    """

    max_length: int
    roles: dict[bytes, tuple[int, int]] = field(default_factory=dict[bytes, tuple[int, int]])
    window: tuple[int, int] | None = None
    identity: UserIdentity | None = None


def invalid(text: str) -> ProtocolError:
    """Return the error for a PDU parameter that has an impossible value."""
    return ProtocolError(INVALID_PARAMETER, text)


def walk(data: bytes, *, lenient: bool = False) -> Iterator[tuple[int, bytes]]:
    """Yield (type, value) of the items that fill ``data``.

    Args:
        data: Item list.
        lenient: Cut an item that overruns its frame instead of refusing it.

    Raises:
        ProtocolError: A header is cut or an item overruns its frame.
    """
    at = 0
    while at < len(data):
        if at + _HEADER.size > len(data):
            if lenient:
                return
            raise invalid("item header cut")
        kind, length = _HEADER.unpack_from(data, at)
        at += _HEADER.size
        if at + length > len(data) and not lenient:
            raise invalid(f"item {kind:02X}H is longer than its frame")
        yield kind, data[at : at + length]
        at += length


def read_user_information(data: bytes, *, lenient: bool) -> UserInformation:
    """Read the value of item 50H.

    Args:
        data: Sub-items.
        lenient: Read sub-items with impossible lengths as far as they go (a flaw).

    Raises:
        ProtocolError: A sub-item has an impossible length or value, or a mandatory one is missing.
    """
    max_length: int | None = None
    roles: dict[bytes, tuple[int, int]] = {}
    window: tuple[int, int] | None = None
    identity: UserIdentity | None = None
    seen: set[int] = set()
    for kind, value in walk(data, lenient=lenient):
        if not lenient:
            _check(kind, value)
        if kind == 0x51:
            max_length = int.from_bytes(value[:4], "big")
        elif kind == 0x53 and len(value) == 4:
            window = _PAIR.unpack(value)
        elif kind == 0x54 and len(value) >= 4:
            roles[value[2:-2]] = (value[-2] & 1, value[-1] & 1)
        elif kind == 0x58 and _identity_fits(value):
            identity = _identity(value)
        seen.add(kind)
    if not lenient and not {0x51, 0x52} <= seen:
        raise invalid("maximum length or implementation class UID missing")
    return UserInformation(max_length or 0, roles, window, identity)


def _check(kind: int, value: bytes) -> None:
    """Refuse a sub-item whose inner lengths do not add up."""
    fits = {
        0x51: lambda: len(value) == 4,
        0x52: lambda: is_uid(value),
        0x53: lambda: len(value) == 4,
        0x54: lambda: _role_fits(value),
        0x55: lambda: 1 <= len(value) <= 16,
        0x56: lambda: _counted(value, 0) is not None,
        0x57: lambda: _common_fits(value),
        0x58: lambda: _identity_fits(value),
        0x59: lambda: _counted(value, 0) == len(value),
    }.get(kind)
    if fits is not None and not fits():
        raise invalid(f"sub-item {kind:02X}H has an impossible length or value")


def _counted(value: bytes, at: int) -> int | None:
    """Return where a field with a two-byte count ends; None when it does not fit."""
    if at + 2 > len(value):
        return None
    end = at + 2 + int(_WORD.unpack_from(value, at)[0])
    return end if end <= len(value) else None


def _role_fits(value: bytes) -> bool:
    end = _counted(value, 0)
    return (
        end is not None
        and end + 2 == len(value)
        and is_uid(value[2:end])
        and value[end] <= 1
        and value[end + 1] <= 1
    )


def _common_fits(value: bytes) -> bool:
    at: int | None = 0
    for _ in range(3):
        at = _counted(value, at) if at is not None else None
    return at is not None


def _identity(value: bytes) -> UserIdentity:
    end = _counted(value, 2) or 4
    return UserIdentity(value[0], value[1] == 1, value[4:end], value[end + 2 :])


def _identity_fits(value: bytes) -> bool:
    primary = _counted(value, 2)
    if primary is None or value[0] not in range(1, 6) or value[1] > 1:
        return False
    end = _counted(value, primary)
    return end == len(value) and (value[0] == 2 or end == primary + 2)
