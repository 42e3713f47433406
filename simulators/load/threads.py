"""Small loads from plain threads of the judging process: what scenarios use, without Locust.

The same errands, pacing and recorder as in the workers. Every association has a thread; none of
them asks for anything before all have been granted or refused, so that as many as planned are open
at a time. One that ends before its time stays ended: what it left undone is done by the others.
"""

from __future__ import annotations

import threading
import time
from typing import Final

from simulators.load.acknowledged import Acknowledged, ranges
from simulators.load.callers import caller_of
from simulators.load.drive import Driven
from simulators.load.errands import Choice, ChurnErrand, DimseErrand, kinds, made
from simulators.load.merge import merge
from simulators.load.pace import deal, share_of
from simulators.load.plan import Plan
from simulators.load.recorder import Lane, Recorder, is_success
from simulators.load.waiting import LinkError
from simulators.scope import Guard

LATE_NS: Final = 50_000_000
"""A request that leaves so much later than it might have, by our own fault, is late."""

_NS: Final = 1_000_000_000
_SLICE_S: Final = 0.05
_LOOK_S: Final = 0.001
_OVERHEAD: Final = 300
"""About the octets of a request besides its data set, for the scope's account."""

_ENDED: Final = "every association ended before the load was done"


def run_threads(
    plan: Plan,
    guard: Guard,
    cancelled: threading.Event,
    began: threading.Event | None = None,
    acknowledged: threading.Semaphore | None = None,
) -> Driven:
    """Loads a device from threads and returns what was measured.

    Args:
        plan: The load; its bounds are those of the scope.
        guard: Counts connections and octets for the whole run.
        cancelled: Ends it soon; what was done until then is measured.
        began: Set when all associations have been granted or refused, and the clock runs.
        acknowledged: Released with each object that the device acknowledges.

    Raises:
        ScopeError: The scope does not permit the address, or not so many connections or octets.
    """
    guard.permit(plan.target.host)
    if plan.operation in ("store", "mixed"):
        _make_objects(plan)
    load = _Load(plan, guard, cancelled, acknowledged)
    members = [_Member(load, ordinal) for ordinal in range(plan.associations)]
    for member in members:
        member.thread.start()
    load.begin_when_all_have_tried(members)
    if began is not None:
        began.set()
    for member in members:
        while member.thread.is_alive():
            if load.stopped:
                member.interrupt()
            member.thread.join(_SLICE_S)
    return load.measured(members)


def _make_objects(plan: Plan) -> None:
    """Makes what is stored once, before all threads need it at the same time."""
    for kind in kinds(plan):
        if kind.operation == "store":
            made(kind.modality, kind.octets, plan.uid_root, plan.seed)


class _Load:
    """What all threads of one load share."""

    def __init__(
        self,
        plan: Plan,
        guard: Guard,
        cancelled: threading.Event,
        acknowledged: threading.Semaphore | None,
    ) -> None:
        self.plan, self.guard = plan, guard
        self.acknowledged = acknowledged or threading.Semaphore(0)
        self.go = threading.Event()
        self.recorder = Recorder.of(plan, time.perf_counter_ns())
        self._cancelled = cancelled
        self._error: Exception | None = None
        self._lock = threading.Lock()
        self._tried = 0
        self._late = 0
        self._deal(time.perf_counter_ns())

    @property
    def stopped(self) -> bool:
        """True when nothing more may be asked for."""
        return self._cancelled.is_set() or self._error is not None

    def stop(self, error: Exception) -> None:
        """Ends the load because of an error of ours."""
        self._error = self._error or error

    def tried(self) -> None:
        """Notes that one more member was granted its association, or refused."""
        with self._lock:
            self._tried += 1

    def begin_when_all_have_tried(self, members: list[_Member]) -> None:
        """Starts the clock for all at one moment."""
        while self._tried < len(members) and not self.stopped:
            time.sleep(_LOOK_S)
        begin = time.perf_counter_ns()
        self.recorder = Recorder.of(self.plan, begin)
        self._deal(begin)
        self.go.set()

    def take(self, *, greedy: bool, octets: int) -> tuple[int, int]:
        """When the next request is due and when it may leave; (-1, -1) when there is none."""
        with self._lock:
            dispenser = self._greedy if greedy else self._polite
            if self._polite.over or self.stopped:
                return -1, -1
            due = dispenser.take(time.perf_counter_ns(), octets)
            return due, dispenser.leave if due >= 0 else -1

    def late(self) -> None:
        """Notes a request that left late by our own fault; in a closed loop none is ever due."""
        with self._lock:
            self._late += self._polite.is_open_loop

    def measured(self, members: list[_Member]) -> Driven:
        """Everything in numbers.

        Raises:
            Exception: What stopped the load, if it was no doing of the device.
        """
        if self._error is not None:
            raise self._error
        why = "cancelled" if self._cancelled.is_set() else self._polite.why
        if not why and not self._polite.over:
            why = _ENDED
        self._note_unsent()
        found = merge(self.plan, [self.recorder.flush()], complete=not why, why=why)
        owed = {one.ordinal: ranges(one.acknowledged) for one in members if one.acknowledged}
        return Driven(
            found.model_copy(update={"late": self._late}), Acknowledged(self.plan.uid_root, owed)
        )

    def _note_unsent(self) -> None:
        """What was due and never left, because everybody was waiting, counts as unanswered."""
        now = time.perf_counter_ns()
        lane = self.recorder.lane(caller_of(self.plan, self.plan.associations - 1)[0])
        for due in self._polite.unsent(now):
            lane.failed(due, now)

    def _deal(self, begin: int) -> None:
        self._polite, self._greedy = deal(self.plan, share_of(self.plan, 0, 1), begin)


class _Member:
    """One association, and what it does.

    Attributes:
        ordinal: Which one; also its lane.
        acknowledged: Numbers of the objects that the device acknowledged.
        thread: Runs it from `start` on.
    """

    def __init__(self, load: _Load, ordinal: int) -> None:
        self._load = load
        self.ordinal = ordinal
        self.acknowledged: list[int] = []
        self._caller, self._greedy = caller_of(load.plan, ordinal)
        self._churns = load.plan.operation == "associate"
        make = ChurnErrand if self._churns else DimseErrand
        self._errand = make(load.plan, ordinal, self._caller, None)
        self._holds = False
        name = f"load {ordinal}"
        self.thread = threading.Thread(target=self._run, name=name, daemon=True)

    def interrupt(self) -> None:
        """Ends its connection, so that it waits no longer."""
        if isinstance(self._errand, DimseErrand):
            self._errand.link.interrupt()

    def _run(self) -> None:
        try:
            refused = self._open()
            self._load.tried()
            self._load.go.wait()
            self._work(refused)
        except Exception as error:  # of ours, such as a bound of the scope: the caller is told
            self._load.stop(error)
        finally:
            self._errand.release()
            self._let_go()

    def _open(self) -> LinkError | None:
        """Opens the association; returns how it was refused."""
        if self._churns:
            self._errand.open()  # which connects nowhere yet
            return None
        self._take_hold()
        try:
            self._errand.open()
        except LinkError as error:
            self._let_go()
            return error
        return None

    def _work(self, refused: LinkError | None) -> None:
        """Asks until nothing is left to ask, or the association ends."""
        lane = self._load.recorder.lane(self._caller, greedy=self._greedy)
        if refused is not None:
            lane.refused(time.perf_counter_ns(), refused.ending)
            return
        lane.opened(time.perf_counter_ns())
        choice, ending, number = self._errand.choose(), "", 0
        while not ending:
            due, leave = self._load.take(greedy=self._greedy, octets=choice.octets)
            if due < 0:
                break
            self._wait_until(leave)
            ending = self._ask(choice, lane, number, due)
            number += 1
        lane.ended(time.perf_counter_ns(), ending)

    def _wait_until(self, leave: int) -> None:
        rest = leave - time.perf_counter_ns()
        if rest <= 0:
            return
        time.sleep(rest / _NS)
        if time.perf_counter_ns() - leave > LATE_NS:
            self._load.late()

    def _ask(self, choice: Choice, lane: Lane, number: int, due: int) -> str:
        """One request; returns how the association ended, empty while it goes on."""
        self._load.guard.sending(choice.octets + _OVERHEAD)
        if self._churns:
            self._take_hold()
        try:
            status = choice.perform(number)
        except LinkError as error:
            lane.failed(due, time.perf_counter_ns())
            if not self._churns:
                return error.ending
            lane.refused(time.perf_counter_ns(), error.ending)
            return ""
        finally:
            if self._churns:
                self._let_go()
        now = time.perf_counter_ns()
        if isinstance(status, str):
            lane.failed(due, now, status=status)
            return ""
        lane.answered(due, now, status, choice.octets)
        if choice.owed and is_success(status):
            self.acknowledged.append(number)
            self._load.acknowledged.release()
        return ""

    def _take_hold(self) -> None:
        self._load.guard.opening()
        self._holds = True

    def _let_go(self) -> None:
        if self._holds:
            self._load.guard.closed()
        self._holds = False
