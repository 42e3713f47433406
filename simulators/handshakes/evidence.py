"""TLS messages in named parts, for hex dumps that name the field that deviates.

What the engines send is named after the fact; the flight of a server that chooses what nobody
offered is made here, because no TLS library would send it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence

from asn1crypto import x509

from harness.model import JSON
from simulators.pki import Identity
from simulators.tls import ClientHello, TlsVersion
from simulators.tls.codes import ContentType, Extension, MessageType

Parts = list[tuple[str, bytes]]

_EMPTY_RENEGOTIATION_SCSV = 0x00FF
_EMPTY_RENEGOTIATION_INFO = Extension.RENEGOTIATION_INFO.to_bytes(2, "big") + b"\x00\x01\x00"
_FATAL = 2
_RECORD_WIDTHS = (("record.type", 1), ("record.version", 2), ("record.length", 2))
_HANDSHAKE_WIDTHS = (("handshake.type", 1), ("handshake.length", 3))


def rows(parts: Iterable[tuple[str, bytes]]) -> list[list[JSON]]:
    """``[name, offset, length]`` of each part, as an ``emitted`` observation has them."""
    listed: list[list[JSON]] = []
    offset = 0
    for name, data in parts:
        listed.append([name, offset, len(data)])
        offset += len(data)
    return listed


def joined(parts: Iterable[tuple[str, bytes]]) -> bytes:
    """The bytes of all parts."""
    return b"".join(data for _, data in parts)


def certificate_parts(der: bytes) -> Parts:
    """A certificate (RFC 5280 4.1) as named parts, each extension by its own name."""
    whole = x509.Certificate.load(der)
    signed = whole["tbs_certificate"]
    parts: Parts = []
    for name in ("version", "serial_number", "signature", "issuer", "validity", "subject"):
        parts.append((name, signed[name].dump()))
    parts.append(("subject_public_key_info", signed["subject_public_key_info"].dump()))
    for extension in signed["extensions"]:
        parts.append((f"extensions.{extension['extn_id'].native}", extension.dump()))
    parts.append(("signature_algorithm", whole["signature_algorithm"].dump()))
    parts.append(("signature_value", whole["signature_value"].dump()))
    return _with_gaps(der, parts)


def client_hello_parts(message: bytes) -> Parts:
    """A ClientHello without record header as named parts; total."""
    session_end = 39 + _number(message, 38, 1)
    suites_end = session_end + 2 + _number(message, session_end, 2)
    compression_end = suites_end + 1 + _number(message, suites_end, 1)
    widths = (
        *_HANDSHAKE_WIDTHS,
        ("client_version", 2),
        ("random", 32),
        ("session_id", session_end - 38),
        ("cipher_suites", suites_end - session_end),
        ("compression_methods", compression_end - suites_end),
        ("extensions", len(message)),
    )
    return _cut(message, widths)


def server_flight_parts(data: bytes) -> Parts:
    """The first flight of a server as named parts; total, what is no ServerHello is one part."""
    if data[:1] != bytes([ContentType.HANDSHAKE]) or data[5:6] != bytes([MessageType.SERVER_HELLO]):
        return [("flight", data)]
    session = 1 + _number(data, 43, 1)
    extensions = 5 + _number(data, 3, 2) - (43 + session + 3)
    widths = (
        *_RECORD_WIDTHS,
        *_HANDSHAKE_WIDTHS,
        ("server_version", 2),
        ("random", 32),
        ("session_id", session),
        ("cipher_suite", 2),
        ("compression_method", 1),
        ("extensions", max(0, extensions)),
        ("rest of the flight", len(data)),
    )
    return _cut(data, widths)


def chosen_flight(hello: ClientHello, version: TlsVersion, suite: int, identity: Identity) -> Parts:
    """What a server sends that chooses this version and suite, whatever was offered.

    ServerHello, Certificate and ServerHelloDone are the whole flight of a suite with RSA key
    exchange (RFC 5246 7.3), so that a client that goes along lacks nothing.
    """
    random = hashlib.sha256(hello.random + suite.to_bytes(2, "big")).digest()
    body: Parts = [
        ("server_version", version.to_bytes(2, "big")),
        ("random", random),
        ("session_id", b"\x00"),
        ("cipher_suite", suite.to_bytes(2, "big")),
        ("compression_method", b"\x00"),
    ]
    if _secures_renegotiation(hello):
        body.append(("extensions", _vector(_EMPTY_RENEGOTIATION_INFO, 2)))
    leaf = _vector(_vector(identity.leaf_der, 3), 3)
    return [
        *_record(version, MessageType.SERVER_HELLO, body),
        *_record(version, MessageType.CERTIFICATE, [("certificate_list", leaf)]),
        *_record(version, MessageType.SERVER_HELLO_DONE, []),
    ]


def fatal_alert(number: int, version: TlsVersion = TlsVersion.TLS1_2) -> Parts:
    """A fatal alert in clear."""
    return [
        ("record.type", bytes([ContentType.ALERT])),
        ("record.version", version.to_bytes(2, "big")),
        ("record.length", b"\x00\x02"),
        ("alert.level", bytes([_FATAL])),
        ("alert.description", bytes([number])),
    ]


def _record(version: TlsVersion, kind: MessageType, body: Sequence[tuple[str, bytes]]) -> Parts:
    """One handshake message in one record; only the ServerHello's parts have plain names."""
    prefix = "" if kind is MessageType.SERVER_HELLO else f"{kind.name.lower()}."
    size = len(joined(body))
    return [
        (f"{prefix}record.type", bytes([ContentType.HANDSHAKE])),
        (f"{prefix}record.version", version.to_bytes(2, "big")),
        (f"{prefix}record.length", (size + 4).to_bytes(2, "big")),
        (f"{prefix}handshake.type", bytes([kind])),
        (f"{prefix}handshake.length", size.to_bytes(3, "big")),
        *body,
    ]


def _secures_renegotiation(hello: ClientHello) -> bool:
    """RFC 5746 3.6: a server answers it only to a client that offered it."""
    offered = Extension.RENEGOTIATION_INFO in hello.extensions
    return offered or _EMPTY_RENEGOTIATION_SCSV in hello.suites


def _with_gaps(whole: bytes, parts: Parts) -> Parts:
    """The parts where they stand in the whole; what lies between them is structure."""
    placed: Parts = []
    at = 0
    for name, data in parts:
        found = whole.find(data, at)
        if found < 0:
            continue
        if found > at:
            placed.append(("structure", whole[at:found]))
        placed.append((name, data))
        at = found + len(data)
    return [*placed, ("structure", whole[at:])] if at < len(whole) else placed


def _cut(data: bytes, widths: Iterable[tuple[str, int]]) -> Parts:
    """Consecutive parts of these widths; parts without a byte are left out."""
    parts: Parts = []
    at = 0
    for name, width in widths:
        if part := data[at : at + width]:
            parts.append((name, part))
        at += width
    return parts


def _number(data: bytes, at: int, width: int) -> int:
    return int.from_bytes(data[at : at + width], "big")


def _vector(content: bytes, width: int) -> bytes:
    return len(content).to_bytes(width, "big") + content
