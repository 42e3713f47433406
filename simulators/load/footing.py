"""What a device's processes hold before, during and after a load: memory, descriptors, threads.

One look adds up the living processes of the device. A page that two processes share counts for
each, so looks are compared at moments at which a device is at rest.
"""

from __future__ import annotations

import threading
import time
from types import TracebackType
from typing import Final, Self

from harness.measurement import Footing
from simulators.process import ResourceSnapshot, Tree, cpu_seconds

_COST_SHARE: Final = 0.02
_FINEST_S: Final = 0.05
_LOOK_AGAIN_S: Final = 0.05


def look(tree: Tree, at_s: float = 0.0) -> Footing:
    """What all processes hold now.

    Args:
        tree: The device.
        at_s: The time that the look bears, seconds since the load began.
    """
    seen = ResourceSnapshot.take(tree)
    return Footing(
        at_s=round(at_s, 3),
        rss_bytes=seen.rss_bytes,
        descriptors=seen.open_fds,
        threads=seen.threads,
        processes=len(tree.pids()),
        cpu_s=round(cpu_seconds(tree), 3),
    )


def settled(
    tree: Tree, base: Footing, *, growth_bytes: int, within_s: float, cancelled: threading.Event
) -> Footing:
    """Looks until the device is back at its base, or time is up; returns the last look.

    Args:
        tree: The device.
        base: What it held before.
        growth_bytes: How much more memory it may keep.
        within_s: How long it may take.
        cancelled: Ends the wait early.
    """
    began = time.monotonic()
    while True:
        after_s = time.monotonic() - began
        now = look(tree, after_s)
        if _is_back(now, base, growth_bytes) or after_s >= within_s:
            return now
        if cancelled.wait(_LOOK_AGAIN_S):
            return now


class FootingWatch:
    """Looks at a device while the context is open, from a thread of its own.

    Attributes:
        seen: The looks, in order; their times count from the entry.

    Args:
        tree: The device.
        every_s: Distance of looks; it grows where looking costs more than a fiftieth of the time.
    """

    def __init__(self, tree: Tree, every_s: float = 0.2) -> None:
        self._tree = tree
        self._every_s = max(every_s, _FINEST_S)
        self._done = threading.Event()
        self._thread = threading.Thread(target=self._look_on, name="footing", daemon=True)
        self._began = 0.0
        self.seen: list[Footing] = []

    def __enter__(self) -> Self:
        self._began = time.monotonic()
        self._look()
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
        self._look()

    def _look_on(self) -> None:
        pause = self._every_s
        while not self._done.wait(pause):
            before = time.thread_time()
            self._look()
            pause = max(self._every_s, (time.thread_time() - before) / _COST_SHARE)

    def _look(self) -> None:
        self.seen.append(look(self._tree, time.monotonic() - self._began))


def _is_back(now: Footing, base: Footing, growth_bytes: int) -> bool:
    return (
        now.rss_bytes <= base.rss_bytes + growth_bytes
        and now.descriptors <= base.descriptors
        and now.threads <= base.threads
        and now.processes <= base.processes
    )
