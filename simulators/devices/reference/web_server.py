"""The device's web port: one thread per connection, a bound on connections and on each request."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable
from contextlib import suppress
from itertools import count
from urllib.parse import unquote

from simulators.devices.reference.flaws import Flaws
from simulators.devices.reference.log import Log
from simulators.devices.reference.options import AcceptorOptions
from simulators.devices.reference.slots import Slots, WaitingRoom
from simulators.devices.reference.storage import Store
from simulators.devices.reference.web_connection import Connection, GoneError
from simulators.devices.reference.web_message import Answer, RefusedError, Request, WebLimits
from simulators.devices.reference.web_routes import Site
from simulators.devices.reference.worker import WorkerDiedError

_BACKLOG = 128
_FEW = 8


class WebServer:
    """Serves DICOMweb over the same storage as the DIMSE side."""

    def __init__(self, options: AcceptorOptions, store: Store, slots: Slots, log: Log) -> None:
        """Bind the port.

        Raises:
            OSError: The port is taken.
        """
        self._flaws: Flaws = options.flaws
        self._limits = WebLimits()
        self._log = log
        self._slots = slots
        self._waiting = WaitingRoom(self._limits.places)
        # A server that waits for ever has places that are taken for ever.
        self._places = threading.Semaphore(
            _FEW if options.flaws.has("web_no_request_timeout") else 2 * self._limits.places
        )
        self._numbers = count(1)
        self._listener = socket.create_server(
            (options.host, options.web_port or 0), backlog=_BACKLOG
        )
        self._wrap: Callable[[socket.socket], socket.socket] | None = None
        if options.web_tls and options.credentials is not None:
            # Loaded where it is spoken only.
            from simulators.devices.reference.web_tls import wrapper

            self._wrap = wrapper(options.credentials, options.flaws)
        scheme = "http" if self._wrap is None else "https"
        base = f"{scheme}://{options.host}:{self.port}"
        self._site = Site(options, store, log, self._limits, base)

    @property
    def port(self) -> int:
        """The port."""
        port: int = self._listener.getsockname()[1]
        return port

    def start(self) -> None:
        """Serve in threads that end with the process."""
        threading.Thread(target=self._accept, daemon=True).start()
        if self._flaws.has("web_plain_beside"):
            # Loaded for this flaw only.
            from simulators.devices.reference.web_tls import beside

            beside(self._listener.getsockname()[0], self._serve_plainly)

    def close(self) -> None:
        """Stop listening."""
        self._listener.close()

    def _accept(self) -> None:
        while True:
            self._places.acquire()
            try:
                sock, peer = self._listener.accept()
            except ConnectionError:
                self._places.release()
                continue
            except OSError:
                return
            threading.Thread(target=self._secure, args=(sock, peer[0]), daemon=True).start()

    def _secure(self, sock: socket.socket, host: str) -> None:
        """Serve a peer, by TLS where the port speaks it."""
        try:
            secured = sock if self._wrap is None else self._wrap(sock)
        except OSError as error:
            self._log.event(f"web {host} refused TLS: {error}")
            sock.close()
            self._places.release()
            return
        self._serve(secured, host, next(self._numbers))

    def _serve_plainly(self, sock: socket.socket, host: str) -> None:
        self._places.acquire()
        self._serve(sock, host, next(self._numbers))

    def _serve(self, sock: socket.socket, host: str, number: int) -> None:
        connection = Connection(sock, self._limits, self._flaws)
        try:
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            while self._exchange(connection, sock, host, number):
                pass
        except (OSError, GoneError):
            pass
        except WorkerDiedError as error:
            self._log.event(f"web {host} closed: {error}")
        finally:
            self._waiting.leave(number)
            connection.close()
            self._places.release()

    def _exchange(
        self, connection: Connection, sock: socket.socket, host: str, number: int
    ) -> bool:
        """Serve one request; tell whether another one may follow.

        Raises:
            GoneError: None came.
            OSError: The answer was not taken.
        """
        if not self._flaws.has("web_no_request_timeout"):
            self._waiting.enter(number, lambda: _shut(sock))
        try:
            request = connection.receive()
        except RefusedError as refused:
            self._log.event(f"web {host} refused {refused.status}: {refused}")
            return connection.send(self._site.refusal(refused, None), last=True)
        self._waiting.leave(number)
        answer = self._answer(request, host)
        raw = self._policy
        if self._flaws.has("web_header_injection"):
            from simulators.devices.reference.web_flaws import injected

            raw += injected(request)
        return connection.send(answer, last=False, raw_fields=raw)

    @property
    def _policy(self) -> bytes:
        """What a server that is reached by TLS alone says of it in each answer."""
        if self._wrap is None or self._flaws.has("web_no_hsts"):
            return b""
        from simulators.devices.reference.web_tls import POLICY

        return POLICY

    def _answer(self, request: Request, host: str) -> Answer:
        try:
            answer = self._site.answer(request)
        except RefusedError as refused:
            answer = self._site.refusal(refused, request)
        except WorkerDiedError:
            raise
        except Exception as error:  # whatever it is, the peer is not to learn of it
            self._slots.internal_error()
            self._log.event(f"web internal error: {type(error).__name__}: {error}")
            answer = self._site.refusal(RefusedError(500, "internal error"), request)
        path = unquote(request.path)
        self._log.event(f"web {host} {request.method} {path} {answer.status}")
        return answer


def _shut(sock: socket.socket) -> None:
    with suppress(OSError):
        sock.shutdown(socket.SHUT_RDWR)
