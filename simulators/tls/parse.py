"""Reads a ClientHello: that of a device that calls, or our own for the record.

The parser is total: any bytes give an answer, and ``problem`` says what was wrong with them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from simulators.tls.codes import (
    GREASE,
    GROUPS,
    SIGNATURE_SCHEMES,
    ContentType,
    Extension,
    MessageType,
    version_label,
)
from simulators.tls.messages import Reader, extensions, handshake_messages, records
from simulators.tls.suites import suite_name

_EMPTY_RENEGOTIATION_SCSV = 0x00FF
_GREASE = frozenset(GREASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class ClientHello:
    """A device's ClientHello.

    Attributes:
        record_version: Version of the first record; 0 when only the message was given.
        record_versions: Versions of all its records, in their order.
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
        extension_bodies: What each type holds; of a type that stands twice, the last.
        point_formats: ec_point_formats; 0 is the uncompressed one.
        key_shares: (group, key) pairs of TLS 1.3, GREASE left out.
        session_id: Legacy session identifier.
        random: Its 32 octets.
        problem: What is wrong with the bytes; empty when nothing is.
    """

    record_version: int = 0
    record_versions: tuple[int, ...] = ()
    client_version: int = 0
    versions: tuple[int, ...] = ()
    suites: tuple[int, ...] = ()
    groups: tuple[int, ...] = ()
    signature_algorithms: tuple[int, ...] = ()
    server_name: str | None = None
    alpn: tuple[str, ...] = ()
    compression: tuple[int, ...] = ()
    extensions: tuple[int, ...] = ()
    extension_bodies: Mapping[int, bytes] = field(
        default_factory=dict[int, bytes], repr=False, hash=False
    )
    point_formats: tuple[int, ...] = ()
    key_shares: tuple[tuple[int, bytes], ...] = field(default=(), repr=False)
    session_id: bytes = b""
    random: bytes = field(default=b"", repr=False)
    problem: str = ""

    @property
    def secures_renegotiation(self) -> bool:
        """It has renegotiation_info, or the suite that stands for it (RFC 5746 3.4)."""
        listed = Extension.RENEGOTIATION_INFO in self.extensions
        return listed or _EMPTY_RENEGOTIATION_SCSV in self.suites

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
    versions: tuple[int, ...] = ()
    if data[:1] == bytes([MessageType.CLIENT_HELLO]):
        stream = data
    else:
        found, _ = records(data)
        if not found or found[0].type != ContentType.HANDSHAKE:
            return ClientHello(problem="no complete TLS handshake record")
        carriers = [one for one in found if one.type == ContentType.HANDSHAKE]
        versions = tuple(one.version for one in carriers)
        stream = b"".join(one.body for one in carriers)
    message = next(handshake_messages(stream), b"")
    if message[:1] != bytes([MessageType.CLIENT_HELLO]):
        first = next(iter(versions), 0)
        return ClientHello(
            record_version=first, record_versions=versions, problem="no complete ClientHello"
        )
    return _client_hello(message[4:], versions)


def _client_hello(body: bytes, record_versions: tuple[int, ...]) -> ClientHello:
    reader = Reader(body)
    client_version, random, session_id = reader.number(2), reader.take(32), reader.vector(1)
    suites, compression = _numbers(reader.vector(2)), tuple(reader.vector(1))
    found = extensions(reader.vector(2) if reader.left else b"")
    by_type = dict(found)
    offered = _numbers(Reader(by_type.get(Extension.SUPPORTED_VERSIONS, b"")).vector(1))
    return ClientHello(
        record_version=next(iter(record_versions), 0),
        record_versions=record_versions,
        client_version=client_version,
        versions=offered or (client_version,),
        suites=suites,
        groups=_listed(by_type, Extension.SUPPORTED_GROUPS),
        signature_algorithms=_listed(by_type, Extension.SIGNATURE_ALGORITHMS),
        server_name=_server_name(by_type.get(Extension.SERVER_NAME)),
        alpn=_alpn(by_type.get(Extension.ALPN, b"")),
        compression=compression,
        extensions=tuple(kind for kind, _ in found),
        extension_bodies=by_type,
        point_formats=tuple(Reader(by_type.get(Extension.EC_POINT_FORMATS, b"")).vector(1)),
        key_shares=_key_shares(by_type.get(Extension.KEY_SHARE, b"")),
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


def _key_shares(content: bytes) -> tuple[tuple[int, bytes], ...]:
    listed = Reader(Reader(content).vector(2))
    shares: list[tuple[int, bytes]] = []
    while listed.left:
        shares.append((listed.number(2), listed.vector(2)))
    return tuple(share for share in shares if share[0] not in _GREASE)
