"""The versions that a ClientHello offers (RFC 8446 4.1.2); nothing is taken off the socket."""

import socket
import time

_SUPPORTED_VERSIONS = 43
_HANDSHAKE, _CLIENT_HELLO = 22, 1
_LONGEST = 1 << 14
_RETRY_S = 0.002


def offered_versions(sock: socket.socket, deadline: float) -> frozenset[int]:
    """Return the offered versions, e.g. ``{0x0303, 0x0304}``; empty when it is no ClientHello.

    Args:
        sock: An accepted socket; nothing is taken off it.
        deadline: Monotonic seconds.

    Raises:
        TimeoutError: The hello did not come in time.
    """
    hello = _peek(sock, 5, deadline)
    if hello[0] != _HANDSHAKE:
        return frozenset()
    length = min(int.from_bytes(hello[3:5], "big"), _LONGEST)
    return parse_versions(_peek(sock, 5 + length, deadline)[5:])


def parse_versions(hello: bytes) -> frozenset[int]:
    """Return the versions offered by a handshake message; empty when it is no ClientHello."""
    if len(hello) < 39 or hello[0] != _CLIENT_HELLO:
        return frozenset()
    legacy = int.from_bytes(hello[4:6], "big")
    at = 38
    for width in (1, 2, 1):
        at += width + int.from_bytes(hello[at : at + width], "big")
    at += 2
    while at + 4 <= len(hello):
        kind, length = (int.from_bytes(hello[at + i : at + i + 2], "big") for i in (0, 2))
        at += 4
        if kind == _SUPPORTED_VERSIONS:
            listed = hello[at + 1 : at + length]
            return frozenset(
                int.from_bytes(listed[i : i + 2], "big") for i in range(0, len(listed) - 1, 2)
            )
        at += length
    return frozenset({legacy})


def _peek(sock: socket.socket, size: int, deadline: float) -> bytes:
    """Return the next ``size`` bytes; a peek cannot wait for more, so it is repeated."""
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
