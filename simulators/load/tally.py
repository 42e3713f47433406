"""What all workers of a load have told so far: added up as it comes, judged step by step.

Pure: no sockets, no gevent; a report is what goes from a worker to its master.
"""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field

from harness.loading import Progress
from harness.measurement import Measurement, Step
from simulators.load.arrivals import Arrivals, Told
from simulators.load.histogram import latency
from simulators.load.merge import merge
from simulators.load.plan import Plan
from simulators.load.portion import NS_PER_S, Cell, Portion
from simulators.load.recorder import interval_of
from simulators.load.runs import joined
from simulators.load.shapes import factor_at, span_s, step_at

KEPT = 0.95
"""Share of the offered rate that must be answered within a step of the search for the knee."""

_OCTETS_PER_MB = 1e6


class Report(BaseModel):
    """What one worker tells: what happened since its last report.

    Attributes:
        worker: Its index.
        acknowledged: Runs of numbers (first, last plus one) of acknowledged objects, by lane.
        open: How many associations it holds now.
        late: Requests that left later than they were due through its own fault.
        told: What its moves were told.
        over: It has done everything; this is its last report.
        why: Why it ended before its time; empty otherwise.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    worker: int
    portion: Portion
    acknowledged: dict[int, list[tuple[int, int]]] = Field(default_factory=dict)
    open: int = 0
    late: int = 0
    told: Told = Told()
    over: bool = False
    why: str = ""


class Tally:
    """The sum of all reports.

    Args:
        plan: The load.
        workers: How many workers there are.
        arrivals: What arrives at our destination, for a load of moves.
    """

    def __init__(self, plan: Plan, workers: int, arrivals: Arrivals | None = None) -> None:
        self._plan, self._workers, self._arrivals = plan, workers, arrivals
        self._told = Told()
        self._none = Portion(interval_ns=interval_of(plan))
        self._total = self._recent = self._none
        self._runs: dict[int, list[tuple[int, int]]] = {}
        self._open: dict[int, int] = {}
        self._over: set[int] = set()
        self._why: list[str] = []
        self._last_s = 0.0
        self._late = 0
        self.steps: list[Step] = []

    @property
    def over(self) -> bool:
        """Whether every worker has told its last, or is lost."""
        return len(self._over) >= self._workers

    def add(self, report: Report) -> None:
        """Takes a report in, in whatever order they come."""
        self.include(report.portion)
        self._recent += report.portion
        for lane, runs in report.acknowledged.items():
            self._runs[lane] = joined([*self._runs.get(lane, []), *runs])
        self._open[report.worker] = report.open
        self._late += report.late
        self._told += report.told
        if report.over:
            self._over.add(report.worker)
            self.blame(report.why)

    def include(self, portion: Portion) -> None:
        """Takes in what is nobody's work: processor time and memory of the master."""
        self._total += portion

    def lose(self, worker: int, why: str) -> None:
        """Notes that a worker is gone; what it told stays."""
        if worker not in self._over:
            self._over.add(worker)
            self._open[worker] = 0
            self.blame(why)

    def blame(self, why: str) -> None:
        """Notes why the load is not complete."""
        if why and why not in self._why:
            self._why.append(why)

    @property
    def awaits(self) -> bool:
        """Whether objects were announced that have not arrived."""
        return self._arrivals is not None and self._arrivals.missing(self._told) > 0

    @property
    def acknowledged(self) -> dict[int, list[tuple[int, int]]]:
        """Runs of the numbers of all acknowledged objects, by lane."""
        return self._runs

    def measurement(self, *, complete: bool, why: str = "") -> Measurement:
        """What was measured so far."""
        reasons = [*self._why, *([why] if why and why not in self._why else [])]
        made = merge(
            self._plan,
            [self._total],
            complete=complete and not reasons,
            why="; ".join(reasons),
        )
        moved = self._arrivals.moved(self._told) if self._arrivals is not None else None
        own = {
            "steps": tuple(self.steps),
            "workers": self._workers,
            "late": self._late,
            "moved": moved,
        }
        return made.model_copy(update=own)

    def progress(self, at_s: float, note: str = "") -> Progress:
        """How it goes since this was asked last."""
        recent, self._recent = self._recent.total(), self._none
        passed, self._last_s = max(at_s - self._last_s, 1e-3), at_s
        total = self._total.total()
        seen = latency(recent.buckets, recent.longest_ns)
        return Progress(
            at_s=at_s,
            count=total.count,
            errors=total.errors,
            rate=recent.count / passed,
            mb_per_s=recent.octets / passed / _OCTETS_PER_MB,
            p50_ms=seen.p50,
            p99_ms=seen.p99,
            associations=sum(self._open.values()),
            ends_in_s=self._rest(at_s, total),
            note=note or self._trouble(),
        )

    def _trouble(self) -> str:
        """While no association is open: the commonest way in which they ended."""
        endings = self._total.endings
        if not endings or any(self._open.values()):
            return ""
        ending = max(endings, key=lambda word: endings[word])
        return f"no association is open: {endings[ending]} x {ending}"

    def climb(self, at_s: float) -> bool:
        """Judges the steps of the search for the knee that have passed; False ends the search."""
        shape = self._plan.shape
        if shape.kind != "knee" or (self.steps and not self.steps[-1].kept):
            return shape.kind != "knee"
        for number in range(len(self.steps), step_at(shape, min(at_s, span_s(self._plan)))):
            step = self._step(number)
            self.steps.append(step)
            if not step.kept:
                return False
        return True

    def _step(self, number: int) -> Step:
        """One step, from the intervals that lie in it."""
        shape = self._plan.shape
        begin, end = number * shape.for_s, (number + 1) * shape.for_s
        length = self._total.interval_ns / NS_PER_S
        cells = self._total.cells.items()
        cell = sum((c for n, c in cells if begin <= (n + 0.5) * length < end), Cell())
        achieved = cell.count / shape.for_s
        middle = begin + shape.for_s / 2
        offered = self._plan.rate * factor_at(self._plan, middle) if self._plan.rate else achieved
        p99 = latency(cell.buckets, cell.longest_ns).p99
        kept = cell.count > 0 and p99 <= shape.p99_ms and not cell.errors
        return Step(
            rate=offered,
            achieved=achieved,
            p99_ms=p99,
            errors=cell.errors,
            kept=kept and achieved >= KEPT * offered,
        )

    def _rest(self, at_s: float, total: Cell) -> float | None:
        """Seconds that are left, by the clock or by what remains of a count."""
        if self._plan.count is None or self._plan.rate is not None:
            return max(0.0, span_s(self._plan) - at_s)
        done = total.count + total.errors
        return at_s / done * max(0, self._plan.count - done) if done else None
