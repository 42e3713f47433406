"""Peers that ask and hardly read: the device's answers pile up in its own send buffers."""

from __future__ import annotations

import contextlib
import socket
import threading
import time
from types import TracebackType
from typing import Final, Self

from simulators import wire
from simulators.load.association import negotiated, request
from simulators.load.plan import Target
from simulators.scope import Guard
from simulators.wire import uids

_CONTEXT: Final = wire.Context(1, uids.VERIFICATION, (uids.IMPLICIT_LE,))
_RECEIVE_BUFFER: Final = 2048
_SEGMENT: Final = 536
"""Longest segment that we take, in octets: a device's send buffer is sized by it."""

_ASKED_AT_ONCE: Final = 50
_TICK_S: Final = 0.05
_STEADY_S: Final = 1.0
"""For how long a device must take nothing more: one that is short of processor time pauses, too."""

_PATIENCE_S: Final = 10.0


class SlowReaders:
    """Associations that ask for C-ECHO without end and read a few octets a second.

    While the context is open they go on from a thread; leaving it closes them.

    Args:
        target: The device.
        calling_ae: Their AE title.
        guard: Keeps the scope.
        count: How many.
        read_bytes_per_s: How fast each of them reads.
        most_octets: Most octets that each of them sends.

    Attributes:
        opened: How many were let in.
        sent: Octets that all of them have sent.
    """

    def __init__(
        self,
        target: Target,
        calling_ae: str,
        guard: Guard,
        *,
        count: int,
        read_bytes_per_s: int = 64,
        most_octets: int = 1 << 18,
    ) -> None:
        self._target = target
        self._calling = calling_ae
        self._guard = guard
        self._count = count
        self._pace = max(1, int(read_bytes_per_s * _TICK_S))
        self._most = most_octets
        self._done = threading.Event()
        self._thread = threading.Thread(target=self._go_on, name="slow-readers", daemon=True)
        self._sockets: dict[socket.socket, int] = {}
        self._asked = _request() * _ASKED_AT_ONCE
        self.sent = 0

    @property
    def opened(self) -> int:
        """How many associations the device granted."""
        return len(self._sockets)

    def __enter__(self) -> Self:
        for _ in range(self._count):
            self._open()
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._done.set()
        self._thread.join()
        for sock in self._sockets:
            sock.close()
            self._guard.closed()

    def full(self, within_s: float) -> bool:
        """Waits until no reader can send more: the device has stopped reading them, too."""
        deadline = time.monotonic() + within_s
        before, since = -1, time.monotonic()
        while (now := time.monotonic()) < deadline:
            if self.sent != before:
                before, since = self.sent, now
            elif now - since >= _STEADY_S:
                return True
            self._done.wait(_TICK_S)
        return False

    def _open(self) -> None:
        self._guard.opening()
        family = socket.AF_INET6 if ":" in self._target.host else socket.AF_INET
        sock = socket.socket(family, socket.SOCK_STREAM)
        sock.settimeout(_PATIENCE_S)
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, _RECEIVE_BUFFER)
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_MAXSEG, _SEGMENT)
        try:
            sock.connect((self._target.host, self._target.port))
            sock.sendall(request(self._target.called_ae, self._calling, (_CONTEXT,)))
            granted = negotiated(_pdu(sock), 1)
        except OSError:
            granted = None
        if granted is None or _CONTEXT.id not in granted.accepted:
            sock.close()
            self._guard.closed()
            return
        sock.setblocking(False)
        self._sockets[sock] = 0

    def _go_on(self) -> None:
        while not self._done.wait(_TICK_S):
            for sock in self._sockets:
                with contextlib.suppress(OSError):  # full, empty, or ended by the device
                    self._ask(sock)
                with contextlib.suppress(OSError):
                    sock.recv(self._pace)

    def _ask(self, sock: socket.socket) -> None:
        """Sends requests until the device takes no more; never a part of one twice."""
        while self._sockets[sock] < self._most:
            begin = self._sockets[sock] % len(self._asked)
            self._guard.sending(len(self._asked) - begin)
            count = sock.send(self._asked[begin:])
            self._sockets[sock] += count
            self.sent += count


def _request() -> bytes:
    pdus = wire.p_data(_CONTEXT.id, wire.c_echo_rq(), None, 16384)
    return b"".join(wire.encode(pdu) for pdu in pdus)


def _pdu(sock: socket.socket) -> bytes:
    """One whole PDU, or what came of it before the end."""
    data = b""
    wanted = 6
    while len(data) < wanted:
        more = sock.recv(wanted - len(data))
        if not more:
            break
        data += more
        if len(data) == 6:
            wanted = 6 + min(int.from_bytes(data[2:6], "big"), 1 << 16)
    return data
