"""Programs that are given a file and do nothing sensible with it: ``KIND FILE``."""

import sys
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

READ, REFUSED, USAGE, NOT_FOUND = 0, 1, 2, 127
_GARBAGE = bytes((i * 89 + 41) % 256 for i in range(4096))
_FOR_EVER_S = 3600.0


def main(argv: Sequence[str]) -> int:
    """Run one; return the exit code."""
    if len(argv) != 2 or argv[0] not in BEHAVIOURS:
        sys.stderr.write(f"error: name one of {', '.join(BEHAVIOURS)} and a file\n")
        return USAGE
    return BEHAVIOURS[argv[0]](Path(argv[1]))


def _absent(_file: Path) -> int:
    return NOT_FOUND


def _silent(_file: Path) -> int:
    return READ


def _hang(_file: Path) -> int:
    time.sleep(_FOR_EVER_S)
    return READ


def _refuse(_file: Path) -> int:
    sys.stderr.write("refused\n")
    return REFUSED


def _garbage(file: Path) -> int:
    file.read_bytes()
    sys.stdout.buffer.write(_GARBAGE)
    return READ


def _echo(file: Path) -> int:
    sys.stdout.buffer.write(file.read_bytes())
    return READ


def _agree(file: Path) -> int:
    """Say of everything that it was read, and open it, so that nothing but a lie gives it away."""
    file.read_bytes()
    sys.stdout.write("read everything\n")
    return READ


BEHAVIOURS: Mapping[str, Callable[[Path], int]] = {
    "dead-port": _absent,
    "close-all": _silent,
    "hang-all": _hang,
    "accept-all": _agree,
    "reject-all": _refuse,
    "garbage": _garbage,
    "echo": _echo,
    "plain-on-tls": _agree,
}
"""Behaviour by the kind of null device that it belongs to."""


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
