"""Writes down what happened, in as little time as Python takes, and adds it up later in batches.

One `Recorder` a process, one `Lane` for each association (that is, for each greenlet or thread):
the hot path appends three numbers to arrays that keep their memory. All times are those of
``time.perf_counter_ns``.
"""

from __future__ import annotations

import os
import resource
import socket
import threading
from array import array
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator
from operator import sub
from typing import Final

from simulators.load.histogram import Buckets, buckets
from simulators.load.plan import Plan
from simulators.load.portion import NS_PER_S, Cell, Portion

BATCH: Final = 1024
"""Successes that a lane gathers before it adds them up by itself."""

SHORT_S: Final = 10.0
"""Loads shorter than this have a timeline of tenths of seconds."""

_WARNINGS: Final = (0x0001, 0x0107, 0x0116)
_UNIT_OF_RSS: Final = 1024


def interval_of(plan: Plan) -> int:
    """Returns the length of an interval of the timeline in ns: 1 s, or 0.1 s in a short load."""
    short = plan.duration_s is not None and plan.duration_s < SHORT_S
    return NS_PER_S // 10 if short else NS_PER_S


def is_success(status: int) -> bool:
    """Whether a final status says that it was done: success, or a warning (PS3.7 Annex C)."""
    return status == 0 or status >> 12 == 0xB or status in _WARNINGS


class Recorder:
    """Everything that one process records; may be used by several threads."""

    def __init__(self, begin_ns: int, interval_ns: int = NS_PER_S) -> None:
        """Begins with nothing.

        Args:
            begin_ns: When the load began; what happens before counts as if it were then.
            interval_ns: Length of an interval of the timeline; the same in all processes.
        """
        self._begin = begin_ns
        self._interval = interval_ns
        self._lock = threading.Lock()
        self._lanes: list[Lane] = []
        self._cpu = _cpu_ns()
        self._name = f"{socket.gethostname()}:{os.getpid()}"
        self._sums = _Sums()

    @classmethod
    def of(cls, plan: Plan, begin_ns: int) -> Recorder:
        """Returns a recorder with the timeline that suits a plan."""
        return cls(begin_ns, interval_of(plan))

    def lane(self, ae_title: str, *, greedy: bool = False) -> Lane:
        """Returns a lane for what one association does under that calling AE title."""
        lane = Lane(self, ae_title, greedy)
        with self._lock:
            self._lanes.append(lane)
        return lane

    def flush(self) -> Portion:
        """Returns what happened since the last call."""
        cpu = _cpu_ns()
        with self._lock:
            for lane in self._lanes:
                self._gather(lane)
            sums, self._sums = self._sums, _Sums()
            spent, self._cpu = cpu - self._cpu, cpu
        return Portion(
            interval_ns=self._interval,
            last_ns=sums.last,
            cells={number: tally.cell() for number, tally in sums.cells.items()},
            callers={name: tally.cell() for name, tally in sums.callers.items()},
            greedy=frozenset(sums.greedy),
            statuses=dict(sums.statuses),
            endings=dict(sums.endings),
            cpu_ns=spent,
            rss_bytes={
                self._name: resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * _UNIT_OF_RSS
            },
        )

    def forget(self, lane: Lane) -> None:
        """Adds up what a lane holds and lets it go; it records no more."""
        with self._lock:
            self._gather(lane)
            self._lanes.remove(lane)

    def gather(self, lane: Lane) -> None:
        """Adds up what a lane holds."""
        with self._lock:
            self._gather(lane)

    def note(
        self,
        lane: Lane,
        at_ns: int,
        *,
        due_ns: int | None = None,
        errors: int = 0,
        opened: int = 0,
        status: str = "",
        ending: str = "",
    ) -> None:
        """Adds what is rare: failed requests, and associations that come and go."""
        with self._lock:
            sums = self._sums
            cell, caller = sums.cell(self._number(at_ns)), sums.caller(lane)
            cell.opened += opened
            cell.errors += errors
            caller.errors += errors
            if due_ns is not None:
                sums.cell(self._number(due_ns)).due += errors
            if status:
                sums.statuses[status] += 1
            if ending:
                sums.endings[ending] += 1
            sums.last = max(sums.last, at_ns - self._begin)

    def _gather(self, lane: Lane) -> None:
        dues, ends, octets = lane.take()
        if not ends:
            return
        latencies = array("q", map(sub, ends, dues))
        sums = self._sums
        for number, start, stop in self._runs(dues):
            sums.cell(number).due += stop - start
        caller = sums.caller(lane)
        for number, start, stop in self._runs(ends):
            part = latencies[start:stop]
            counted, longest, size = buckets(part), max(part), sum(octets[start:stop])
            for tally in (sums.cell(number), caller):
                tally.add(stop - start, counted, longest, size)
        sums.last = max(sums.last, ends[-1] - self._begin)

    def _runs(self, times: array[int]) -> Iterator[tuple[int, int, int]]:
        """Yields (interval, start, stop) of runs of times in one interval."""
        start, end = 0, len(times)
        while start < end:
            number = self._number(times[start])
            behind = self._begin + (number + 1) * self._interval
            stop = bisect_left(times, behind, start, end)
            yield number, start, stop
            start = stop

    def _number(self, at_ns: int) -> int:
        return max(0, (at_ns - self._begin) // self._interval)


class Lane:
    """What one association does; used by one thread or greenlet at a time."""

    __slots__ = (
        "_add_due", "_add_end", "_add_octets", "_dues", "_ends", "_octets", "_recorder",
        "ae_title", "greedy",
    )  # fmt: skip

    def __init__(self, recorder: Recorder, ae_title: str, greedy: bool) -> None:
        self._recorder = recorder
        self.ae_title = ae_title
        self.greedy = greedy
        self._dues, self._ends, self._octets = array("q"), array("q"), array("q")
        self._add_due, self._add_end = self._dues.append, self._ends.append
        self._add_octets = self._octets.append

    def record(self, due_ns: int, end_ns: int, octets: int = 0) -> None:
        """Records a success.

        Args:
            due_ns: When the request was due: in a closed loop, when it left.
            end_ns: When its last response was here.
            octets: Octets of the object that it carried.
        """
        self._add_due(due_ns)
        self._add_end(end_ns)
        self._add_octets(octets)
        if len(self._octets) >= BATCH:
            self._recorder.gather(self)

    def answered(self, due_ns: int, end_ns: int, status: int, octets: int = 0) -> None:
        """Records a response of any status; warnings are successes that are also noted."""
        if is_success(status):
            self.record(due_ns, end_ns, octets)
        if status:
            errors = 0 if is_success(status) else 1
            word = f"{status:04X}H"
            self._recorder.note(self, end_ns, due_ns=due_ns, errors=errors, status=word)

    def failed(self, due_ns: int, end_ns: int, requests: int = 1, status: str = "") -> None:
        """Records requests that were never answered, or whose answer is no DIMSE status.

        Args:
            due_ns: When they were due.
            end_ns: When that was clear.
            requests: How many.
            status: What stands in `Measurement.statuses`, such as "HTTP 503"; nothing if empty.
        """
        self._recorder.note(self, end_ns, due_ns=due_ns, errors=requests, status=status)

    def opened(self, at_ns: int) -> None:
        """Records that the association was accepted."""
        self._recorder.note(self, at_ns, opened=1)

    def ended(self, at_ns: int, ending: str = "") -> None:
        """Records that the association is over: released, or by an ending that is counted."""
        self._recorder.note(self, at_ns, opened=-1, ending=ending)

    def refused(self, at_ns: int, ending: str) -> None:
        """Records that an association did not come about."""
        self._recorder.note(self, at_ns, ending=ending)

    def take(self) -> tuple[array[int], array[int], array[int]]:
        """Takes out what is complete: due, end and octets of successes, in order."""
        # Octets are appended last. A thread may append meanwhile; it never changes what is there.
        count = len(self._octets)
        taken = self._dues[:count], self._ends[:count], self._octets[:count]
        del self._dues[:count], self._ends[:count], self._octets[:count]
        return taken


class _Tally:
    """A cell that is being counted."""

    __slots__ = ("buckets", "count", "due", "errors", "longest", "octets", "opened")

    def __init__(self) -> None:
        self.due = self.count = self.errors = self.octets = self.opened = self.longest = 0
        self.buckets: Buckets = Counter()

    def add(self, count: int, counted: Buckets, longest: int, octets: int) -> None:
        """Adds successes."""
        self.count += count
        self.octets += octets
        self.longest = max(self.longest, longest)
        self.buckets.update(counted)

    def cell(self) -> Cell:
        """Returns it as it stands."""
        return Cell(
            due=self.due,
            count=self.count,
            errors=self.errors,
            octets=self.octets,
            opened=self.opened,
            longest_ns=self.longest,
            buckets=dict(self.buckets),
        )


class _Sums:
    """What was added up since the last flush."""

    def __init__(self) -> None:
        self.cells: dict[int, _Tally] = {}
        self.callers: dict[str, _Tally] = {}
        self.greedy: set[str] = set()
        self.statuses: Counter[str] = Counter()
        self.endings: Counter[str] = Counter()
        self.last = 0

    def cell(self, number: int) -> _Tally:
        """Returns the interval of that number."""
        return self.cells.setdefault(number, _Tally())

    def caller(self, lane: Lane) -> _Tally:
        """Returns the sum of all lanes with that AE title."""
        if lane.greedy:
            self.greedy.add(lane.ae_title)
        return self.callers.setdefault(lane.ae_title, _Tally())


def _cpu_ns() -> int:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return int((used.ru_utime + used.ru_stime) * NS_PER_S)


def _peak_rss() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * _UNIT_OF_RSS
