"""multipart/related bodies (RFC 2387, PS3.18 8.6): honest unless a field is set."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

BOUNDARY: Final = "dicom-assay-synthetic"
DICOM: Final = "application/dicom"


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One part.

    Attributes:
        content: Its octets.
        media_type: Its Content-Type; "" leaves the field out.
        fields: Further header lines, as they stand, each with its end.
        blank: What ends its header.
    """

    content: bytes
    media_type: str = DICOM
    fields: bytes = b""
    blank: bytes = b"\r\n"

    def encoded(self) -> bytes:
        """The part without its delimiter."""
        kind = f"Content-Type: {self.media_type}\r\n".encode() if self.media_type else b""
        return kind + self.fields + self.blank + self.content


def body(parts: Sequence[Part], boundary: str = BOUNDARY) -> bytes:
    """The parts between their delimiters."""
    mark = boundary.encode()
    inner = b"".join(b"--%b\r\n%b\r\n" % (mark, part.encoded()) for part in parts)
    return inner + b"--%b--\r\n" % mark


def content_type(media_type: str = DICOM, boundary: str | None = BOUNDARY) -> str:
    """The Content-Type of the whole; without a boundary where that is None."""
    tail = "" if boundary is None else f"; boundary={boundary}"
    return f'multipart/related; type="{media_type}"{tail}'
