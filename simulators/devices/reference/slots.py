"""How many associations and connections the acceptor holds at one time."""

import threading
from collections import OrderedDict
from collections.abc import Callable

from simulators.devices.reference.flaws import Flaws


class Slots:
    """The association limit, and the flaws that lose slots."""

    def __init__(self, limit: int, flaws: Flaws) -> None:
        self._limit = limit
        self._flaws = flaws
        self._lock = threading.Lock()
        self._taken = 0
        self._lost = 0

    def take(self) -> bool:
        """Take a slot; False when none is free."""
        with self._lock:
            if self._taken + self._lost >= self._limit:
                return False
            self._taken += 1
            return True

    def give_back(self, *, orderly: bool) -> None:
        """Give a slot back; after a disorderly end the flaw ``leaks_slot_on_reset`` keeps it."""
        if not orderly and self._flaws.has("leaks_slot_on_reset"):
            return
        with self._lock:
            self._taken -= 1

    def internal_error(self) -> None:
        """Note an error while serving; the flaw ``worker_lost_on_error`` loses a worker."""
        if self._flaws.has("worker_lost_on_error"):
            with self._lock:
                self._lost += 1

    @property
    def nobody_left(self) -> bool:
        """True once every worker is lost."""
        return self._lost >= self._limit


class WaitingRoom:
    """Connections without an association; when it is full the oldest one is closed.

    They take no association slot, so silent peers cannot keep others out.
    """

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._lock = threading.Lock()
        self._closers: OrderedDict[int, Callable[[], None]] = OrderedDict()

    def enter(self, number: int, close: Callable[[], None]) -> None:
        """Add a connection.

        Args:
            number: Its number.
            close: Ends it from another thread.
        """
        with self._lock:
            self._closers[number] = close
            victims = [
                self._closers.popitem(last=False)[1]
                for _ in range(len(self._closers) - self._limit)
            ]
        for victim in victims:
            victim()

    def leave(self, number: int) -> None:
        """Remove a connection that has an association now, or has ended."""
        with self._lock:
            self._closers.pop(number, None)
