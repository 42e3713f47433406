"""What the device holds while it is loaded, and how soon it is as quick as before.

The looks are ours to time; how one looks is the actors' business.
"""

from __future__ import annotations

import statistics
import threading
import time
from collections.abc import Callable, Sequence
from types import TracebackType
from typing import Self

from harness.loading import Progress
from harness.measurement import Footing
from harness.model import Health

Look = Callable[[float], Footing | None]
"""Seconds since the load began -> what the device holds, None when nobody may look."""

MOST_LOOKS = 512
"""As many as a curve can show: beyond it every second one is left out, and they get rarer."""

_FIRST_EVERY_S = 0.25
_LOOKS_BEFORE = 3
_BETWEEN_S = 0.05
_SETTLES_S = 5.0
_QUICK_RATIO = 2.0
_QUICK_S = 0.05
"""A device is as quick as before within twice its time, or 50 ms more: less is noise."""


class Start:
    """When a load began: generators take a while to start, and tell by their progress."""

    def __init__(self) -> None:
        self._began: float | None = None

    def noticed(self, show: Callable[[Progress], None]) -> Callable[[Progress], None]:
        """Shows progress as before, and learns from it."""

        def told(progress: Progress) -> None:
            if self._began is None:
                self._began = time.monotonic() - progress.at_s
            show(progress)

        return told

    def of(self, duration_s: float) -> float:
        """The beginning, on the monotonic clock, of a load that has just ended after that time."""
        return time.monotonic() - duration_s if self._began is None else self._began


class Watch:
    """Looks at the device while the context is open, from a thread of its own.

    Attributes:
        seen: The looks in order; at most :data:`MOST_LOOKS`.
    """

    def __init__(self, look: Look, every_s: float = _FIRST_EVERY_S) -> None:
        self._look = look
        self._every_s = every_s
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._watch, name="load-watch", daemon=True)
        self._began = 0.0
        self.seen: list[Footing] = []

    def __enter__(self) -> Self:
        self._began = time.monotonic()
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._over.set()
        self._thread.join()

    def since(self, began: float) -> list[Footing]:
        """The looks since that moment of the monotonic clock, with times from there."""
        shift = self._began - began
        timed = [one.model_copy(update={"at_s": round(one.at_s + shift, 3)}) for one in self.seen]
        return [one for one in timed if one.at_s >= 0]

    def _watch(self) -> None:
        while not self._over.wait(self._every_s):
            seen = self._look(round(time.monotonic() - self._began, 3))
            if seen is None:
                return
            self.seen.append(seen)
            if len(self.seen) >= MOST_LOOKS:
                self.seen = self.seen[::2]
                self._every_s *= 2


def settled(
    look: Look, base: Sequence[Footing], began: float, cancelled: threading.Event
) -> list[Footing]:
    """Looks after the load until the device holds no more than before, a few seconds at most.

    Args:
        look: How to look.
        base: The looks before the load.
        began: When the load began, on the monotonic clock.
        cancelled: Ends the wait early.
    """
    seen: list[Footing] = []
    ends = time.monotonic() + _SETTLES_S
    while base:
        now = look(round(time.monotonic() - began, 3))
        if now is None:
            break
        seen.append(now)
        if _is_back(now, base) or time.monotonic() >= ends or cancelled.wait(_BETWEEN_S * 2):
            break
    return seen


def before(look: Look) -> list[Footing]:
    """Looks at the device at rest."""
    first = look(0.0)
    return [] if first is None else [first]


def quickness(health: Callable[[], Health]) -> tuple[Health, float]:
    """Looks a few times at a device at rest; returns the worst look and the usual latency in s."""
    seen: list[Health] = []
    for _ in range(_LOOKS_BEFORE):
        seen.append(health())
        if not seen[-1].ok:
            break
    return seen[-1], statistics.median(one.latency_s for one in seen)


def recovery(
    health: Callable[[], Health], usual_s: float, within_s: float, cancelled: threading.Event
) -> tuple[float, bool, bool]:
    """Asks until the device is as quick as before.

    Args:
        health: An honest exchange.
        usual_s: Its latency before the load.
        within_s: How long to ask at least; the first answer after it decides.
        cancelled: Ends it early.

    Returns:
        Seconds that it took or was tried, whether it is as quick, whether it served at all.
    """
    began = time.monotonic()
    quick_s = max(_QUICK_RATIO * usual_s, usual_s + _QUICK_S)
    served = False
    while True:
        now = health()
        after_s = time.monotonic() - began
        served = served or now.ok
        if now.ok and now.latency_s <= quick_s:
            return max(0.0, after_s - now.latency_s), True, True
        if after_s >= within_s or now.evidence or cancelled.wait(_BETWEEN_S):
            return after_s, False, served


def _is_back(now: Footing, base: Sequence[Footing]) -> bool:
    return all(
        getattr(now, name) <= max(getattr(one, name) for one in base)
        for name in ("descriptors", "threads", "processes")
    )
