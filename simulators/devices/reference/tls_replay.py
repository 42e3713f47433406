"""The flaw ``accepts_replay``: random values repeat, so that a recorded TLS flight is valid again.

A stack whose server random and ephemeral keys are always the same says the same to the same words.
So does this one: of each connection it keeps what came, what was read in it and what was said;
where the very same ClientHello comes again, so does the rest, as long as the peer repeats itself
octet by octet. Nobody who speaks for the first time notices anything.
"""

from __future__ import annotations

import socket
import ssl
import time
from collections.abc import Callable
from contextlib import suppress
from enum import Enum
from typing import TypeVar

from simulators.devices.reference.channel import Stream
from simulators.devices.reference.tls_stream import (
    HandshakeError,
    close_after_refusal,
    require_current,
)

_HEADER = 5
_CHUNK = 1 << 16
_MOST_KEPT = 64


class _Event(Enum):
    CAME = "came"
    READ = "read"
    SAID = "said"


T = TypeVar("T")
_Log = list[tuple[_Event, bytes]]
Wrap = Callable[[socket.socket, float], Stream]


def replaying_wrapper(context: ssl.SSLContext) -> Wrap:
    """Return what makes a stream of an accepted socket, as ``tls_server.server_wrapper`` does."""
    kept: dict[bytes, _Log] = {}

    def wrap(sock: socket.socket, deadline: float) -> Stream:
        sock.settimeout(max(0.01, deadline - time.monotonic()))
        try:
            hello = _first_record(sock)
            if hello in kept:
                return _Repeated(sock, kept[hello])
            log: _Log = []
            stream = _Recorded(sock, context, log, hello)
            if len(kept) < _MOST_KEPT:
                kept[hello] = log
            return stream
        except (ssl.SSLError, HandshakeError) as error:
            close_after_refusal(sock)
            raise HandshakeError(f"TLS handshake failed: {error}") from None

    return wrap


def _first_record(sock: socket.socket) -> bytes:
    header = _exactly(sock, _HEADER, b"")
    return header + _exactly(sock, int.from_bytes(header[3:], "big"), b"")


def _exactly(sock: socket.socket, size: int, data: bytes) -> bytes:
    while len(data) < size:
        more = sock.recv(size - len(data))
        if not more:
            raise HandshakeError("the peer ended")
        data += more
    return data


class _Recorded:
    """A sound TLS connection whose events are kept."""

    def __init__(
        self, sock: socket.socket, context: ssl.SSLContext, log: _Log, hello: bytes
    ) -> None:
        self._sock, self._log = sock, log
        self._incoming, self._outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
        self._ssl = context.wrap_bio(self._incoming, self._outgoing, server_side=True)
        self._arrived(hello)
        self.settimeout = sock.settimeout
        self.fileno = sock.fileno
        self._run(self._ssl.do_handshake)
        require_current(self._ssl)

    def peer_certificate(self) -> bytes:
        """Return the peer's certificate (DER), or nothing."""
        return self._ssl.getpeercert(binary_form=True) or b""

    def recv(self, size: int, /) -> bytes:
        """Return what has arrived; empty at the end."""
        try:
            data = self._run(lambda: self._ssl.read(size))
        except (ssl.SSLZeroReturnError, ssl.SSLEOFError):
            return b""
        self._log.append((_Event.READ, data))
        return data

    def sendall(self, data: bytes, /) -> None:
        """Send everything."""
        self._ssl.write(data)
        self._flush()

    def pending(self) -> int:
        """Return the number of bytes that wait on our side of the socket."""
        return self._ssl.pending() + self._incoming.pending

    def interrupt(self) -> None:
        """End both directions at once."""
        self._sock.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        """Send close_notify and close."""
        with suppress(OSError, ValueError):
            self._sock.settimeout(0)
            with suppress(ssl.SSLError):
                self._ssl.unwrap()
            self._flush()
        self._sock.close()

    def _run(self, action: Callable[[], T]) -> T:
        """Act, and read and write below until it is done; the last alert leaves as well."""
        while True:
            try:
                return action()
            except ssl.SSLWantReadError:
                self._flush()
                self._arrived(self._sock.recv(_CHUNK))
            finally:
                self._flush()

    def _arrived(self, data: bytes) -> None:
        if data:
            self._log.append((_Event.CAME, data))
            self._incoming.write(data)
        else:
            self._incoming.write_eof()

    def _flush(self) -> None:
        if data := self._outgoing.read():
            self._log.append((_Event.SAID, data))
            self._sock.sendall(data)


class _Repeated:
    """The same connection again: the same words get the same answers."""

    def __init__(self, sock: socket.socket, log: _Log) -> None:
        self._sock = sock
        self._left = log[1:]  # the hello is here already
        self._read = b""
        self.settimeout = sock.settimeout
        self.fileno = sock.fileno
        self.close = sock.close

    def peer_certificate(self) -> bytes:
        """Return nothing: what is bound to certificates is no part of this flaw."""
        return b""

    def recv(self, size: int, /) -> bytes:
        """Return what was read then, once the peer has said what it said then."""
        while self._left and not self._read:
            event, data = self._left.pop(0)
            if event is _Event.SAID:
                self._sock.sendall(data)
            elif event is _Event.READ:
                self._read = data
            elif _exactly(self._sock, len(data), b"") != data:
                raise HandshakeError("the peer does not repeat itself")
        part, self._read = self._read[:size], self._read[size:]
        return part

    def sendall(self, data: bytes, /) -> None:
        """Say what was said then."""
        while self._left and self._left[0][0] is _Event.SAID:
            self._sock.sendall(self._left.pop(0)[1])

    def pending(self) -> int:
        """Return the number of bytes that wait on our side of the socket."""
        waiting = bool(self._left) and self._left[0][0] is not _Event.CAME
        return len(self._read) or int(waiting)

    def interrupt(self) -> None:
        """End both directions at once."""
        self._sock.shutdown(socket.SHUT_RDWR)
