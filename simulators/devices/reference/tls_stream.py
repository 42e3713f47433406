"""TLS connections as streams: the ``ssl`` module's, and OpenSSL's with a verify callback.

The standard module verifies a chain or does not. A flaw that forgives exactly one defect of a
certificate needs the callback, which only pyOpenSSL offers; it is loaded for those flaws alone.
"""

from __future__ import annotations

import select
import socket
import ssl
import time
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from OpenSSL import SSL

STRONG_SUITES = "ECDHE+AESGCM:ECDHE+CHACHA20"
"""TLS 1.2 suites of RFC 9325 4.2 and PS3.15 B.13, as an OpenSSL cipher list."""

WEAK_SUITES = "ECDHE+AESGCM:ALL:COMPLEMENTOFALL:@SECLEVEL=0"
"""The strong suites first, then everything that OpenSSL still has."""

_LINGER_S = 0.5
_CHUNK = 1 << 16

T = TypeVar("T")


def first_certificate(path: Path) -> bytes:
    """Return the first certificate of a PEM file, as DER.

    Raises:
        OSError: The file cannot be read.
        ValueError: There is none in it.
    """
    begin, end = "-----BEGIN CERTIFICATE-----", "-----END CERTIFICATE-----"
    _, _, rest = path.read_text("ascii").partition(begin)
    return ssl.PEM_cert_to_DER_cert(begin + rest.partition(end)[0] + end)


class HandshakeError(OSError):
    """The TLS handshake failed, or the peer is not who it should be."""


def close_after_refusal(sock: socket.socket) -> None:
    """Close a socket on which an alert was just sent, so that the peer can still read it.

    Closing with unread bytes resets the connection, and a reset destroys what the peer has not
    read yet. So this side ends first, reads what is on its way, and closes then.
    """
    with suppress(OSError):
        # Past the TLS layer: these are raw bytes, and nobody looks at them.
        socket.socket.shutdown(sock, socket.SHUT_WR)
        end = time.monotonic() + _LINGER_S
        while (left := end - time.monotonic()) > 0:
            sock.settimeout(left)
            if not socket.socket.recv(sock, _CHUNK):
                break
    sock.close()


def require_current(sock: ssl.SSLSocket | ssl.SSLObject) -> None:
    """Refuse a resumed session whose certificate has expired since: nobody else looks again.

    Raises:
        HandshakeError: It has.
    """
    shown = sock.getpeercert() if sock.session_reused else None
    ends = shown.get("notAfter") if shown else None
    if isinstance(ends, str) and ssl.cert_time_to_seconds(ends) < time.time():
        raise HandshakeError("the certificate of the resumed session has expired")


class SslStream:
    """An ``ssl`` socket as a stream."""

    def __init__(self, sock: ssl.SSLSocket) -> None:
        self._sock = sock
        self.recv = sock.recv
        self.sendall = sock.sendall
        self.settimeout = sock.settimeout
        self.fileno = sock.fileno
        self.pending = sock.pending

    def peer_certificate(self) -> bytes:
        """Return the peer's certificate (DER), or nothing."""
        return self._sock.getpeercert(binary_form=True) or b""

    def interrupt(self) -> None:
        """End both directions at once, under the feet of whoever reads."""
        socket.socket.shutdown(self._sock, socket.SHUT_RDWR)

    def close(self) -> None:
        """Send close_notify without waiting for the peer's, and close."""
        with suppress(OSError, ValueError):
            self._sock.settimeout(0)
            self._sock.unwrap()
        self._sock.close()


class OpenSslStream:
    """A pyOpenSSL connection over a socket as a stream."""

    def __init__(self, connection: SSL.Connection, sock: socket.socket) -> None:
        self._connection = connection
        self._sock = sock
        self._timeout: float | None = None
        self.fileno = sock.fileno
        self.pending = connection.pending
        sock.setblocking(False)

    def settimeout(self, seconds: float | None, /) -> None:
        """Limit each later call; None waits for ever."""
        self._timeout = seconds

    def handshake(self) -> None:
        """Do the handshake.

        Raises:
            OSError: It failed.
        """
        self._retry(self._connection.do_handshake)

    def recv(self, size: int, /) -> bytes:
        """Return what has arrived; empty at the end."""
        from OpenSSL import SSL

        try:
            return self._retry(partial(self._connection.recv, size))
        except SSL.ZeroReturnError:
            return b""

    def sendall(self, data: bytes, /) -> None:
        """Send everything."""
        while data:
            # OpenSSL wants the same bytes again after it had to wait.
            data = data[self._retry(partial(self._connection.send, data)) :]

    def peer_certificate(self) -> bytes:
        """Return the peer's certificate (DER), or nothing."""
        from OpenSSL import crypto

        shown = self._connection.get_peer_certificate()
        return crypto.dump_certificate(crypto.FILETYPE_ASN1, shown) if shown else b""

    def interrupt(self) -> None:
        """End both directions at once."""
        self._sock.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        """Send close_notify and close."""
        from OpenSSL import SSL

        with suppress(SSL.Error):
            self._connection.shutdown()
        self._sock.close()

    def _retry(self, call: Callable[[], T]) -> T:
        """Call until OpenSSL needs neither to read nor to write first."""
        from OpenSSL import SSL

        end = None if self._timeout is None else time.monotonic() + self._timeout
        while True:
            try:
                return call()
            except SSL.WantReadError:
                self._wait(end, to_read=True)
            except SSL.WantWriteError:
                self._wait(end, to_read=False)
            except SSL.ZeroReturnError:
                raise
            except SSL.Error as error:
                raise OSError(f"TLS: {error!r}") from None

    def _wait(self, end: float | None, *, to_read: bool) -> None:
        left = None if end is None else max(0.0, end - time.monotonic())
        one, none = [self._sock], list[socket.socket]()
        readable, writable, _ = select.select(
            one if to_read else none, none if to_read else one, none, left
        )
        if not readable and not writable:
            raise TimeoutError("the peer is silent")
