"""A TLS connection of ours over recorded bytes, whichever OpenSSL does the cryptography.

Memory buffers keep the TLS engine apart from the transport, so that the transport sees and
records every octet. What is common to the engines is here: time limits, proof of emission, the
late alert of TLS 1.3, and how a connection ended.
"""

from __future__ import annotations

import contextlib
import ssl
import time
from collections.abc import Callable
from functools import partial
from typing import Protocol, TypeVar

from simulators.tls.codes import ALERTS, FATAL, ContentType
from simulators.tls.handshake import (
    Ending,
    Handshake,
    Message,
    TlsFailureError,
    Transport,
    Witness,
)

# RFC 8446 2: the client finishes before the server has judged its certificate. An accepting
# OpenSSL server sends tickets at once; only a server without tickets costs the whole wait.
LATE_ALERT_S = 0.25
_CHUNK = 65536
_WRITE_S = 5.0
_ALERT_NUMBERS = {name.upper(): number for number, name in ALERTS.items()}

T = TypeVar("T")


class Engine(Protocol):
    """One TLS connection in memory; its errors are those of the ``ssl`` module."""

    def do_handshake(self) -> None:
        """Go on with the handshake; ``ssl.SSLWantReadError`` asks for more from the device."""

    def read(self, count: int, /) -> bytes:
        """Return decrypted bytes; ``ssl.SSLZeroReturnError`` and ``SSLEOFError`` are the end."""
        ...

    def write(self, data: bytes, /) -> None:
        """Encrypt bytes."""

    def unwrap(self) -> None:
        """Make a close_notify."""

    def version(self) -> str | None:
        """Return the version that was negotiated, e.g. ``TLSv1.3``."""
        ...

    def feed(self, data: bytes, /) -> None:
        """Take bytes that came from the device."""

    def feed_end(self) -> None:
        """The device sends nothing more."""

    def take(self) -> bytes:
        """Return the bytes that are to go to the device."""
        ...


class BioChannel:
    """One TLS connection, either role; ``send`` and ``receive`` are those of a transport."""

    def __init__(
        self, transport: Transport, engine: Engine, witness: Witness, *, server_side: bool
    ) -> None:
        """Join a transport, which stays open when the channel closes, and an engine."""
        self._transport = transport
        self._engine = engine
        self._server_side = server_side
        self._witness = witness
        self._pending = bytearray()

    @property
    def state(self) -> Handshake:
        """The handshake as known by now: an alert that came late shows up here."""
        return self._witness.state()

    @property
    def messages(self) -> tuple[Message, ...]:
        """The handshake messages of both sides so far, decrypted, at most 256."""
        return tuple(self._witness.messages)

    def handshake(self, timeout_s: float) -> Handshake:
        """Shake hands; never raises on what the device does.

        A TLS 1.3 client then listens for at most 250 ms, so that a refused certificate is heard
        before the first write could lose the alert to a reset.

        Args:
            timeout_s: Limit for the whole handshake in seconds.
        """
        self._shake(time.monotonic() + timeout_s)
        return self.state

    def send(self, data: bytes, /) -> None:
        """Send application data.

        When the transport refuses, what the device said before is still read once, so that
        ``state`` tells the alert behind the reset.

        Raises:
            TlsFailureError: The handshake is not complete, or the device sent a fatal alert.
            ConnectionError: The transport is gone.
        """
        if not self._witness.completed:
            raise TlsFailureError("the TLS handshake is not complete", self._witness.alert_received)
        try:
            for start in range(0, len(data), _CHUNK):
                chunk = data[start : start + _CHUNK]
                # A ticket that came in part has to be read to its end before OpenSSL writes.
                self._step(partial(self._engine.write, chunk), time.monotonic() + _WRITE_S)
                self._flush()
        except ssl.SSLError as error:
            raise self._failed(error) from error
        except TimeoutError as error:
            raise TlsFailureError("the device left a message of its own unfinished") from error
        except ConnectionError:
            self._drain()
            raise

    def receive(self, timeout_s: float, /) -> bytes:
        """Wait for application data; ``b""`` is the end of the stream.

        Raises:
            TimeoutError: Nothing came in ``timeout_s`` seconds.
            TlsFailureError: The device sent a fatal alert, or the records are broken.
            ConnectionError: The connection was reset.
        """
        if self._pending:
            data = bytes(self._pending)
            self._pending.clear()
            return data
        if not self._witness.completed:
            raise TlsFailureError("the TLS handshake is not complete", self._witness.alert_received)
        try:
            return self._step(lambda: self._engine.read(_CHUNK), time.monotonic() + timeout_s)
        except (ssl.SSLZeroReturnError, ssl.SSLEOFError):
            return b""
        except ssl.SSLError as error:
            raise self._failed(error) from error

    def close(self) -> None:
        """Say close_notify if that is still possible; the transport stays open."""
        if not self._witness.completed:
            return
        # WantRead: the device need not answer. The others: the connection is dead already.
        with contextlib.suppress(ssl.SSLError, ValueError):
            self._engine.unwrap()
        with contextlib.suppress(OSError):
            self._flush()

    def _shake(self, deadline: float) -> None:
        try:
            self._step(self._engine.do_handshake, deadline)
            self._witness.completed = True
            if not self._server_side and self._engine.version() == "TLSv1.3":
                self._listen(min(deadline, time.monotonic() + LATE_ALERT_S))
        except ssl.SSLError as error:
            self._failed(error)
        except TimeoutError:
            if not self._witness.completed:
                self._witness.ended = Ending.TIMEOUT
        except ConnectionError:
            self._drain()

    def _listen(self, deadline: float) -> None:
        self._fill(deadline)
        self._absorb()

    def _absorb(self) -> None:
        try:
            while chunk := self._engine.read(_CHUNK):
                self._pending += chunk
        except ssl.SSLWantReadError:
            return

    def _drain(self) -> None:
        """Read once more after the transport failed: the alert may already be here."""
        try:
            self._fill(time.monotonic() + LATE_ALERT_S)
            if self._witness.completed:
                self._absorb()
            else:
                self._engine.do_handshake()
        except ssl.SSLError as error:
            self._failed(error)
        except OSError:
            return

    def _step(self, action: Callable[[], T], deadline: float) -> T:
        while True:
            try:
                result = action()
            except ssl.SSLWantReadError:
                self._flush()
                self._fill(deadline)
                continue
            except ssl.SSLError:
                self._flush_last_words()
                raise
            self._flush()
            return result

    def _fill(self, deadline: float) -> None:
        remaining = deadline - time.monotonic()
        if remaining <= 0:
            raise TimeoutError("no TLS record in time")
        try:
            data = self._transport.receive(remaining)
        except ConnectionError:
            self._witness.ended = Ending.RST
            raise
        if data:
            self._engine.feed(data)
        else:
            # After a failed write the kernel reports a plain end: it was a reset all the same.
            self._witness.ended = self._witness.ended or Ending.FIN
            self._engine.feed_end()

    def _flush(self) -> None:
        data = self._engine.take()
        if not data:
            return
        try:
            self._transport.send(data)
        except ConnectionError:
            self._witness.ended = Ending.RST
            raise
        self._witness.flushed()

    def _flush_last_words(self) -> None:
        """Let our own alert out; that the device is gone already changes nothing."""
        with contextlib.suppress(OSError):
            self._flush()

    def _failed(self, error: ssl.SSLError) -> TlsFailureError:
        reason = getattr(error, "reason", None) or str(error)
        number = _alert_number(reason)
        if number is not None:
            # Already known from the callback; this is for interpreters that have none.
            self._witness.alert(FATAL, number, sent=False)
        self._witness.error = self._witness.error or str(error)
        return TlsFailureError(reason, self._witness.alert_received)


def note(witness: Witness, content_type: int, data: bytes, *, sent: bool) -> None:
    """Tell the witness what OpenSSL's message callback showed."""
    if content_type == ContentType.HANDSHAKE:
        witness.message(data, sent=sent)
    elif content_type == ContentType.ALERT and len(data) >= 2 and not (sent and witness.ended):
        # What OpenSSL says to a device that has ended already (decode_error) refuses nothing.
        witness.alert(data[0], data[1], sent=sent)


def _alert_number(reason: str) -> int | None:
    """The alert in OpenSSL's reason, such as ``TLSV1_ALERT_UNKNOWN_CA``, or None."""
    _, found, name = reason.upper().replace(" ", "_").partition("_ALERT_")
    return _ALERT_NUMBERS.get(name) if found else None
