"""What is kept of the responses and sub-operations of one request, and how much at most."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from simulators import wire
from simulators.wire import messages as fields

MOST_KEPT: Final = 64 * 1024 * 1024
"""Most octets that are kept of all responses and sub-operations of one request."""

_COST: Final = 64
"""What a thing that is kept takes beside its octets."""

Keeper = Callable[[wire.Message], int]
"""Takes a message; returns how many octets of memory it keeps."""

Reader = Callable[[str, bytes], bytes]
"""Takes name and data set of an object; returns what is kept of it."""


def whole(name: str, octets: bytes) -> bytes:
    """Returns all of an object's data set: a `Reader`."""
    del name
    return octets


def matches_into(found: list[bytes]) -> Keeper:
    """Returns what keeps the data sets of all messages."""

    def keep(message: wire.Message) -> int:
        if message.dataset is None:
            return _COST
        found.append(message.dataset)
        return len(message.dataset) + _COST

    return keep


def objects_into(found: list[tuple[str, bytes]], read: Reader) -> Keeper:
    """Returns what keeps the SOP Instance UID of each object, and what `read` returns of it."""

    def keep(message: wire.Message) -> int:
        if message.command["CommandField"] != fields.C_STORE:
            return 0
        name = named(message)
        found.append((name, read(name, message.dataset or b"")))
        return len(name) + len(found[-1][1]) + _COST

    return keep


def named(message: wire.Message) -> str:
    """Returns the SOP Instance UID that a command set names; empty if it names none."""
    return (message.command.text("AffectedSOPInstanceUID") or "").strip(" \0")
