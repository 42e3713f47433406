"""A listener on loopback that nobody has a reason to call: whoever does was made to (CWE-918)."""

from __future__ import annotations

import contextlib
import select
import socket
import threading
from types import TracebackType
from typing import Final, Self

from harness.stage import Stage

_HOST: Final = "127.0.0.1"
_SLICE_S: Final = 0.1
_SETTLED_S: Final = 1.0
_READ_S: Final = 0.5
_MOST_HEAD: Final = 4096
_ANSWER: Final = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\n\0\0"


class Listener:
    """Listens while its block lasts, and witnesses ``fetched`` at its end.

    It calls itself first: a listener that hears nothing would prove nothing.
    """

    def __init__(self, stage: Stage) -> None:
        self._stage = stage
        self._socket = socket.create_server((_HOST, 0), backlog=16)
        self._stop = threading.Event()
        self._heard: list[bytes] = []
        self._first = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._word = f"/{stage.token}/"

    @property
    def url(self) -> str:
        """An address below which only a device asks that read it."""
        return f"http://{_HOST}:{self._socket.getsockname()[1]}{self._word}"

    def __enter__(self) -> Self:
        self._thread.start()
        with contextlib.suppress(OSError):
            socket.create_connection(self._socket.getsockname()[:2], 1.0).close()
        self._first.wait(2.0)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._stop.wait(_SETTLED_S)  # a device may fetch after it has answered
        self._stop.set()
        self._thread.join(5.0)
        self._socket.close()
        heads = [head[:80].decode("latin-1") for head in self._heard[:8]]
        self._stage.observe(
            "fetched", "canary", ready=self._first.is_set(), calls=len(self._heard), heads=heads
        )

    def _run(self) -> None:
        poll = select.poll()
        poll.register(self._socket, select.POLLIN)
        while not self._stop.is_set():
            if poll.poll(_SLICE_S * 1000):
                with contextlib.suppress(OSError):
                    self._serve(self._socket.accept()[0])

    def _serve(self, sock: socket.socket) -> None:
        with sock:
            if not self._first.is_set():
                self._first.set()  # that was us
                return
            sock.settimeout(_READ_S)
            head = b""
            with contextlib.suppress(OSError):
                head = sock.recv(_MOST_HEAD)
            self._heard.append(head)
            with contextlib.suppress(OSError):
                sock.sendall(_ANSWER)
