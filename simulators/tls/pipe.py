"""A transport dressed as the non-blocking socket that tlslite expects, recording both ways."""

from __future__ import annotations

import errno
import time

from simulators.tls.handshake import Ending, Transport

_RECORDED_LIMIT = 1 << 20


class Pipe:
    """Only the methods of a socket that tlslite calls.

    Attributes:
        deadline: Monotonic time until which ``recv`` may wait.
        sent: What was sent, up to 1 MiB.
        received: What was received, up to 1 MiB.
        ended: How the stream from the device ended, None while it is open.
        starved: The last ``recv`` found nothing in time.
        broken: A ``send`` failed; tlslite swallows that and reads on, looking for an alert.
    """

    def __init__(self, transport: Transport) -> None:
        self._transport = transport
        self._buffer = b""
        self.deadline = 0.0
        self.sent = bytearray()
        self.received = bytearray()
        self.ended: Ending | None = None
        self.starved = False
        self.broken = False

    def send(self, data: bytes) -> int:
        """Send everything and return its length, as a socket may."""
        try:
            self._transport.send(bytes(data))
        except ConnectionError:
            self.broken = True
            raise
        _record(self.sent, data)
        return len(data)

    def sendall(self, data: bytes) -> None:
        """Send everything."""
        self.send(data)

    def recv(self, count: int) -> bytes:
        """At most ``count`` octets; ``b""`` is the end of the stream.

        Raises:
            BlockingIOError: Nothing came before the deadline.
            ConnectionError: The connection was reset.
        """
        self.starved = False
        if not self._buffer:
            self._buffer = self._receive(self.deadline - time.monotonic())
        part, self._buffer = self._buffer[:count], self._buffer[count:]
        return part

    def drain(self, timeout_s: float) -> None:
        """Record what came in before the connection broke, for the alert that may be in it."""
        try:
            self._receive(timeout_s)
        except OSError:
            return

    def flush(self) -> None:
        """Nothing is buffered here."""

    def close(self) -> None:
        """The transport belongs to its owner."""

    def _receive(self, timeout_s: float) -> bytes:
        try:
            if timeout_s <= 0:
                raise TimeoutError
            data = self._transport.receive(timeout_s)
        except TimeoutError:
            self.starved = True
            raise BlockingIOError(errno.EAGAIN, "nothing in time") from None
        except ConnectionError:
            self.ended = Ending.RST
            raise
        _record(self.received, data)
        if not data:
            self.ended = Ending.FIN
        return data


def _record(log: bytearray, data: bytes) -> None:
    log += data[: _RECORDED_LIMIT - len(log)]
