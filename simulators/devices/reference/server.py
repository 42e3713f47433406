"""The acceptor's sockets: two listeners, one thread per connection, ARTIM from the first moment."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from itertools import count
from typing import TYPE_CHECKING

from simulators.devices.reference.acceptor import Acceptor, Device, Server
from simulators.devices.reference.channel import Channel, PlainStream, Stream
from simulators.devices.reference.flaws import FlawName, Flaws
from simulators.devices.reference.log import Log
from simulators.devices.reference.negotiation import Negotiator
from simulators.devices.reference.options import AcceptorOptions, Credentials
from simulators.devices.reference.services import Services
from simulators.devices.reference.slots import Slots, WaitingRoom
from simulators.devices.reference.storage import Store, open_store
from simulators.devices.reference.worker import AssociationChild

if TYPE_CHECKING:
    from simulators.devices.reference.auditing import Trail
    from simulators.devices.reference.strain import Strain
    from simulators.devices.reference.web_server import WebServer

_BACKLOG = 128
_LAST_WORDS_S = 1.0
_STRAINS: tuple[FlawName, ...] = (
    "answers_late_under_load",
    "forgets_answers_under_load",
    "serves_one_ae",
    "dies_at_peak",
    "leaks_per_refused",
    "leaks_threads",
    "leaks_descriptors",
    "stays_slow_after_load",
    "starved_by_slow_readers",
    "stalls_on_error",
    "accepts_slowly",
    "slows_with_churn",
    "spins_for_slow_readers",
)

Wrap = Callable[[socket.socket, float], Stream]


class AcceptorServer:
    """A device that listens."""

    def __init__(self, options: AcceptorOptions, log: Log, serve: Server | None = None) -> None:
        """Bind the ports.

        Args:
            options: What the device is.
            log: Where its events go.
            serve: What answers the messages; by default all its services.

        Raises:
            OSError: A port is taken, or a credential cannot be read.
        """
        self._options = options
        self._flaws: Flaws = options.flaws
        self._log = log
        store = open_store(options)
        strain = _strain(options.flaws)
        self._trail = _trail(options, log)
        slots = Slots(options.limits.associations, options.flaws, options.limits.per_ae)
        if strain is not None:
            slots.on_error = strain.error
        self._device = Device(
            options=options,
            negotiator=_negotiator(options, store),
            slots=slots,
            waiting=WaitingRoom(options.limits.waiting),
            log=log,
            serve=serve or Services(options, store, slots, log, self._trail),
            strain=strain,
            trail=self._trail,
        )
        self._numbers = count(1)
        self._abandoned: list[socket.socket] = []
        self._serving: set[threading.Thread] = set()
        self._listeners: list[tuple[socket.socket, Wrap]] = [
            (_listen(options.host, options.port), _plain)
        ]
        if options.tls_port is not None and options.credentials is not None:
            wrap = _secured(options, options.credentials)
            self._listeners.append((_listen(options.host, options.tls_port), wrap))
            if options.flaws.has("tls_on_plain_port"):
                from simulators.devices.reference.tls_server import plain_or_tls

                self._listeners[0] = (self._listeners[0][0], plain_or_tls(wrap))
        self._web = None if options.web_port is None else _web(options, store, slots, log)

    @property
    def named_ports(self) -> dict[str, int]:
        """Each port by what is spoken there."""
        named: dict[str, int] = dict(zip(("plain", "tls"), self.ports, strict=False))
        return named if self._web is None else {**named, "web": self._web.port}

    @property
    def ports(self) -> list[int]:
        """The plain port, then the TLS port if there is one."""
        return [listener.getsockname()[1] for listener, _ in self._listeners]

    def start(self) -> None:
        """Serve in threads that end with the process."""
        for listener, wrap in self._listeners:
            threading.Thread(target=self._accept, args=(listener, wrap), daemon=True).start()
        if self._web is not None:
            self._web.start()
        if self._trail is not None:
            self._trail.started()

    def close(self, *, wait: bool = False) -> None:
        """Stop listening.

        Args:
            wait: Give the associations that are left a moment to end. A process that ends while
                one of them writes its log is aborted by the interpreter.
        """
        for listener, _ in self._listeners:
            listener.close()
        if self._web is not None:
            self._web.close()
        until = time.monotonic() + _LAST_WORDS_S
        for thread in list(self._serving) if wait else ():
            thread.join(max(0.0, until - time.monotonic()))
        if self._trail is not None:
            self._trail.stopped()

    def _accept(self, listener: socket.socket, wrap: Wrap) -> None:
        while True:
            try:
                sock, peer = listener.accept()
            except ConnectionError:
                continue
            except OSError:
                if listener.fileno() < 0:
                    return
                # Out of descriptors: those of the waiting connections come back by ARTIM.
                time.sleep(0.05)
                continue
            if self._device.slots.nobody_left:
                self._abandoned.append(sock)
                continue
            arguments = (sock, peer[0], wrap, next(self._numbers), time.monotonic())
            thread = threading.Thread(target=self._serve, args=arguments, daemon=True)
            try:
                thread.start()
            except RuntimeError as error:
                self._log.event(f"connection dropped: {error}")
                sock.close()

    def _serve(
        self, sock: socket.socket, host: str, wrap: Wrap, number: int, arrived: float
    ) -> None:
        deadline = arrived + self._options.limits.artim_s
        self._serving.add(threading.current_thread())
        waiting = self._device.waiting
        waiting.enter(number, lambda: _shut(sock))
        child = AssociationChild() if self._flaws.has("FO-6") else None
        try:
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            channel = Channel(wrap(sock, deadline))
            waiting.enter(number, channel.interrupt)
            Acceptor(self._device, channel, number, host).run(deadline)
        except OSError as error:
            self._log.event(f"#{number} from={host} failed: {error}")
            if self._trail is not None and wrap is not _plain:
                self._trail.unshaken(host, error)
        finally:
            waiting.leave(number)
            sock.close()
            self._serving.discard(threading.current_thread())
            if child is not None:
                child.finish()


def _negotiator(options: AcceptorOptions, store: Store) -> Negotiator:
    if options.limits.guesses is None:
        return Negotiator(options, store)
    from simulators.devices.reference.guarding import GuardedNegotiator

    return GuardedNegotiator(options, store)


def _strain(flaws: Flaws) -> Strain | None:
    """Return what load does to a device with one of those flaws."""
    if not flaws.any_of(*_STRAINS):
        return None
    from simulators.devices.reference.strain import Strain

    return Strain(flaws)


def _trail(options: AcceptorOptions, log: Log) -> Trail | None:
    if options.audit is None:
        return None
    # Only a device with an audit trail loads it.
    from simulators.devices.reference.auditing import Trail

    return Trail(options, options.audit, log)


def _web(options: AcceptorOptions, store: Store, slots: Slots, log: Log) -> WebServer:
    # Only a device with web services pays for loading them.
    from simulators.devices.reference.web_server import WebServer

    return WebServer(options, store, slots, log)


def _listen(host: str, port: int) -> socket.socket:
    return socket.create_server((host, port), backlog=_BACKLOG)


def _secured(options: AcceptorOptions, credentials: Credentials) -> Wrap:
    """Return what makes TLS streams.

    Raises:
        OSError: A credential cannot be read.
    """
    # Only a device with a TLS port pays for loading it.
    from simulators.devices.reference.tls_server import server_wrapper

    if options.flaws.any_of("keeps_old_trust", "shows_sample_key"):
        from simulators.devices.reference.tls_keeping import kept

        credentials = kept(credentials, options)
    try:
        return server_wrapper(credentials, options.flaws)
    except OSError:
        if not options.flaws.has("fails_open_without_key"):
            raise
        return _plain


def _plain(sock: socket.socket, _deadline: float) -> Stream:
    return PlainStream(sock)


def _shut(sock: socket.socket) -> None:
    with suppress(OSError):
        sock.shutdown(socket.SHUT_RDWR)
