"""From a byte stream to PDUs, and the lies that only bytes can tell."""

from __future__ import annotations

from typing import Final

from simulators.wire.codec import HEADER_LENGTH, decode
from simulators.wire.pdus import PDU, Unparsed

DEFAULT_LIMIT: Final = 64 * 1024 * 1024
"""Longest PDU, in octets, that a `PduBuffer` waits for."""


class PduBuffer:
    """Cuts what a peer sends into PDUs; total and bounded.

    A declared length above ``limit`` gives `Unparsed` at once instead of waiting for the octets.
    From then on nobody knows where the next PDU starts: everything that follows is dropped.

    Attributes:
        lost: True once the stream can no longer be cut into PDUs.
    """

    def __init__(self, limit: int = DEFAULT_LIMIT) -> None:
        """Start empty.

        Args:
            limit: Largest PDU length field, in octets, that is waited for.
        """
        self._limit = limit
        self._buffer = bytearray()
        self.lost = False

    @property
    def pending(self) -> bytes:
        """The octets that are not yet a whole PDU."""
        return bytes(self._buffer)

    def feed(self, data: bytes) -> None:
        """Append what was received."""
        if not self.lost:
            self._buffer += data

    def next(self) -> PDU | Unparsed | None:
        """Return the next PDU, `Unparsed` for octets that are none, None while incomplete."""
        buffer = self._buffer
        if len(buffer) < HEADER_LENGTH:
            return None
        length = int.from_bytes(buffer[2:HEADER_LENGTH], "big")
        if length > self._limit:
            data = bytes(buffer)
            buffer.clear()
            self.lost = True
            return Unparsed(data, f"declared length {length} is above the limit of {self._limit}")
        end = HEADER_LENGTH + length
        if len(buffer) < end:
            return None
        with memoryview(buffer) as view:
            data = bytes(view[:end])
        del buffer[:end]
        return decode(data)


def truncated(raw: bytes, n: int) -> bytes:
    """Return the first ``n`` octets of ``raw``."""
    return raw[:n]


def flipped(raw: bytes, at: int, xor: int) -> bytes:
    """Return ``raw`` with the octet at index ``at`` XORed with ``xor`` (0 to 255).

    Raises:
        IndexError: ``raw`` has no octet at ``at``.
    """
    changed = bytearray(raw)
    changed[at] ^= xor
    return bytes(changed)
