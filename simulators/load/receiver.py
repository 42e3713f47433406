"""Where the objects of a C-MOVE arrive: a small Storage SCP of ours, bounded in everything.

It waits on plain sockets and threads: Locust has patched both in the process that leads a load, so
that they are greenlets there, and elsewhere they are what they seem.
"""

from __future__ import annotations

import contextlib
import ipaddress
import socket
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, Self

from harness.errors import BenchError
from simulators import wire
from simulators.load.arrivals import Arrivals
from simulators.load.plan import Plan
from simulators.negotiation import honest_results
from simulators.wire import messages as fields

LONGEST_PDU: Final = 1 << 16
"""The maximum length that we announce, in octets, and the longest PDU that is read."""

_READ: Final = 1 << 18
_LOOK_S: Final = 0.2
_JOIN_S: Final = 2.0
_BACKLOG: Final = 128
_PROVIDER: Final = 2
_INVALID_PARAMETER: Final = 6
_MORE_CONNECTIONS: Final = 8
_MORE_OCTETS: Final = 2**20
_LARGE: Final = 64 * 2**20
_MORE_S: Final = 60.0


@dataclass(frozen=True, slots=True)
class Room:
    """What a receiver takes at most; beyond it, it is the limit, and not the device.

    Attributes:
        networks: Whoever calls from elsewhere is not answered.
        connections: Open at a time; more are closed and counted.
        message: Octets of one object.
        octets: Octets of all objects together; twice as many end every connection.
        idle_s: How long a connection may be silent.
    """

    networks: tuple[str, ...]
    connections: int = 64
    message: int = _LARGE
    octets: int = 2**30
    idle_s: float = 30.0


class Receiver:
    """Takes objects as long as the context is open.

    Args:
        host, port: Where it listens.
        arrivals: Where it notes what comes.
        room: Its bounds.
        on_full: Called once, when `room.octets` have arrived.
    """

    def __init__(
        self,
        host: str,
        port: int,
        arrivals: Arrivals,
        room: Room,
        on_full: Callable[[], None] = lambda: None,
    ) -> None:
        self.arrivals, self._room, self._on_full = arrivals, room, on_full
        self._networks = [ipaddress.ip_network(text) for text in room.networks]
        self._open: dict[socket.socket, threading.Thread] = {}
        self._lock = threading.Lock()
        self._closing = threading.Event()
        self._socket = _listening(host, port)
        self._thread = threading.Thread(target=self._listen, name="move-receiver", daemon=True)

    @property
    def port(self) -> int:
        """Where it listens."""
        return int(self._socket.getsockname()[1])

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._closing.set()
        self._thread.join(_JOIN_S)
        self._socket.close()
        with self._lock:
            left = dict(self._open)
        for sock in left:
            with contextlib.suppress(OSError):
                sock.shutdown(socket.SHUT_RDWR)
        for thread in left.values():
            thread.join(_JOIN_S)

    def settle(self, is_enough: Callable[[], bool], patience_s: float) -> None:
        """Waits for objects that are still on their way, until enough are here or for so long."""
        deadline = time.monotonic() + patience_s
        while not is_enough() and (rest := deadline - time.monotonic()) > 0:
            self.arrivals.news.wait(min(rest, _LOOK_S))
            self.arrivals.news.clear()

    def _listen(self) -> None:
        self._socket.settimeout(_LOOK_S)
        while not self._closing.is_set():
            try:
                sock, address = self._socket.accept()
            except TimeoutError:
                continue
            except OSError:  # the connection ended before it began, or there are no descriptors
                self._closing.wait(_LOOK_S)
                continue
            if not self._admits(str(address[0])):
                sock.close()
                continue
            self._begin(sock)

    def _admits(self, host: str) -> bool:
        caller = ipaddress.ip_address(host.partition("%")[0])
        mapped = getattr(caller, "ipv4_mapped", None)
        return any((mapped or caller) in network for network in self._networks)

    def _begin(self, sock: socket.socket) -> None:
        thread = threading.Thread(target=self._serve, args=(sock,), daemon=True)
        with self._lock:
            if len(self._open) >= self._room.connections:
                self.arrivals.turned_away += 1
                sock.close()
                return
            self._open[sock] = thread
        thread.start()

    def _serve(self, sock: socket.socket) -> None:
        try:
            sock.settimeout(self._room.idle_s)
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self._converse(sock)
        except OSError:
            return  # the device went away, or was silent for too long: it will say so itself
        finally:
            with self._lock:
                self._open.pop(sock, None)
            sock.close()

    def _converse(self, sock: socket.socket) -> None:
        """One association, until it ends in one way or the other."""
        stream, visit = wire.PduBuffer(LONGEST_PDU), _Visit(sock, self._keep, self._room.message)
        while not self._closing.is_set():
            pdu = stream.next()
            if pdu is None:
                # Else the device's kernel waits 40 ms for our acknowledgement of each object.
                sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_QUICKACK, 1)
                data = sock.recv(_READ)
                if not data:
                    return
                stream.feed(data)
            elif not visit.goes_on(pdu):
                return

    def _keep(self, name: str, dataset: bytes) -> bool:
        """Notes an object; False when the receiver is fuller than full."""
        before = self.arrivals.octets
        self.arrivals.note(name, dataset)
        if before <= self._room.octets < self.arrivals.octets:
            self._on_full()
        return self.arrivals.octets <= 2 * self._room.octets


class _Visit:
    """One association of the device, PDU by PDU."""

    def __init__(
        self, sock: socket.socket, keep: Callable[[str, bytes], bool], message: int
    ) -> None:
        self._sock, self._keep = sock, keep
        self._assembler = wire.Reassembler(message)
        self._contexts: frozenset[int] | None = None
        self._max_pdu = 0

    def goes_on(self, pdu: wire.PDU | wire.Unparsed) -> bool:
        """Answers a PDU; False when the association is over."""
        if isinstance(pdu, wire.AssociateRQ) and self._contexts is None:
            return self._associate(pdu)
        if isinstance(pdu, wire.PDataTF) and self._contexts is not None:
            for message in self._assembler.feed(pdu):
                if not self._answer(message):
                    return self._abort()
            return not self._assembler.faults or self._abort()
        if isinstance(pdu, wire.ReleaseRQ):
            self._send(wire.ReleaseRP())
            return False
        return False if isinstance(pdu, wire.Abort) else self._abort()

    def _associate(self, request: wire.AssociateRQ) -> bool:
        results = honest_results(request)
        self._contexts = frozenset(number for number, (how, _) in results.items() if how == 0)
        self._max_pdu = wire.max_length_of(request) or 0
        self._send(wire.associate_ac(request, results, LONGEST_PDU))
        return True

    def _answer(self, message: wire.Message) -> bool:
        command = message.command
        field, number = command.integer("CommandField"), command.integer("MessageID") or 0
        if self._contexts is None or message.context_id not in self._contexts:
            return False
        if field == fields.C_ECHO:
            answer, room = wire.c_echo_rsp(number), True
        elif field == fields.C_STORE and message.dataset is not None:
            name = (command.text("AffectedSOPInstanceUID") or "").strip(" \0")
            sop_class = command.text("AffectedSOPClassUID") or ""
            room = self._keep(name, message.dataset)
            answer = wire.c_store_rsp(sop_class, name, number)
        else:
            return False
        self._send(*wire.p_data(message.context_id, answer, None, self._max_pdu))
        return room

    def _abort(self) -> bool:
        self._send(wire.Abort(source=_PROVIDER, reason=_INVALID_PARAMETER))
        return False

    def _send(self, *pdus: wire.PDU) -> None:
        self._sock.sendall(b"".join([wire.encode(pdu) for pdu in pdus]))


def room_for(plan: Plan) -> Room:
    """Room for all that a device may send at a time when a load asks it to.

    A device may open its next connection before it has closed the last one, and may keep one open
    for later.
    """
    return Room(
        networks=plan.bounds.networks,
        connections=2 * plan.associations + _MORE_CONNECTIONS,
        message=_LARGE if plan.operation == "mixed" else 2 * plan.size_bytes + _MORE_OCTETS,
        octets=plan.bounds.octets,
        idle_s=plan.timeout_s + _MORE_S,
    )


def here(host: str, port: int) -> str:
    """Our own address as whoever is there sees it; nothing is sent.

    Raises:
        BenchError: There is no way to that address.
    """
    try:
        kind = socket.getaddrinfo(host, port, type=socket.SOCK_DGRAM)[0]
        with socket.socket(kind[0], socket.SOCK_DGRAM) as sock:
            sock.connect(kind[4])
            return str(sock.getsockname()[0])
    except OSError as error:
        raise BenchError(f"no address of ours leads to {host}: {error.strerror}") from error


def _listening(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family, backlog=_BACKLOG)
    except OSError as error:
        raise BenchError(
            f"the destination of C-MOVE cannot listen at {host}:{port} ({error.strerror}): give "
            "another port in load.move_port, or --destination-port, and tell the device"
        ) from error
