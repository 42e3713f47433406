"""Reads the responses of an HTTP/1.1 server: what load needs of RFC 9112, total on anything else.

Head, body and every line are bounded; a response that no conforming server sends is a
:class:`~simulators.load.waiting.LinkError` with the ending ``INVALID``.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from simulators.load.stream import Stream
from simulators.load.waiting import CLOSED, INVALID, LinkError

LONGEST_HEAD: Final = 65_536
"""Octets of a head, and of a line of a chunked body, that we take."""

LONGEST_BODY: Final = 2**31
"""Octets of a body that we take."""

_INTERIM: Final = 8
"""Most interim (1xx) responses before the final one."""

_END: Final = b"\r\n\r\n"
_STATUS_LINE = re.compile(rb"HTTP/1\.[01] ([1-9][0-9]{2})(?: |\r)")
_FIELD = re.compile(rb"\r\n(content-(?:length|type)|transfer-encoding|connection):([^\r]*)", re.I)


@dataclass(frozen=True, slots=True)
class Response:
    """One response.

    Attributes:
        status: Status code.
        content_type: Value of the field; empty without.
        body: The first octets of the body, as many as were asked for.
        octets: Length of the whole body.
        stays: The connection can be used again.
    """

    status: int
    content_type: bytes
    body: bytes
    octets: int
    stays: bool


class Responses:
    """The responses on one connection, one after another."""

    def __init__(self, stream: Stream) -> None:
        self._stream = stream
        self._ahead = bytearray()

    def forget(self) -> None:
        """Drops what was read ahead; for a new connection."""
        self._ahead.clear()

    def next(self, keep: int) -> Response:
        """Reads the next response and keeps so many octets of its body.

        Raises:
            LinkError: The connection ended, time is up, or what came is not HTTP/1.1.
        """
        for _ in range(_INTERIM):
            head = self._head()
            status = _status_of(head)
            if status >= 200:
                return self._response(status, head, keep)
        raise LinkError(INVALID, "interim responses without end")

    def _response(self, status: int, head: bytes, keep: int) -> Response:
        fields = _fields(head)
        body = _Body(keep)
        stays = b"close" not in fields.get(b"connection", b"").lower() and b"1.1" in head[:8]
        if status in (204, 304):
            pass
        elif b"chunked" in fields.get(b"transfer-encoding", b"").lower():
            self._chunks(body)
        elif b"content-length" in fields:
            self._counted(body, _length_of(fields[b"content-length"]))
        else:
            self._until_closed(body)
            stays = False
        if self._ahead:
            raise LinkError(INVALID, "octets that belong to no response")
        return Response(
            status, fields.get(b"content-type", b""), bytes(body.kept), body.octets, stays
        )

    def _head(self) -> bytes:
        searched = 0
        while (end := self._ahead.find(_END, searched)) < 0:
            searched = max(0, len(self._ahead) - len(_END))
            if len(self._ahead) > LONGEST_HEAD:
                raise LinkError(INVALID, "a head without end")
            self._ahead += self._stream.read()
        head = bytes(self._ahead[: end + 2])
        del self._ahead[: end + len(_END)]
        return head

    def _counted(self, body: _Body, octets: int) -> None:
        taken = min(octets, len(self._ahead))
        body.add(memoryview(bytes(self._ahead[:taken])))
        del self._ahead[:taken]
        left = octets - taken
        while left:
            data = self._stream.read()
            taken = min(left, len(data))
            body.add(data[:taken])
            self._ahead += data[taken:]
            left -= taken

    def _chunks(self, body: _Body) -> None:
        while octets := _size_of(self._line()):
            self._counted(body, octets)
            if self._line():
                raise LinkError(INVALID, "a chunk that is longer than it says")
        while self._line():  # trailers
            pass

    def _line(self) -> bytes:
        while (end := self._ahead.find(b"\r\n")) < 0:
            if len(self._ahead) > LONGEST_HEAD:
                raise LinkError(INVALID, "a line without end")
            self._ahead += self._stream.read()
        line = bytes(self._ahead[:end])
        del self._ahead[: end + 2]
        return line

    def _until_closed(self, body: _Body) -> None:
        body.add(memoryview(bytes(self._ahead)))
        self._ahead.clear()
        try:
            while True:
                body.add(self._stream.read())
        except LinkError as error:
            if error.ending != CLOSED:
                raise


class _Body:
    """What of a body is kept, and how long all of it was."""

    def __init__(self, keep: int) -> None:
        self.kept = bytearray()
        self.octets = 0
        self._keep = keep

    def add(self, data: memoryview) -> None:
        """Takes the next octets."""
        self.octets += len(data)
        if self.octets > LONGEST_BODY:
            raise LinkError(INVALID, "a body without end")
        self.kept += data[: max(0, self._keep - len(self.kept))]


def _status_of(head: bytes) -> int:
    match = _STATUS_LINE.match(head)
    if match is None:
        raise LinkError(INVALID, f"not a status line of HTTP/1.1: {head[:40]!r}")
    return int(match[1])


def _fields(head: bytes) -> dict[bytes, bytes]:
    """The fields that matter here, by their name in lower case."""
    fields: dict[bytes, bytes] = {}
    for name, value in _FIELD.findall(head):
        known = fields.setdefault(name.lower(), value.strip())
        if name.lower() == b"content-length" and known != value.strip():
            raise LinkError(INVALID, "two values of Content-Length")
    return fields


def _length_of(value: bytes) -> int:
    if not re.fullmatch(rb"[0-9]{1,15}", value) or int(value) > LONGEST_BODY:
        raise LinkError(INVALID, f"not a Content-Length: {value[:20]!r}")
    return int(value)


def _size_of(line: bytes) -> int:
    digits = line.partition(b";")[0].strip()
    if not re.fullmatch(rb"[0-9A-Fa-f]{1,8}", digits):
        raise LinkError(INVALID, f"not the size of a chunk: {line[:20]!r}")
    return int(digits, 16)
