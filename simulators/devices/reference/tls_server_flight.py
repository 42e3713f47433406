"""What the first flight of a server says (RFC 5246 7.3), for a requestor that is to be gullible.

Total: any bytes give an answer. It shares nothing with the readers on the other side of the line.
"""

from __future__ import annotations

from dataclasses import dataclass

HANDSHAKE, ALERT, HEARTBEAT = 22, 21, 24
SERVER_HELLO, CERTIFICATE, SERVER_KEY_EXCHANGE, SERVER_HELLO_DONE = 2, 11, 12, 14
TLS_1_3 = 0x0304
_SUPPORTED_VERSIONS = 43
_NAMED_CURVE = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Flight:
    """A flight, as far as it could be read.

    Attributes:
        kinds: Types of its records.
        longest: Length of the longest record, also of one that is not whole yet.
        messages: Type and body of each handshake message; of a type that stands twice, the last.
        version: That of supported_versions where there is one.
        random: Of the ServerHello.
        compression: Of the ServerHello.
        extensions: Types of the ServerHello's extensions, in their order.
        curve: Named group of the ServerKeyExchange; 0 without one.
        parameters: What is signed of the ServerKeyExchange, apart from the random values.
    """

    kinds: tuple[int, ...] = ()
    longest: int = 0
    messages: dict[int, bytes]
    version: int = 0
    random: bytes = b""
    compression: int = 0
    extensions: tuple[int, ...] = ()
    curve: int = 0
    parameters: bytes = b""

    @property
    def signed(self) -> bool:
        """There is a ServerKeyExchange with a signature."""
        return len(self.messages.get(SERVER_KEY_EXCHANGE, b"")) > len(self.parameters) + 4


def read_flight(data: bytes) -> Flight:
    """Reads what has come so far."""
    kinds: list[int] = []
    longest, at, stream = 0, 0, b""
    while len(data) - at >= 5:
        length = _number(data, at + 3, 2)
        kinds.append(data[at])
        longest = max(longest, length)
        if data[at] == HANDSHAKE:
            stream += data[at + 5 : at + 5 + length]
        at += 5 + length
    messages = _messages(stream)
    hello = messages.get(SERVER_HELLO, b"")
    bodies = _extensions(hello)
    exchange = messages.get(SERVER_KEY_EXCHANGE, b"")
    by_curve = exchange[:1] == bytes([_NAMED_CURVE])
    chosen = dict(bodies).get(_SUPPORTED_VERSIONS, hello[:2])
    return Flight(
        kinds=tuple(kinds),
        longest=longest,
        messages=messages,
        version=_number(chosen, 0, 2),
        random=hello[2:34],
        compression=_number(hello, 37 + _number(hello, 34, 1), 1),
        extensions=tuple(kind for kind, _ in bodies),
        curve=_number(exchange, 1, 2) if by_curve else 0,
        parameters=exchange[: 4 + _number(exchange, 3, 1) if by_curve else _three(exchange)],
    )


def _messages(stream: bytes) -> dict[int, bytes]:
    found: dict[int, bytes] = {}
    at = 0
    while len(stream) - at >= 4:
        end = at + 4 + _number(stream, at + 1, 3)
        if end > len(stream):
            break
        found[stream[at]] = stream[at + 4 : end]
        at = end
    return found


def _extensions(hello: bytes) -> list[tuple[int, bytes]]:
    at = 40 + _number(hello, 34, 1)
    found: list[tuple[int, bytes]] = []
    while len(hello) - at >= 4:
        length = _number(hello, at + 2, 2)
        found.append((_number(hello, at, 2), hello[at + 4 : at + 4 + length]))
        at += 4 + length
    return found


def _three(exchange: bytes) -> int:
    """Where the three numbers of a finite-field exchange end."""
    at = 0
    for _ in range(3):
        at += 2 + _number(exchange, at, 2)
    return at


def _number(data: bytes, at: int, width: int) -> int:
    return int.from_bytes(data[at : at + width], "big")
