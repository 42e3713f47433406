"""What the origin server is asked and what it answers, apart from any socket.

An answer is nothing but pieces of octets: honest ones come from h11, which frames them as RFC 9112
asks, and lies are written by hand.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import unquote, urlsplit

import h11

REASONS: Final = {
    200: "OK", 202: "Accepted", 204: "No Content", 206: "Partial Content", 301: "Moved Permanently",
    302: "Found", 307: "Temporary Redirect", 308: "Permanent Redirect", 401: "Unauthorized",
    404: "Not Found", 409: "Conflict", 500: "Internal Server Error", 503: "Service Unavailable",
}  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """One request.

    Attributes:
        number: Which request of the play it is, from 1.
        method: Its method.
        target: Its target as it came.
        fields: Its header fields by name in small letters; of several the last.
        body: Its content, as far as we take it.
    """

    number: int
    method: str
    target: str
    fields: Mapping[str, str]
    body: bytes = b""

    @property
    def steps(self) -> tuple[str, ...]:
        """The path, step by step."""
        return tuple(unquote(step) for step in urlsplit(self.target).path.split("/") if step)

    @property
    def service(self) -> str:
        """Which service is asked for: "search", "retrieve" or "store"."""
        if self.method == "POST":
            return "store"
        return "search" if self.steps[-1:] in (("studies",), ("series",), ("instances",)) else (
            "retrieve" if "studies" in self.steps else ""
        )  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """An answer, as it goes out.

    Attributes:
        pieces: Its octets; those of a long answer are made one by one.
        lie: Which part of it lies; nothing for an honest answer.
        gap_s: How long to wait before each piece.
    """

    pieces: Iterable[bytes]
    lie: str = ""
    gap_s: float = 0.0


Answering = Callable[[Asked], Reply]
"""How a server answers."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """A response before it is framed.

    Attributes:
        status: Its code.
        kind: Its media type; nothing leaves the field out.
        body: Its content.
        fields: Further header fields.
    """

    status: int = 200
    kind: str = "application/dicom+json"
    body: bytes = b""
    fields: Mapping[str, str] = field(default_factory=dict)

    def framed(self) -> bytes:
        """The octets of an honest message with this content, by h11."""
        server = h11.Connection(h11.SERVER)
        server.receive_data(b"GET / HTTP/1.1\r\nHost: origin\r\n\r\n")
        while not isinstance(server.next_event(), h11.EndOfMessage):
            pass
        fields = {"Connection": "close", "Content-Length": str(len(self.body)), **self.fields}
        if self.kind:
            fields["Content-Type"] = self.kind
        if self.status == 204:
            del fields["Content-Length"]
        head = h11.Response(
            status_code=self.status,
            reason=REASONS.get(self.status, "Status"),
            headers=[*fields.items()],
        )
        octets = [server.send(head) or b""]
        octets += [server.send(h11.Data(data=self.body)) or b""] if self.body else []
        octets.append(server.send(h11.EndOfMessage()) or b"")
        return b"".join(octets)

    def head(self, *lines: str) -> bytes:
        """A head with these lines instead of an honest length, as they stand."""
        given = [f"{name}: {value}" for name, value in self.fields.items()]
        kind = [f"Content-Type: {self.kind}"] if self.kind else []
        first = f"HTTP/1.1 {self.status} {REASONS.get(self.status, 'Status')}"
        text = "\r\n".join([first, "Connection: close", *kind, *given, *lines, "", ""])
        return text.encode("latin-1")


def honest(message: Message) -> Reply:
    """An honest answer."""
    return Reply(pieces=[message.framed()])


def chunk(octets: bytes) -> bytes:
    """One chunk (RFC 9112 7.1)."""
    return b"%x\r\n%b\r\n" % (len(octets), octets)
