"""TLS messages in named parts, for hex dumps that name the field that deviates.

What the engines send is named after the fact; what :mod:`simulators.tls.hello` and
:mod:`simulators.tls.answer` make by hand has its names from the start.
"""

from __future__ import annotations

from collections.abc import Iterable

from asn1crypto import x509

from harness.model import JSON
from simulators.tls import TlsVersion
from simulators.tls.codes import ContentType, MessageType
from simulators.tls.messages import Record, records

Parts = list[tuple[str, bytes]]

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


def dns_names(der: bytes) -> list[str]:
    """The DNS names among a certificate's alternative names (RFC 5280 4.2.1.6); total."""
    try:
        listed = x509.Certificate.load(der).subject_alt_name_value or []
        return [str(one.native) for one in listed if one.name == "dns_name"]
    except (ValueError, TypeError):
        return []


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
    """The first flight of a server as named parts; total, what is no ServerHello is one part.

    Behind the ServerHello each record has the name of the message that it begins with.
    """
    if data[:1] != bytes([ContentType.HANDSHAKE]) or data[5:6] != bytes([MessageType.SERVER_HELLO]):
        return [("flight", data)]
    session = 1 + _number(data, 43, 1)
    end = 5 + _number(data, 3, 2)
    widths = (
        *_RECORD_WIDTHS,
        *_HANDSHAKE_WIDTHS,
        ("server_version", 2),
        ("random", 32),
        ("session_id", session),
        ("cipher_suite", 2),
        ("compression_method", 1),
        ("extensions", max(0, end - (43 + session + 3))),
    )
    return [*_cut(data[:end], widths), *_named_records(data[end:])]


def _named_records(data: bytes) -> Parts:
    found, rest = records(data)
    parts: Parts = []
    at = 0
    for one in found:
        size = len(one.body) + 5
        parts.append((_name_of(one), data[at : at + size]))
        at += size
    return [*parts, ("rest of the flight", rest)] if rest else parts


def _name_of(record: Record) -> str:
    if record.type == ContentType.HANDSHAKE and record.body[:1]:
        try:
            return MessageType(record.body[0]).name.lower()
        except ValueError:
            return "handshake"
    return ContentType(record.type).name.lower()


def fatal_alert(number: int, version: TlsVersion = TlsVersion.TLS1_2) -> Parts:
    """A fatal alert in clear."""
    return [
        ("record.type", bytes([ContentType.ALERT])),
        ("record.version", version.to_bytes(2, "big")),
        ("record.length", b"\x00\x02"),
        ("alert.level", bytes([_FATAL])),
        ("alert.description", bytes([number])),
    ]


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
