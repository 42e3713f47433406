"""Multipart bodies (RFC 2046 5.1, RFC 2387): strict in form, bounded in number and size."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from email.message import Message

from simulators.devices.reference.channel import touch
from simulators.devices.reference.flaws import Flaws
from simulators.devices.reference.web_message import RefusedError, WebLimits
from simulators.devices.reference.worker import die

_BOUNDARY = re.compile(r"[0-9A-Za-z'()+_,./:=? -]{0,69}[0-9A-Za-z'()+_,./:=?-]")
_END_OF_HEAD = b"\r\n\r\n"
_DEEP = 50
_FLAW_CAP = 12_000
_ROOM = 16 << 10


@dataclass(frozen=True, slots=True)
class MediaType:
    """A media type (RFC 9110 8.3.1), names and type in lower case."""

    kind: str
    parameters: dict[str, str]


@dataclass(frozen=True, slots=True)
class Part:
    """One part: its media type, and what it holds."""

    media: MediaType
    body: bytes


def media_type(value: str) -> MediaType:
    """Return a media type as it is written; an empty kind where it is none."""
    head = Message()
    head["Content-Type"] = value.replace("\r", "").replace("\n", "")
    first, *rest = head.get_params(failobj=[("", "")])
    names = [name.lower() for name, _ in rest]
    if len(set(names)) < len(names):
        raise RefusedError(400, "parameter given twice")
    return MediaType(first[0].lower(), dict(zip(names, (text for _, text in rest), strict=True)))


class Unpacker:
    """Takes bodies apart."""

    def __init__(self, limits: WebLimits, flaws: Flaws) -> None:
        self._limits = limits
        self._flaws = flaws

    def parts(self, media: MediaType, body: bytes, depth: int = 0) -> Iterator[Part]:
        """Yield the parts of a body.

        Raises:
            RefusedError: It is no multipart body, or beyond a bound.
        """
        pieces = self._pieces(self._boundary(media, body), body)
        if self._flaws.has("web_parts_unbounded"):
            room = [touch(_ROOM) for _ in pieces]
            del room
        elif len(pieces) > self._limits.parts:
            raise RefusedError(413, "too many parts")
        for piece in pieces:
            part = self._part(piece)
            if not part.media.kind.startswith("multipart/"):
                yield part
            elif self._flaws.has("web_multipart_recurses"):
                if depth >= _DEEP:
                    die()
                yield from self.parts(part.media, part.body, depth + 1)
            else:
                raise RefusedError(400, "multipart within multipart")

    def _boundary(self, media: MediaType, body: bytes) -> bytes:
        boundary = media.parameters.get("boundary", "")
        if not boundary and self._flaws.has("web_multipart_without_boundary"):
            return body.partition(b"\r\n")[0].removeprefix(b"--")
        if not _BOUNDARY.fullmatch(boundary):
            raise RefusedError(400, "no boundary")
        return boundary.encode()

    def _pieces(self, boundary: bytes, body: bytes) -> list[bytes]:
        """Return what stands between the delimiter lines."""
        delimiter = b"\r\n--" + boundary
        unlimited = self._flaws.has("web_parts_unbounded")
        most = _FLAW_CAP if unlimited else self._limits.parts + 2
        _, *pieces = (b"\r\n" + body).split(delimiter, most)
        if not pieces:
            raise RefusedError(400, "boundary does not occur")
        if len(pieces) - 1 <= self._limits.parts and not pieces[-1].startswith(b"--"):
            raise RefusedError(400, "last delimiter missing")
        return [piece.lstrip(b" \t") for piece in pieces[:-1]]

    def _part(self, piece: bytes) -> Part:
        if not piece.startswith(b"\r\n"):
            raise RefusedError(400, "delimiter line goes on")
        head, end, body = piece[2:].partition(_END_OF_HEAD)
        if piece.startswith(_END_OF_HEAD):
            head, end, body = b"", _END_OF_HEAD, piece[4:]
        if not end:
            if self._flaws.has("web_dies_on_multipart"):
                die()
            raise RefusedError(400, "part without the end of its header")
        bounded = not self._flaws.has("web_part_header_unbounded")
        if bounded and len(head) > self._limits.part_head:
            raise RefusedError(400, "header of a part too long")
        fields = [line.partition(b":") for line in head.split(b"\r\n")]
        kinds = [
            value.strip() for name, _, value in fields if name.strip().lower() == b"content-type"
        ]
        if len(kinds) > 1:
            raise RefusedError(400, "part with two media types")
        return Part(media_type(kinds[0].decode("latin-1") if kinds else ""), body)
