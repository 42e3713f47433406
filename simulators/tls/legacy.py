"""Peers of a past that OpenSSL has left: SSL 3.0 to TLS 1.2 with NULL, RC4, 3DES, small DH groups.

Played by tlslite-ng, which is pure Python and so runs over the same recorded bytes. Up to TLS 1.2
the whole handshake is in clear until ChangeCipherSpec: what was sent and received is read from
the recorded bytes and not from the library's opinion.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator

from simulators.tls.bio import LATE_ALERT_S
from simulators.tls.codes import ContentType
from simulators.tls.engine import (
    TLSAbruptCloseError,
    TLSAlert,
    TLSLocalAlert,
    TLSRemoteAlert,
    connection_over,
)
from simulators.tls.handshake import Ending, Handshake, TlsFailureError, Transport, Witness
from simulators.tls.legacy_policy import Credentials, LegacyPolicy
from simulators.tls.messages import clear_records, handshake_messages
from simulators.tls.pipe import Pipe

_CHUNK = 65536


class LegacyChannel:
    """One old TLS connection, either role; the same interface as :class:`TlsChannel`.

    Args:
        transport: The bytes below; stays open when the channel closes.
        policy: What our side offers and shows.
        server_side: True when the device is the client.
        keylog: Takes the line of the NSS key log (for Wireshark).

    Raises:
        TlsPolicyError: tlslite cannot play the policy; nothing was sent.
    """

    def __init__(
        self,
        transport: Transport,
        policy: LegacyPolicy,
        server_side: bool,
        keylog: Callable[[str], None] | None = None,
    ) -> None:
        self._policy = policy
        self._server_side = server_side
        self._keylog = keylog
        self._settings = policy.settings()
        self._credentials = policy.credentials(server_side=server_side)
        self._pipe = Pipe(transport)
        self._witness = Witness(server_side=server_side)
        self._connection = connection_over(self._pipe)
        self._reader: Iterator[object] | None = None

    @property
    def state(self) -> Handshake:
        """The handshake as known by now."""
        return self._witness.state()

    def handshake(self, timeout_s: float) -> Handshake:
        """Shake hands; never raises on what the device does.

        When ``error`` is set and there is neither an alert nor an ending, tlslite itself gave
        up on what the device sent: no evidence for either side.

        Args:
            timeout_s: Limit for the whole handshake in seconds.
        """
        self._pipe.deadline = time.monotonic() + timeout_s
        try:
            self._run(self._start())
            self._witness.completed = True
            self._log_key()
        except TimeoutError:
            self._witness.ended = Ending.TIMEOUT
        except OSError as error:
            self._witness.error = str(error)
            self._pipe.drain(LATE_ALERT_S)
        except Exception as error:
            # The engine parses hostile bytes and leaks many exception types; all of them mean
            # that this handshake is over, none may stop the run.
            self._note(error)
        if self._pipe.broken:
            self._witness.ended = Ending.RST
        elif self._witness.ended is None:
            self._witness.ended = self._pipe.ended
        self._read_transcript()
        return self.state

    def send(self, data: bytes, /) -> None:
        """Send application data.

        Raises:
            TlsFailureError: The handshake is not complete, or the device sent a fatal alert.
            ConnectionError: The transport is gone.
        """
        self._require_handshake()
        try:
            self._run(self._connection.writeAsync(data))
        except TLSAlert as error:
            raise self._note(error) from error
        except ConnectionError:
            self._witness.ended = Ending.RST
            raise

    def receive(self, timeout_s: float, /) -> bytes:
        """Wait for application data; ``b""`` is the end of the stream.

        Raises:
            TimeoutError: Nothing came in ``timeout_s`` seconds.
            TlsFailureError: The device sent a fatal alert, or the records are broken.
            ConnectionError: The connection was reset.
        """
        self._require_handshake()
        self._pipe.deadline = time.monotonic() + timeout_s
        # A read that timed out is continued: tlslite would lose half a record otherwise.
        self._reader = self._reader or self._connection.readAsync(_CHUNK, 1)
        try:
            data = self._run(self._reader)
        except TLSAbruptCloseError:
            data = b""
        except TLSAlert as error:
            raise self._note(error) from error
        finally:
            self._witness.ended = self._witness.ended or self._pipe.ended
        self._reader = None
        return data

    def close(self) -> None:
        """Say close_notify if that is still possible; the transport stays open."""
        if not self._witness.completed:
            return
        self._pipe.deadline = time.monotonic()
        try:
            self._run(self._connection.closeAsync())
        except (OSError, TLSAlert, TLSAbruptCloseError):
            # The device need not answer, and the connection may be dead already.
            return

    def _start(self) -> Iterator[object]:
        options: dict[str, object] = {"settings": self._settings}
        if self._server_side:
            options |= {"reqCert": self._policy.request_certificate, "anon": self._policy.anonymous}
            return self._connection.handshakeServerAsync(**options, **_named(self._credentials))
        options |= {"serverName": self._policy.server_name, "async_": True}
        if self._policy.anonymous:
            return self._connection.handshakeClientAnonymous(**options)
        return self._connection.handshakeClientCert(**options, **_named(self._credentials))

    def _run(self, steps: Iterator[object]) -> bytes:
        """Drive one of tlslite's generators: 0 and 1 mean that it waits for the transport.

        ``steps`` is not closed when the time is up, so that a reader can go on later.
        """
        while True:
            try:
                result = next(steps)
            except StopIteration:
                return b""
            if isinstance(result, bytes | bytearray):
                return bytes(result)
            if time.monotonic() >= self._pipe.deadline and self._pipe.starved:
                raise TimeoutError("no TLS record in time")

    def _require_handshake(self) -> None:
        if not self._witness.completed:
            message = "the TLS handshake is not complete"
            raise TlsFailureError(message, self._witness.alert_received)

    def _note(self, error: Exception) -> TlsFailureError:
        """Take down an exception of the engine."""
        # str() of a TLSLocalAlert raises TypeError when its message is an exception (0.8.2).
        self._witness.error = self._witness.error or repr(error)
        if isinstance(error, TLSRemoteAlert | TLSLocalAlert):
            sent = isinstance(error, TLSLocalAlert)
            self._witness.alert(error.level, error.description, sent=sent)
        return TlsFailureError(self._witness.error, self._witness.alert_received)

    def _read_transcript(self) -> None:
        # The server's side first: its hello tells the version that the rest is read by.
        for sent in (self._server_side, not self._server_side):
            stream = bytes(self._pipe.sent if sent else self._pipe.received)
            clear = clear_records(stream)
            bodies = (one.body for one in clear if one.type == ContentType.HANDSHAKE)
            for message in handshake_messages(b"".join(bodies)):
                self._witness.message(message, sent=sent)
            for one in clear:
                if one.type == ContentType.ALERT and len(one.body) == 2:
                    self._witness.alert(one.body[0], one.body[1], sent=sent)
        self._witness.flushed()

    def _log_key(self) -> None:
        session = self._connection.session
        if self._keylog is None or session is None:
            return
        random = bytes(self._connection._clientRandom).hex()
        self._keylog(f"CLIENT_RANDOM {random} {bytes(session.masterSecret).hex()}")


def _named(credentials: Credentials | None) -> dict[str, object]:
    if credentials is None:
        return {}
    return {"certChain": credentials.chain, "privateKey": credentials.key}
