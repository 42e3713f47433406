"""Waiting under gevent: one watcher for each socket that stays with the event loop.

Only worker processes import this. A watcher that is started and stopped at each wait costs more
than the read it waits for; this one is stopped only when something comes while nobody waits.
Time limits are looked after by one timer for all sockets.
"""

from __future__ import annotations

import _socket
import functools
from collections.abc import Callable
from typing import Final, Protocol, cast

import gevent
from greenlet import greenlet

TICK_S: Final = 0.05
"""How exactly a time limit is kept."""

_READ: Final = 1
_WRITE: Final = 2


class _Watcher(Protocol):
    @property
    def active(self) -> bool: ...

    def start(self, callback: Callable[[], None], /) -> None: ...

    def stop(self) -> None: ...

    def close(self) -> None: ...


class _Loop(Protocol):
    def io(self, fd: int, events: int, /) -> _Watcher: ...

    def timer(self, after: float, repeat: float, /) -> _Watcher: ...


class _Hub(Protocol):
    @property
    def loop(self) -> _Loop: ...


class GreenWaiter:
    """Waits for one socket, in one greenlet at a time; a `WaiterFactory`."""

    def __init__(self, sock: _socket.socket) -> None:
        """Takes a socket that does not block."""
        self._clock = _clock_of_this_hub()
        self._leave = self._clock.leave
        self._fd = sock.fileno()
        self._readable = self._clock.loop.io(self._fd, _READ)
        self._reads = False
        self._writable: _Watcher | None = None
        self._greenlet: greenlet | None = None
        self._waits_for = 0
        self._since, self._limit_s = 0, 0.0
        self._clock.waiters.add(self)

    def wait_readable(self, timeout_s: float, /) -> bool:
        """See `Waiter.wait_readable`."""
        if not self._reads:
            self._reads = True
            self._readable.start(self._came)
        self._greenlet = gevent.getcurrent()
        self._since, self._limit_s = self._clock.tick, timeout_s
        self._waits_for = _READ
        try:
            return self._leave()
        finally:
            self._waits_for = 0

    def wait_writable(self, timeout_s: float, /) -> bool:
        """See `Waiter.wait_writable`."""
        if self._writable is None:
            self._writable = self._clock.loop.io(self._fd, _WRITE)
        self._writable.start(self._went)
        self._greenlet = gevent.getcurrent()
        self._since, self._limit_s = self._clock.tick, timeout_s
        self._waits_for = _WRITE
        try:
            return self._leave()
        finally:
            self._waits_for = 0
            self._writable.stop()

    def close(self) -> None:
        """See `Waiter.close`."""
        self._clock.waiters.discard(self)
        for watcher in (self._readable, self._writable):
            if watcher is not None:
                watcher.stop()
                watcher.close()

    def expire(self, tick: int) -> None:
        """Wakes whoever waits if the time is up."""
        if self._waits_for and (tick - self._since) * TICK_S > self._limit_s:
            self._wake(False)

    def _came(self) -> None:
        if self._waits_for == _READ:
            self._wake(True)
        else:
            self._reads = False
            self._readable.stop()

    def _went(self) -> None:
        if self._waits_for == _WRITE:
            self._wake(True)

    def _wake(self, timely: bool) -> None:
        self._waits_for = 0
        if self._greenlet is not None:
            self._greenlet.switch(timely)


class _Clock:
    """The time limits of all waiters of one hub."""

    def __init__(self, hub: greenlet) -> None:
        self.hub = hub
        self.loop = cast("_Hub", hub).loop
        # The hub's own way first asks whether the greenlet wants to know; ours never does.
        self.leave: Callable[[], bool] = functools.partial(greenlet.switch, hub)
        self.tick = 0
        self.waiters: set[GreenWaiter] = set()
        self._timer = self.loop.timer(TICK_S, TICK_S)
        self._timer.start(self._ticked)

    def _ticked(self) -> None:
        self.tick += 1
        for waiter in tuple(self.waiters):
            waiter.expire(self.tick)


_clocks: list[_Clock] = []


def _clock_of_this_hub() -> _Clock:
    """Returns the clock of this thread's hub; a worker has one."""
    hub = cast("greenlet", gevent.get_hub())
    for clock in _clocks:
        if clock.hub is hub:
            return clock
    clock = _Clock(hub)
    _clocks.append(clock)
    return clock
