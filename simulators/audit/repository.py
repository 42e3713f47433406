"""The audit repository: listens on loopback for as long as the bench lasts, and keeps what comes.

It takes everything, as a repository has to (IHE ITI-20), and judges nothing. Messages, connections
and octets are bounded: the device may be as hostile to its repository as to anybody.
"""

from __future__ import annotations

import contextlib
import select
import socket
import ssl
import threading
import time
from dataclasses import dataclass
from typing import Final

from harness.errors import BenchError
from simulators.audit.syslog import LONGEST, Frames
from simulators.tls import TlsPolicy
from simulators.tls.policy import build_context

HOST: Final = "127.0.0.1"
_MOST_MESSAGES: Final = 20_000
_MOST_OCTETS: Final = 64 << 20
_MOST_CONNECTIONS: Final = 32
_SLICE_S: Final = 0.1
_HANDSHAKE_S: Final = 5.0
_CHUNK: Final = 1 << 16
_OPENING: Final = 64


@dataclass(frozen=True, slots=True, kw_only=True)
class Received:
    """One message as it came.

    Attributes:
        at: When, monotonic seconds.
        octets: All of it.
        sender: Whose address it came from.
        secure: It came by TLS.
        shown: Its sender had shown a certificate that we trust.
    """

    at: float
    octets: bytes
    sender: str
    secure: bool
    shown: bool


class Repository:
    """Listens while it is open; what came stays until it is closed for good.

    Args:
        transport: "udp", "tcp" or "tls".
        port: Where to listen.
        policy: How it speaks TLS; it asks for a certificate.
    """

    def __init__(self, transport: str, port: int, policy: TlsPolicy) -> None:
        self.transport = transport
        self.port = port
        self.policy = policy
        self._changed = threading.Condition()
        self._messages: list[Received] = []
        self._octets = 0
        self._refused = 0
        self._openings: list[bytes] = []
        self._closing = threading.Event()
        self._threads: list[threading.Thread] = []

    @property
    def mark(self) -> int:
        """How many messages have come so far."""
        with self._changed:
            return len(self._messages)

    @property
    def refused(self) -> int:
        """How many handshakes the device has ended, or never finished."""
        with self._changed:
            return self._refused

    @property
    def openings(self) -> list[bytes]:
        """How connections began that should be TLS and were not: their first octets."""
        with self._changed:
            return [*self._openings]

    def since(self, mark: int) -> list[Received]:
        """What has come since then."""
        with self._changed:
            return self._messages[mark:]

    def wait(self, until: float) -> bool:
        """Waits for the next message, refusal or opening; False when the time is over."""
        with self._changed:
            left = until - time.monotonic()
            return left > 0 and self._changed.wait(left)

    def open(self, policy: TlsPolicy | None = None, *, plain: bool = False) -> None:
        """Begins to listen.

        Args:
            policy: How to speak TLS this time; by default honestly.
            plain: Where TLS is expected, speak none, and only note how connections begin.

        Raises:
            BenchError: The port is taken.
        """
        self._closing = threading.Event()
        try:
            listener = _bound(self.transport, self.port)
        except OSError as error:
            raise BenchError(f"'audit.port' {self.port}: {error.strerror}") from error
        secure = self.transport == "tls" and not plain
        context = build_context(policy or self.policy, server_side=True) if secure else None
        datagrams = self.transport == "udp"
        target = self._take_datagrams if datagrams else self._accept
        deaf = plain and self.transport == "tls"
        arguments = (listener,) if datagrams else (listener, context, deaf)
        self._run(target, *arguments, self._closing)

    def close(self) -> None:
        """Stops listening and ends every connection; what came is kept."""
        self._closing.set()
        for thread in self._threads:
            thread.join(_HANDSHAKE_S)
        self._threads = []

    def _run(self, target: object, *arguments: object) -> None:
        assert callable(target)
        thread = threading.Thread(target=target, args=arguments, daemon=True)
        self._threads.append(thread)
        thread.start()

    def _take_datagrams(self, listener: socket.socket, closing: threading.Event) -> None:
        with listener:
            while not closing.is_set():
                if _ready(listener):
                    with contextlib.suppress(OSError):
                        octets, sender = listener.recvfrom(_CHUNK)
                        self._keep(octets, sender[0], secure=False, shown=False)

    def _accept(
        self,
        listener: socket.socket,
        context: ssl.SSLContext | None,
        deaf: bool,
        closing: threading.Event,
    ) -> None:
        slots = threading.BoundedSemaphore(_MOST_CONNECTIONS)
        with listener:
            while not closing.is_set():
                if not _ready(listener):
                    continue
                with contextlib.suppress(OSError):
                    sock, sender = listener.accept()
                    if slots.acquire(blocking=False):
                        self._run(self._serve, sock, sender[0], context, deaf, closing, slots)
                    else:
                        sock.close()

    def _serve(
        self,
        sock: socket.socket,
        sender: str,
        context: ssl.SSLContext | None,
        deaf: bool,
        closing: threading.Event,
        slots: threading.BoundedSemaphore,
    ) -> None:
        try:
            sock.settimeout(_HANDSHAKE_S)
            if deaf:
                self._hear_opening(sock)
            elif (stream := self._secured(sock, context)) is not None:
                self._take_stream(stream, sender, closing)
        except OSError:
            pass  # a device that goes away says no more; what it said before is kept
        finally:
            sock.close()
            slots.release()

    def _secured(self, sock: socket.socket, context: ssl.SSLContext | None) -> socket.socket | None:
        """The stream to read from; None where the device ended the handshake."""
        if context is None:
            return sock
        try:
            return context.wrap_socket(sock, server_side=True)
        except OSError:
            with self._changed:
                self._refused += 1
                self._changed.notify_all()
            return None

    def _hear_opening(self, sock: socket.socket) -> None:
        """Reads how the device begins, and answers as no TLS server would."""
        first = sock.recv(_CHUNK)
        with self._changed:
            self._openings.append(first[:_OPENING])
            self._changed.notify_all()
        sock.sendall(b"\n")

    def _take_stream(self, sock: socket.socket, sender: str, closing: threading.Event) -> None:
        frames = Frames()
        secure = isinstance(sock, ssl.SSLSocket)
        with sock:
            shown = isinstance(sock, ssl.SSLSocket) and bool(sock.getpeercert())
            while not closing.is_set() and not frames.broken:
                pending = isinstance(sock, ssl.SSLSocket) and sock.pending()
                if not pending and not _ready(sock):
                    continue
                octets = sock.recv(_CHUNK)
                if not octets:
                    return
                for message in frames.feed(octets):
                    self._keep(message, sender, secure=secure, shown=shown)

    def _keep(self, octets: bytes, sender: str, *, secure: bool, shown: bool) -> None:
        with self._changed:
            room = self._octets + len(octets) <= _MOST_OCTETS
            if len(self._messages) < _MOST_MESSAGES and room and len(octets) <= LONGEST:
                self._octets += len(octets)
                self._messages.append(
                    Received(
                        at=time.monotonic(),
                        octets=octets,
                        sender=sender,
                        secure=secure,
                        shown=shown,
                    )
                )
            self._changed.notify_all()


def _bound(transport: str, port: int) -> socket.socket:
    if transport != "udp":
        return socket.create_server((HOST, port), backlog=_MOST_CONNECTIONS)
    listener = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    try:
        listener.bind((HOST, port))
    except OSError:
        listener.close()
        raise
    return listener


def _ready(sock: socket.socket) -> bool:
    poll = select.poll()
    poll.register(sock, select.POLLIN)
    return bool(poll.poll(_SLICE_S * 1000))
