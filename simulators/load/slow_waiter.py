"""A socket that is read slowly: what the device answers piles up in its own send buffers."""

from __future__ import annotations

import _socket
import fcntl
import socket
import struct
import termios
from typing import Final

import gevent

from simulators.load.green import GreenWaiter
from simulators.load.waiting import Waiter, WaiterFactory

RECEIVE_BUFFER: Final = 2048
"""Octets that the kernel takes for us; it doubles and rounds that."""

LONGEST_S: Final = 60.0
"""How long one wait is drawn out at most."""


class SlowWaiter:
    """Waits for octets, and then for as long as reading them at its pace takes.

    The answer to the association request is read at once: whoever waits for all associations to
    be open must not be let go meanwhile for being idle.
    """

    def __init__(self, sock: _socket.socket, read_bytes_per_s: int) -> None:
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, RECEIVE_BUFFER)
        self._socket, self._pace = sock, read_bytes_per_s
        self._inner = GreenWaiter(sock)
        self._associated = False

    def wait_readable(self, timeout_s: float, /) -> bool:
        """See :class:`Waiter`."""
        if not self._inner.wait_readable(timeout_s):
            return False
        if not self._associated:
            self._associated = True
            return True
        here = fcntl.ioctl(self._socket.fileno(), termios.FIONREAD, struct.pack("i", 0))
        (octets,) = struct.unpack("i", here)
        gevent.sleep(min(octets / self._pace, LONGEST_S))
        return True

    def wait_writable(self, timeout_s: float, /) -> bool:
        """See :class:`Waiter`."""
        return self._inner.wait_writable(timeout_s)

    def close(self) -> None:
        """See :class:`Waiter`."""
        self._inner.close()


def slow(read_bytes_per_s: int) -> WaiterFactory:
    """Makes waiters that read so many octets per second."""

    def make(sock: _socket.socket) -> Waiter:
        return SlowWaiter(sock, read_bytes_per_s)

    return make
