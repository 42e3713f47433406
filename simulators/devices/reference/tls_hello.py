"""What a ClientHello offers (RFC 8446 4.1.2); nothing is taken off the socket."""

import socket
import time
from collections.abc import Mapping
from dataclasses import dataclass, field

_SUPPORTED_GROUPS, _SUPPORTED_VERSIONS, _KEY_SHARE = 10, 43, 51
_HANDSHAKE, _CLIENT_HELLO = 22, 1
_LONGEST = 1 << 14
_RETRY_S = 0.002


@dataclass(frozen=True, slots=True)
class Offer:
    """A ClientHello; empty when there was none.

    Attributes:
        versions: Offered versions, e.g. ``{0x0303, 0x0304}``.
        session: Legacy session identifier.
        suites: In the client's order.
        compression: Compression methods.
        extensions: Bodies by type.
    """

    versions: frozenset[int] = frozenset()
    session: bytes = b""
    suites: tuple[int, ...] = ()
    compression: bytes = b""
    extensions: Mapping[int, bytes] = field(default_factory=dict[int, bytes])

    @property
    def groups(self) -> tuple[int, ...]:
        """Offered groups, in the client's order."""
        return _numbers(self.extensions.get(_SUPPORTED_GROUPS, b"")[2:])

    @property
    def shares(self) -> Mapping[int, bytes]:
        """Key shares by group."""
        listed = self.extensions.get(_KEY_SHARE, b"")[2:]
        return {int.from_bytes(kind, "big"): key for kind, key in _pairs(listed)}


def offered_versions(sock: socket.socket, deadline: float) -> frozenset[int]:
    """Return the offered versions, as :func:`read_offer`."""
    return read_offer(sock, deadline).versions


def read_offer(sock: socket.socket, deadline: float) -> Offer:
    """Return what the first record on a socket offers.

    Args:
        sock: An accepted socket; nothing is taken off it.
        deadline: Monotonic seconds.

    Raises:
        TimeoutError: The hello did not come in time.
    """
    hello = peek(sock, 5, deadline)
    if hello[0] != _HANDSHAKE:
        return Offer()
    length = min(int.from_bytes(hello[3:5], "big"), _LONGEST)
    return parse_offer(peek(sock, 5 + length, deadline)[5:])


def parse_offer(hello: bytes) -> Offer:
    """Return what a handshake message offers."""
    if len(hello) < 39 or hello[0] != _CLIENT_HELLO:
        return Offer()
    fields: list[bytes] = []
    at = 38
    for width in (1, 2, 1):
        end = at + width + int.from_bytes(hello[at : at + width], "big")
        fields.append(hello[at + width : end])
        at = end
    extensions = {int.from_bytes(kind, "big"): body for kind, body in _pairs(hello[at + 2 :])}
    listed = _numbers(extensions.get(_SUPPORTED_VERSIONS, b"")[1:])
    versions = frozenset(listed or (int.from_bytes(hello[4:6], "big"),))
    return Offer(versions, fields[0], _numbers(fields[1]), fields[2], extensions)


def peek(sock: socket.socket, size: int, deadline: float) -> bytes:
    """Return the next ``size`` bytes; a peek cannot wait for more, so it is repeated.

    Raises:
        TimeoutError: They did not come in time.
        ConnectionError: The peer closed before.
    """
    while True:
        left = deadline - time.monotonic()
        if left <= 0:
            raise TimeoutError("no complete ClientHello")
        sock.settimeout(left)
        seen = sock.recv(size, socket.MSG_PEEK)
        if not seen:
            raise ConnectionError("closed before the ClientHello")
        if len(seen) == size:
            return seen
        time.sleep(min(left, _RETRY_S))


def _pairs(listed: bytes) -> list[tuple[bytes, bytes]]:
    """Consecutive pairs of a number and a vector, two octets wide each."""
    found: list[tuple[bytes, bytes]] = []
    while len(listed) >= 4:
        end = 4 + int.from_bytes(listed[2:4], "big")
        found.append((listed[:2], listed[4:end]))
        listed = listed[end:]
    return found


def _numbers(listed: bytes) -> tuple[int, ...]:
    return tuple(int.from_bytes(listed[i : i + 2], "big") for i in range(0, len(listed) - 1, 2))
