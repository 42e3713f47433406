"""What each null device does with one connection; each function returns once it is done."""

import socket
import threading
from collections.abc import Callable
from contextlib import suppress

from simulators.devices.null.yes import YesSayer
from simulators.wire import AssociateRJ, encode

Behaviour = Callable[[socket.socket], None]

_CHUNK = 1 << 16
_GARBAGE = bytes((i * 89 + 41) % 256 for i in range(4096))
# How long an unfinished PDU may pause before it is answered all the same.
_PAUSE_S = 0.1
_IDLE_S = 300.0


def close_all(sock: socket.socket) -> None:
    """Close at once."""


def hang_all(_sock: socket.socket) -> None:
    """Accept the connection and never do anything with it."""
    threading.Event().wait()


def reject_all(sock: socket.socket) -> None:
    """Answer whatever comes with A-ASSOCIATE-RJ, no reason given."""
    refusal = encode(AssociateRJ(result=1, source=1, reason=1))
    while _receive(sock, _IDLE_S):
        sock.sendall(refusal)


def garbage(sock: socket.socket) -> None:
    """Answer whatever comes with bytes that mean nothing."""
    sock.sendall(_GARBAGE[:64])
    while _receive(sock, _IDLE_S):
        sock.sendall(_GARBAGE)


def echo(sock: socket.socket) -> None:
    """Send every byte back."""
    while data := _receive(sock, _IDLE_S):
        sock.sendall(data)


def accept_all(sock: socket.socket) -> None:
    """Accept every association and answer every request with success, whatever the bytes."""
    sayer = YesSayer()
    while not sayer.done:
        data = _receive(sock, _PAUSE_S if sayer.unfinished else _IDLE_S)
        if data == b"":
            return
        answer = sayer.feed(data) if data is not None else sayer.answer_the_rest()
        if answer:
            sock.sendall(answer)


def _receive(sock: socket.socket, seconds: float) -> bytes | None:
    """Return what came; empty at the end, None after a pause of that many seconds."""
    sock.settimeout(seconds)
    with suppress(ConnectionError):
        try:
            return sock.recv(_CHUNK)
        except TimeoutError:
            return None
    return b""


BEHAVIOURS: dict[str, Behaviour] = {
    "close-all": close_all,
    "hang-all": hang_all,
    "accept-all": accept_all,
    "reject-all": reject_all,
    "garbage": garbage,
    "echo": echo,
    "plain-on-tls": accept_all,
}
"""Behaviour by kind; ``dead-port`` has none, since nobody listens."""

SPEAKS_TLS = frozenset({"accept-all", "reject-all"})
"""Kinds that do a TLS handshake on the TLS port; the others treat it like the plain one."""
