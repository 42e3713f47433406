"""User agents that do nothing sensible: ``KIND SERVICE --url URL ...``."""

import socket
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from urllib.parse import urlsplit

DONE, FAILED, USAGE, NOT_FOUND = 0, 1, 2, 127
_GARBAGE = bytes((i * 89 + 41) % 256 for i in range(4096))
_FOR_EVER_S = 3600.0
_PATIENCE_S = 2.0
_MOST = 1 << 20


def main(argv: Sequence[str]) -> int:
    """Run one; return the exit code."""
    if len(argv) < 4 or argv[0] not in BEHAVIOURS or argv[2] != "--url":
        sys.stderr.write(f"error: name one of {', '.join(BEHAVIOURS)}, a service and --url\n")
        return USAGE
    return BEHAVIOURS[argv[0]](argv[3])


def _absent(_url: str) -> int:
    return NOT_FOUND


def _silent(_url: str) -> int:
    return DONE


def _hang(_url: str) -> int:
    time.sleep(_FOR_EVER_S)
    return DONE


def _refuse(_url: str) -> int:
    sys.stderr.write("refused\n")
    return FAILED


def _garbage(url: str) -> int:
    _exchange(url, _GARBAGE)
    sys.stdout.buffer.write(_GARBAGE)
    return DONE


def _echo(url: str) -> int:
    sys.stdout.buffer.write(_exchange(url, _request(url)))
    return DONE


def _agree(url: str) -> int:
    """Ask, and say of any answer that all is done, so that nothing but a lie gives it away."""
    _exchange(url, _request(url))
    sys.stdout.write("done: everything\n")
    return DONE


def _request(url: str) -> bytes:
    where = urlsplit(url)
    return f"GET {where.path}/studies HTTP/1.1\r\nHost: {where.netloc}\r\n\r\n".encode()


def _exchange(url: str, request: bytes) -> bytes:
    """Send octets, and return what comes, as far as it comes soon."""
    where, heard = urlsplit(url), bytearray()
    deadline = time.monotonic() + _PATIENCE_S
    with suppress(OSError), socket.create_connection((where.hostname, where.port)) as sock:
        sock.settimeout(_PATIENCE_S)
        sock.sendall(request)
        while len(heard) < _MOST and time.monotonic() < deadline and (data := sock.recv(1 << 16)):
            heard += data
    return bytes(heard)


BEHAVIOURS: Mapping[str, Callable[[str], int]] = {
    "dead-port": _absent,
    "close-all": _silent,
    "hang-all": _hang,
    "accept-all": _agree,
    "reject-all": _refuse,
    "garbage": _garbage,
    "echo": _echo,
    "plain-on-tls": _silent,
}
"""Behaviour by the kind of null device that it belongs to."""


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
