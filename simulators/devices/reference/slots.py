"""How many associations and connections the acceptor holds at one time."""

import threading
from collections import Counter, OrderedDict
from collections.abc import Callable

from simulators.devices.reference.flaws import Flaws


class Slots:
    """The limits on associations, of all and of one AE title, and the flaws that lose slots."""

    def __init__(self, limit: int, flaws: Flaws, per_ae: int | None = None) -> None:
        """Start with every slot free.

        Args:
            limit: Associations at one time.
            flaws: What is switched on.
            per_ae: Those of one calling AE title; None for no such limit.
        """
        self._limit = limit
        self._flaws = flaws
        self._per_ae = None if flaws.has("no_limit_per_ae") else per_ae
        self._lock = threading.Lock()
        self._taken: Counter[str] = Counter()
        self._lost = 0
        self.on_error: Callable[[], None] | None = None

    def take(self, calling: str = "") -> bool:
        """Take a slot for a calling AE title; False when there is none for it."""
        with self._lock:
            if self._taken.total() + self._lost >= self._limit:
                return False
            if self._per_ae is not None and self._taken[calling] >= self._per_ae:
                return False
            self._taken[calling] += 1
            return True

    def name(self, calling: str) -> bool:
        """Give a slot that was taken for nobody to an AE title; False when that has its share."""
        with self._lock:
            if self._per_ae is not None and self._taken[calling] >= self._per_ae:
                return False
            self._taken[""] -= 1
            self._taken[calling] += 1
            return True

    def give_back(self, calling: str = "", *, orderly: bool) -> None:
        """Give a slot back; after a disorderly end the flaw ``leaks_slot_on_reset`` keeps it."""
        if not orderly and self._flaws.has("leaks_slot_on_reset"):
            return
        with self._lock:
            self._taken[calling] -= 1
            if not self._taken[calling]:
                del self._taken[calling]

    def internal_error(self) -> None:
        """Note an error while serving; the flaw ``worker_lost_on_error`` loses a worker."""
        if self.on_error is not None:
            self.on_error()
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
