"""Data sets of real patients are not kept: they are blanked in whatever is written of a stream.

Only what a device sends in data set fragments (PS3.8 9.3.5.1, PS3.7 9.3 and E.2) is blanked, octet
for octet: headers, command sets and lengths stay, so that captures can still be read.
"""

from __future__ import annotations

import sys

_P_DATA = 4
_HEADER = 6
_COMMAND = 1
_BLANK = b"*"
_TLS_RECORDS = range(20, 24)


class Blanker:
    """Follows one direction of an association, however it is cut into pieces."""

    def __init__(self) -> None:
        self._header = bytearray()
        self._body = 0
        self._hidden = False
        self._values = 0

    def feed(self, data: bytes) -> bytes:
        """The next octets, with those of data sets blanked; as many as came."""
        out, at = bytearray(data), 0
        while at < len(out):
            if self._body:
                count = min(self._body, len(out) - at)
                if self._hidden:
                    out[at : at + count] = _BLANK * count
                self._body -= count
                at += count
                continue
            self._header.append(out[at])
            at += 1
            if len(self._header) == _HEADER:
                self._begin(bytes(self._header))
                self._header.clear()
        return bytes(out)

    def _begin(self, header: bytes) -> None:
        """A PDU begins, or within a P-DATA-TF a value; both headers have six octets."""
        if not self._values:
            length = int.from_bytes(header[2:], "big")
            full = header[0] == _P_DATA and length >= _HEADER
            self._values, self._body = (length, 0) if full else (0, length)
            self._hidden = header[0] == _P_DATA
            if header[0] in _TLS_RECORDS:
                self._body = sys.maxsize  # encrypted, and its keys are not kept
            return
        length = int.from_bytes(header[:4], "big") - 2
        # A value that is longer than its PDU ends with it, and one without room for a header too.
        self._values = max(0, self._values - _HEADER)
        self._body = min(max(length, 0), self._values)
        self._values -= self._body
        self._hidden = not header[5] & _COMMAND
        if 0 < self._values < _HEADER:
            self._body, self._values, self._hidden = self._body + self._values, 0, True


def blanked(data: bytes) -> bytes:
    """The octets of a stream from the beginning of a PDU on, with data sets blanked."""
    return Blanker().feed(data)
