"""A TLS connection of ours over recorded bytes, by the standard library without any socket.

``ssl.MemoryBIO`` keeps the TLS engine apart from the transport, so that the transport sees and
records every octet. ``SSLContext._msg_callback`` shows each handshake message and alert after
decryption, which is the only way to read a TLS 1.3 alert exactly. Where an interpreter lacks it,
alerts are read from ``SSLError.reason`` and the proof of emission stays False.
"""

from __future__ import annotations

import contextlib
import ssl
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from simulators.tls.codes import ALERTS, FATAL, ContentType
from simulators.tls.handshake import (
    Ending,
    Handshake,
    TlsFailureError,
    Transport,
    Witness,
)
from simulators.tls.policy import TlsPolicy, build_context

# RFC 8446 2: the client finishes before the server has judged its certificate. An accepting
# OpenSSL server sends tickets at once; only a server without tickets costs the whole wait.
LATE_ALERT_S = 0.25
_CHUNK = 65536
_ALERT_NUMBERS = {name.upper(): number for number, name in ALERTS.items()}

T = TypeVar("T")


class TlsChannel:
    """One TLS connection, either role; ``send`` and ``receive`` are those of a transport.

    Args:
        transport: The bytes below; stays open when the channel closes.
        policy: What our side offers and shows.
        server_side: True when the device is the client.
        keylog: Takes each line of the NSS key log (for Wireshark).

    Raises:
        TlsPolicyError: OpenSSL here cannot play the policy; nothing was sent.
    """

    def __init__(
        self,
        transport: Transport,
        policy: TlsPolicy,
        server_side: bool,
        keylog: Callable[[str], None] | None = None,
    ) -> None:
        self._transport = transport
        self._server_side = server_side
        self._keylog = keylog
        self._witness = Witness(server_side=server_side)
        self._pending = bytearray()
        self._context = build_context(policy, server_side=server_side)
        self._context._msg_callback = self._on_message  # type: ignore[attr-defined]
        self._incoming, self._outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
        self._ssl = self._context.wrap_bio(
            self._incoming,
            self._outgoing,
            server_side=server_side,
            server_hostname=None if server_side else policy.server_name,
        )

    @property
    def state(self) -> Handshake:
        """The handshake as known by now: an alert that came late shows up here."""
        return self._witness.state()

    def handshake(self, timeout_s: float) -> Handshake:
        """Shake hands; never raises on what the device does.

        A TLS 1.3 client then listens for at most 250 ms, so that a refused certificate is heard
        before the first write could lose the alert to a reset.

        Args:
            timeout_s: Limit for the whole handshake in seconds.
        """
        deadline = time.monotonic() + timeout_s
        with tempfile.TemporaryDirectory(prefix="assay-keylog-") as folder:
            keys = Path(folder) / "keys"
            if self._keylog is not None:
                self._context.keylog_filename = str(keys)
            self._shake(deadline)
            if self._keylog is not None and keys.exists():
                for line in keys.read_text(encoding="ascii").splitlines():
                    if not line.startswith("#"):
                        self._keylog(line)
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
                self._ssl.write(data[start : start + _CHUNK])
                self._flush()
        except ssl.SSLError as error:
            raise self._failed(error) from error
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
            return self._step(lambda: self._ssl.read(_CHUNK), time.monotonic() + timeout_s)
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
            self._ssl.unwrap()
        with contextlib.suppress(OSError):
            self._flush()

    def _shake(self, deadline: float) -> None:
        try:
            self._step(self._ssl.do_handshake, deadline)
            self._witness.completed = True
            if not self._server_side and self._ssl.version() == "TLSv1.3":
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
            while chunk := self._ssl.read(_CHUNK):
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
                self._ssl.do_handshake()
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
            self._incoming.write(data)
        else:
            # After a failed write the kernel reports a plain end: it was a reset all the same.
            self._witness.ended = self._witness.ended or Ending.FIN
            self._incoming.write_eof()

    def _flush(self) -> None:
        data = self._outgoing.read()
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
        reason = error.reason or str(error)
        number = _alert_number(reason)
        if number is not None:
            # Already known from the callback; this is for interpreters that have none.
            self._witness.alert(FATAL, number, sent=False)
        self._witness.error = self._witness.error or str(error)
        return TlsFailureError(reason, self._witness.alert_received)

    def _on_message(
        self,
        _connection: object,
        direction: str,
        _version: int,
        content_type: int,
        _message_type: int,
        data: bytes,
    ) -> None:
        sent = direction == "write"
        if content_type == ContentType.HANDSHAKE:
            self._witness.message(data, sent=sent)
        elif content_type == ContentType.ALERT and len(data) >= 2:
            self._witness.alert(data[0], data[1], sent=sent)


def _alert_number(reason: str) -> int | None:
    """The alert in OpenSSL's reason, such as ``TLSV1_ALERT_UNKNOWN_CA``, or None."""
    _, found, name = reason.partition("_ALERT_")
    return _ALERT_NUMBERS.get(name) if found else None
