"""Reads what a device says in clear: its ClientHello, or its first flight as a server.

Both parsers are total: any bytes give an answer, and ``problem`` says what was wrong with them.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from simulators.tls.codes import (
    GROUPS,
    SIGNATURE_SCHEMES,
    Alert,
    ContentType,
    Extension,
    MessageType,
    TlsVersion,
    version_label,
    version_of,
)
from simulators.tls.messages import (
    Reader,
    Record,
    ServerHello,
    clear_records,
    extensions,
    first_certificate,
    handshake_messages,
    records,
    server_hello,
)
from simulators.tls.suites import suite_name

_NAMED_CURVE = 3
_GREASE = frozenset(0x0A0A + 0x1010 * step for step in range(16))


@dataclass(frozen=True, slots=True, kw_only=True)
class ClientHello:
    """A device's ClientHello.

    Attributes:
        record_version: Version of the record; 0 when only the message was given.
        client_version: legacy_version.
        versions: Versions that it really offers: supported_versions, else client_version and, as
            TLS up to 1.2 has no lower bound in the hello, that alone. GREASE is left out.
        suites: Code points in the device's order, GREASE left out (RFC 8701).
        groups: supported_groups.
        signature_algorithms: Its signature schemes.
        server_name: SNI, if any.
        alpn: Application protocols.
        compression: Compression methods.
        extensions: Extension types in their order.
        session_id: Legacy session identifier.
        random: Its 32 octets.
        problem: What is wrong with the bytes; empty when nothing is.
    """

    record_version: int = 0
    client_version: int = 0
    versions: tuple[int, ...] = ()
    suites: tuple[int, ...] = ()
    groups: tuple[int, ...] = ()
    signature_algorithms: tuple[int, ...] = ()
    server_name: str | None = None
    alpn: tuple[str, ...] = ()
    compression: tuple[int, ...] = ()
    extensions: tuple[int, ...] = ()
    session_id: bytes = b""
    random: bytes = field(default=b"", repr=False)
    problem: str = ""

    @property
    def suite_names(self) -> tuple[str, ...]:
        """IANA names of the suites."""
        return tuple(suite_name(code_point) for code_point in self.suites)

    @property
    def group_names(self) -> tuple[str, ...]:
        """IANA names of the groups."""
        return tuple(GROUPS.get(number, f"group {number:#06x}") for number in self.groups)

    @property
    def signature_names(self) -> tuple[str, ...]:
        """IANA names of the signature schemes."""
        known = self.signature_algorithms
        return tuple(SIGNATURE_SCHEMES.get(number, f"scheme {number:#06x}") for number in known)

    @property
    def version_names(self) -> tuple[str, ...]:
        """Names of the versions for people."""
        return tuple(version_label(number) for number in self.versions)


def parse_client_hello(data: bytes) -> ClientHello:
    """Parse a ClientHello with its record headers, or the bare handshake message."""
    record_version = 0
    if data[:1] == bytes([MessageType.CLIENT_HELLO]):
        stream = data
    else:
        found, _ = records(data)
        if not found or found[0].type != ContentType.HANDSHAKE:
            return ClientHello(problem="no complete TLS handshake record")
        record_version = found[0].version
        stream = b"".join(one.body for one in found if one.type == ContentType.HANDSHAKE)
    message = next(handshake_messages(stream), b"")
    if message[:1] != bytes([MessageType.CLIENT_HELLO]):
        return ClientHello(record_version=record_version, problem="no complete ClientHello")
    return _client_hello(message[4:], record_version)


def _client_hello(body: bytes, record_version: int) -> ClientHello:
    reader = Reader(body)
    client_version, random, session_id = reader.number(2), reader.take(32), reader.vector(1)
    suites, compression = _numbers(reader.vector(2)), tuple(reader.vector(1))
    found = extensions(reader.vector(2) if reader.left else b"")
    by_type = dict(found)
    offered = _numbers(Reader(by_type.get(Extension.SUPPORTED_VERSIONS, b"")).vector(1))
    return ClientHello(
        record_version=record_version,
        client_version=client_version,
        versions=offered or (client_version,),
        suites=suites,
        groups=_listed(by_type, Extension.SUPPORTED_GROUPS),
        signature_algorithms=_listed(by_type, Extension.SIGNATURE_ALGORITHMS),
        server_name=_server_name(by_type.get(Extension.SERVER_NAME)),
        alpn=_alpn(by_type.get(Extension.ALPN, b"")),
        compression=compression,
        extensions=tuple(kind for kind, _ in found),
        session_id=session_id,
        random=random,
        problem="a field ends after the message" if reader.short else "",
    )


def _listed(by_type: dict[int, bytes], kind: Extension) -> tuple[int, ...]:
    return _numbers(Reader(by_type.get(kind, b"")).vector(2))


def _numbers(content: bytes) -> tuple[int, ...]:
    pairs = (content[at : at + 2] for at in range(0, len(content) - 1, 2))
    return tuple(number for pair in pairs if (number := int.from_bytes(pair, "big")) not in _GREASE)


def _server_name(content: bytes | None) -> str | None:
    if content is None:
        return None
    listed = Reader(Reader(content).vector(2))
    listed.take(1)
    return listed.vector(2).decode("ascii", "backslashreplace")


def _alpn(content: bytes) -> tuple[str, ...]:
    listed = Reader(Reader(content).vector(2))
    names: list[str] = []
    while listed.left:
        names.append(listed.vector(1).decode("ascii", "backslashreplace"))
    return tuple(names)


@dataclass(frozen=True, slots=True, kw_only=True)
class ServerFlight:
    """What a device answered to a ClientHello, as far as it is in clear.

    Attributes:
        server_hello: Its ServerHello or HelloRetryRequest, if any.
        alert: Its first alert in clear.
        certificate_der: The leaf of its Certificate message (TLS 1.2 and below).
        certificate_requested: It asks for a client certificate (TLS 1.2 and below).
        done: ServerHelloDone was seen: the flight is complete (TLS 1.2 and below).
        key_exchange_group: Group of its key exchange (ServerKeyExchange or key_share).
        dh_bits: Size of its finite-field prime, when it sent one.
        not_tls: There are bytes, and they are no TLS record.
        leftover: Bytes after the last complete record.
    """

    server_hello: ServerHello | None = None
    alert: Alert | None = None
    certificate_der: bytes | None = field(default=None, repr=False)
    certificate_requested: bool = False
    done: bool = False
    key_exchange_group: int | None = None
    dh_bits: int | None = None
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
        return self.server_hello is not None and self.alert is None


def parse_server_flight(data: bytes) -> ServerFlight:
    """Parse what came back after a ClientHello."""
    found, leftover = records(data)
    clear = clear_records(data)
    stream = b"".join(one.body for one in clear if one.type == ContentType.HANDSHAKE)
    # Reversed, so that the first message of a type wins.
    messages = {message[0]: message[4:] for message in reversed(list(handshake_messages(stream)))}
    hello = server_hello(messages.get(MessageType.SERVER_HELLO, b""))
    exchange = messages.get(MessageType.SERVER_KEY_EXCHANGE, b"")
    group, dh_bits = _key_exchange(exchange, hello)
    certificate = messages.get(MessageType.CERTIFICATE)
    return ServerFlight(
        server_hello=hello,
        alert=_first_alert(clear),
        certificate_der=None
        if certificate is None
        else first_certificate(certificate, tls13=False),
        certificate_requested=MessageType.CERTIFICATE_REQUEST in messages,
        done=MessageType.SERVER_HELLO_DONE in messages,
        key_exchange_group=group,
        dh_bits=dh_bits,
        not_tls=not found and bool(leftover) and not _may_become_record(leftover),
        leftover=leftover,
    )


def _first_alert(found: list[Record]) -> Alert | None:
    for record in found:
        if record.type == ContentType.ALERT and len(record.body) == 2:
            return Alert(record.body[0], record.body[1])
    return None


def _key_exchange(exchange: bytes, hello: ServerHello | None) -> tuple[int | None, int | None]:
    """(group, bits of the DH prime) of a ServerKeyExchange (RFC 8422 5.4, RFC 5246 7.4.3)."""
    if hello is None:
        return None, None
    name = suite_name(hello.suite)
    if name.startswith("TLS_ECDH") and exchange[:1] == bytes([_NAMED_CURVE]):
        return int.from_bytes(exchange[1:3], "big"), None
    if name.startswith("TLS_DH") and exchange:
        return None, int.from_bytes(Reader(exchange).vector(2), "big").bit_length()
    return hello.group, None


def _may_become_record(data: bytes) -> bool:
    return data[0] in set(ContentType) and data[1:2] in (b"", b"\x03")
