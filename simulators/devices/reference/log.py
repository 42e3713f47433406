"""The device's log: one line per event, to a file or stderr, safe to read.

Text that a peer sent is escaped, so that nobody can forge a line (CWE-117).
"""

import sys
import threading
from datetime import UTC, datetime
from pathlib import Path
from typing import TextIO


class Log:
    """A line writer that several threads share."""

    def __init__(
        self, path: Path | None = None, *, raw: bool = False, formats: bool = False
    ) -> None:
        """Open the log.

        Args:
            path: File to append to; None is stderr.
            raw: Write text as it came (flaw ``raw_log``).
            formats: Take text as a format (flaw ``formats_peer_text``).
        """
        self._formats = formats
        self._lock = threading.Lock()
        self._raw = raw
        self._file: TextIO | None = (
            None if path is None else path.open("a", encoding="utf-8", errors="surrogateescape")
        )

    def event(self, text: str) -> None:
        """Write one event with its UTC time."""
        now = datetime.now(UTC).isoformat(timespec="milliseconds")
        if self._formats:
            text = _formatted(text)
        self._write(self._file or sys.stderr, f"{now} {text if self._raw else escaped(text)}\n")

    def announce(self, text: str) -> None:
        """Write a line to stderr, whatever the log is: the start-up line is a contract."""
        self._write(sys.stderr, f"{text}\n")

    def close(self) -> None:
        """Close the file, if there is one."""
        if self._file is not None:
            self._file.close()

    def _write(self, stream: TextIO, line: str) -> None:
        with self._lock:
            stream.write(line)
            stream.flush()


def _formatted(text: str) -> str:
    """Put into each directive what happens to lie about, as printf does."""
    import re

    lying_about = id(text) & 0xFFFFFFFF
    return re.sub(r"%[0-9]*([xpd])", lambda found: _printed(found[1], lying_about), text)


def _printed(directive: str, value: int) -> str:
    return ("%d" if directive == "d" else "%x") % value


def escaped(text: str) -> str:
    """Replace everything but printable ASCII, and the backslash, by its escape."""
    return "".join(
        character
        if " " <= character <= "~" and character != "\\"
        else character.encode("unicode_escape", "surrogatepass").decode("ascii")
        for character in text
    )


def shown(data: bytes) -> str:
    """Return peer bytes as text for the log, one character per byte."""
    return data.decode("latin-1").strip(" ")
