"""The server itself: it listens on loopback while its block lasts, and witnesses what it is asked.

Bounded in connections, octets and time: who asks without end is dropped, and an answer without end
has one.
"""

from __future__ import annotations

import contextlib
import hashlib
import select
import socket
import threading
import time
from types import TracebackType
from typing import Final, Self

import h11

from harness.errors import ScopeError
from harness.model import JSON
from harness.stage import Stage
from simulators.connection import Connection
from simulators.lab import lab_of
from simulators.origin.exchange import Answering, Asked, Reply

HOST: Final = "127.0.0.1"
BASE: Final = "/dicom-web"

_SLICE_S: Final = 0.05
_READ_S: Final = 5.0
_SEND_S: Final = 5.0
_LINGER_S: Final = 2.0
_MOST_CONNECTIONS: Final = 400
_MOST_AT_A_TIME: Final = 16
_MOST_REQUEST: Final = 16 << 20
_MOST_SENT: Final = 72 << 20
_MOST_TIME_S: Final = 30.0
_HEAD: Final = 512
_TOLD: Final = 64


class Origin:
    """Serves ``answering``, with one request for each connection.

    Args:
        stage: The play.
        answering: How it answers.
        token: The word that is secret to the one server that it was meant for.
        actor: Under which name its observations stand.
    """

    def __init__(
        self, stage: Stage, answering: Answering, token: str, *, actor: str = "attacker"
    ) -> None:
        self._stage = stage
        self._answering = answering
        self._token = token.encode()
        self._actor = actor
        self._guard = lab_of(stage).guard
        self._listener = socket.create_server((HOST, 0), backlog=64)
        self._stop = threading.Event()
        self._heard = threading.Event()
        self._lock = threading.Lock()
        self._room = threading.Semaphore(_MOST_AT_A_TIME)
        self._threads: list[threading.Thread] = []
        self._listening = threading.Thread(target=self._run, daemon=True)
        self._asked = 0
        self._tokens = 0
        self._sent = 0
        self._targets: list[JSON] = []

    @property
    def port(self) -> int:
        """Where it listens."""
        return int(self._listener.getsockname()[1])

    @property
    def url(self) -> str:
        """The base URL of its services."""
        return f"http://{HOST}:{self.port}{BASE}"

    @property
    def asked(self) -> int:
        """How many requests have come."""
        return self._asked

    def __enter__(self) -> Self:
        self._listening.start()
        with contextlib.suppress(OSError):
            socket.create_connection((HOST, self.port), 1.0).close()
        self._heard.wait(2.0)  # a server that hears nobody would prove nothing
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._stop.set()
        self._listening.join(_READ_S)
        for thread in self._threads:
            thread.join(_READ_S)
        self._listener.close()
        self._stage.observe(
            "served", self._actor, ready=self._heard.is_set(), asked=self._asked,
            tokens=self._tokens, sent=self._sent, targets=self._targets,
        )  # fmt: skip

    def _run(self) -> None:
        poll = select.poll()
        poll.register(self._listener, select.POLLIN)
        began = len(self._threads)
        while not self._stop.is_set() and began < _MOST_CONNECTIONS:
            if not poll.poll(_SLICE_S * 1000):
                continue
            with contextlib.suppress(OSError):
                sock = self._listener.accept()[0]
                if not self._heard.is_set():
                    self._heard.set()  # that was us
                    sock.close()
                    continue
                began += 1
                thread = threading.Thread(target=self._serve, args=(sock,), daemon=True)
                self._threads.append(thread)
                thread.start()

    def _serve(self, sock: socket.socket) -> None:
        with self._room, contextlib.suppress(ScopeError, OSError):
            self._guard.opening()
            connection = Connection(self._stage, sock, self._guard, self._actor, accepted=True)
            try:
                asked = self._read(connection)
                if asked is not None:
                    self._answer(connection, asked, self._answering(asked))
            finally:
                connection.close()

    def _read(self, connection: Connection) -> Asked | None:
        """The next request; None where nobody asks, or too much."""
        server = h11.Connection(h11.SERVER)
        raw, body = bytearray(), bytearray()
        head: h11.Request | None = None
        deadline = time.monotonic() + _READ_S
        while time.monotonic() < deadline and len(raw) <= _MOST_REQUEST:
            try:
                event = server.next_event()
                if event is h11.NEED_DATA:
                    if server.they_are_waiting_for_100_continue:
                        going_on = h11.InformationalResponse(status_code=100, headers=[])
                        connection.send(server.send(going_on) or b"", _SEND_S)
                    data = connection.receive(_READ_S)
                    raw += data
                    server.receive_data(data)
            except (TimeoutError, ConnectionError, h11.RemoteProtocolError):
                return None
            if isinstance(event, h11.Request):
                head = event
            elif isinstance(event, h11.Data):
                body += event.data
            elif isinstance(event, h11.EndOfMessage) and head is not None:
                return self._noted(head, bytes(body), bytes(raw))
            elif isinstance(event, h11.ConnectionClosed):
                return None
        return None

    def _noted(self, head: h11.Request, body: bytes, raw: bytes) -> Asked:
        target = head.target.decode("latin-1")
        shown = self._token in raw
        with self._lock:
            self._asked += 1
            self._tokens += shown
            number = self._asked
            if len(self._targets) < _TOLD:
                self._targets.append(target[:200])
        method = head.method.decode("latin-1")
        if number <= _TOLD:
            self._stage.observe(
                "asked", self._actor, number=number, method=method, target=target[:300],
                token=shown, bytes=len(raw), sha256=hashlib.sha256(raw).hexdigest(),
            )  # fmt: skip
        fields = {name.decode("latin-1"): value.decode("latin-1") for name, value in head.headers}
        return Asked(number=number, method=method, target=target, fields=fields, body=body)

    def _answer(self, connection: Connection, asked: Asked, reply: Reply) -> None:
        """Sends an answer as far as the device takes it, and witnesses that."""
        digest, head, sent, whole = hashlib.sha256(), b"", 0, False
        deadline = time.monotonic() + _MOST_TIME_S
        for piece in reply.pieces:
            if reply.gap_s and self._left(connection, reply.gap_s):
                break
            if self._stop.is_set() or time.monotonic() > deadline or self._sent > _MOST_SENT:
                break
            left = connection.send(piece, _SEND_S)
            digest.update(piece[:left])
            head = (head + piece[: _HEAD - len(head)])[:_HEAD] if len(head) < _HEAD else head
            sent += left
            with self._lock:
                self._sent += left
            if left < len(piece):
                break
        else:
            whole = True
        if asked.number <= _TOLD:
            self._stage.observe(
                "emitted", self._actor, connection=connection.number, what=reply.lie or "an answer",
                bytes=sent, sent=sent, whole=whole, sha256=digest.hexdigest(),
                head=self._stage.masked(head).hex(), lies=[reply.lie] if reply.lie else [],
                stimulus=self._actor == "attacker"
                and (bool(reply.lie) or self._stage.scenario.positive),
            )  # fmt: skip
            self._stage.stimulated.set()
        if whole:
            connection.half_close()
            self._left(connection, _LINGER_S)

    def _left(self, connection: Connection, patience_s: float) -> bool:
        """Waits so long; True as soon as the device has closed the connection."""
        deadline = time.monotonic() + patience_s
        while (rest := deadline - time.monotonic()) > 0 and not self._stop.is_set():
            try:
                if not connection.receive(min(rest, _SLICE_S)):
                    return True
            except TimeoutError:
                continue
            except ConnectionError:
                return True
        return False
