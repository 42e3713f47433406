"""The requestor as a gullible TLS stack: it goes along with flights that OpenSSL would refuse.

The ClientHello is OpenSSL's. What comes back is looked at without taking it off the socket; only
where it shows the defect that the flaw forgives does this module go on by hand, with the
ClientKeyExchange of a stack that noticed nothing. Everything else stays OpenSSL's.
"""

from __future__ import annotations

import os
import socket
import ssl
import time
from collections.abc import Callable
from contextlib import suppress

from simulators.devices.reference.flaws import FlawName, Flaws
from simulators.devices.reference.tls_server_flight import (
    ALERT,
    HEARTBEAT,
    SERVER_HELLO_DONE,
    TLS_1_3,
    Flight,
    read_flight,
)

Fooled = Callable[[Flight, bytes], bool]

_ALPN = 16
_ASKED_FOR = frozenset({0, 11, 22, 23, 35, _ALPN, 0xFF01})
"""Extensions that a server may answer in a ServerHello of TLS 1.2, and ALPN, a flaw of its own."""

_RECORD_HEADER = 5
_LARGEST_RECORD = 1 << 14
_SECP192R1 = 19
_MOST = 1 << 17
_PAUSE_S = 0.3
_RETRY_S = 0.002
_KEY_EXCHANGE = bytes.fromhex("160303002510000021") + b"\x20" + b"\x09" * 32
_HEARTBEAT_RESPONSE = bytes.fromhex("18030300230200") + b"\x10" + b"M" * 32


def _weak_signature(flight: Flight, hello: bytes) -> bool:
    # Loaded here: only this flaw has to know a bad signature from a good one.
    from simulators.devices.reference.tls_signature import is_sound

    return flight.signed and not is_sound(flight, hello[6:38])


FOOLED: dict[FlawName, Fooled] = {
    # Small primes need no hand: OpenSSL takes them at its lowest level of security.
    "scu_small_groups": lambda flight, _: flight.curve == _SECP192R1,
    "scu_ignores_sentinel": lambda flight, _: flight.random[24:31] == b"DOWNGRD",
    "scu_ignores_unsolicited_extension": lambda flight, _: (
        bool(set(flight.extensions) - _ASKED_FOR)
        or len(set(flight.extensions)) < len(flight.extensions)
    ),
    "scu_takes_compression": lambda flight, _: flight.compression != 0,
    "scu_ignores_foreign_protocol": lambda flight, _: _ALPN in flight.extensions,
    "scu_accepts_weak_signature": _weak_signature,
    "scu_tolerates_malformed_flight": lambda flight, _: flight.longest > _LARGEST_RECORD,
    "scu_answers_heartbeat": lambda flight, _: HEARTBEAT in flight.kinds,
}


class Gullible:
    """One handshake of a stack that falls for what a flaw forgives.

    Args:
        flaws: With one of :data:`FOOLED`.
    """

    def __init__(self, flaws: Flaws) -> None:
        self._fooled = next(fooled for name, fooled in FOOLED.items() if flaws.has(name))
        self._hello = b""

    def say_hello(self, sock: socket.socket, context: ssl.SSLContext, host: str) -> ssl.SSLSocket:
        """Let OpenSSL say hello to a connected socket, and keep it from reading the answer.

        It begins on a pair of sockets of our own, where nobody answers, and is moved to the
        connection after that: else a quick server would be answered before anybody looked.

        Raises:
            OSError: The connection is broken.
        """
        near, far = socket.socketpair()
        with far:
            wrapped = context.wrap_socket(near, server_hostname=host, do_handshake_on_connect=False)
            wrapped.setblocking(False)
            with suppress(ssl.SSLWantReadError):
                wrapped.do_handshake()
            record = far.recv(_MOST)
        self._hello = record[_RECORD_HEADER:]
        sock.sendall(record)
        os.dup2(sock.fileno(), wrapped.fileno())
        sock.close()
        return wrapped

    def go_along(self, wrapped: ssl.SSLSocket, seconds: float | None) -> bool:
        """Look at the answer, and go on by hand if it is of the kind.

        Args:
            wrapped: From :meth:`say_hello`; its handshake can be finished as usual after False.
            seconds: Time limit for the flight; None waits for ever.

        Returns:
            True when this side went on by hand, and nothing is left to do but to close. A flight
            of TLS 1.3 is encrypted but for its first message, and left to OpenSSL.

        Raises:
            TimeoutError: The peer is silent.
            OSError: The connection is broken.
        """
        wrapped.setblocking(False)
        flight = _look(wrapped, None if seconds is None else time.monotonic() + seconds)
        wrapped.settimeout(seconds)
        if flight.version == TLS_1_3 or not self._fooled(flight, self._hello):
            return False
        answer = _HEARTBEAT_RESPONSE if HEARTBEAT in flight.kinds else b""
        socket.socket.sendall(wrapped, answer + _KEY_EXCHANGE)
        with suppress(OSError):
            # The peer cannot go on without our Finished: its close is the end either way.
            while socket.socket.recv(wrapped, _MOST):
                pass
        return True


def _look(sock: socket.socket, end: float | None) -> Flight:
    """Peeks until the flight is whole, or nothing more comes for a while."""
    size, changed = 0, time.monotonic()
    while True:
        now = time.monotonic()
        if end is not None and now > end:
            raise TimeoutError("no flight of the server")
        with suppress(BlockingIOError):
            # Past the TLS layer, which must find every byte in its place.
            data = socket.socket.recv(sock, _MOST, socket.MSG_PEEK)
            flight = read_flight(data)
            whole = SERVER_HELLO_DONE in flight.messages or ALERT in flight.kinds
            if not data or whole or flight.version == TLS_1_3:
                return flight
            if len(data) > size:
                size, changed = len(data), now
            if now - changed > _PAUSE_S:
                return flight
        time.sleep(_RETRY_S)
