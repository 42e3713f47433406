"""A stream of requests and responses that is not DICOM's own: for web services and HL7.

It speaks through the same transport as an association does. What it adds is a deadline for the
whole exchange, so that a peer that drips octets cannot stretch it.
"""

from __future__ import annotations

import time
from typing import Final

from simulators.load.plan import Target
from simulators.load.secure import connect
from simulators.load.transport import Transport
from simulators.load.waiting import CLOSED, TIMEOUT, LinkError, WaiterFactory

READ_OCTETS: Final = 2**18
"""Most octets that one call reads."""


class Stream:
    """One connection at a time; not for several threads at a time.

    Attributes:
        heard: Something came since the last :meth:`send`.
    """

    def __init__(self, target: Target, timeout_s: float, waiter: WaiterFactory | None) -> None:
        """Keeps where to connect.

        Args:
            target: Host, port and TLS; what concerns associations is not looked at.
            timeout_s: How long connecting, and each exchange, may take.
            waiter: How to wait for a socket; None: it blocks.
        """
        self._target = target
        self._timeout_s = timeout_s
        self._waiter = waiter
        self._transport: Transport | None = None
        self._buffer = memoryview(bytearray(READ_OCTETS))
        self._deadline = 0.0
        self.heard = False

    @property
    def is_open(self) -> bool:
        """True between :meth:`open` and :meth:`close`."""
        return self._transport is not None

    def open(self) -> None:
        """Connects, anew if need be.

        Raises:
            LinkError: The peer could not be reached, or TLS was not agreed upon.
        """
        self.close()
        self._transport = connect(self._target, self._timeout_s, self._waiter)

    def send(self, buffers: list[memoryview]) -> None:
        """Begins an exchange: sends all octets, without a copy; from now on its time runs.

        Raises:
            LinkError: The connection ended, or the peer takes no more.
        """
        self._deadline = time.monotonic() + self._timeout_s
        self.heard = False
        self._live().send(buffers, sum(map(len, buffers)))

    def read(self) -> memoryview:
        """What the peer sent next, at least one octet; valid until the next call.

        Raises:
            LinkError: The connection ended (``CLOSED``), or the exchange's time is up.
        """
        if time.monotonic() >= self._deadline:
            raise LinkError(TIMEOUT, f"no whole answer within {self._timeout_s:g} s")
        count = self._live().receive(self._buffer)
        self.heard = True
        return self._buffer[:count]

    def close(self) -> None:
        """Closes the connection, if there is one."""
        live, self._transport = self._transport, None
        if live is not None:
            live.close()

    def interrupt(self) -> None:
        """Ends the connection under whoever waits for it; may be called from another thread."""
        live = self._transport
        if live is not None:
            live.interrupt()

    def _live(self) -> Transport:
        if self._transport is None:
            raise LinkError(CLOSED, "the connection is not open")
        return self._transport
