"""What the web side of the device speaks of: requests, answers, refusals, and its bounds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from simulators.devices.reference.options import MIB

JSON_TYPE = "application/dicom+json"
TEXT_TYPE = "text/plain; charset=utf-8"

PHRASES = {
    200: "OK", 201: "Created", 202: "Accepted", 204: "No Content", 206: "Partial Content",
    400: "Bad Request", 401: "Unauthorized",
    403: "Forbidden", 404: "Not Found", 405: "Method Not Allowed", 406: "Not Acceptable",
    408: "Request Timeout", 409: "Conflict", 413: "Content Too Large", 414: "URI Too Long",
    415: "Unsupported Media Type", 429: "Too Many Requests", 431: "Request Header Fields Too Large",
    500: "Internal Server Error", 503: "Service Unavailable",
}  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class WebLimits:
    """Hard bounds of the web side; nothing that a peer declares can exceed them.

    Attributes:
        request_s: Within how long a request has to come whole, and its answer be taken, seconds.
        head: Longest head of a request, bytes.
        fields: Most header fields.
        body: Longest body, as sent and as expanded, bytes.
        parts: Most parts of a body.
        part_head: Longest header of a part, bytes.
        results: Most matches of one answer.
        places: Connections at one time; the one that waits longest for a request makes room.
    """

    request_s: float = 5.0
    head: int = 16 << 10
    fields: int = 100
    body: int = 16 * MIB
    parts: int = 100
    part_head: int = 16 << 10
    results: int = 100
    places: int = 32


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """One request, read whole.

    Attributes:
        path: Path of the target as it came, percent signs and all.
        query: Query of the target as it came.
        fields: Header fields in order, names in lower case.
    """

    method: str
    path: str
    query: str
    fields: Sequence[tuple[str, str]]
    head: bytes
    body: bytes

    def every(self, name: str) -> list[str]:
        """Return the values of a header field."""
        return [value for known, value in self.fields if known == name]

    def first(self, name: str) -> str:
        """Return the first value of a header field; empty if there is none."""
        return next(iter(self.every(name)), "")


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """One answer; what may come of it in a browser is said with each."""

    status: int
    body: bytes = b""
    kind: str = TEXT_TYPE
    fields: Mapping[str, str] = field(default_factory=dict[str, str])


class RefusedError(Exception):
    """A request is refused; what it said is not repeated.

    Attributes:
        fields: Header fields that belong to the refusal.
    """

    def __init__(self, status: int, reason: str, **fields: str) -> None:
        super().__init__(reason)
        self.status = status
        self.fields = {name.replace("_", "-"): value for name, value in fields.items()}

    def answer(self) -> Answer:
        """Return what the peer is told: the status, and nothing of itself or of the device."""
        body = f"{PHRASES[self.status]}\n".encode()
        return Answer(status=self.status, body=body, fields=self.fields)
