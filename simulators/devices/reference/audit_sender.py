"""How audit messages leave the device: one after the other, kept while nobody takes them.

Over TLS (RFC 5425) the repository must be the trusted one, and nothing ever leaves in clear.
"""

from __future__ import annotations

import socket
import ssl
import threading
from collections import deque
from contextlib import suppress

from simulators.devices.reference.flaws import Flaws
from simulators.devices.reference.log import Log
from simulators.devices.reference.options import AuditTarget, Credentials

_MOST_KEPT = 10_000
_PATIENCE_S = 2.0
_PAUSE_S = 0.1
_LAST_WORDS_S = 1.0


class Sender:
    """Sends from a thread of its own, so that whoever is served waits for no repository."""

    def __init__(
        self, target: AuditTarget, credentials: Credentials | None, flaws: Flaws, log: Log
    ) -> None:
        self._target = target
        self._flaws = flaws
        self._log = log
        self._context = _context(credentials, flaws) if target.transport == "tls" else None
        self._waiting: deque[bytes] = deque(maxlen=_MOST_KEPT)
        self._changed = threading.Condition()
        self._socket: socket.socket | None = None
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    @property
    def is_answered(self) -> bool:
        """Somebody listens where the repository should be."""
        with suppress(OSError):
            self._connected().close()
            return True
        return False

    def post(self, message: bytes) -> None:
        """Take a message to be sent; beyond a great many, the oldest that waits is given up."""
        with self._changed:
            if len(self._waiting) == _MOST_KEPT:
                self._log.event("audit: too many messages wait, the oldest is given up")
            self._waiting.append(message)
            self._changed.notify()

    def close(self) -> None:
        """Give what waits a last moment."""
        self._stopping.set()
        with self._changed:
            self._changed.notify()
        self._thread.join(_LAST_WORDS_S)

    def _run(self) -> None:
        while True:
            with self._changed:
                while not self._waiting:
                    if self._stopping.is_set():
                        return
                    self._changed.wait()
                message = self._waiting[0]
            try:
                self._send(message)
            except OSError as error:
                self._hang_up()
                self._log.event(f"audit: {error}")
                if not self._flaws.has("audit_drops_when_down"):
                    if self._stopping.wait(_PAUSE_S):
                        return
                    continue
            with self._changed:
                if self._waiting and self._waiting[0] is message:
                    self._waiting.popleft()

    def _send(self, message: bytes) -> None:
        """Send one message.

        Raises:
            OSError: Nobody took it, or not who should.
        """
        if self._target.transport == "udp":
            with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
                sock.sendto(message, (self._target.host, self._target.port))
            return
        if self._socket is None or _is_over(self._socket):
            self._hang_up()
            self._socket = self._opened()
        self._socket.sendall(b"%d %b" % (len(message), message))

    def _opened(self) -> socket.socket:
        sock = self._connected()
        if self._context is None:
            return sock
        try:
            return self._context.wrap_socket(sock, server_hostname=self._target.host)
        except OSError:
            sock.close()
            if self._flaws.has("audit_falls_back_to_plain"):
                return self._connected()
            raise

    def _connected(self) -> socket.socket:
        return socket.create_connection((self._target.host, self._target.port), _PATIENCE_S)

    def _hang_up(self) -> None:
        if self._socket is not None:
            self._socket.close()
            self._socket = None


def _context(credentials: Credentials | None, flaws: Flaws) -> ssl.SSLContext:
    assert credentials is not None
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.load_verify_locations(credentials.authority)
    context.load_cert_chain(credentials.certificate, credentials.key)
    if flaws.has("audit_trusts_any_repository"):
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    return context


def _is_over(sock: socket.socket) -> bool:
    """Tell whether the repository has hung up; it says nothing else, apart from TLS itself."""
    sock.settimeout(0)
    try:
        return sock.recv(1) == b""
    except (BlockingIOError, ssl.SSLWantReadError):
        return False
    except OSError:
        return True
    finally:
        sock.settimeout(_PATIENCE_S)
