"""Small peers for tests: one that says what it is told to, on loopback, and streams in memory."""

from __future__ import annotations

import contextlib
import socket
import threading
from collections.abc import Callable, Iterator, Sequence

from simulators.load.plan import Target
from simulators.load.stream import Stream
from simulators.load.waiting import CLOSED, LinkError

Serve = Callable[[socket.socket], None]


class Scripted(Stream):
    """A stream whose other end has said everything already."""

    def __init__(self, said: Sequence[bytes]) -> None:
        super().__init__(Target(host="127.0.0.1", port=0), 1.0, None)
        self.said = [octets for octets in said if octets]
        self.sent = bytearray()

    def open(self) -> None:
        """Nothing to open."""

    def send(self, buffers: list[memoryview]) -> None:
        """Keeps what is sent."""
        self.heard = False
        self.sent += b"".join(buffers)

    def read(self) -> memoryview:
        """The next piece; then the end."""
        if not self.said:
            raise LinkError(CLOSED, "all is said")
        self.heard = True
        return memoryview(self.said.pop(0))


@contextlib.contextmanager
def serving(serve: Serve) -> Iterator[int]:
    """Serves each connection with the function, one after another; gives the port."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=_accept, args=(listener, serve), daemon=True)
        thread.start()
        try:
            yield listener.getsockname()[1]
        finally:
            with contextlib.suppress(OSError):
                listener.shutdown(socket.SHUT_RDWR)
            thread.join(10)


def _accept(listener: socket.socket, serve: Serve) -> None:
    while True:
        try:
            connection, _ = listener.accept()
        except OSError:
            return
        with connection, contextlib.suppress(OSError):
            connection.settimeout(10)
            serve(connection)


def unused_port() -> int:
    """A port where nobody listens."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])
