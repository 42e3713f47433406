"""Cuts a stream into TLS records as it passes (RFC 8446 5.1); sans-IO.

The relay passes whole records on, so that a deviation meets each of them once. What is no TLS
passes as it comes.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from simulators.tls.codes import ContentType

HEADER_BYTES = 5
"""Type, version and length of a record."""

_KNOWN = frozenset(int(kind) for kind in ContentType)
_MAJOR = 3


class Side(StrEnum):
    """Who says it."""

    REQUESTOR = "requestor"
    ACCEPTOR = "acceptor"

    @property
    def other(self) -> Side:
        """Who hears it."""
        return Side.ACCEPTOR if self is Side.REQUESTOR else Side.REQUESTOR


@dataclass(frozen=True, slots=True, kw_only=True)
class Unit:
    """What is passed on at once.

    Attributes:
        type: Content type of the record; None for bytes that are no TLS.
        data: The record with its header, or those bytes.
    """

    type: int | None
    data: bytes

    @property
    def size(self) -> int:
        """Octets of the record's body; of all where it is no record."""
        return len(self.data) - (0 if self.type is None else HEADER_BYTES)


class Framer:
    """One direction of one connection; from the first byte that is no TLS on, nothing is cut."""

    def __init__(self) -> None:
        self._buffer = b""
        self._clear = False

    def feed(self, data: bytes) -> list[Unit]:
        """The units that are complete now; a record is at most 64 KiB, so is what is held."""
        self._buffer += data
        found: list[Unit] = []
        while self._buffer and not self._clear:
            head = self._buffer[:HEADER_BYTES]
            self._clear = head[0] not in _KNOWN or (len(head) > 1 and head[1] != _MAJOR)
            end = HEADER_BYTES + int.from_bytes(head[3:5], "big")
            if self._clear or len(head) < HEADER_BYTES or len(self._buffer) < end:
                break
            found.append(Unit(type=head[0], data=self._buffer[:end]))
            self._buffer = self._buffer[end:]
        if self._clear and self._buffer:
            found.append(Unit(type=None, data=self.rest()))
        return found

    def rest(self) -> bytes:
        """What is held of an unfinished record; it is held no longer."""
        held, self._buffer = self._buffer, b""
        return held
