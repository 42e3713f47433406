"""Total parsing of the handshake messages that tell an outcome; never raises on any bytes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from simulators.tls.codes import ContentType, Extension, TlsVersion
from simulators.tls.suites import suite_name

_RECORD_HEADER = 5
_MESSAGE_HEADER = 4
_KEY_SHARE_GROUP = 2
_NAMED_CURVE = 3
# RFC 8446 4.1.3: SHA-256 of "HelloRetryRequest" in place of the server's random.
RETRY_RANDOM = bytes.fromhex("cf21ad74e59a6111be1d8c021e65b891c2a211167abb8c5e079e09e2c8a8339c")


class Reader:
    """Reads length-prefixed fields; past the end it yields what there is and sets ``short``."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._at = 0
        self.short = False

    @property
    def left(self) -> int:
        """Octets not yet read."""
        return len(self._data) - self._at

    def take(self, count: int) -> bytes:
        """The next ``count`` octets, fewer at the end."""
        part = self._data[self._at : self._at + count]
        self.short |= len(part) < count
        self._at += len(part)
        return part

    def number(self, width: int) -> int:
        """The next ``width`` octets as a big-endian number."""
        return int.from_bytes(self.take(width), "big")

    def vector(self, width: int) -> bytes:
        """A field that is preceded by its length in ``width`` octets."""
        return self.take(self.number(width))


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """One TLS record (RFC 8446 5.1), complete."""

    type: int
    version: int
    body: bytes


def records(data: bytes) -> tuple[list[Record], bytes]:
    """Split a stream into complete records and the bytes left over.

    Bytes that are not TLS records at all are left over from the first one on.
    """
    found: list[Record] = []
    at = 0
    while len(data) - at >= _RECORD_HEADER and data[at] in set(ContentType) and data[at + 1] == 3:
        length = int.from_bytes(data[at + 3 : at + 5], "big")
        end = at + _RECORD_HEADER + length
        if end > len(data):
            break
        version = int.from_bytes(data[at + 1 : at + 3], "big")
        found.append(Record(type=data[at], version=version, body=data[at + _RECORD_HEADER : end]))
        at = end
    return found, data[at:]


def clear_records(data: bytes) -> list[Record]:
    """The complete records before the first ChangeCipherSpec: those that are not encrypted."""
    found, _ = records(data)
    kinds = [one.type for one in found]
    if ContentType.CHANGE_CIPHER_SPEC in kinds:
        return found[: kinds.index(ContentType.CHANGE_CIPHER_SPEC)]
    return found


def handshake_messages(stream: bytes) -> Iterator[bytes]:
    """Yield the whole handshake messages (header included) of joined record bodies."""
    at = 0
    while len(stream) - at >= _MESSAGE_HEADER:
        end = at + _MESSAGE_HEADER + int.from_bytes(stream[at + 1 : at + 4], "big")
        if end > len(stream):
            return
        yield stream[at:end]
        at = end


def extensions(block: bytes) -> list[tuple[int, bytes]]:
    """The extensions of a hello as (type, body), in their order."""
    reader = Reader(block)
    found: list[tuple[int, bytes]] = []
    while reader.left >= _MESSAGE_HEADER:
        found.append((reader.number(2), reader.vector(2)))
    return found


@dataclass(frozen=True, slots=True, kw_only=True)
class ServerHello:
    """The fields of a ServerHello that matter to a verdict."""

    version: int
    suite: int
    random: bytes
    compression: int
    extensions: tuple[tuple[int, bytes], ...]
    group: int | None
    share: bytes = b""
    session_id: bytes = b""

    @property
    def is_retry_request(self) -> bool:
        """This is a HelloRetryRequest (RFC 8446 4.1.4)."""
        return self.random == RETRY_RANDOM


def server_hello(body: bytes) -> ServerHello | None:
    """Parse a ServerHello without its header; None when it is too short to name a suite.

    ``version`` is that of supported_versions where present (RFC 8446 4.2.1).
    """
    reader = Reader(body)
    version, random = reader.number(2), reader.take(32)
    session_id = reader.vector(1)
    suite = reader.number(2)
    compression = reader.number(1)
    if reader.short:
        return None
    found = extensions(reader.vector(2) if reader.left else b"")
    by_type = dict(found)
    selected = by_type.get(Extension.SUPPORTED_VERSIONS, b"")
    share = by_type.get(Extension.KEY_SHARE, b"")
    return ServerHello(
        version=int.from_bytes(selected, "big") if len(selected) == 2 else version,
        suite=suite,
        random=random,
        compression=compression,
        extensions=tuple(found),
        group=int.from_bytes(share[:2], "big") if len(share) >= _KEY_SHARE_GROUP else None,
        share=Reader(share[_KEY_SHARE_GROUP:]).vector(2),
        session_id=session_id,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyExchange:
    """The server's half of an ephemeral key exchange.

    Attributes:
        group: The named group; None for a prime of the server's own, or none at all.
        public_value: Its public key: a point, or g^y.
        dh_bits: Size of its finite-field prime.
        signature_scheme: What signs it (TLS 1.2; RFC 5246 7.4.1.4.1 or RFC 8446 4.2.3).
    """

    group: int | None = None
    public_value: bytes = b""
    dh_bits: int | None = None
    signature_scheme: int | None = None


def key_exchange(body: bytes, suite: int, version: int) -> KeyExchange:
    """Parse a ServerKeyExchange without its header (RFC 8422 5.4, RFC 5246 7.4.3).

    Args:
        body: The message; anything that is no known key exchange gives an empty answer.
        suite: The suite that was chosen, whose name tells the kind of key exchange.
        version: The version that was chosen: only TLS 1.2 names the signature scheme.
    """
    name, reader = suite_name(suite), Reader(body)
    group, dh_bits = None, None
    if name.startswith("TLS_ECDH") and reader.number(1) == _NAMED_CURVE:
        group, public_value = reader.number(2), reader.vector(1)
    elif name.startswith("TLS_DH"):
        dh_bits = int.from_bytes(reader.vector(2), "big").bit_length()
        reader.vector(2)
        public_value = reader.vector(2)
    else:
        return KeyExchange()
    signed = version == TlsVersion.TLS1_2 and reader.left > 2
    return KeyExchange(
        group=group,
        public_value=public_value,
        dh_bits=dh_bits,
        signature_scheme=reader.number(2) if signed else None,
    )


def first_certificate(body: bytes, *, tls13: bool) -> bytes | None:
    """The leaf of a Certificate message without its header, DER; None for an empty list."""
    reader = Reader(body)
    if tls13:
        reader.vector(1)
    listed = Reader(reader.vector(3))
    return listed.vector(3) or None
