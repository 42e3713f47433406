"""What a TLS handshake turned out to be, told by what was seen on the wire and by nothing else."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Protocol

from simulators.tls.codes import CLOSE_NOTIFY, Alert, MessageType, TlsVersion, version_of
from simulators.tls.messages import first_certificate, server_hello
from simulators.tls.suites import suite_name

_MOST_MESSAGES = 256


class Transport(Protocol):
    """The bytes below TLS: whoever owns the socket implements this and records what passes."""

    def send(self, data: bytes, /) -> None:
        """Send all of ``data``.

        Raises:
            ConnectionError: The connection is gone.
        """

    def receive(self, timeout: float, /) -> bytes:
        """Wait at most ``timeout`` seconds for some bytes; ``b""`` is the end of the stream.

        Raises:
            TimeoutError: Nothing came.
            ConnectionError: The connection was reset.
        """
        ...


class Phase(StrEnum):
    """How far the handshake had come when it ended."""

    HELLO = "hello"
    HANDSHAKE = "handshake"
    AFTER_HANDSHAKE = "after-handshake"


class Ending(StrEnum):
    """How the connection ended below TLS."""

    FIN = "FIN"
    RST = "RST"
    TIMEOUT = "TIMEOUT"


class TlsPolicyError(ValueError):
    """Our own TLS library cannot play the peer that the policy describes: nothing was sent."""


class TlsFailureError(ConnectionAbortedError):
    """The TLS connection is dead; ``alert`` is the device's fatal alert when it sent one."""

    def __init__(self, message: str, alert: Alert | None = None) -> None:
        super().__init__(message)
        self.alert = alert


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """One whole handshake message, decrypted, with its four octets of header."""

    sent: bool
    data: bytes

    @property
    def kind(self) -> int:
        """Its type (RFC 8446 4)."""
        return self.data[0] if self.data else 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Handshake:
    """The outcome of a handshake, from the side of the simulator.

    ``completed`` alone never means that the device accepted us: in TLS 1.3 the client is done
    before the server has judged its certificate (RFC 8446 2). Only an answered request is
    acceptance.

    Attributes:
        completed: Our side finished.
        version: The version of the ServerHello, if there was one.
        cipher: IANA name of the suite of the ServerHello.
        alert_received: First alert from the device other than close_notify, decrypted.
        alert_sent: First alert from us: then *we* refused, which says nothing about the device.
        phase: Hello until there is a ServerHello, handshake until our side finished.
        ended: How the connection ended; None while it is open or when an alert came first.
        close_notify: The device said that it sends nothing more (RFC 8446 6.1).
        certificate_sent: Our Certificate message, not empty, was handed to the transport.
        certificate_requested: The server asked for a client certificate.
        peer_certificate_der: The device's leaf certificate, if it sent one.
        hello_sent: Our own hello was handed to the transport.
        client_hello: The ClientHello message without record header, whoever sent it.
        error: What our own library said when it failed, for the report only.
    """

    completed: bool = False
    version: TlsVersion | None = None
    cipher: str | None = None
    alert_received: Alert | None = None
    alert_sent: Alert | None = None
    phase: Phase = Phase.HELLO
    ended: Ending | None = None
    close_notify: bool = False
    certificate_sent: bool = False
    certificate_requested: bool = False
    peer_certificate_der: bytes | None = field(default=None, repr=False)
    hello_sent: bool = False
    client_hello: bytes = field(default=b"", repr=False)
    error: str = ""


class SecureChannel(Protocol):
    """A TLS connection by whichever engine; ``send`` and ``receive`` are those of a transport."""

    def handshake(self, timeout_s: float) -> Handshake:
        """Shake hands within ``timeout_s`` seconds; never raises on what the device does."""
        ...

    def send(self, data: bytes, /) -> None:
        """Send application data; errors as in :meth:`TlsChannel.send`."""

    def receive(self, timeout_s: float, /) -> bytes:
        """Wait for application data; errors as in :meth:`TlsChannel.receive`."""
        ...

    def close(self) -> None:
        """Say close_notify; the transport stays open."""

    @property
    def state(self) -> Handshake:
        """The handshake as known by now: a late alert shows up here."""
        ...


class Witness:
    """Collects what passes in both directions and tells it as a :class:`Handshake`.

    Messages of ours count only after :meth:`flushed`, since a library that has written a
    message into its buffer has not sent it.
    """

    def __init__(self, *, server_side: bool) -> None:
        self.completed = False
        self.ended: Ending | None = None
        self.error = ""
        self.messages: list[Message] = []
        self._goodbye = False
        self._own_hello = MessageType.SERVER_HELLO if server_side else MessageType.CLIENT_HELLO
        self._version: TlsVersion | None = None
        self._cipher: str | None = None
        self._alerts: dict[bool, Alert] = {}
        self._unflushed: set[int] = set()
        self._sent: set[int] = set()
        self._requested = False
        self._peer_certificate: bytes | None = None
        self._client_hello = b""

    @property
    def version(self) -> TlsVersion | None:
        """The version of the ServerHello."""
        return self._version

    @property
    def alert_received(self) -> Alert | None:
        """The device's first alert other than close_notify."""
        return self._alerts.get(False)

    def message(self, data: bytes, *, sent: bool) -> None:
        """Note one whole handshake message, with its four octets of header."""
        kind = data[0] if data else 0
        if len(self.messages) < _MOST_MESSAGES:
            self.messages.append(Message(sent=sent, data=data))
        if kind == MessageType.CLIENT_HELLO:
            self._client_hello = data
        elif kind == MessageType.SERVER_HELLO:
            self._server_hello(data[4:])
        elif kind == MessageType.CERTIFICATE_REQUEST:
            self._requested = True
        elif kind == MessageType.CERTIFICATE:
            leaf = first_certificate(data[4:], tls13=self._version == TlsVersion.TLS1_3)
            if not sent:
                self._peer_certificate = leaf
            elif not leaf:
                return
        if sent:
            self._unflushed.add(kind)

    def alert(self, level: int, number: int, *, sent: bool) -> None:
        """Note an alert; close_notify is an orderly end and no opinion."""
        if number != CLOSE_NOTIFY:
            self._alerts.setdefault(sent, Alert(level, number))
        elif not sent:
            self._goodbye = True

    def flushed(self) -> None:
        """All that was written so far has been handed to the transport."""
        self._sent |= self._unflushed
        self._unflushed.clear()

    def _server_hello(self, body: bytes) -> None:
        hello = server_hello(body)
        if hello is None or hello.is_retry_request:
            return
        self._version = version_of(hello.version)
        self._cipher = suite_name(hello.suite)

    def state(self) -> Handshake:
        """What is known by now."""
        phase = Phase.HELLO if self._version is None else Phase.HANDSHAKE
        return Handshake(
            completed=self.completed,
            version=self._version,
            cipher=self._cipher,
            alert_received=self._alerts.get(False),
            alert_sent=self._alerts.get(True),
            phase=Phase.AFTER_HANDSHAKE if self.completed else phase,
            ended=self.ended,
            close_notify=self._goodbye,
            certificate_sent=MessageType.CERTIFICATE in self._sent,
            certificate_requested=self._requested,
            peer_certificate_der=self._peer_certificate,
            hello_sent=self._own_hello in self._sent,
            client_hello=self._client_hello,
            error=self.error,
        )
