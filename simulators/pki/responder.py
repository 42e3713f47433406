"""A small web service on loopback that publishes revocation lists and OCSP answers."""

from __future__ import annotations

import base64
import binascii
import socket
import threading
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TypeAlias, cast
from urllib.parse import unquote

_MOST_BODY = 1 << 16
_MOST_AT_ONCE = 16
_PATIENCE_S = 10.0
_KEPT = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """What is published.

    Attributes:
        content: The body.
        kind: Media type.
        delay_s: How long the asker has to wait for it, in seconds.
    """

    content: bytes
    kind: str
    delay_s: float = 0.0


Answering: TypeAlias = Callable[[str, bytes], Reply | None]
"""Path and request -> what is published there; None: nothing."""


class Publisher:
    """Listens from its making until :meth:`close`, with one thread for each of 16 askers at most.

    Args:
        answering: Told the first two parts of the path and the body; an OCSP request in a GET
            (RFC 6960 A.1) arrives as a body too.
        host: Address to listen on; the port is a free one.

    Raises:
        OSError: The address cannot be listened on.
    """

    def __init__(self, answering: Answering, host: str = "127.0.0.1") -> None:
        self._server = _Server(answering, host)
        self._thread = threading.Thread(
            target=self._server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True
        )
        self._thread.start()

    @property
    def address(self) -> str:
        """The beginning of every URL here."""
        return base_of(self._server.socket)

    @property
    def asked(self) -> tuple[str, ...]:
        """The paths that were asked for, oldest first; the last 1000."""
        return tuple(self._server.asked)

    def close(self) -> None:
        """Stops listening and lets go of everybody who waits."""
        self._server.over.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join(_PATIENCE_S)


def closed_door(host: str) -> socket.socket:
    """A port that refuses every connection, and that nobody else can take, until it is closed."""
    door = socket.socket()
    door.bind((host, 0))
    return door


def base_of(bound: socket.socket) -> str:
    """The beginning of every URL at a bound socket."""
    host, port = bound.getsockname()[:2]
    return f"http://{host}:{port}"


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 2 * _MOST_AT_ONCE
    block_on_close = False

    def __init__(self, answering: Answering, host: str) -> None:
        super().__init__((host, 0), _Handler)
        self.answering = answering
        self.asked: deque[str] = deque(maxlen=_KEPT)
        self.over = threading.Event()
        self.seats = threading.BoundedSemaphore(_MOST_AT_ONCE)

    def process_request(
        self, request: socket.socket | tuple[bytes, socket.socket], client_address: object
    ) -> None:
        """Gives one asker a thread, if there is a seat; who finds none is sent away unheard."""
        if self.seats.acquire(blocking=False):
            super().process_request(request, client_address)
        else:
            self.shutdown_request(request)

    def process_request_thread(
        self, request: socket.socket | tuple[bytes, socket.socket], client_address: object
    ) -> None:
        """Serves one asker, and frees the seat."""
        try:
            super().process_request_thread(request, client_address)
        finally:
            self.seats.release()

    def handle_error(self, request: object, client_address: object) -> None:
        """An asker that goes away in the middle is no error of ours."""


class _Handler(BaseHTTPRequestHandler):
    timeout = _PATIENCE_S

    def do_GET(self) -> None:
        """A list; or an OCSP request in base64 at the end of the path."""
        service, _, encoded = self.path.lstrip("/").partition("/")
        kind, _, encoded = encoded.partition("/")
        try:
            body = base64.b64decode(unquote(encoded), validate=True)
        except (binascii.Error, ValueError):
            body = b""
        self._reply(f"/{service}/{kind}", body)

    def do_POST(self) -> None:
        """An OCSP request."""
        stated = self.headers.get("Content-Length", "0")
        size = int(stated) if stated.isascii() and stated.isdigit() else _MOST_BODY + 1
        if size > _MOST_BODY:
            self.send_error(HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
            return
        self._reply(self.path, self.rfile.read(size))

    def log_message(self, format: str, *_: object) -> None:
        """Nothing goes to the terminal."""

    def _reply(self, path: str, body: bytes) -> None:
        server = cast("_Server", self.server)
        server.asked.append(path)
        reply = server.answering(path, body)
        if reply is None:
            self.send_error(HTTPStatus.NOT_FOUND)
            return
        if reply.delay_s and server.over.wait(reply.delay_s):
            return
        self.send_response(HTTPStatus.OK)
        self.send_header("Content-Type", reply.kind)
        self.send_header("Content-Length", str(len(reply.content)))
        self.end_headers()
        self.wfile.write(reply.content)
