"""Slices of a growing log file, and its tail."""

from dataclasses import dataclass
from os import truncate
from pathlib import Path
from typing import Final

LIMIT_BYTES: Final = 64 * 1024
"""Most that one slice returns, not counting the line that says how much was left out."""

LONGEST_BYTES: Final = 64 * 1024 * 1024
"""A log that has grown beyond this is begun again: a device may say the same thing for ever."""


@dataclass(frozen=True, slots=True)
class LogSlice:
    """Reads what was appended to a log between two moments.

    Attributes:
        path: The log file; it need not exist yet.
    """

    path: Path

    def mark(self) -> int:
        """Return the present end of the log, in bytes from its start."""
        try:
            return self.path.stat().st_size
        except FileNotFoundError:
            return 0

    def since(self, mark: int) -> bytes:
        """Return what was written since `mark`: all of it, or its head and tail if it is long.

        A log that has become shorter was rotated or truncated and is read from its start.
        """
        end = self.mark()
        start = mark if mark <= end else 0
        if end == 0:
            return b""
        with self.path.open("rb") as file:
            file.seek(start)
            if end - start <= LIMIT_BYTES:
                return file.read(end - start)
            half = LIMIT_BYTES // 2
            head = file.read(half)
            file.seek(end - half)
            left_out = end - start - 2 * half
            return b"%b\n[... %d bytes left out ...]\n%b" % (head, left_out, file.read(half))


def tail(path: Path, limit_bytes: int = 4096) -> str:
    """Return the last part of a log as text, undecodable bytes replaced; empty if there is none."""
    try:
        with path.open("rb") as file:
            file.seek(max(0, path.stat().st_size - limit_bytes))
            return file.read(limit_bytes).decode("utf-8", "replace")
    except FileNotFoundError:
        return ""


def shorten(path: Path, longest_bytes: int = LONGEST_BYTES) -> bool:
    """Begin a log again that has become too long, with its tail; True when that was done.

    Whoever writes to it must append. What plays have read of it is in the slices that they keep.
    """
    try:
        size = path.stat().st_size
    except FileNotFoundError:
        return False
    if size <= longest_bytes:
        return False
    with path.open("rb") as file:
        file.seek(size - LIMIT_BYTES)
        end = file.read(LIMIT_BYTES)
    truncate(path, 0)
    with path.open("ab") as file:
        file.write(b"[... %d bytes left out ...]\n%b" % (size - LIMIT_BYTES, end))
    return True
