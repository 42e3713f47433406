"""The watchman: keeps the sentinel's checks few, shared, and honest about time.

A check that began after a play ended speaks for every play that had ended by then. A sick device
is given time to recover before it is called sick; evidence of a crash ends the waiting at once.
"""

from __future__ import annotations

import threading
import time
from dataclasses import replace

from harness.bench import Bench
from harness.model import Health, Role

RECOVERY_S = 5.0
"""How long a device may take to be in service again after a play."""

_AGAIN_S = 0.5


class Watchman:
    """Shares sentinel checks between lanes, for one role."""

    def __init__(self, bench: Bench, role: Role) -> None:
        self._bench = bench
        self._role = role
        self._lock = threading.Lock()
        self._began = float("-inf")
        self._last = Health(ok=False, alive=None, detail="never looked")
        self._stop = threading.Event()

    @property
    def last(self) -> Health:
        """The most recent check."""
        return self._last

    def look(self) -> Health:
        """Looks now."""
        with self._lock:
            return self._look()

    def confirm(self, since: float, gather_s: float = 0.0) -> Health:
        """A check that began after that monotonic time, shared where one exists.

        Args:
            since: When the play ended.
            gather_s: How long to let other plays end first, so that one check speaks for all of
                them: worth it where a check costs processes.
        """
        with self._lock:
            if self._began >= since:
                return self._last
            self._stop.wait(gather_s)
            return self._look()

    def give_up(self) -> None:
        """Stops waiting for recovery (the run is being cancelled)."""
        self._stop.set()

    def _look(self) -> Health:
        deadline = time.monotonic() + RECOVERY_S
        lost = ""
        while True:
            self._began = time.monotonic()
            seen = self._bench.health(self._role)
            lost = lost or seen.lost_worker
            self._last = replace(seen, lost_worker=lost)
            hopeless = self._last.ok or self._last.evidence or time.monotonic() > deadline
            if hopeless or self._stop.wait(_AGAIN_S):
                return self._last
