"""The stagehand: sets the stage for one play, looks after the device, brings it back.

Knows nothing of scheduling and nothing of verdicts.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from harness.bench import Bench
from harness.errors import BenchError
from harness.fuzzing import NOTHING_ASKED, Fuzzing
from harness.listener import Listener
from harness.model import JSON, Health, Role, Scenario
from harness.play import TwinVerdict, Unit, ask, perform, witness_health
from harness.stage import Stage
from harness.watchman import Watchman
from harness.witness import RunFolder

_MERCY_S = 30.0
"""How far beyond its budget a play may run before its actors are told to stop."""

_BRIEF_S = 8.0
"""How long a suspect is given to show, alone, that it takes the device out of service."""


_GATHER_S = {
    Role.ACCEPTOR: 0.02,
    Role.REQUESTOR: 0.2,
    Role.READER: 0.05,
    Role.USER_AGENT: 0.05,
}
"""How long the look after a play may wait for others to end; one that starts a process is dear."""


@dataclass(slots=True)
class Played:
    """One play that is over.

    Attributes:
        sick: The sentinel found the device out of service after it.
        crashed: And there was evidence of a crash.
        cut_short: It was ended before its time, so its outcome says little.
        doubtful: Its verdict may come of the company that it was played in.
    """

    unit: Unit
    stage: Stage
    sick: bool = False
    crashed: bool = False
    cut_short: bool = False
    doubtful: bool = False


class Stagehand:
    """Plays units on one bench; safe for many lanes.

    Attributes:
        incident: Set while the device is out of service because of something in flight.
        cancelled: Set when the run ends early.
        dead: Roles in which the device is out of service for the rest of the run, and why.
    """

    def __init__(
        self,
        *,
        bench: Bench,
        folder: RunFolder,
        seed: int,
        run_name: str,
        listener: Listener,
        twin_of: Callable[[Scenario], TwinVerdict | None],
        fuzzing: Fuzzing = NOTHING_ASKED,
    ) -> None:
        self._bench = bench
        self._folder = folder
        self._seed = seed
        self._run_name = run_name
        self._listener = listener
        self._twin_of = twin_of
        self._fuzzing = fuzzing
        self._restarts_left = bench.profile.process.restarts if bench.profile.process else 0
        self._active: dict[str, Stage] = {}
        self._attempts: dict[str, int] = {}
        self._lock = threading.Lock()
        self._watchmen: dict[Role, Watchman] = {}
        self.incident = threading.Event()
        self.cancelled = threading.Event()
        self.dead: dict[Role, Health] = {}

    def meet(self, role: Role) -> None:
        """Looks at the device for the first time in a role."""
        watchman = self._watchmen[role] = Watchman(self._bench, role)
        health = watchman.look()
        if not health.ok:
            self.dead[role] = health

    def play(self, role: Role, unit: Unit, *, brief: bool = False) -> Played:
        """Plays one unit and looks after the device.

        Args:
            role: The device's role.
            unit: What to play.
            brief: End it as soon as its bystander was served or neglected.
        """
        stage = self._set_stage(unit)
        limit = _BRIEF_S if brief else stage.budget_s + _MERCY_S
        timer = threading.Timer(limit, stage.cancelled.set)
        timer.daemon = True
        timer.start()
        if brief:
            stage.ends_with_bystander = True
        try:
            before = self.dead.get(role) or self._watchmen[role].last
            perform(stage, self._bench, before, self._twin_of(unit.scenario))
        finally:
            timer.cancel()
            with self._lock:
                del self._active[stage.play]
        return self._look_after(role, unit, stage)

    def ask(self, unit: Unit, answer: Mapping[str, JSON] | None) -> Played:
        """Puts a question to a person; the device is left alone."""
        stage = self._set_stage(unit)
        try:
            ask(stage, self._bench.profile.facts(), answer)
        finally:
            with self._lock:
                del self._active[stage.play]
        return Played(unit, stage)

    def bring_back(self, role: Role) -> None:
        """Gets the device into service again, or gives the role up for the rest of the run."""
        if self.cancelled.is_set():
            return
        if self._bench.can_restart and self._restarts_left > 0:
            self._restarts_left -= 1
            self._listener.remark("the device is out of service: restarting it")
            self._folder.note("restart", {"left": self._restarts_left})
            try:
                self._bench.restart()
            except BenchError as error:
                self.dead[role] = Health(ok=False, alive=False, detail=f"no restart: {error}")
                return
        health = self._watchmen[role].look()
        if not health.ok:
            self.dead[role] = health
            self._listener.remark(f"the device stays out of service: {health.detail}")

    def cancel(self) -> None:
        """Ends everything in flight; the run is over."""
        self.cancelled.set()
        for watchman in list(self._watchmen.values()):
            watchman.give_up()
        self._cut_short()

    def _set_stage(self, unit: Unit) -> Stage:
        with self._lock:
            attempt = self._attempts[unit.name] = self._attempts.get(unit.name, 0) + 1
        name = unit.name if attempt == 1 else f"{unit.name}/{attempt}"
        stage = Stage(
            play=name,
            scenario=unit.scenario,
            case=unit.case,
            profile=self._bench.profile,
            bench=self._bench,
            witness=self._folder,
            seed=self._seed,
            run=self._run_name,
            fuzzing=self._fuzzing,
            say=lambda text: self._listener.remark(f"{unit.scenario.id}: {text}"),
        )
        self._listener.playing(unit.scenario)
        with self._lock:
            self._active[name] = stage
        if self.incident.is_set() or self.cancelled.is_set():
            stage.cancelled.set()
        return stage

    def _look_after(self, role: Role, unit: Unit, stage: Stage) -> Played:
        cut_short = stage.cancelled.is_set()
        played = Played(unit, stage, cut_short=cut_short)
        if role not in self.dead:
            health = self._watchmen[role].confirm(time.monotonic(), self._gather_s(role))
            witness_health(stage, health, "after")
            played.sick = not health.ok
            played.crashed = bool(health.evidence)
        for path in self._folder.finish_play(stage.play):
            stage.observe("evidence", "engine", path=path, sha256=self._folder.digest(path))
        if played.sick and not self.cancelled.is_set():
            self.incident.set()
            self._cut_short()
        return played

    def _gather_s(self, role: Role) -> float:
        """Plays in company share a look."""
        with self._lock:
            return _GATHER_S[role] if self._active else 0.0

    def _cut_short(self) -> None:
        with self._lock:
            for stage in self._active.values():
                stage.cancelled.set()
