"""TLS sessions that a device gave us: what its tickets say, and how to hand them in altered.

A session is kept as OpenSSL writes it (an ASN.1 SEQUENCE), because only then can the ticket in it
be altered while the keys that belong to it stay what they are.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from simulators.tls.codes import Extension, TlsVersion
from simulators.tls.handshake import Message
from simulators.tls.messages import Reader, extensions, server_hello

NEW_SESSION_TICKET = 4
ENCRYPTED_EXTENSIONS = 8
_CERTIFICATE, _SERVER_HELLO, _SERVER_HELLO_DONE = 11, 2, 14
_TICKET_FIELD, _MAX_EARLY_DATA_FIELD = 10, 15
_INTEGER, _OCTET_STRING, _SEQUENCE, _EXPLICIT = 0x02, 0x04, 0x30, 0xA0


@dataclass(frozen=True, slots=True, kw_only=True)
class Ticket:
    """A NewSessionTicket (RFC 8446 4.6.1, RFC 5077 3.3).

    Attributes:
        lifetime_s: How long the device says that it honours the ticket, seconds.
        ticket: The opaque value.
        max_early_data: How many bytes of early data the device allows; None for none at all.
    """

    lifetime_s: int
    ticket: bytes
    max_early_data: int | None = None


def tickets(messages: Iterable[Message], version: TlsVersion | None) -> list[Ticket]:
    """The tickets that the device gave in these messages; total, unreadable ones are left out."""
    found: list[Ticket] = []
    for one in messages:
        if not one.sent and one.kind == NEW_SESSION_TICKET:
            ticket = _ticket(one.data[4:], tls13=version is TlsVersion.TLS1_3)
            found += [ticket] if ticket is not None else []
    return found


def _ticket(body: bytes, *, tls13: bool) -> Ticket | None:
    reader = Reader(body)
    lifetime = reader.number(4)
    if not tls13:
        value = reader.vector(2)
        return None if reader.short else Ticket(lifetime_s=lifetime, ticket=value)
    reader.take(4)
    reader.vector(1)
    value = reader.vector(2)
    early = dict(extensions(reader.vector(2))).get(Extension.EARLY_DATA)
    if reader.short:
        return None
    limit = None if early is None else int.from_bytes(early, "big")
    return Ticket(lifetime_s=lifetime, ticket=value, max_early_data=limit)


@dataclass(frozen=True, slots=True, kw_only=True)
class Resumption:
    """How a server answered a client that came with a session.

    Attributes:
        resumed: It went on with the session instead of a full handshake.
        fresh_keys: There was a key exchange of this handshake's own all the same (TLS 1.3
            psk_dhe_ke); TLS 1.2 has none.
        early_data: It took the early data.
    """

    resumed: bool
    fresh_keys: bool
    early_data: bool


def resumption(messages: Iterable[Message]) -> Resumption:
    """Read it from what the server sent: never from the library's own opinion.

    TLS 1.3 names the session in its ServerHello. TLS 1.2 shows it by what is left out: there is
    neither a Certificate nor a ServerHelloDone (RFC 5246 7.3).
    """
    heard = [one for one in messages if not one.sent]
    hellos = [server_hello(one.data[4:]) for one in heard if one.kind == _SERVER_HELLO]
    final = next((hello for hello in reversed(hellos) if hello is not None), None)
    if final is None or final.is_retry_request:
        return Resumption(resumed=False, fresh_keys=False, early_data=False)
    kinds = {one.kind for one in heard}
    named = dict(final.extensions)
    if final.version != TlsVersion.TLS1_3:
        full = bool(kinds & {_CERTIFICATE, _SERVER_HELLO_DONE})
        return Resumption(resumed=not full, fresh_keys=full, early_data=False)
    return Resumption(
        resumed=Extension.PRE_SHARED_KEY in named,
        fresh_keys=Extension.KEY_SHARE in named,
        early_data=any(_takes_early_data(one) for one in heard),
    )


def _takes_early_data(message: Message) -> bool:
    if message.kind != ENCRYPTED_EXTENSIONS:
        return False
    named = dict(extensions(Reader(message.data[4:]).vector(2)))
    return Extension.EARLY_DATA in named


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """A session that can be resumed, from :attr:`ModernChannel.session`.

    Attributes:
        stored: OpenSSL's own form of it, DER, with the keys.
    """

    stored: bytes = field(repr=False)

    @property
    def ticket(self) -> bytes:
        """The ticket that is handed in; empty for a session that has an identifier only."""
        held = dict(_elements(self.stored)).get(_EXPLICIT + _TICKET_FIELD)
        return b"" if held is None else _content(Reader(held))

    def with_ticket(self, ticket: bytes) -> Session:
        """The same keys, named by another ticket."""
        return self._with(_TICKET_FIELD, _element(_OCTET_STRING, ticket))

    def allowing_early_data(self, size: int) -> Session:
        """The session as if the device had allowed that many bytes of early data."""
        number = size.to_bytes(size.bit_length() // 8 + 1, "big")
        return self._with(_MAX_EARLY_DATA_FIELD, _element(_INTEGER, number))

    def _with(self, number: int, content: bytes) -> Session:
        tag = _EXPLICIT + number
        kept = [one for one in _elements(self.stored) if one[0] != tag]
        # The fields stand in the order of their tags, after those without one.
        at = next((i for i, (other, _) in enumerate(kept) if other > tag), len(kept))
        kept.insert(at, (tag, content))
        inner = b"".join(_element(*one) for one in kept)
        return replace(self, stored=_element(_SEQUENCE, inner))


def _elements(der: bytes) -> list[tuple[int, bytes]]:
    """(tag, content) of each element of a SEQUENCE; tags are one octet in this structure."""
    inner = Reader(_content(Reader(der)))
    found: list[tuple[int, bytes]] = []
    while inner.left:
        tag = inner.number(1)
        found.append((tag, inner.take(_length(inner))))
    return found


def _content(reader: Reader) -> bytes:
    reader.take(1)
    return reader.take(_length(reader))


def _length(reader: Reader) -> int:
    first = reader.number(1)
    return first if first < 0x80 else reader.number(first & 0x7F)


def _element(tag: int, content: bytes) -> bytes:
    size = len(content)
    if size < 0x80:
        return bytes([tag, size]) + content
    octets = size.to_bytes((size.bit_length() + 7) // 8, "big")
    return bytes([tag, 0x80 | len(octets)]) + octets + content
