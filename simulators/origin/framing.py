"""Answers whose framing lies: lengths, chunks, heads and the time they take (RFC 9112 6 and 7)."""

from __future__ import annotations

import itertools
import json
import zlib
from collections.abc import Callable, Iterator, Mapping
from typing import Final

from harness.stage import Stage
from simulators.origin import honest
from simulators.origin.exchange import Message, Reply, chunk
from simulators.web.documents import gzip_zeros

_PIECE: Final = 1 << 16
_ENDLESS: Final = 64 << 20
_LONG_HEAD: Final = 24 << 20
_EXPANDED: Final = 192 << 20
_HUGE: Final = 1 << 40
_GAP_S: Final = 0.1
_DRIPS: Final = 120
_CHUNKED: Final = "Transfer-Encoding: chunked"


def cut(message: Message, how: str) -> Reply:
    """An answer that ends half way: its Content-Length says so, or its chunks have no last one."""
    half = message.body[: len(message.body) // 2]
    if how == "chunks":
        return Reply(pieces=[message.head(_CHUNKED) + chunk(half)], lie="chunks.last")
    head = message.head(f"Content-Length: {len(message.body)}")
    return Reply(pieces=[head + half], lie="content-length")


def _two_lengths(message: Message) -> bytes:
    length = len(message.body)
    head = message.head(f"Content-Length: {length + 7}", f"Content-Length: {length}")
    return head + message.body


def _sized(form: Callable[[int], str]) -> Callable[[Message], bytes]:
    """An answer of one chunk whose size is written so."""

    def made(message: Message) -> bytes:
        size = form(len(message.body)).encode()
        return message.head(_CHUNKED) + size + b"\r\n" + message.body + b"\r\n0\r\n\r\n"

    return made


AMBIGUOUS: Final[Mapping[str, Callable[[Message], bytes]]] = {
    "two lengths": _two_lengths,
    "a length that is no number": lambda one: one.head("Content-Length: many") + one.body,
    "a negative length": lambda one: one.head("Content-Length: -1") + one.body,
    "a chunk size with a prefix": _sized(lambda size: f"0x{size:x}"),
    "a negative chunk size": _sized(lambda size: f"-{size:x}"),
    "a chunk size beyond 64 bits": _sized(lambda size: f"{(1 << 64) + size:x}"),
}
"""Answers that no reader may mend, by what is wrong with them."""


def gigantic(message: Message) -> Reply:
    """A length of a tebibyte, and then next to nothing."""
    head = message.head(f"Content-Length: {_HUGE}")
    return Reply(pieces=[head + message.body], lie="content-length")


def bomb(stage: Stage) -> Reply:
    """A search answer that becomes a thousand times longer when it is expanded."""
    opening = json.dumps([honest.match(stage)])[:-1].encode()
    packed = gzip_zeros(opening, _EXPANDED)
    message = Message(body=packed, fields={"Content-Encoding": "gzip"})
    return Reply(pieces=[message.framed()], lie="content-encoding")


def endless(stage: Stage) -> Reply:
    """Matches without end; the bound is ours."""
    one = json.dumps(honest.match(stage)).encode() + b","
    piece = one * (_PIECE // len(one) + 1)
    head = Message().head(_CHUNKED)
    body = itertools.repeat(chunk(piece), _ENDLESS // len(piece))
    return Reply(pieces=itertools.chain([head, chunk(b"[")], body), lie="body.end")


def long_head() -> Reply:
    """A header field without end; the bound is ours."""
    begin = b"HTTP/1.1 200 OK\r\nConnection: close\r\nX-Long: "
    filler = itertools.repeat(b"a" * _PIECE, _LONG_HEAD // _PIECE)
    return Reply(pieces=itertools.chain([begin], filler), lie="head.field")


def many_fields() -> Reply:
    """Header fields without end; the bound is ours."""
    begin = b"HTTP/1.1 200 OK\r\nConnection: close\r\n"
    return Reply(pieces=itertools.chain([begin], _fields(_LONG_HEAD)), lie="head.fields")


def _fields(octets: int) -> Iterator[bytes]:
    for number in range(octets // _PIECE):
        yield b"".join(b"X-%d-%d: %b\r\n" % (number, each, b"b" * 240) for each in range(256))


def silent() -> Reply:
    """Nothing at all, for long."""
    return Reply(pieces=itertools.repeat(b"", _DRIPS), lie="answer", gap_s=_GAP_S)


def dripping(stage: Stage) -> Reply:
    """An honest answer, octet by octet."""
    octets = honest.found(stage).framed()
    pieces = (octets[at : at + 1] for at in range(_DRIPS))
    return Reply(pieces=pieces, lie="pace", gap_s=_GAP_S)


def interim() -> Reply:
    """One interim answer after the other (RFC 9110 15.2), and never a final one."""
    more = b"HTTP/1.1 100 Continue\r\n\r\n"
    return Reply(pieces=itertools.repeat(more, _DRIPS), lie="interim", gap_s=_GAP_S)


def broken_gzip(stage: Stage) -> Reply:
    """A compressed answer that is cut off, in a frame that is whole."""
    packer = zlib.compressobj(9, wbits=zlib.MAX_WBITS | 16)
    packed = packer.compress(honest.found(stage).body) + packer.flush()
    message = Message(body=packed[: len(packed) // 2], fields={"Content-Encoding": "gzip"})
    return Reply(pieces=[message.framed()], lie="content-encoding")
