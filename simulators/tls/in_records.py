"""Named parts of handshake messages laid into TLS records (RFC 8446 5.1, RFC 5246 6.2.1)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from simulators.tls.codes import ContentType, TlsVersion

Part = tuple[str, bytes]
Parts = list[Part]


def header(
    prefix: str, length: int, version: int, kind: ContentType = ContentType.HANDSHAKE
) -> Parts:
    """A record header; the names of its parts begin with the prefix."""
    return [
        (f"{prefix}record.type", bytes([kind])),
        (f"{prefix}record.version", version.to_bytes(2, "big")),
        (f"{prefix}record.length", length.to_bytes(2, "big")),
    ]


def cut(parts: Iterable[Part], octets: int, version: int) -> Iterator[Part]:
    """The parts in records of so many octets; a part that is cut keeps its name on both sides."""
    whole = list(parts)
    left = size(whole)
    room = 0
    for name, data in whole:
        while data:
            if not room:
                room = min(octets, left)
                yield from header("", room, version)
            piece, data = data[:room], data[room:]
            yield name, piece
            room -= len(piece)
            left -= len(piece)


def heartbeat_request(claimed: int, payload: bytes, version: int = TlsVersion.TLS1_2) -> Parts:
    """A heartbeat request (RFC 6520 4) that claims a payload of ``claimed`` octets."""
    body: Parts = [
        ("heartbeat.type", b"\x01"),
        ("heartbeat.payload_length", claimed.to_bytes(2, "big")),
        ("heartbeat.payload", payload),
    ]
    return [*header("heartbeat.", size(body), version, ContentType.HEARTBEAT), *body]


def size(parts: Iterable[Part]) -> int:
    """Octets of all parts."""
    return sum(len(data) for _, data in parts)


def vector(content: bytes, width: int) -> bytes:
    """A field behind its length in ``width`` octets."""
    return len(content).to_bytes(width, "big") + content
