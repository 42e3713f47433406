"""An HTTP/1.1 request, field by field (RFC 9112): what is left at None is computed, the rest lies.

Nothing here validates, and nothing does I/O.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

CRLF: Final = b"\r\n"


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """One request.

    Attributes:
        method: Of the start line.
        target: Path with query, as it stands on the wire.
        host: Value of Host; None for the address that is called.
        headers: Further fields, in order; any of them may come twice.
        body: The content, before it is cut into chunks.
        chunks: The body as it stands on the wire, with Transfer-Encoding: chunked; None for none.
        length: Value of Content-Length; None to compute it, "" to leave it out.
        start_line: The whole first line instead, without its end.
        folded: Lines that stand after all fields as they are, each with its end.
        blank: What ends the header section.
    """

    method: str = "GET"
    target: str = "/"
    host: str | None = None
    headers: Sequence[tuple[str, str]] = ()
    body: bytes = b""
    chunks: bytes | None = None
    length: str | None = None
    start_line: bytes | None = None
    folded: bytes = b""
    blank: bytes = CRLF

    def named_parts(self, address: str) -> list[tuple[str, bytes]]:
        """The request in pieces with their names; together they are what is sent.

        Args:
            address: What Host says unless the request says otherwise.
        """
        line = f"{self.method} {self.target} HTTP/1.1".encode("latin-1", "replace")
        parts = [("start-line", (self.start_line or line) + CRLF)]
        fields = [("Host", address if self.host is None else self.host), *self.headers]
        if self.chunks is not None:
            fields.append(("Transfer-Encoding", "chunked"))
        length = self._length()
        if length:
            fields.append(("Content-Length", length))
        parts += [
            (name, f"{name}: {value}".encode("latin-1", "replace") + CRLF) for name, value in fields
        ]
        if self.folded:
            parts.append(("folded", self.folded))
        parts.append(("blank", self.blank))
        content = self.body if self.chunks is None else self.chunks
        return [*parts, ("body", content)] if content else parts

    def encoded(self, address: str) -> bytes:
        """The request as it stands on the wire."""
        return b"".join(data for _, data in self.named_parts(address))

    def _length(self) -> str:
        if self.length is not None:
            return self.length
        needs = self.chunks is None and (self.body or self.method in ("POST", "PUT"))
        return str(len(self.body)) if needs else ""


def chunked(*pieces: bytes) -> bytes:
    """The pieces as honest chunks, with the last one (RFC 9112 7.1)."""
    lines = [b"%x\r\n%b\r\n" % (len(piece), piece) for piece in pieces]
    return b"".join(lines) + b"0\r\n\r\n"
