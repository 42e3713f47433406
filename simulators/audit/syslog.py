"""Syslog as it comes: frames of a stream (RFC 5425, RFC 6587), and the header of a message.

Total, for whoever sends is hostile: nothing here raises, and what is no syslog says so.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

LONGEST: Final = 1 << 20
"""Most octets of one message; PS3.15 A.6 asks for 32768 at least."""

_MOST_DIGITS: Final = 7
_BOM: Final = b"\xef\xbb\xbf"
_HEADER = re.compile(
    rb"<(\d{1,3})>(\d{1,2}) (\S+) (\S+) (\S+) (\S+) (\S+) (-|(?:\[[^]]*\])+)(?: (.*))?\Z", re.S
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Syslog:
    """The header of a message (RFC 5424 6) and what follows it.

    Attributes:
        problem: Why it is no syslog message; empty for one that is.
        message: What follows the header, without a byte order mark; where there is no header, what
            begins with the first angle bracket of XML.
    """

    problem: str
    message: bytes
    priority: int = -1
    version: int = 0
    timestamp: str = ""
    host: str = ""
    application: str = ""
    process: str = ""
    name: str = ""
    structured: str = ""


def parsed(octets: bytes) -> Syslog:
    """Reads a message."""
    found = _HEADER.match(octets)
    if found is None:
        at = octets.find(b"<", 1)
        return Syslog(problem="no header of RFC 5424", message=octets[max(at, 0) :])
    words = [part.decode("utf-8", "replace")[:255] for part in found.groups(b"")[:8]]
    return Syslog(
        problem="",
        message=found.group(9).removeprefix(_BOM) if found.group(9) else b"",
        priority=int(words[0]),
        version=int(words[1]),
        timestamp=words[2],
        host=words[3],
        application=words[4],
        process=words[5],
        name=words[6],
        structured=words[7],
    )


class Frames:
    """The messages of one stream, by counted octets (RFC 5425 4.3) or by lines (RFC 6587 3.4.2)."""

    def __init__(self) -> None:
        self._buffer = bytearray()
        self.broken = ""
        """Why nothing more can be read of this stream; empty while something can."""

    def feed(self, octets: bytes) -> list[bytes]:
        """Takes what came, and gives the messages that are whole now."""
        self._buffer += octets
        found: list[bytes] = []
        while not self.broken and (message := self._next()) is not None:
            found.append(message)
        return found

    def _next(self) -> bytes | None:
        if self._buffer[:1] == b"<":
            return self._line()
        digits, space, _ = self._buffer[: _MOST_DIGITS + 1].partition(b" ")
        if (digits or space) and not digits.isdigit():
            self.broken = "neither a length nor a message begins here"
        elif not space:
            self.broken = "an endless length" if len(digits) > _MOST_DIGITS else ""
            return None
        elif int(digits) > LONGEST:
            self.broken = f"a message of {int(digits)} octets"
        if self.broken:
            return None
        begin, end = len(digits) + 1, len(digits) + 1 + int(digits)
        return self._cut(begin, end, end) if len(self._buffer) >= end else None

    def _line(self) -> bytes | None:
        end = self._buffer.find(b"\n")
        if end < 0 and len(self._buffer) > LONGEST:
            self.broken = "a line without end"
        return None if end < 0 else self._cut(0, end, end + 1)

    def _cut(self, begin: int, end: int, after: int) -> bytes:
        message = bytes(self._buffer[begin:end])
        del self._buffer[:after]
        return message
