"""One triggered call of the device: a listener for it, the command, and how both ended."""

from __future__ import annotations

import select
import socket
import time
from collections.abc import Mapping

from harness.errors import PreconditionUnmetError
from harness.stage import Stage
from simulators.connection import Connection
from simulators.lab import lab_of
from simulators.objects import part10
from simulators.peer import GRACE_S
from simulators.process import free_port
from simulators.triggering import Call, Called, Triggers

_SLICE_S = 0.2
_SENDING = frozenset({"storage", "storage-commitment"})
_LISTENING = frozenset({"move", "storage-commitment"})


class Callback:
    """Listens on loopback and makes the device call; every connection is witnessed.

    Args:
        stage: The play.
        service: What the device is asked to do.
        called_ae: The AE title that it must call; distinguishes our call from others.
        secure: It must call with TLS.
        values: Further values of its command, which replace the usual ones.
        busy_s: How much longer than usual the call may take, seconds.

    Raises:
        PreconditionUnmetError: The profile has no way to make the device call.

    Attributes:
        ended: How the triggered call ended, once it has.
        values: What its command was filled with, once it was triggered.
    """

    def __init__(
        self,
        stage: Stage,
        service: str,
        *,
        called_ae: str,
        secure: bool,
        values: Mapping[str, str] | None = None,
        busy_s: float = 0.0,
    ) -> None:
        triggers = getattr(stage.bench, "triggers", None)
        if not isinstance(triggers, Triggers):
            raise PreconditionUnmetError("the profile has no [requestor] section")
        self._triggers = triggers
        self._stage = stage
        self._guard = lab_of(stage).guard
        self._service = service
        self._called_ae = called_ae
        self._secure = secure
        self._more = dict(values or {})
        self._busy_s = busy_s
        self._listener: socket.socket | None = None
        self._call: Call | None = None
        self.ended: Called | None = None
        self.values: dict[str, str] = {}

    @property
    def patience_s(self) -> float:
        """How long to wait until the device has connected."""
        return self._triggers.patience_s

    @property
    def reaction_s(self) -> float:
        """How long the device may take, by its profile, to give up on a silent acceptor."""
        return self._triggers.reaction_s + self._busy_s

    def begin(self) -> None:
        """Opens the listener and triggers the device.

        Raises:
            BenchError: The command cannot be run.
        """
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=16)
        port = str(self._listener.getsockname()[1])
        self.values = self._values(port)
        self._call = self._triggers.call(
            self._service, self.values, secure=self._secure, busy_s=self._busy_s
        )

    def accept(self, actor: str, timeout_s: float) -> Connection | None:
        """The next connection of the device; None when its call is over or time has run out."""
        assert self._listener is not None
        poll = select.poll()
        poll.register(self._listener, select.POLLIN)
        deadline = time.monotonic() + timeout_s
        while (rest := deadline - time.monotonic()) > 0 and not self._stage.cancelled.is_set():
            if poll.poll(min(rest, _SLICE_S) * 1000):
                return self._accepted(self._listener, actor)
            if self._is_over():
                return None
        return None

    def wait_for_exit(self, timeout_s: float | None = None) -> Called | None:
        """How the triggered command ended by itself; None while it still runs after that time."""
        if self._call is not None and self.ended is None:
            limit = self.reaction_s + GRACE_S if timeout_s is None else timeout_s
            self.ended = self._call.wait(limit)
        return self.ended

    @property
    def call(self) -> Call | None:
        """The triggered call, once it was triggered."""
        return self._call

    def finish(self) -> None:
        """Closes the listener, lets the command end, and witnesses how it did."""
        if self._listener is not None:
            self._listener.close()
        if self._call is not None:
            ended = self.wait_for_exit(self.patience_s + self._busy_s) or self._call.stop()
            self._triggers.witness(self._stage, self._service, ended)

    def why_not(self) -> str:
        """Why the device did not connect, as far as anybody can see."""
        if self.ended is None:
            return f"nothing came within {self.patience_s:g} s"
        return f"its command ended with {self.ended.exit}: {self.ended.output[-200:].strip()}"

    def _accepted(self, listener: socket.socket, actor: str) -> Connection:
        sock, _ = listener.accept()
        self._guard.opening()
        connection = Connection(self._stage, sock, self._guard, actor, accepted=True)
        self._stage.observe(
            "connect", actor, connection=connection.number, ok=True,
            peer=f"{connection.peer[0]}:{connection.peer[1]}",
        )  # fmt: skip
        return connection

    def _is_over(self) -> bool:
        done = self._call.wait(0.0) if self._call is not None else None
        if done is None or done.by_hand:
            return False
        self.ended = done
        return True

    def _values(self, port: str) -> dict[str, str]:
        values = {
            "host": "127.0.0.1",
            "port": port,
            "called_ae": self._called_ae,
            "calling_ae": "DEVICE",
        }
        lab = lab_of(self._stage)
        if self._service in _SENDING and "file" not in self._more:
            path = lab.sandbox / "pki" / f"{self._stage.token}.dcm"
            path.write_bytes(part10(self._stage))
            values["file"] = str(path)
        if self._service in _LISTENING:
            # Its own process may listen all the time, on the port that the run has for it.
            values["listen_port"] = lab.values.get("listen_port") or str(free_port())
        return values | self._more
