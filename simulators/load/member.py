"""One association of a load in a worker: it opens, works in batches, opens again, leaves."""

from __future__ import annotations

import time
from collections.abc import Collection, Iterator
from typing import Final

import gevent

from harness.measurement import LATE_MS
from simulators.load.alarm import alarm
from simulators.load.crew import Crew
from simulators.load.errands import Choice, Errand
from simulators.load.pace import Dispenser
from simulators.load.recorder import Lane, is_success
from simulators.load.waiting import LinkError

UNFINISHED: Final = "UNFINISHED"
"""The ending of an association that we left while a request was unanswered."""

BATCH_NS: Final = 100_000_000
"""How long a member works before it lets Locust look after it."""

OVERHEAD: Final = 300
"""About the octets of a request besides its data set, for the scope's account."""

SLICE_NS: Final = 250_000_000
"""How long it waits for a due time before it looks whether the load has ended."""

IDLE_NS: Final = 100_000_000
"""After such a pause it looks whether the device has ended an association that was idle."""

_LATE_NS: Final = int(LATE_MS * 1e6)
_RETRY_S: Final = (0.0, 0.1, 0.2, 0.5, 1.0)

_now = time.perf_counter_ns


class Member:
    """Works off what its crew hands out, in one association at a time.

    Args:
        crew: Everybody in this process.
        ordinal: Its place among them, see :meth:`Crew.enlist`.
        errand: What it does.
    """

    def __init__(self, crew: Crew, ordinal: int, errand: Errand) -> None:
        self._crew, self._errand, self._ordinal = crew, errand, ordinal
        self._runs = crew.runs(crew.lane(ordinal))
        self._alarm = alarm()
        self._lane: Lane | None = None
        self._early: list[tuple[int, str]] = []
        self._failed = self._first = 0

    def prepare(self) -> None:
        """Opens its association before the load begins, and waits for the beginning."""
        current = gevent.getcurrent()
        if self._crew.is_slow(self._ordinal) and isinstance(current, gevent.Greenlet):
            self._crew.slow.append(current)
        if not self._crew.go.is_set():
            if self._crew.plan.shape.kind != "herd":
                self._open()
            self._crew.stand_ready()
            self._crew.go.wait()

    def work(self) -> bool:
        """Works for a while; False when there is nothing more to do."""
        lane, dispenser = self._noting(), self._dispenser()
        if not self._errand.is_open and not self._open():
            return dispenser.look(_now(), hope=self._crew.open > 0)
        try:
            if self._crew.plan.window > 1 and self._flies(dispenser):
                return self._pipeline(lane, dispenser)
            return self._one_by_one(lane, dispenser)
        except LinkError as error:
            self._lost(error.ending)
            return True

    def leave(self) -> None:
        """Ends its association. Idempotent."""
        if self._errand.is_open:
            self._errand.release()
            self._closed("")
        self._alarm.close()

    def _one_by_one(self, lane: Lane, dispenser: Dispenser) -> bool:
        """Sends and waits, sends and waits; this is the hot path."""
        take, choose, record, runs = dispenser.take, self._errand.choose, lane.record, self._runs
        timed, next_task = dispenser.has_timetable, dispenser.next_task
        until = _now() + BATCH_NS
        while True:
            now = _now()
            if now > until:
                return True
            task = next_task() if timed else None
            choice = choose(task)
            due = take(now, choice.octets + OVERHEAD)
            if due < 0:
                return False
            if dispenser.leave > now:
                if not self._wait_until(dispenser.leave, dispenser):
                    return self._unsent(lane, due)
                if dispenser.leave - now > IDLE_NS and self._errand.is_ended():
                    if not self._opened_again():
                        self._unanswered(lane, due)
                        return dispenser.look(_now(), hope=self._crew.open > 0)
                    choice = choose(task)
                until = _now() + BATCH_NS
            number = runs.next
            runs.next = number + 1
            try:
                status = choice.perform(number)
            except LinkError:
                self._unanswered(lane, due)
                raise
            except gevent.GreenletExit:
                self._left(lane, (due,))
                raise
            if status == 0:
                record(due, _now(), choice.octets)
                if choice.owed:
                    runs.add(number)
            else:
                self._answered(lane, due, status, choice, number)

    def _opened_again(self) -> bool:
        """Opens anew after the device ended an association on which nothing was asked."""
        self._errand.abort()
        self._closed("")
        return self._open()

    def _flies(self, dispenser: Dispenser) -> bool:
        """Whether several requests can be in flight: they must be of one kind."""
        return not dispenser.has_timetable and self._errand.choose().prepared is not None

    def _pipeline(self, lane: Lane, dispenser: Dispenser) -> bool:
        """Several requests in flight, as many as the device granted."""
        choice = self._errand.choose()
        flying: dict[int, int] = {}
        numbers = self._due_numbers(lane, dispenser, choice, flying)
        try:
            for number, status in self._errand.pipeline(choice, numbers):
                self._answered(lane, flying.pop(number), status, choice, number)
        except LinkError:
            for due in flying.values():
                self._unanswered(lane, due)
            raise
        except gevent.GreenletExit:
            self._left(lane, flying.values())
            raise
        return not dispenser.over

    def _due_numbers(
        self, lane: Lane, dispenser: Dispenser, choice: Choice, flying: dict[int, int]
    ) -> Iterator[int]:
        """What may leave for a while; waits only when nothing is in flight."""
        until = _now() + BATCH_NS
        while (now := _now()) <= until and not (flying and dispenser.leaves_next() > now):
            due = dispenser.take(now, choice.octets + OVERHEAD)
            if due < 0:
                return
            if dispenser.leave > now and not self._wait_until(dispenser.leave, dispenser):
                self._unsent(lane, due)
                return
            number = self._runs.next
            self._runs.next = number + 1
            flying[number] = due
            yield number

    def _answered(
        self, lane: Lane, due: int, status: int | str, choice: Choice, number: int
    ) -> None:
        """Notes an answer of any kind."""
        if isinstance(status, str):
            lane.failed(due, _now(), status=status)
            return
        lane.answered(due, _now(), status, choice.octets)
        if choice.owed and is_success(status):
            self._runs.add(number)

    def _unanswered(self, lane: Lane, due: int) -> None:
        """Notes that there was no answer; a slow reader's are its own fault."""
        if not self._crew.is_slow(self._ordinal):
            lane.failed(due, _now())

    def _unsent(self, lane: Lane, due: int) -> bool:
        """Notes a request that was handed out and never left, if it was due; always False."""
        if due <= self._crew.stopped_ns:
            self._unanswered(lane, due)
        return False

    def _left(self, lane: Lane, due: Collection[int]) -> None:
        """Notes requests that are unanswered because we leave.

        Whoever was told to end before a device's time was up cannot say that it failed.
        """
        patience_ns = int(self._crew.plan.timeout_s * 1e9)
        told = self._crew.stopped_ns != 0
        late = [one for one in due if not told or _now() - one >= patience_ns]
        for one in late:
            self._unanswered(lane, one)
        self._errand.abort()
        self._closed(UNFINISHED if late else "")

    def _wait_until(self, moment: int, dispenser: Dispenser) -> bool:
        """Waits until a request may leave; False when the load was told to end before that.

        That nothing more is handed out is no reason: this one was.
        """
        while (now := _now()) < moment:
            if self._crew.stopped_ns:
                return False
            self._alarm.wait_until(min(moment, now + SLICE_NS))
        if now - moment > _LATE_NS and dispenser.is_open_loop:
            self._crew.late += 1
        return True

    def _dispenser(self) -> Dispenser:
        crew, ordinal = self._crew, self._ordinal
        aside = crew.is_slow(ordinal) or crew.caller(ordinal)[1]
        return crew.beside if aside else crew.polite

    def _noting(self) -> Lane:
        """Where it notes what happens, with what happened before the load began."""
        lane = self._lane = self._lane or self._crew.recorded(self._ordinal)
        for moment, ending in self._early:
            if ending:
                lane.refused(moment, ending)
            else:
                lane.opened(moment)
        self._early.clear()
        return lane

    def _open(self) -> bool:
        """Opens an association; after failures it waits longer and longer before it tries."""
        gevent.sleep(_RETRY_S[min(self._failed, len(_RETRY_S) - 1)])
        try:
            self._errand.open()
        except gevent.GreenletExit:
            self._errand.abort()
            raise
        except LinkError as error:
            self._failed += 1
            self._note(error.ending)
            self._crew.not_opened()
            return False
        self._failed, self._first = 0, self._runs.next
        self._note("")
        self._crew.opened(1)
        return True

    def _note(self, ending: str) -> None:
        """Notes that an association was opened, or how it was refused, unless we were too slow."""
        if ending and self._crew.is_slow(self._ordinal):
            return
        self._early.append((_now(), ending))
        if self._crew.go.is_set():
            self._noting()

    def _lost(self, ending: str) -> None:
        """Notes that the association ended before its time; one that served nothing counts."""
        self._failed = int(self._runs.next <= self._first + 1)
        self._closed(ending)
        if self._errand.is_open:
            self._errand.release()

    def _closed(self, ending: str) -> None:
        self._crew.opened(-1)
        if self._lane is not None:
            # A device may well let go of who does not read.
            self._lane.ended(_now(), "" if self._crew.is_slow(self._ordinal) else ending)
