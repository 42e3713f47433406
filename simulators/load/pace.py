"""When each request is due, and which worker sends it: nothing lost, no bound exceeded in sum.

In an open loop request k of the whole load is due at one moment that every worker can compute;
worker i of n takes those with k = i (modulo n). So the workers together send exactly the plan, and
a request that leaves late is still measured from the moment at which it was due.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace

from simulators.load.mixes import Task
from simulators.load.plan import Plan
from simulators.load.shapes import highest, pieces, span_s
from simulators.load.timetable import Timetable

LANES = 4096
"""Lanes of one worker; a lane names the objects of one association, see `naming`."""

NS = 1_000_000_000


def split(total: int, parts: int) -> tuple[int, ...]:
    """`total` as `parts` whole numbers that differ by at most one; their sum is `total`."""
    each, rest = divmod(total, parts)
    return tuple(each + (part < rest) for part in range(parts))


OVERTIME_NS = 5 * NS
"""How long after its end an open loop sends what was due before and had to wait for others.

Without it, whoever is last in the queue would be an error of a device that is merely busy.
"""

_SLOW_SHARE = 0.01
"""Share of the bound of the rate that slow readers may use; they need far less."""


@dataclass(frozen=True)
class Share:
    """One worker's part of a plan.

    Attributes:
        index, workers: Which of how many.
        rate: Most requests per second.
        octets: Most octets.
        count: How many requests; None when the time decides.
    """

    index: int
    workers: int
    rate: float
    octets: int
    count: int | None

    def lane(self, ordinal: int) -> int:
        """The lane of this worker's association number `ordinal`; no other worker has it."""
        return self.index * LANES + ordinal % LANES


def workers_of(plan: Plan) -> int:
    """How many workers are of use: no more than there are associations, or requests."""
    most = plan.associations if plan.count is None else min(plan.associations, plan.count)
    return min(plan.workers, most)


def share_of(plan: Plan, index: int, workers: int) -> Share:
    """The part of worker `index` (from 0) of `workers`."""
    return Share(
        index,
        workers,
        plan.bounds.rate / workers,
        split(plan.bounds.octets, workers)[index],
        None if plan.count is None else split(plan.count, workers)[index],
    )


def due_times(plan: Plan, first: int = 0, every: int = 1) -> Iterator[float]:
    """Seconds since the beginning at which requests `first`, `first + every` ... are due.

    Raises:
        ValueError: The plan has no rate: a closed loop has no due times.
    """
    if plan.rate is None:
        raise ValueError("a plan without rate is a closed loop: nothing is due")
    number, before = first, 0.0
    for piece in pieces(plan):
        size = piece.load * plan.rate
        low, length = piece.begins * plan.rate, piece.to_s - piece.from_s
        slope = (piece.ends - piece.begins) * plan.rate / length
        while number < before + size:
            rest = number - before
            root = math.sqrt(max(0.0, low * low + 2 * rest * slope))
            yield piece.from_s + (2 * rest / (low + root) if rest else 0.0)
            number += every
        before += size


class Budget:
    """The octets that one worker may still send; all its dispensers draw on them."""

    def __init__(self, octets: int) -> None:
        self.octets = octets


class Dispenser:
    """Hands out one worker's requests: each with the moment at which it is due, and may leave.

    Not for threads: greenlets of one worker share it. Times are nanoseconds of
    ``time.perf_counter_ns``.

    Attributes:
        why: Why it handed out nothing more; empty when the plan is fulfilled.
        given: How many it handed out.
        leave: When the last one may leave, by the bound of the rate.
        over: Whether nothing more is handed out.
    """

    def __init__(self, plan: Plan, share: Share, budget: Budget, begin: int) -> None:
        self.why = ""
        self.given = 0
        self.leave = 0
        self.over = False
        self._budget, self._begin = budget, begin
        self._gap, self._next = int(NS / share.rate), 0
        self._left = share.count if share.count is not None else -1
        self._day = Timetable(plan, share.index, share.workers) if plan.faster else None
        self._due: Iterator[float] | None = self._day
        if plan.rate:
            self._due = due_times(plan, share.index, share.workers)
        self._ahead: list[int] = []
        self._end, self._cut = _end_of(plan, begin)
        self._overtime = OVERTIME_NS if self._due is not None else 0

    @property
    def is_open_loop(self) -> bool:
        """Whether requests are due at their own time, whatever the device does."""
        return self._due is not None

    @property
    def has_timetable(self) -> bool:
        """Whether each request has its own kind, see :meth:`next_task`."""
        return self._day is not None

    def next_task(self) -> Task | None:
        """What :meth:`take` hands out next; None without a timetable, or when the day has ended."""
        if self._day is None or self.over:
            return None
        self.leaves_next()
        return self._day.task

    def close(self, why: str = "") -> int:
        """Hands out nothing more, because of `why`; the first reason stays. Returns -1."""
        if not self.over:
            self.over, self.why = True, why
        return -1

    def look(self, now: int, *, hope: bool = False) -> bool:
        """Whether anything is handed out after `now`; closes when nothing more is to come.

        Args:
            now: The time.
            hope: Somebody can still send what was due and has not left.
        """
        if now >= self._end + (self._overtime if hope else 0):
            self.close(self._cut)
        elif self._left == 0 and now >= self.leave:
            self.close()
        return not self.over

    def take(self, now: int, octets: int) -> int:
        """The next request of `octets`: the moment at which it is due; -1 when there is none."""
        if self.over or self._left == 0:
            self.over = True
            return -1
        budget = self._budget
        due = leave = now if now > self._next else self._next
        if self._due is not None:
            due = self._next_due()
            leave = due if due > leave else leave
        in_time = 0 <= due < self._end and leave < self._end + self._overtime
        if not in_time or octets > budget.octets:
            self._ahead[:] = [due]  # it is not handed out: `unsent` tells of it
            return self.close("scope.max_bytes was reached" if in_time else self._cut)
        budget.octets -= octets
        self._next = leave + self._gap
        self._left -= 1
        self.leave = leave
        self.given += 1
        return due

    def leaves_next(self) -> int:
        """When the next request may leave; in the past when it may leave now."""
        if self._due is None:
            return self._next
        if not self._ahead:
            self._ahead.append(self._next_due())
        return max(self._ahead[0], self._next)

    def unsent(self, now: int) -> Iterator[int]:
        """When each request of an open loop was due that was never handed out, until `now`."""
        if self._due is None:
            return
        last = min(now, self._end)
        while self._left and 0 <= (due := self._next_due()) < last:
            self._left -= 1
            yield due

    def _next_due(self) -> int:
        """When the next request of the open loop is due; -1 when the shape has ended."""
        if self._ahead:
            return self._ahead.pop()
        seconds = next(self._due, None) if self._due is not None else None
        return -1 if seconds is None else self._begin + int(seconds * NS)


def deal(plan: Plan, share: Share, begin: int) -> tuple[Dispenser, Dispenser]:
    """What hands out requests to those that are measured, and to those beside them.

    Mostly that is the same. Beside an open loop a greedy AE is a closed one, and has what the
    others leave of the rate; slow readers are never of the plan's count.
    """
    budget, rate = Budget(share.octets), share.rate
    if plan.shape.kind == "slow-readers":
        rate *= 1 - _SLOW_SHARE
    elif plan.shape.kind == "greedy" and plan.rate is not None:
        rate = _polite_rate(rate, plan.rate * highest(plan) / share.workers)
    first = Dispenser(plan, replace(share, rate=rate), budget, begin)
    if rate == share.rate:
        return first, first
    closed = plan.model_copy(update={"rate": None, "count": None})
    return first, Dispenser(
        closed, replace(share, rate=share.rate - rate, count=None), budget, begin
    )


def _polite_rate(bound: float, wanted: float) -> float:
    """What polite callers may use of the bound: more than they want, to catch up after a stall."""
    return min(bound, max(wanted, min(3 * wanted, (bound + wanted) / 2)))


def _end_of(plan: Plan, begin: int) -> tuple[int, str]:
    """When the last request may leave, and what cut the plan short there, if something did."""
    bound = plan.bounds.seconds
    lasts = bound if plan.duration_s is None else min(bound, plan.duration_s)
    cut = "" if plan.duration_s is not None and plan.duration_s <= bound else _bound(bound)
    if plan.shape.kind == "knee" and (steps := span_s(plan)) <= lasts:
        lasts, cut = steps, ""
    return begin + int(lasts * NS), cut


def _bound(seconds: float) -> str:
    return f"the bound of {seconds:g} s was reached"
