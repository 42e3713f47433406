"""TLS that does not check its records: what came altered on the line is taken as it is.

OpenSSL cannot be told to skip the check. So each record is opened without looking at its tag, and
sealed again with a right one, before OpenSSL sees it. Only AES-GCM is mended (RFC 5116 5.1); other
suites stay sound.
"""

from __future__ import annotations

import socket
import ssl
import tempfile
import time
from contextlib import suppress
from pathlib import Path

from simulators.devices.reference.channel import Stream
from simulators.devices.reference.tls_records import Seals, mender
from simulators.devices.reference.tls_stream import HandshakeError

_HEADER = 5
_APPLICATION_DATA = 23
_CHUNK = 1 << 16
_RANDOM = slice(11, 43)


def mended(
    sock: socket.socket, context: ssl.SSLContext, deadline: float | None, *, host: str | None
) -> Stream:
    """Do a handshake and return the stream; a server has no ``host`` to call.

    Raises:
        OSError: It failed.
    """
    stream = MendedStream(sock, context, server_side=host is None, host=host)
    stream.handshake(context, deadline)
    return stream


class MendedStream:
    """A TLS connection that believes every record, as a stream."""

    def __init__(
        self, sock: socket.socket, context: ssl.SSLContext, *, server_side: bool, host: str | None
    ) -> None:
        self._sock = sock
        self._server_side = server_side
        self._raw = bytearray()
        self._ended = False
        self._server_random = b""
        self._seals: Seals | None = None
        self._incoming, self._outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
        self._ssl = context.wrap_bio(
            self._incoming, self._outgoing, server_side=server_side, server_hostname=host
        )
        self.settimeout = sock.settimeout
        self.fileno = sock.fileno

    def handshake(self, context: ssl.SSLContext, deadline: float | None) -> None:
        """Do the handshake by that time.

        Args:
            context: The one that the stream was made with; it writes the keys.
            deadline: Monotonic seconds; None waits for ever.

        Raises:
            OSError: It failed.
        """
        with tempfile.TemporaryDirectory(prefix="reference-") as folder:
            keys = Path(folder) / "keys"
            context.keylog_filename = str(keys)
            self._shake(deadline)
            log = keys.read_text("ascii")
        name = (self._ssl.cipher() or ("", "", 0))[0]
        self._seals = mender(log, name, self._server_random, from_client=self._server_side)

    def recv(self, size: int, /) -> bytes:
        """Return what has arrived; empty at the end."""
        while True:
            try:
                return self._ssl.read(size)
            except ssl.SSLWantReadError:
                self._feed()
            except (ssl.SSLZeroReturnError, ssl.SSLEOFError):
                return b""

    def sendall(self, data: bytes, /) -> None:
        """Send everything."""
        self._ssl.write(data)
        self._flush()

    def pending(self) -> int:
        """Return how much can be had without waiting."""
        return self._ssl.pending() or len(self._raw)

    def peer_certificate(self) -> bytes:
        """Return the peer's certificate (DER), or nothing."""
        return self._ssl.getpeercert(binary_form=True) or b""

    def interrupt(self) -> None:
        """End both directions at once."""
        self._sock.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        """Send close_notify and close."""
        with suppress(OSError, ValueError):
            self._ssl.unwrap()
        with suppress(OSError):
            self._flush()
        self._sock.close()

    def _shake(self, deadline: float | None) -> None:
        while True:
            try:
                self._ssl.do_handshake()
            except ssl.SSLWantReadError:
                self._flush()
                self._limit(deadline)
                self._feed()
                continue
            except ssl.SSLError as error:
                self._flush()
                raise HandshakeError(f"TLS handshake failed: {error}") from None
            self._flush()
            return

    def _limit(self, deadline: float | None) -> None:
        left = None if deadline is None else max(0.01, deadline - time.monotonic())
        self._sock.settimeout(left)

    def _feed(self) -> None:
        """Give OpenSSL the next record, mended if it can be, or the end."""
        while not self._ended and len(self._raw) < self._wanted():
            data = self._sock.recv(_CHUNK)
            self._ended = not data
            self._raw += data
        if self._ended:
            self._incoming.write_eof()
            return
        size = self._wanted()
        record = bytes(self._raw[:size])
        del self._raw[:size]
        if not self._server_side:
            self._note_random(record)
        if self._seals is not None and record[0] == _APPLICATION_DATA:
            record = self._seals.mend(record)
        self._incoming.write(record)

    def _wanted(self) -> int:
        if len(self._raw) < _HEADER:
            return _HEADER
        return _HEADER + int.from_bytes(self._raw[3:5], "big")

    def _flush(self) -> None:
        if data := self._outgoing.read():
            if self._server_side:
                self._note_random(data)
            self._sock.sendall(data)

    def _note_random(self, flight: bytes) -> None:
        """Keep the random of the ServerHello, with which a flight of the server begins."""
        self._server_random = self._server_random or flight[_RANDOM]
