"""The one who leads a load: waits until all are ready, says go, adds up, ends it. Under gevent."""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Protocol

from gevent.event import Event

from harness.measurement import Measurement
from simulators.load.plan import Plan
from simulators.load.recorder import Recorder
from simulators.load.shapes import associations_at, span_s
from simulators.load.tally import Report, Tally

TICK_S: Final = 1.0
"""Distance of progress lines, and of what is left on disk in case we die."""

INTERRUPTED: Final = "interrupted"
UNENDED: Final = "the load generator died before its last report"

_LATE_S: Final = 30.0


class Ensemble(Protocol):
    """Those who do the work: one crew in this process, or workers elsewhere."""

    def go(self) -> None:
        """The load begins now."""
        ...

    def stop(self, why: str) -> None:
        """The load ends soon; `why` is empty when that is as it should be."""
        ...

    def collect(self) -> None:
        """Adds to the tally what there is to tell, and notes who is lost."""
        ...


@dataclass(frozen=True, slots=True)
class Outputs:
    """Where results go.

    Attributes:
        result: File of the measurement.
        acknowledged: File of the acknowledged objects; None: not wanted.
        progress: Whether progress goes to standard output, a JSON object a line.
    """

    result: Path
    acknowledged: Path | None = None
    progress: bool = False


class Conductor:
    """Leads one load to its end.

    Args:
        plan: The load.
        tally: Where the reports of the workers are added up.
        outputs: Where results go.

    Attributes:
        settle: Called when everybody has told their last, before that is added up.
    """

    def __init__(self, plan: Plan, tally: Tally, outputs: Outputs) -> None:
        self._plan, self._tally, self._outputs = plan, tally, outputs
        self.settle: Callable[[], None] = _nothing
        self._recorder = Recorder.of(plan, time.perf_counter_ns())
        self._ready = 0
        self._all_ready, self._stopping, self.news = Event(), Event(), Event()
        self._began = 0.0
        self._why = ""

    @property
    def elapsed_s(self) -> float:
        """Seconds since the load began; 0 before."""
        return time.monotonic() - self._began if self._began else 0.0

    @property
    def over(self) -> bool:
        """Whether the load has ended."""
        return self._tally.over

    def ready(self, count: int = 1) -> None:
        """Notes that associations stand ready."""
        self._ready += count
        if self._ready >= associations_at(self._plan, 0.0):
            self._all_ready.set()

    def interrupt(self, why: str = INTERRUPTED) -> None:
        """Ends the load because somebody asks for it, or for another reason."""
        self._why = self._why or why
        self._stopping.set()
        self._all_ready.set()
        self.news.set()

    def heard(self, report: Report) -> None:
        """Takes in what a worker tells."""
        self._tally.add(report)
        if report.over:
            self.news.set()

    def lost(self, worker: int, why: str) -> None:
        """Notes that a worker is gone; when nobody has begun, nobody waits for it."""
        self._tally.lose(worker, why)
        self._all_ready.set()
        self.news.set()

    def lead(self, ensemble: Ensemble) -> Measurement:
        """Leads from the beginning to the end; returns what was measured."""
        self._all_ready.wait(self._plan.timeout_s + _LATE_S)
        ensemble.go()
        self._began = time.monotonic()
        stopped = False
        while not self._tally.over:
            self._tick(ensemble)
            if not stopped and (self._stopping.is_set() or self._is_enough()):
                ensemble.stop(self._why)
                stopped = True
        ensemble.collect()
        self._tally.climb(self.elapsed_s)
        self.settle()
        return self._finish()

    def _tick(self, ensemble: Ensemble) -> None:
        """Waits for news or for the next second, and tells how it goes."""
        due = self._began + (int(self.elapsed_s / TICK_S) + 1) * TICK_S
        while not self.news.wait(max(0.0, due - time.monotonic())):
            ensemble.collect()
            self._say()
            return
        self.news.clear()

    def _is_enough(self) -> bool:
        """Whether the search for the knee has found it, or the load lasts far too long."""
        if not self._tally.climb(self.elapsed_s - TICK_S):
            return True
        if self.elapsed_s > span_s(self._plan) + 2 * self._plan.timeout_s + _LATE_S:
            self._why = "the load did not end in time"
            return True
        return self.elapsed_s > self._plan.bounds.seconds + self._plan.timeout_s + _LATE_S

    def _say(self) -> None:
        """The measurement so far on disk, and then its progress: what was told is not lost."""
        self._tally.include(self._recorder.flush())
        self._leave(self._tally.measurement(complete=False, why=UNENDED))
        if self._outputs.progress:
            progress = self._tally.progress(self.elapsed_s)
            sys.stdout.write(progress.model_dump_json() + "\n")
            sys.stdout.flush()

    def _finish(self) -> Measurement:
        self._tally.include(self._recorder.flush())
        made = self._tally.measurement(complete=not self._why, why=self._why)
        self._leave(made)
        return made

    def _leave(self, measurement: Measurement) -> None:
        runs = self._tally.acknowledged
        if self._outputs.acknowledged is not None:
            lanes = {str(lane): pairs for lane, pairs in runs.items()}
            _write(self._outputs.acknowledged, json.dumps(lanes))
        _write(self._outputs.result, measurement.model_dump_json())


def _nothing() -> None:
    """Nothing is on its way any more."""


def _write(path: Path, text: str) -> None:
    """Replaces a file as a whole: whoever reads it never sees half of one."""
    part = path.with_name(f"{path.name}.part")
    part.write_text(text, "utf-8")
    os.replace(part, path)
