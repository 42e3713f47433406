"""What the associations of one worker process share, and what one of them does all day.

Locust decides how many there are and when they begin; this is what they do. Under gevent.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable
from typing import Final

import gevent
from gevent.event import Event

from simulators.load import naming
from simulators.load.callers import caller_of
from simulators.load.pace import Share, deal
from simulators.load.plan import Plan
from simulators.load.portion import Portion
from simulators.load.recorder import Lane, Recorder
from simulators.load.runs import Runs

DEVICE_GONE: Final = "no association could be opened for {:g} s"

_NS: Final = 1_000_000_000


class Crew:
    """One worker's part of a load.

    Attributes:
        plan, share: The load, and this worker's part of it.
        go: Set when the load begins.
        closing: Set when nothing more is handed out.
        over: Set when everybody has left, too.
        polite: Hands out the requests that are measured.
        beside: Hands out requests to a greedy AE beside an open loop, and to slow readers.
        ready: How many have tried to open their association before the load began.
        open: How many associations are open.
        slow: The slow readers.
        late: Requests that left later than they were due through our own fault.
    """

    def __init__(
        self, plan: Plan, share: Share, on_ready: Callable[[], None] = lambda: None
    ) -> None:
        self.on_ready = on_ready
        self.plan, self.share = plan, share
        self.go, self.closing, self.over = Event(), Event(), Event()
        self.ready = self.open = self.late = 0
        self.begin = time.perf_counter_ns()
        self._recorder = self._unseen = Recorder.of(plan, self.begin)
        self.slow: list[gevent.Greenlet[..., object]] = []
        self._runs: dict[int, Runs] = {}
        self._members = self._enlisted = self._stopped = 0
        self._free: list[int] = []
        self._last_open = self.begin
        self._deal()

    def start(self) -> None:
        """Begins the load now."""
        if self.go.is_set():
            return
        self.begin = self._last_open = time.perf_counter_ns()
        self._recorder = Recorder.of(self.plan, self.begin)
        self._unseen = Recorder.of(self.plan, self.begin)
        self._deal()
        self.go.set()

    def stop(self, why: str = "") -> None:
        """Hands out nothing more; what is in flight is finished."""
        self._stopped = self._stopped or time.perf_counter_ns()
        for dispenser in (self.polite, self.beside):
            dispenser.close(why)
        self.go.set()
        self.look()

    def enlist(self) -> int:
        """Takes a member in; its ordinal, which nobody else here has at the time."""
        self._members += 1
        if self._free:
            return self._free.pop()
        self._enlisted += 1
        return self._enlisted - 1

    def leave(self, ordinal: int) -> None:
        """Lets a member go."""
        self._members -= 1
        self._free.append(ordinal)
        self.look()

    def caller(self, ordinal: int) -> tuple[str, bool]:
        """The calling AE title of a member, and whether it is the greedy one."""
        return caller_of(self.plan, ordinal * self.share.workers + self.share.index)

    def is_slow(self, ordinal: int) -> bool:
        """Whether a member is one of the slow readers: every second one."""
        place = ordinal * self.share.workers + self.share.index
        return self.plan.shape.kind == "slow-readers" and place % 2 == 0

    def interrupt_slow(self) -> None:
        """Ends the slow readers, who would take their time for what is on its way to them."""
        for greenlet in self.slow:
            greenlet.kill(block=False)

    def lane(self, ordinal: int) -> int:
        """The lane of a member."""
        return naming.lane_of(self.share.index, ordinal)

    def runs(self, lane: int) -> Runs:
        """Where the acknowledged objects of a lane are noted."""
        return self._runs.setdefault(lane, Runs())

    def stand_ready(self) -> None:
        """Notes that a member awaits the beginning."""
        self.ready += 1
        self.on_ready()

    def opened(self, count: int) -> None:
        """Notes that an association was opened (1) or has ended (-1)."""
        self.open += count
        self._last_open = time.perf_counter_ns()

    def not_opened(self) -> None:
        """Notes that one could not be opened; gives up when none could for a long time."""
        silent = (time.perf_counter_ns() - self._last_open) / _NS
        if self.open == 0 and silent > max(self.plan.timeout_s, 10.0):
            self.stop(DEVICE_GONE.format(silent))

    def recorded(self, ordinal: int) -> Lane:
        """Where a member notes what happens; only after `go`.

        Slow readers are a part of the load, and not of its figures.
        """
        title, greedy = self.caller(ordinal)
        if self.is_slow(ordinal):
            return self._unseen.lane(title)
        return self._recorder.lane(title, greedy=greedy)

    def settle(self) -> None:
        """At the end: notes what was due and never left, as requests that failed."""
        now = time.perf_counter_ns()
        late = Counter(due * 10 // _NS for due in self.polite.unsent(self._stopped or now))
        if late:
            lane = self._recorder.lane(self.plan.target.calling_aes[-1])
            for tenth, requests in late.items():
                lane.failed(tenth * _NS // 10, now, requests)

    @property
    def stopped_ns(self) -> int:
        """When the load was told to end before its time; 0 when it was not."""
        return self._stopped

    @property
    def why(self) -> str:
        """Why the load ended before its time here; empty when it did not."""
        return self.polite.why

    def portion(self) -> Portion:
        """What was measured since the last call."""
        self._unseen.flush()
        return self._recorder.flush()

    def acknowledged(self) -> dict[int, list[tuple[int, int]]]:
        """Runs of acknowledged numbers by lane, since the last call."""
        taken = {lane: runs.take() for lane, runs in self._runs.items()}
        return {lane: runs for lane, runs in taken.items() if runs}

    def _deal(self) -> None:
        self.polite, self.beside = deal(self.plan, self.share, self.begin)

    def look(self) -> None:
        """Looks whether the load has ended: those who all wait for a device cannot."""
        if self.go.is_set():  # those beside may be the last to go: nobody else looks at the clock
            self.polite.look(time.perf_counter_ns(), hope=self.open > 0)
        if not self.polite.over:
            return
        self.beside.close()
        self.closing.set()
        if self._members <= 0:
            self.over.set()
