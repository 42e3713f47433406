"""Another origin: a small server on loopback, whose pages a visitor opens and who notes who calls.

It stands under another name than the device, because cookies are the same for every port of one;
or, where the cookie is to come along, under the same name, as another program of that host would.
"""

from __future__ import annotations

import http.client
import threading
from collections.abc import Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Final, Self, cast
from urllib.parse import unquote

from harness.model import JSON
from harness.stage import Stage

_LOOPBACK: Final = "127.0.0.1"
_READY: Final = "/ready"
_MOST_CALLS: Final = 32
_MOST_PATH: Final = 200
_LETS_EVERYBODY: Final = {
    "Access-Control-Allow-Methods": "GET, HEAD, POST",
    "Access-Control-Allow-Headers": "authorization, accept, content-type, range",
    "Access-Control-Allow-Credentials": "true",
}


class Stranger:
    """Serves its pages while its block lasts, and witnesses ``called`` at its end.

    Args:
        stage: The play.
        pages: Content by path, all of it HTML.
        near: Stand under the device's own name, where that is one of this machine.

    Attributes:
        calls: What was asked for, with which credentials.
    """

    def __init__(
        self, stage: Stage, pages: Mapping[str, str] | None = None, *, near: bool = False
    ) -> None:
        self._stage = stage
        here = stage.profile.web.host if stage.profile.web else _LOOPBACK
        other = _LOOPBACK if here == "localhost" else "localhost"
        self._host = here if near and here in (_LOOPBACK, "localhost") else other
        self.pages = {path: text.encode() for path, text in (pages or {}).items()}
        self.calls: list[dict[str, JSON]] = []
        self.secrets = [each for each in stage.profile.secrets.values() if each]
        self.ready = False
        self._server = _Server((_LOOPBACK, 0), _Handler)
        self._server.stranger = self
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,))

    def url(self, path: str = "/") -> str:
        """An address of this origin."""
        return f"http://{self._host}:{self._server.server_port}{path}"

    def __enter__(self) -> Self:
        self._thread.start()
        own = http.client.HTTPConnection(_LOOPBACK, self._server.server_port, timeout=2.0)
        own.request("GET", _READY)
        own.getresponse().read()
        own.close()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join(5.0)
        self._stage.observe(
            "called", "stranger", ready=self.ready, count=len(self.calls), calls=list(self.calls)
        )

    def note(self, request: BaseHTTPRequestHandler) -> None:
        """Notes one request; of credentials only that they were there."""
        if request.path == _READY:
            self.ready = True
            return
        shown = [name for name in ("authorization", "cookie") if request.headers.get(name)]
        if any(each in unquote(request.path).encode() for each in self.secrets):
            shown.append("secret in the address")
        if len(self.calls) < _MOST_CALLS:
            path = self._stage.masked(unquote(request.path).encode()).decode("utf-8", "replace")
            credentials: list[JSON] = [*shown]
            self.calls.append(
                {
                    "method": request.command,
                    "path": path[:_MOST_PATH],
                    "credentials": credentials,
                }
            )


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    stranger: Stranger


class _Handler(BaseHTTPRequestHandler):
    """Answers whatever it is asked, and lets every origin read it."""

    timeout = 5.0

    def do_GET(self) -> None:
        """Serve a page, or a word."""
        stranger = cast(_Server, self.server).stranger
        stranger.note(self)
        content = stranger.pages.get(self.path.partition("?")[0])
        kind = "text/plain" if content is None else "text/html; charset=utf-8"
        self._answer(200, b"a stranger's data" if content is None else content, kind)

    def do_POST(self) -> None:
        """Take a request, and read nothing of it."""
        self.do_GET()

    def do_HEAD(self) -> None:
        """Serve the head of it."""
        self.do_GET()

    def do_OPTIONS(self) -> None:
        """Answer a preflight (Fetch standard), which never has credentials."""
        self._answer(204, b"", "text/plain")

    def _answer(self, code: int, content: bytes, kind: str) -> None:
        self.send_response(code)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(content)))
        self.send_header("Access-Control-Allow-Origin", self.headers.get("Origin") or "*")
        for name, value in _LETS_EVERYBODY.items():
            self.send_header(name, value)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(content)

    def log_message(self, format: str, *_: object) -> None:
        """Say nothing: what is asked is noted above."""
