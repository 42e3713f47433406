"""Reads the first flight of a device that listens, as far as it is in clear.

The parser is total: any bytes give an answer.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from simulators.tls.codes import (
    WARNING,
    Alert,
    ContentType,
    Extension,
    MessageType,
    TlsVersion,
    version_of,
)
from simulators.tls.messages import (
    KeyExchange,
    Reader,
    Record,
    ServerHello,
    clear_records,
    first_certificate,
    handshake_messages,
    key_exchange,
    records,
    server_hello,
)

_OCSP = 1
_SSL2_SERVER_HELLO = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class ServerFlight:
    """What a device answered to a ClientHello, as far as it is in clear.

    Attributes:
        server_hello: Its ServerHello or HelloRetryRequest, if any.
        alert: Its first fatal alert in clear; a warning only where no ServerHello came.
        certificate_der: The leaf of its Certificate message (TLS 1.2 and below).
        certificate_requested: It asks for a client certificate (TLS 1.2 and below).
        done: ServerHelloDone was seen: the flight is complete (TLS 1.2 and below).
        key_exchange_group: Group of its key exchange (ServerKeyExchange or key_share).
        public_value: Its ephemeral public key there: a point, or g^y; empty when it sent none.
        dh_bits: Size of its finite-field prime, when it sent one.
        signature_scheme: What its ServerKeyExchange is signed with (TLS 1.2).
        staple: The OCSP response that it stapled, DER (TLS 1.2 and below).
        encrypted: Octets that came encrypted: from TLS 1.3 on, all that follows its ServerHello.
        ssl2_hello: It answered by a ServerHello of SSL 2.0.
        not_tls: There are bytes, and they are no TLS record.
        leftover: Bytes after the last complete record.
    """

    server_hello: ServerHello | None = None
    alert: Alert | None = None
    certificate_der: bytes | None = field(default=None, repr=False)
    certificate_requested: bool = False
    done: bool = False
    key_exchange_group: int | None = None
    public_value: bytes = field(default=b"", repr=False)
    dh_bits: int | None = None
    signature_scheme: int | None = None
    staple: bytes | None = field(default=None, repr=False)
    encrypted: int = 0
    ssl2_hello: bool = False
    not_tls: bool = False
    leftover: bytes = b""

    @property
    def version(self) -> TlsVersion | None:
        """The version that the device chose."""
        return None if self.server_hello is None else version_of(self.server_hello.version)

    @property
    def suite(self) -> int | None:
        """The suite that the device chose."""
        return None if self.server_hello is None else self.server_hello.suite

    @property
    def compression(self) -> int | None:
        """The compression method that the device chose; 0 is none."""
        return None if self.server_hello is None else self.server_hello.compression

    @property
    def random(self) -> bytes:
        """The 32 octets of its ServerHello; empty without one."""
        return b"" if self.server_hello is None else self.server_hello.random

    @property
    def extensions(self) -> tuple[int, ...]:
        """The extension types of its ServerHello, in their order."""
        listed = () if self.server_hello is None else self.server_hello.extensions
        return tuple(kind for kind, _ in listed)

    @property
    def extension_bodies(self) -> Mapping[int, bytes]:
        """What each extension of its ServerHello holds; of a type that stands twice, the last."""
        return dict(() if self.server_hello is None else self.server_hello.extensions)

    @property
    def alpn(self) -> str | None:
        """The application protocol that it selected (in clear up to TLS 1.2 only)."""
        body = self.extension_bodies.get(Extension.ALPN)
        if body is None:
            return None
        return Reader(Reader(body).vector(2)).vector(1).decode("ascii", "backslashreplace")

    @property
    def hello_retry_request(self) -> bool:
        """The device asks for another key share (RFC 8446 4.1.4)."""
        return self.server_hello is not None and self.server_hello.is_retry_request

    @property
    def certificate_seen(self) -> bool:
        """A certificate was seen in clear."""
        return self.certificate_der is not None

    @property
    def accepted(self) -> bool:
        """The device went along with the offer: a ServerHello (or retry request) and no alert."""
        return (self.server_hello is not None or self.ssl2_hello) and self.alert is None


def parse_server_flight(data: bytes) -> ServerFlight:
    """Parse what came back after a ClientHello."""
    found, leftover = records(data)
    clear = clear_records(data)
    stream = b"".join(one.body for one in clear if one.type == ContentType.HANDSHAKE)
    # Reversed, so that the first message of a type wins.
    messages = {message[0]: message[4:] for message in reversed(list(handshake_messages(stream)))}
    hello = server_hello(messages.get(MessageType.SERVER_HELLO, b""))
    exchange = _exchange(messages.get(MessageType.SERVER_KEY_EXCHANGE, b""), hello)
    certificate = messages.get(MessageType.CERTIFICATE)
    return ServerFlight(
        server_hello=hello,
        alert=_decisive_alert(clear, hello),
        certificate_der=None
        if certificate is None
        else first_certificate(certificate, tls13=False),
        certificate_requested=MessageType.CERTIFICATE_REQUEST in messages,
        done=MessageType.SERVER_HELLO_DONE in messages,
        key_exchange_group=exchange.group,
        public_value=exchange.public_value,
        dh_bits=exchange.dh_bits,
        signature_scheme=exchange.signature_scheme,
        staple=_staple(messages.get(MessageType.CERTIFICATE_STATUS)),
        encrypted=sum(len(one.body) for one in found if one.type == ContentType.APPLICATION_DATA)
        + (len(leftover) if leftover[:1] == bytes([ContentType.APPLICATION_DATA]) else 0),
        ssl2_hello=_is_ssl2_hello(data),
        not_tls=not found and bool(leftover) and not _may_become_record(leftover),
        leftover=leftover,
    )


def _decisive_alert(found: list[Record], hello: ServerHello | None) -> Alert | None:
    """The first alert that is fatal, or any where no hello came: a warning may precede one."""
    pairs = [one.body for one in found if one.type == ContentType.ALERT and len(one.body) == 2]
    alerts = [Alert(level, number) for level, number in pairs]
    fatal = next((one for one in alerts if one.level != WARNING), None)
    return fatal or (next(iter(alerts), None) if hello is None else None)


def _exchange(message: bytes, hello: ServerHello | None) -> KeyExchange:
    """What the ServerKeyExchange says, or the key_share of TLS 1.3."""
    if hello is None:
        return KeyExchange()
    if message:
        return key_exchange(message, hello.suite, hello.version)
    return KeyExchange(group=hello.group, public_value=hello.share)


def _staple(status: bytes | None) -> bytes | None:
    """The response in a CertificateStatus (RFC 6066 8)."""
    if status is None:
        return None
    reader = Reader(status)
    return reader.vector(3) if reader.number(1) == _OCSP else None


def _may_become_record(data: bytes) -> bool:
    return data[0] in set(ContentType) and data[1:2] in (b"", b"\x03")


def _is_ssl2_hello(data: bytes) -> bool:
    """A ServerHello of SSL 2.0: two octets of length with the top bit set, then its type."""
    return data[:1] >= b"\x80" and data[2:3] == bytes([_SSL2_SERVER_HELLO]) and len(data) >= 11
