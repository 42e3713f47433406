"""Our listener at the C-MOVE destinations of the profile: it takes what is sent, and tells."""

from __future__ import annotations

import contextlib
import select
import socket
import threading
from types import TracebackType
from typing import Self

from harness.stage import Stage
from simulators import wire
from simulators.connection import Connection
from simulators.lab import lab_of
from simulators.negotiation import honest_results
from simulators.peer import Peer
from simulators.requestor import ANSWER_S
from simulators.wire.fields import text

HOME = "127.0.0.1"
"""Where the profile's destinations are."""

ELSEWHERE = "127.0.0.3"
"""Where none of them is."""

ACTOR = "destination"
_SLICE_S = 0.1
_SETTLED_S = 0.3
_MOST_OBJECTS = 64
_BACKLOG = 16


class Canary:
    """Listens while its block lasts; every object that comes is an ``arrived`` observation.

    One play listens at a time: the device knows one port of ours.

    Args:
        stage: The play.
        hosts: Our addresses to listen at.
    """

    def __init__(self, stage: Stage, hosts: tuple[str, ...] = (HOME,)) -> None:
        self._stage = stage
        self._hosts = hosts
        self._lab = lab_of(stage)
        self._listeners: list[socket.socket] = []
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._lock = threading.Lock()
        self._arrived: list[tuple[str, str]] = []

    def __enter__(self) -> Self:
        port = self._lab.values.get("canary_port", "0")
        self._stage.require(port != "0", "the profile has no authorisation.destinations")
        turn = self._lab.canary_turn.acquire(timeout=max(1.0, self._stage.remaining_s()))
        self._stage.require(turn, "another play listens at our destinations")
        try:
            for host in self._hosts:
                listener = socket.create_server((host, int(port)), backlog=_BACKLOG)
                self._listeners.append(listener)
        except OSError as error:
            self._close()
            self._stage.require(False, f"cannot listen at our destination: {error.strerror}")
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._stop.set()
        self._thread.join(ANSWER_S)
        self._close()

    def arrived(self, sop_instance: str, host: str | None = None) -> int:
        """How often an object came, at all or to one of our addresses."""
        with self._lock:
            return sum(1 for at, uid in self._arrived if uid == sop_instance and host in (None, at))

    def settle(self) -> None:
        """Waits until what is on its way had its time: a device may send after it answered."""
        self._stop.wait(_SETTLED_S)

    def _close(self) -> None:
        for listener in self._listeners:
            listener.close()
        self._lab.canary_turn.release()

    def _run(self) -> None:
        poll = select.poll()
        by_number = {listener.fileno(): listener for listener in self._listeners}
        for number in by_number:
            poll.register(number, select.POLLIN)
        while not self._stop.is_set():
            for number, _ in poll.poll(_SLICE_S * 1000):
                with contextlib.suppress(OSError):
                    self._serve(by_number[number].accept()[0])

    def _serve(self, sock: socket.socket) -> None:
        guard = self._lab.guard
        guard.opening()
        with Peer(self._stage, ACTOR) as peer:
            peer.connection = Connection(self._stage, sock, guard, ACTOR, accepted=True)
            host = peer.connection.local[0]
            request = peer.receive(ANSWER_S)
            if not isinstance(request, wire.AssociateRQ):
                return
            called = text(request.called).strip(" \0")
            self._stage.observe("called", ACTOR, host=host, destination=called)
            peer.send(wire.associate_ac(request, honest_results(request), max_length=16384))
            self._take(peer, host, called)
            peer.send(wire.ReleaseRP())
            peer.receive(1.0)

    def _take(self, peer: Peer, host: str, called: str) -> None:
        for _ in range(_MOST_OBJECTS):
            message = peer.message(ANSWER_S)
            if message is None:
                return
            instance = message.command.text("AffectedSOPInstanceUID") or ""
            with self._lock:
                self._arrived.append((host, instance))
            self._stage.observe(
                "arrived", ACTOR, host=host, destination=called, sop_instance=instance
            )
            answer = wire.c_store_rsp(
                message.command.text("AffectedSOPClassUID") or "",
                instance,
                message.command.integer("MessageID") or 0,
            )
            for pdu in wire.p_data(message.context_id, answer):
                peer.send(pdu)
