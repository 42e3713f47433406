"""The engine: claims -> healthy? -> twin ok? -> play -> judge -> still healthy?

Scenarios that only wait run side by side in lanes, so that a hundred timers run out together;
those that measure the device run alone. When the device turns sick while several plays are in
flight, it is restarted and the suspects are played again one by one until the culprit is named.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Protocol

from harness.bench import Bench
from harness.errors import BenchError, HarnessError
from harness.judge import judge_case
from harness.model import JSON, CaseResult, Claim, Health, Result, Role, Scenario
from harness.play import TwinVerdict, Unit, perform, units_of, witness_health
from harness.rows import row_of
from harness.stage import Stage
from harness.verdict import FailKind, Verdict
from harness.watchman import Watchman
from harness.witness import RunFolder

Row = Mapping[str, JSON]

MAX_LANES = 64
"""Waiting costs nothing; with a bystander each, lanes stay within the scope's 128 connections."""
REQUESTOR_LANES = 4
"""Each play against a requestor costs processes; more lanes than this only make them wait."""


class Listener(Protocol):
    """Who wants to know how the run goes (progress on a terminal, for example)."""

    def planned(self, total: int) -> None:
        """So many scenarios will have a result."""

    def playing(self, scenario: Scenario) -> None:
        """A scenario begins."""

    def judged(self, row: Row) -> None:
        """A scenario has its result."""

    def remark(self, text: str) -> None:
        """Something that the operator should know."""


@dataclass(slots=True)
class _Played:
    unit: Unit
    stage: Stage
    ended: float
    sick: bool = False
    overlapped: bool = False


@dataclass(slots=True)
class _Verdicts:
    """Case results and their plays, gathered per scenario."""

    cases: dict[int, CaseResult] = field(default_factory=dict)
    plays: dict[int, str] = field(default_factory=dict)


class Engine:
    """Plays a selection of scenarios against one bench.

    Args:
        bench: Not started yet; the engine starts and stops it.
        catalogue: Every known scenario, for the twins.
        selected: What to play; each gets a future in :attr:`results`.
        folder: The witness of the run.
        seed: Seeds every play.
        run_name: Distinguishes this run's tokens from another run's.
        lanes: Most plays at a time; None lets the device's claims decide.
        listener: Progress.
    """

    def __init__(
        self,
        *,
        bench: Bench,
        catalogue: Mapping[str, Scenario],
        selected: Sequence[Scenario],
        folder: RunFolder,
        seed: int,
        run_name: str,
        lanes: int | None,
        listener: Listener,
    ) -> None:
        self._bench = bench
        self._catalogue = catalogue
        self._selected = selected
        self._folder = folder
        self._seed = seed
        self._run_name = run_name
        self._lanes = lanes
        self._listener = listener
        self._verdicts: dict[str, _Verdicts] = {}
        self._twins: dict[str, TwinVerdict] = {}
        self._restarts_left = bench.profile.process.restarts if bench.profile.process else 0
        self._active: dict[str, Stage] = {}
        self._lock = threading.Lock()
        self._incident = threading.Event()
        self._cancelled = threading.Event()
        self._watchmen: dict[Role, Watchman] = {}
        self._dead: dict[Role, Health] = {}
        self.results: dict[str, Future[Row]] = {s.id: Future() for s in selected}

    def run(self) -> None:
        """Plays everything; every future has its result, or the exception that prevents it."""
        try:
            self._run()
        except BaseException as error:
            for future in self.results.values():
                if not future.done():
                    future.set_exception(error)
            if not isinstance(error, HarnessError):
                raise
        finally:
            self._bench.stop()
            for future in self.results.values():
                future.cancel()

    def cancel(self) -> None:
        """Ends the run early; what was judged stays."""
        self._cancelled.set()
        for watchman in self._watchmen.values():
            watchman.give_up()
        self._cancel_active()

    def _run(self) -> None:
        claims = self._bench.profile.claims()
        playable = [s for s in self._selected if not self._not_applicable(s, claims)]
        self._listener.planned(len(self._selected))
        if not playable:
            return
        self._bench.start()
        for role in Role:
            mine = [s for s in playable if s.role is role]
            if mine and not self._cancelled.is_set():
                self._run_role(role, mine)

    def _run_role(self, role: Role, mine: Sequence[Scenario]) -> None:
        watchman = self._watchmen[role] = Watchman(self._bench, role)
        health = watchman.look()
        if not health.ok:
            self._dead[role] = health
        twins = {s.twin for s in mine if s.twin} | {s.id for s in mine if s.positive}
        positives = [self._catalogue[name] for name in sorted(twins)]
        for group in (positives, [s for s in mine if not s.positive]):
            self._play_shared(role, [s for s in group if not s.alone])
            for scenario in group:
                if scenario.alone:
                    self._play_alone(role, scenario)

    def _not_applicable(self, scenario: Scenario, claims: frozenset[Claim]) -> bool:
        missing = sorted(claim.value for claim in scenario.needs - claims)
        scope = self._bench.profile.scope
        if missing:
            reason = f"the profile does not claim {', '.join(missing)}"
        elif scenario.safety.value == "destructive" and not scope.destructive:
            reason = "destructive, and scope.destructive is not true"
        else:
            return False
        case = CaseResult(
            vary={}, verdict=Verdict.NOT_APPLICABLE, outcome=None, reason=reason, preferred=True
        )
        self._publish(Result(scenario=scenario, cases=(case,)), [])
        return True

    # Lanes ---------------------------------------------------------------------------------

    def _play_shared(self, role: Role, scenarios: Sequence[Scenario]) -> None:
        """Plays scenarios side by side; names the culprit when the device turns sick."""
        # The longest waits go first, so that they overlap with everything else.
        ordered = sorted(scenarios, key=lambda s: (-s.budget_s, s.id))
        waiting = [unit for scenario in ordered for unit in units_of(scenario)]
        while waiting and not self._cancelled.is_set():
            played, waiting = self._one_round(role, waiting)
            doubtful = self._settle(role, played)
            self._replay(role, doubtful)

    def _one_round(self, role: Role, units: Sequence[Unit]) -> tuple[list[_Played], list[Unit]]:
        """Plays until all are done or an incident; returns what was played and what was not."""
        self._incident.clear()
        lanes = self._lane_count(role)
        if len(units) == 1 or lanes == 1:
            lanes = 1
        with ThreadPoolExecutor(lanes, thread_name_prefix="lane") as pool:
            pending = [pool.submit(self._in_lane, role, unit, lanes > 1) for unit in units]
            done = [future.result() for future in pending]
        played = [one for one in done if isinstance(one, _Played)]
        return played, [one for one in done if isinstance(one, Unit)]

    def _in_lane(self, role: Role, unit: Unit, shared: bool) -> _Played | Unit:
        if self._incident.is_set() or self._cancelled.is_set():
            return unit
        played = self._play_once(role, unit, unit.name)
        played.overlapped = shared
        return played

    def _play_once(self, role: Role, unit: Unit, name: str) -> _Played:
        stage = Stage(
            play=name,
            scenario=unit.scenario,
            case=unit.case,
            profile=self._bench.profile,
            bench=self._bench,
            witness=self._folder,
            seed=self._seed,
            run=self._run_name,
        )
        self._listener.playing(unit.scenario)
        with self._lock:
            self._active[name] = stage
        budget = threading.Timer(stage.budget_s + 30.0, stage.cancelled.set)
        budget.daemon = True
        budget.start()
        try:
            watchman = self._watchmen[role]
            before = self._dead.get(role) or watchman.last
            perform(stage, self._bench, before, self._twin_of(unit.scenario))
        finally:
            budget.cancel()
            with self._lock:
                del self._active[name]
        return self._look_after(role, unit, stage)

    def _look_after(self, role: Role, unit: Unit, stage: Stage) -> _Played:
        ended = time.monotonic()
        played = _Played(unit, stage, ended)
        if role in self._dead:
            return played
        health = self._watchmen[role].confirm(ended)
        witness_health(stage, health, "after")
        for path in self._folder.finish_play(stage.play):
            stage.observe("evidence", "engine", path=path)
        if not health.ok and not self._cancelled.is_set():
            played.sick = True
            self._incident.set()
            self._cancel_active()
        return played

    def _settle(self, role: Role, played: Sequence[_Played]) -> list[_Played]:
        """Judges what is beyond doubt; returns what must be played again, alone."""
        sick = [one for one in played if one.sick or one.stage.cancelled.is_set()]
        doubtful: list[_Played] = []
        if len(sick) > 1:
            doubtful += sick
        if sick and not self._cancelled.is_set():
            self._bring_back(role)
        for one in played:
            if self._cancelled.is_set() and one.stage.cancelled.is_set():
                continue
            if one in doubtful:
                continue
            case = self._judge(one)
            if one.overlapped and _depends_on_company(case, one):
                doubtful.append(one)
            else:
                self._gather(one, case)
        return doubtful

    def _replay(self, role: Role, suspects: Sequence[_Played]) -> None:
        """Plays suspects again, one by one, each alone on a healthy device."""
        incident = any(one.sick for one in suspects)
        reproduced = False
        again: list[_Played] = []
        for suspect in suspects:
            if self._cancelled.is_set():
                return
            unit = suspect.unit
            self._listener.remark(f"playing {unit.name} again, alone")
            played = self._play_once(role, unit, f"{unit.name}/alone")
            again.append(played)
            if played.sick:
                reproduced = True
                self._bring_back(role)
        names = ", ".join(one.unit.name for one in suspects)
        for played in again:
            if incident and not reproduced:
                why = f"the device went out of service while {names} were in flight, "
                played.stage.observe(
                    "suspicion", "engine", why=f"{why}but none of them does it alone"
                )
            self._gather(played, self._judge(played))

    def _play_alone(self, role: Role, scenario: Scenario) -> None:
        for unit in units_of(scenario):
            if self._cancelled.is_set():
                return
            played = self._play_once(role, unit, unit.name)
            if played.sick:
                self._bring_back(role)
            self._gather(played, self._judge(played))

    def _bring_back(self, role: Role) -> None:
        """Gets the device into service again, or gives the role up for the rest of the run."""
        watchman = self._watchmen[role]
        if self._bench.can_restart and self._restarts_left > 0:
            self._restarts_left -= 1
            self._listener.remark("the device is out of service: restarting it")
            self._folder.note("restart", {"left": self._restarts_left})
            try:
                self._bench.restart()
            except BenchError as error:
                self._dead[role] = Health(ok=False, alive=False, detail=f"no restart: {error}")
                return
        health = watchman.look()
        if not health.ok:
            self._dead[role] = health
            self._listener.remark(f"the device stays out of service: {health.detail}")

    # Judging -------------------------------------------------------------------------------

    def _judge(self, played: _Played) -> CaseResult:
        record = played.stage.record(self._bench.profile.facts())
        return judge_case(played.unit.scenario, record)

    def _gather(self, played: _Played, case: CaseResult) -> None:
        """Keeps a case's verdict; publishes the scenario's when all its cases have theirs."""
        scenario = played.unit.scenario
        with self._lock:
            kept = self._verdicts.setdefault(scenario.id, _Verdicts())
            kept.cases[played.unit.index] = case
            kept.plays[played.unit.index] = played.stage.play
            complete = len(kept.cases) == max(1, len(scenario.vary))
        if not complete:
            return
        order = sorted(kept.cases)
        result = Result(scenario=scenario, cases=tuple(kept.cases[i] for i in order))
        if scenario.positive:
            seen = played.stage.record({}).last("bystander", "bystander")
            served = bool(seen and seen.data.get("ok"))
            self._twins[scenario.id] = TwinVerdict(scenario.id, result.verdict, served)
        self._publish(result, [kept.plays[i] for i in order])

    def _publish(self, result: Result, plays: Iterable[str]) -> None:
        future = self.results.get(result.scenario.id)
        if future is None or future.done():
            return
        row = row_of(result)
        self._folder.result(row, list(plays))
        self._listener.judged(row)
        future.set_result(row)

    def _twin_of(self, scenario: Scenario) -> TwinVerdict | None:
        return self._twins.get(scenario.twin) if scenario.twin else None

    def _lane_count(self, role: Role) -> int:
        profile = self._bench.profile
        wanted = self._lanes or MAX_LANES
        if role is Role.REQUESTOR:
            manual = profile.requestor is not None and profile.requestor.manual
            return 1 if manual else min(wanted, REQUESTOR_LANES)
        limit = profile.acceptor.max_associations if profile.acceptor else None
        # Each lane may need one association for the attack and one for its bystander.
        return wanted if limit is None else max(1, min(wanted, (limit - 1) // 2))

    def _cancel_active(self) -> None:
        with self._lock:
            for stage in self._active.values():
                stage.cancelled.set()


def _depends_on_company(case: CaseResult, played: _Played) -> bool:
    """True for a verdict that other plays in flight may have caused."""
    if case.verdict is Verdict.FAIL and case.kind in (FailKind.HANG, FailKind.CRASH):
        return any(found.oracle in ("sentinel", "bystander") for found in case.findings)
    after = played.stage.record({}).last("health", "sentinel")
    return bool(after and after.data.get("lost_worker"))
