"""A TCP connection that witnesses: every byte, and every ``OSError``, becomes an observation.

The device under test may do anything; nothing it does raises here except the three conditions that
a transport has: silence (``TimeoutError``), the end (``b""``) and a reset (``ConnectionError``).
"""

from __future__ import annotations

import contextlib
import select
import socket
import struct
import time

from harness.stage import Packet, Stage
from simulators.blanking import Blanker
from simulators.scope import Guard

_SLICE_S = 0.2
_MAX_READ = 1 << 16


class Connection:
    """One connection of one play, opened by us or accepted by us.

    Args:
        stage: The play.
        sock: A connected socket.
        guard: Keeps the bounds of the scope.
        actor: Under which name it is observed.
        accepted: The device opened it to us.
    """

    def __init__(
        self,
        stage: Stage,
        sock: socket.socket,
        guard: Guard,
        actor: str,
        *,
        accepted: bool = False,
    ) -> None:
        self._stage = stage
        self._blanker = Blanker()
        self._socket = sock
        self._guard = guard
        self.actor = actor
        self.number = stage.next_connection()
        self.local = _address(sock.getsockname())
        self.peer = _address(sock.getpeername())
        self.stimulated_at: float | None = None
        self.sent_bytes = 0
        self.open = True
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        sock.setblocking(False)
        self._capture(b"", sent=not accepted, event="open")

    def send(self, data: bytes, timeout_s: float = 10.0) -> int:
        """Sends bytes; returns how many left before the peer or the clock ended it.

        Raises:
            ScopeError: The run may send no more.
        """
        self._guard.sending(len(data))
        left = self._push(memoryview(data), timeout_s)
        self.sent_bytes += left
        return left

    def stimulated(self) -> None:
        """Notes that the stimulus has left; times of outcomes are counted from the first."""
        if self.stimulated_at is None:
            self.stimulated_at = time.monotonic()
        self._stage.stimulated.set()

    def since_stimulus(self) -> float:
        """Seconds since the stimulus left (0 when none did)."""
        return time.monotonic() - self.stimulated_at if self.stimulated_at is not None else 0.0

    def receive(self, timeout_s: float) -> bytes:
        """The next bytes; ``b""`` when the peer has closed.

        Raises:
            TimeoutError: Nothing came in that time, or the play was cancelled.
            ConnectionError: The peer reset the connection.
        """
        deadline = time.monotonic() + timeout_s
        while True:
            self._acknowledge_at_once()
            try:
                data = self._socket.recv(_MAX_READ)
            except BlockingIOError:
                self._wait(select.POLLIN, deadline)
                continue
            except ConnectionError:
                self._capture(b"", sent=False, event="rst")
                raise
            except OSError as error:
                raise ConnectionError(str(error)) from error
            self._capture(data, sent=False, event="data" if data else "fin")
            return data

    def fileno(self) -> int:
        """The descriptor to poll, for whoever waits for two connections at a time."""
        return self._socket.fileno()

    def close(self, *, reset: bool = False) -> None:
        """Closes our side; with ``reset`` the peer sees RST instead of FIN."""
        if not self.open:
            return
        self.open = False
        with contextlib.suppress(OSError):
            if reset:
                linger = struct.pack("ii", 1, 0)
                self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
            self._socket.close()
        self._capture(b"", sent=True, event="rst" if reset else "fin")
        self._guard.closed()

    def half_close(self) -> None:
        """Sends FIN but keeps reading."""
        with contextlib.suppress(OSError):
            self._socket.shutdown(socket.SHUT_WR)
            self._capture(b"", sent=True, event="fin")

    def _push(self, view: memoryview, timeout_s: float) -> int:
        deadline = time.monotonic() + timeout_s
        left = 0
        while left < len(view):
            try:
                count = self._socket.send(view[left : left + (1 << 20)])
            except BlockingIOError:
                try:
                    self._wait(select.POLLOUT, deadline)
                except TimeoutError:
                    break
                continue
            except OSError:
                break
            self._capture(bytes(view[left : left + count]), sent=True)
            left += count
        return left

    def _wait(self, event: int, deadline: float) -> None:
        poll = select.poll()
        poll.register(self._socket, event)
        while True:
            rest = deadline - time.monotonic()
            if rest <= 0 or self._stage.cancelled.is_set():
                raise TimeoutError("silence")
            if poll.poll(min(rest, _SLICE_S) * 1000):
                return

    def _acknowledge_at_once(self) -> None:
        """Without this, a device that writes a response in two parts costs 40 ms a time."""
        with contextlib.suppress(OSError, AttributeError):
            self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_QUICKACK, 1)

    def _capture(self, data: bytes, *, sent: bool, event: str = "data") -> None:
        if not sent and self._stage.profile.withholds_data_sets:
            data = self._blanker.feed(data)
        packet = Packet(
            at=time.time(),
            connection=self.number,
            sent=sent,
            peer=self.peer,
            local=self.local,
            data=self._stage.masked(data),
            event=event,
        )
        self._stage.witness.packet(self._stage.play, packet)


def connect(
    stage: Stage,
    guard: Guard,
    address: tuple[str, int],
    *,
    actor: str = "attacker",
    source: str | None = None,
    timeout_s: float = 5.0,
) -> Connection | None:
    """Opens a connection within the scope; a refusal is an observation, and None.

    Raises:
        ScopeError: The address may not be tested, or a bound of the scope is reached.
    """
    host = guard.permit(address[0])
    guard.opening()
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    sock = socket.socket(family, socket.SOCK_STREAM)
    try:
        sock.settimeout(timeout_s)
        if source is not None:
            sock.bind((source, 0))
        sock.connect((host, address[1]))
        connection = Connection(stage, sock, guard, actor)
    except OSError as error:
        sock.close()
        guard.closed()
        detail = error.strerror or str(error)
        stage.observe("connect", actor, peer=f"{host}:{address[1]}", ok=False, detail=detail)
        return None
    stage.observe(
        "connect",
        actor,
        connection=connection.number,
        peer=f"{host}:{address[1]}",
        local=f"{connection.local[0]}:{connection.local[1]}",
        ok=True,
    )
    return connection


def _address(name: tuple[str, int] | tuple[str, int, int, int]) -> tuple[str, int]:
    return (name[0], name[1])
