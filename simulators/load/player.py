"""A crew under Locust: gets it going, ends it in time, tells what it measured. Under gevent."""

from __future__ import annotations

import time
from typing import Final

import gevent
from locust.env import Environment

from simulators.load.crew import Crew
from simulators.load.pace import share_of
from simulators.load.plan import Plan
from simulators.load.tally import Report
from simulators.load.users import Muster
from simulators.load.worker_stats import feed

HURRY_S: Final = 3.0
"""How long requests in flight may take after an interruption."""

_LOOK_S: Final = 0.1
_NS: Final = 1_000_000_000


class Player:
    """The crew of this process and the Locust that runs it.

    Args:
        environment: Locust's, with a runner.
        plan: The load.
        index: Which worker this is.
        workers: Of how many.
    """

    def __init__(self, environment: Environment, plan: Plan, index: int, workers: int) -> None:
        self._environment, self._plan, self._index = environment, plan, index
        self.crew = Muster.crew = Crew(plan, share_of(plan, index, workers))
        self._hurry: float | None = None
        self._closer = gevent.spawn(self._close)

    @property
    def elapsed_s(self) -> float:
        """Seconds since the load began here; 0 before."""
        if not self.crew.go.is_set():
            return 0.0
        return (time.perf_counter_ns() - self.crew.begin) / _NS

    def stop(self, why: str, grace_s: float = HURRY_S) -> None:
        """Ends the load soon; what was done is told."""
        self._hurry = grace_s
        self.crew.stop(why)

    def report(self, *, last: bool = False) -> Report:
        """What happened since the last report; Locust's statistics are fed with it, too."""
        portion = self.crew.portion()
        late, self.crew.late = self.crew.late, 0
        feed(self._environment.stats, portion, self._plan.operation)
        return Report(
            worker=self._index,
            portion=portion,
            acknowledged=self.crew.acknowledged(),
            open=self.crew.open,
            late=late,
            told=Muster.moves.take(),
            over=last,
            why=self.crew.why if last else "",
        )

    def wait(self) -> None:
        """Returns when everybody has left and everything is noted."""
        self._closer.join()

    def _close(self) -> None:
        """Waits for the end; whoever is not ready then is interrupted by Locust."""
        while not self.crew.closing.wait(_LOOK_S):
            self.crew.look()
        self.crew.interrupt_slow()
        patience_s, began = self._plan.timeout_s + HURRY_S, time.monotonic()
        while not self.crew.over.wait(_LOOK_S):
            grace_s = patience_s if self._hurry is None else self._hurry
            if time.monotonic() - began > grace_s and self._environment.runner is not None:
                self._environment.stop_timeout = 0.0
                self._environment.runner.stop()
                break
        self.crew.settle()
