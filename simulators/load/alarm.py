"""Waking a greenlet in time: libev rounds a sleep up to whole milliseconds, a timerfd does not.

A request that leaves a millisecond late is measured a millisecond too slow in an open loop.
"""

from __future__ import annotations

import ctypes
import os
import struct
import sys
import time
from collections.abc import Callable
from typing import Protocol, cast

import gevent

_MONOTONIC = 1
_FLAGS = os.O_NONBLOCK | getattr(os, "O_CLOEXEC", 0)
_ABSOLUTE = 1
_READ = 1
_NS = 1_000_000_000


class Alarm(Protocol):
    """Waits, in one greenlet, for moments of ``time.perf_counter_ns``."""

    def wait_until(self, moment: int) -> None:
        """Returns at `moment`, or at once when that is past."""
        ...

    def close(self) -> None:
        """Gives back what the kernel holds for it. Idempotent."""
        ...


class SleepAlarm:
    """Wakes up to a millisecond late; needs nothing of the system."""

    def wait_until(self, moment: int) -> None:
        """See :class:`Alarm`."""
        if (rest := moment - time.perf_counter_ns()) > 0:
            gevent.sleep(rest / _NS)

    def close(self) -> None:
        """See :class:`Alarm`."""


class TimerAlarm:
    """Wakes some microseconds late; Linux only.

    Raises:
        OSError: The system has no timerfd, or no descriptor left.
    """

    def __init__(self) -> None:
        create, self._set = _timer_calls()
        self._fd = create(_MONOTONIC, _FLAGS)
        if self._fd < 0:
            raise OSError(ctypes.get_errno(), "timerfd_create")
        self._hub = gevent.get_hub()
        self._watcher = self._hub.loop.io(self._fd, _READ)

    def wait_until(self, moment: int) -> None:
        """See :class:`Alarm`."""
        if moment <= time.perf_counter_ns():
            return
        self._set(self._fd, _ABSOLUTE, struct.pack("qqqq", 0, 0, *divmod(moment, _NS)), None)
        self._hub.wait(self._watcher)
        os.read(self._fd, 8)

    def close(self) -> None:
        """See :class:`Alarm`."""
        if self._fd >= 0:
            self._watcher.close()
            os.close(self._fd)
            self._fd = -1


def alarm() -> Alarm:
    """The most punctual alarm that this system has."""
    try:
        return TimerAlarm()
    except OSError:
        return SleepAlarm()


def _timer_calls() -> tuple[Callable[[int, int], int], Callable[..., int]]:
    """timerfd_create and timerfd_settime; the clock of perf_counter_ns is CLOCK_MONOTONIC."""
    if sys.platform != "linux":
        raise OSError("timerfd is a call of Linux")
    libc = ctypes.CDLL(None, use_errno=True)
    try:
        create, settime = libc.timerfd_create, libc.timerfd_settime
    except AttributeError as error:
        raise OSError("this C library has no timerfd") from error
    return cast(Callable[[int, int], int], create), cast(Callable[..., int], settime)
