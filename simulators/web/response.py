"""HTTP/1.1 responses of a device that may lie: reading is total and bounded (RFC 9112 6).

Kept apart from any library, because it has to go on where one would give up: what came is
evidence, however malformed.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

_MOST_HEAD: Final = 256 << 10
_MOST_BODY: Final = 8 << 20
_MOST_NUMBER: Final = 12
_BEGINS: Final = b"HTTP/"
_BODILESS: Final = frozenset((204, 304))


@dataclass(frozen=True, slots=True, kw_only=True)
class Response:
    """What came back.

    Attributes:
        status: The status code; 0 where there was none.
        head: Status line and fields as they came.
        body: The content, as far as it is kept.
        whole: It came to the end that it announced.
    """

    status: int
    head: bytes
    body: bytes
    whole: bool

    def fields(self, name: str) -> list[str]:
        """Every value of a header field, in order."""
        found = []
        for line in self.head.split(b"\r\n")[1:]:
            key, colon, value = line.partition(b":")
            if colon and key.strip().lower() == name.lower().encode():
                found.append(value.strip().decode("latin-1"))
        return found

    def header(self, name: str) -> str:
        """The first value of a header field, or nothing."""
        return next(iter(self.fields(name)), "")


@dataclass(slots=True)
class ResponseBuffer:
    """Octets of one connection, and the responses that they amount to.

    Attributes:
        bodiless: The next response belongs to a HEAD request.
    """

    bodiless: bool = False
    _data: bytearray = field(default_factory=bytearray)

    def feed(self, data: bytes) -> None:
        """More octets; what exceeds every bound is dropped."""
        room = _MOST_HEAD + _MOST_BODY - len(self._data)
        self._data += data[: max(0, room)]

    @property
    def pending(self) -> bytes:
        """What is no whole response yet."""
        return bytes(self._data)

    @property
    def full(self) -> bool:
        """No more is kept."""
        return len(self._data) >= _MOST_HEAD + _MOST_BODY

    def next(self, *, ended: bool = False) -> Response | None:
        """The next final response; None when more has to come.

        Args:
            ended: Nothing more will come, so that what is there is all there is.
        """
        while True:
            end = self._data.find(b"\r\n\r\n")
            if end < 0:
                return self._cut() if ended or self.full or self._is_no_http() else None
            head = bytes(self._data[:end])
            if not (100 <= status_of(head) < 200):
                return self._with_body(head, end + 4, ended=ended or self.full)
            del self._data[: end + 4]

    def _is_no_http(self) -> bool:
        """Whether no octets to come could make a status line of it, so that waiting is in vain."""
        begun = bytes(self._data[: len(_BEGINS)])
        return begun != _BEGINS[: len(begun)]

    def _cut(self) -> Response | None:
        if not self._data:
            return None
        head, self._data = bytes(self._data), bytearray()
        return Response(status=status_of(head), head=head, body=b"", whole=False)

    def _with_body(self, head: bytes, start: int, *, ended: bool) -> Response | None:
        found = Response(status=status_of(head), head=head, body=b"", whole=True)
        if self.bodiless or found.status in _BODILESS:
            return self._taken(found, b"", start, whole=True)
        if found.header("Transfer-Encoding").lower().endswith("chunked"):
            return self._chunked(found, start, ended=ended)
        length = found.header("Content-Length")
        if length.isdecimal() and len(length) <= _MOST_NUMBER:
            stop = start + int(length)
            if len(self._data) >= stop:
                return self._taken(found, bytes(self._data[start:stop]), stop, whole=True)
            whole = False
        else:
            whole = True  # it ends with the connection
        if not ended:
            return None
        return self._taken(found, bytes(self._data[start:]), len(self._data), whole=whole)

    def _chunked(self, found: Response, start: int, *, ended: bool) -> Response | None:
        content, at = bytearray(), start
        while (line := self._data.find(b"\r\n", at)) >= 0:
            size = _size_of(bytes(self._data[at:line]))
            if size is None:
                return self._taken(found, bytes(content), len(self._data), whole=False)
            at = line + 2
            if size == 0:
                stop = self._data.find(b"\r\n", at)
                if stop < 0:
                    break
                return self._taken(found, bytes(content), stop + 2, whole=True)
            if len(self._data) < at + size + 2:
                break
            content += self._data[at : at + size]
            at += size + 2
        return self._taken(found, bytes(content), len(self._data), whole=False) if ended else None

    def _taken(self, found: Response, content: bytes, stop: int, *, whole: bool) -> Response:
        del self._data[:stop]
        return Response(status=found.status, head=found.head, body=content, whole=whole)


def status_of(head: bytes) -> int:
    """The status code of a response's first line; 0 where there is none."""
    words = head.split(b"\r\n", 1)[0].split(b" ")
    if len(words) < 2 or not words[0].startswith(b"HTTP/"):
        return 0
    return int(words[1]) if len(words[1]) == 3 and words[1].isdigit() else 0


def _size_of(line: bytes) -> int | None:
    digits = line.split(b";")[0].strip()
    if (
        not digits
        or len(digits) > _MOST_NUMBER
        or not all(b in b"0123456789abcdefABCDEF" for b in digits)
    ):
        return None
    return int(digits, 16)
