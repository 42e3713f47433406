"""How a link waits for its socket, and how an association ended that should have gone on.

Plain threads need no waiter: their sockets block, and the kernel keeps the time. Under gevent the
socket does not block and a :class:`Waiter` hands the processor to somebody else.
"""

from __future__ import annotations

import _socket
import errno
from collections.abc import Callable
from typing import Final, Protocol

REFUSED: Final = "REFUSED"
RESET: Final = "RESET"
CLOSED: Final = "CLOSED"
ABORTED: Final = "ABORTED"
RELEASED: Final = "RELEASED"
TIMEOUT: Final = "TIMEOUT"
TLS: Final = "TLS"
INVALID: Final = "INVALID"
"""The device sent what no conforming peer sends here."""

_ENDINGS: Final = {
    errno.ECONNREFUSED: REFUSED,
    errno.EHOSTUNREACH: REFUSED,
    errno.ENETUNREACH: REFUSED,
    errno.EADDRNOTAVAIL: REFUSED,
    errno.ETIMEDOUT: TIMEOUT,
    errno.EAGAIN: TIMEOUT,
    errno.EINPROGRESS: TIMEOUT,
}


class LinkError(Exception):
    """An association was refused, or ended before its time.

    Attributes:
        ending: One of the words of ``Measurement.endings``, such as "rejected 2/3/2".
        detail: One sentence for people.
    """

    def __init__(self, ending: str, detail: str = "") -> None:
        super().__init__(ending, detail)
        self.ending = ending
        self.detail = detail

    def __str__(self) -> str:
        return f"{self.ending}: {self.detail}" if self.detail else self.ending


class Waiter(Protocol):
    """Waits for one non-blocking socket."""

    def wait_readable(self, timeout_s: float, /) -> bool:
        """Returns True when there is something to read, False when the time is up."""
        ...

    def wait_writable(self, timeout_s: float, /) -> bool:
        """Returns True when the socket takes more, False when the time is up."""
        ...

    def close(self) -> None:
        """Lets go of the socket, which is about to be closed."""
        ...


WaiterFactory = Callable[[_socket.socket], Waiter]
"""Makes the waiter of a socket that was just made."""


def ending_of(error: OSError) -> LinkError:
    """Returns what an error of the socket means for the association."""
    word = _ENDINGS.get(error.errno or 0, RESET)
    return LinkError(word, error.strerror or str(error))
