"""The engine: claims -> healthy? -> twin ok? -> play -> judge -> still healthy?

Scenarios that only wait run side by side in lanes, so that a hundred timers run out together;
those that measure the device run alone. When the device turns sick while several plays are in
flight, it is restarted and the suspects are played again one by one until the culprit is named.
"""

from __future__ import annotations

import threading
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field

from harness.bench import Bench
from harness.errors import HarnessError
from harness.fuzzing import NOTHING_ASKED, Fuzzing
from harness.judge import judge_case, told_to_return
from harness.listener import Listener, Row
from harness.model import JSON, CaseResult, Claim, Result, Role, Safety, Scenario
from harness.play import TwinVerdict, Unit, units_of
from harness.rows import row_of
from harness.stagehand import Played, Stagehand
from harness.verdict import FailKind, InconclusiveReason, Outcome, Verdict
from harness.witness import RunFolder

MAX_LANES = 64
"""Waiting costs nothing; with a bystander each, lanes stay within the scope's 128 connections."""

REQUESTOR_LANES = 8
"""Each play against a requestor costs processes; more lanes than this only make them wait."""

READER_LANES = 2
"""A program that reads is busy from its start to its end; with more, each would seem slow."""

ENOUGH_CULPRITS = 4
"""How many cases of one scenario may take the device out of service before the rest is spared."""

_BY_TIMER = frozenset({Outcome.TIMEOUT, Outcome.CLOSED, Outcome.RESET})
"""Endings that a timer of either side brings about when there is too little processor for all."""


@dataclass(slots=True)
class _Verdicts:
    """Case results and their plays, gathered per scenario."""

    cases: dict[int, CaseResult] = field(default_factory=dict)
    plays: dict[int, str] = field(default_factory=dict)
    spared: set[int] = field(default_factory=set)
    culprits: int = 0

    def complete(self, scenario: Scenario) -> bool:
        """True when every case has its verdict or was spared."""
        return len(self.cases) + len(self.spared) == max(1, len(scenario.vary))

    def notes(self) -> tuple[str, ...]:
        """What a reader must know about cases that have no verdict."""
        if not self.spared:
            return ()
        return (
            f"{len(self.spared)} further case(s) were not played: {self.culprits} had already "
            "taken the device out of service, each alone",
        )


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
        fuzzing: What is asked of scenarios that play mutants.
        answers: By scenario, what the profile answers to questions for a person.
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
        fuzzing: Fuzzing = NOTHING_ASKED,
        answers: Mapping[str, Mapping[str, JSON]] | None = None,
    ) -> None:
        self._answers = answers or {}
        self._bench = bench
        self._catalogue = catalogue
        self._selected = selected
        self._folder = folder
        self._lanes = lanes
        self._listener = listener
        self._verdicts: dict[str, _Verdicts] = {}
        self._twins: dict[str, TwinVerdict] = {}
        self._suspicions: dict[str, str] = {}
        self._fewer_lanes: dict[Role, int] = {}
        self._lock = threading.Lock()
        self._published: set[str] = set()
        self._hand = Stagehand(
            bench=bench,
            folder=folder,
            seed=seed,
            run_name=run_name,
            listener=listener,
            twin_of=lambda scenario: self._twins.get(scenario.twin or ""),
            fuzzing=fuzzing,
        )
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
        self._hand.cancel()

    def _run(self) -> None:
        claims = self._bench.profile.claims()
        playable = [s for s in self._selected if not self._not_applicable(s, claims)]
        self._listener.planned(len(self._selected))
        for scenario in (s for s in playable if s.question):
            if not self._hand.cancelled.is_set():
                self._ask(scenario)
        playable = [s for s in playable if not s.question]
        if not playable:
            return
        self._bench.start()
        for role in Role:
            mine = [s for s in playable if s.role is role]
            if mine and not self._hand.cancelled.is_set():
                self._hand.meet(role)
                self._run_role(role, mine)

    def _ask(self, scenario: Scenario) -> None:
        """Puts a question to a person, for which the device need not even be there."""
        unit = units_of(scenario)[0]
        played = self._hand.ask(unit, self._answers.get(scenario.id))
        self._gather(played, self._judge(played))

    def _run_role(self, role: Role, mine: Sequence[Scenario]) -> None:
        """Twins first, because everything else rests on them."""
        twins = {s.twin for s in mine if s.twin} | {s.id for s in mine if s.positive}
        positives = [self._catalogue[name] for name in sorted(twins)]
        for group in (positives, [s for s in mine if not s.positive]):
            self._play_shared(role, [s for s in group if not s.alone])
            for scenario in group:
                if scenario.alone:
                    self._play_alone(role, units_of(scenario))

    def _not_applicable(self, scenario: Scenario, claims: frozenset[Claim]) -> bool:
        missing = sorted(claim.value for claim in scenario.needs - claims)
        permitted = self._bench.profile.scope.destructive
        if missing:
            reason = f"the profile does not claim {', '.join(missing)}"
        elif scenario.safety is Safety.DESTRUCTIVE and not permitted:
            reason = "destructive, and scope.destructive is not true"
        else:
            return False
        case = CaseResult(vary={}, verdict=Verdict.NOT_APPLICABLE, outcome=None, reason=reason)
        self._publish(Result(scenario=scenario, cases=(case,)), [])
        return True

    def _play_shared(self, role: Role, scenarios: Sequence[Scenario]) -> None:
        """Plays scenarios side by side; names the culprit when the device turns sick."""
        # The longest waits go first, so that they overlap with everything else.
        ordered = sorted(scenarios, key=lambda s: (-s.budget_s, s.id))
        waiting = [unit for scenario in ordered for unit in units_of(scenario)]
        while waiting and not self._hand.cancelled.is_set():
            suspects, waiting = self._one_round(role, waiting)
            waiting = [*self._find_culprits(role, suspects), *waiting]

    def _one_round(self, role: Role, units: Sequence[Unit]) -> tuple[list[Played], list[Unit]]:
        """Plays until all are done or an incident; returns the suspects and what was not played.

        What is beyond doubt has its verdict as soon as the sentinel has spoken.
        """
        self._hand.incident.clear()
        lanes = min(self._lane_count(role), len(units))
        with ThreadPoolExecutor(lanes, thread_name_prefix="lane") as pool:
            pending = [pool.submit(self._in_lane, role, unit, lanes > 1) for unit in units]
            done = [future.result() for future in pending]
        if self._hand.incident.is_set():
            self._hand.bring_back(role)
        suspects = [one for one in done if isinstance(one, Played)]
        return suspects, [one for one in done if isinstance(one, Unit)]

    def _in_lane(self, role: Role, unit: Unit, shared: bool) -> Played | Unit | None:
        """Plays one unit: a suspect, the unit itself if it was not played, None if it is judged."""
        if self._hand.incident.is_set() or self._hand.cancelled.is_set():
            return unit
        if self._spares(unit):
            return None
        if not shared:
            self._play_alone(role, [unit])
            return None
        played = self._hand.play(role, unit)
        if played.sick or played.cut_short:
            return played
        case = self._judge(played)
        played.doubtful = _may_be_a_timer(case, played)
        if played.doubtful or _depends_on_company(case, played):
            return played
        self._gather(played, case)
        return None

    def _find_culprits(self, role: Role, suspects: Sequence[Played]) -> list[Unit]:
        """Plays suspects again, each alone and briefly; returns those that did nothing wrong.

        A suspect that neglects its bystander, or leaves the device out of service, is a culprit,
        and what it did alone is its verdict. Where there is none, the device could not take so
        many plays at a time, and fewer lanes are used from then on; but a crash that nobody
        reproduces stays a suspicion against all of them. Whose verdict alone is in doubt, and not
        what it did to the device, is played again in full, and that verdict counts.
        """
        self._play_alone(role, [one.unit for one in suspects if one.doubtful], again=True)
        suspects = [one for one in suspects if not one.doubtful]
        innocent: list[Played] = []
        altered = False
        for suspect in suspects:
            if self._hand.cancelled.is_set():
                return []
            if self._spares(suspect.unit):
                continue
            self._listener.remark(f"playing {suspect.unit.name} again, alone")
            self._hand.incident.clear()
            # What never got its stimulus out in company must have its whole chance alone.
            tried = suspect.stage.stimulated.is_set() and not suspect.unit.scenario.positive
            brief = len(suspects) > 1 and tried
            probe = self._hand.play(role, suspect.unit, brief=brief)
            if probe.sick:
                self._hand.bring_back(role)
            if probe.sick or _neglected(probe):
                self._kept(suspect.unit.scenario).culprits += 1
                self._gather(probe, self._judge(probe))
            else:
                innocent.append(probe)
                altered = altered or not self._fared_alike(suspect, probe)
        if altered and len(innocent) == len(suspects):
            self._nobody_did_it(role, suspects)
        for probe in innocent:
            if not probe.cut_short:
                self._gather(probe, self._judge(probe))
        return [probe.unit for probe in innocent if probe.cut_short]

    def _fared_alike(self, suspect: Played, probe: Played) -> bool:
        """True for a twin to which its company did nothing: alone it fails as it did before."""
        if suspect.sick or suspect.cut_short or not suspect.unit.scenario.positive:
            return False
        facts = self._bench.profile.facts()
        both = (judge_case(one.unit.scenario, one.stage.record(facts)) for one in (suspect, probe))
        return len({case.verdict for case in both}) == 1

    def _spares(self, unit: Unit) -> bool:
        """Leaves out a case whose scenario has enough culprits: each more costs a restart."""
        kept = self._kept(unit.scenario)
        if kept.culprits < ENOUGH_CULPRITS:
            return False
        kept.spared.add(unit.index)
        self._publish_if_complete(unit.scenario)
        return True

    def _nobody_did_it(self, role: Role, suspects: Sequence[Played]) -> None:
        """What follows from an incident that none of the suspects reproduces alone."""
        names = ", ".join(one.unit.name for one in suspects)
        if any(one.crashed for one in suspects):
            why = f"the device crashed while {names} were in flight, but none does it alone"
            self._suspicions.update({one.unit.name: why for one in suspects})
            return
        lanes = self._fewer_lanes[role] = max(1, self._lane_count(role) // 4)
        self._listener.remark(f"the device does not take so many at a time: {lanes} from now on")
        self._folder.note("lanes", {"role": role.value, "lanes": lanes})

    def _play_alone(self, role: Role, units: Sequence[Unit], *, again: bool = False) -> None:
        """Plays units one by one; a doubtful verdict counts only when it comes ``again``."""
        for unit in units:
            if self._hand.cancelled.is_set():
                return
            played, case = self._play_and_judge(role, unit)
            if not again and _may_be_a_timer(case, played) and not self._hand.cancelled.is_set():
                self._listener.remark(f"playing {unit.name} again")
                played, case = self._play_and_judge(role, unit)
            if self._hand.cancelled.is_set() and played.cut_short:
                return
            self._gather(played, case)

    def _play_and_judge(self, role: Role, unit: Unit) -> tuple[Played, CaseResult]:
        """Plays one unit with nothing beside it, and brings the device back where it must."""
        self._hand.incident.clear()
        played = self._hand.play(role, unit)
        if played.sick:
            self._hand.bring_back(role)
            self._hand.incident.clear()
        return played, self._judge(played)

    def _judge(self, played: Played) -> CaseResult:
        why = self._suspicions.get(played.unit.name)
        if why is not None:
            played.stage.observe("suspicion", "engine", why=why)
        record = played.stage.record(self._bench.profile.facts())
        return judge_case(played.unit.scenario, record)

    def _gather(self, played: Played, case: CaseResult) -> None:
        """Keeps a case's verdict; publishes the scenario's when all its cases have theirs."""
        scenario = played.unit.scenario
        kept = self._kept(scenario)
        with self._lock:
            kept.cases[played.unit.index] = case
            kept.plays[played.unit.index] = played.stage.play
        if scenario.positive:
            seen = played.stage.record({}).last("bystander", "bystander")
            served = bool(seen and seen.data.get("ok"))
            worst = max(one.verdict for one in kept.cases.values())
            self._twins[scenario.id] = TwinVerdict(scenario.id, worst, served)
        self._publish_if_complete(scenario)

    def _kept(self, scenario: Scenario) -> _Verdicts:
        with self._lock:
            return self._verdicts.setdefault(scenario.id, _Verdicts())

    def _publish_if_complete(self, scenario: Scenario) -> None:
        kept = self._kept(scenario)
        with self._lock:
            if not kept.complete(scenario):
                return
            order = sorted(kept.cases)
            cases = tuple(kept.cases[index] for index in order)
        result = Result(scenario=scenario, cases=cases, notes=kept.notes())
        self._publish(result, [kept.plays[index] for index in order])

    def _publish(self, result: Result, plays: Iterable[str]) -> None:
        name = result.scenario.id
        future = self.results.get(name)
        with self._lock:
            # Two lanes may finish the last two cases at once; only one of them publishes.
            if future is None or future.done() or name in self._published:
                return
            self._published.add(name)
        row = row_of(result)
        self._folder.result(row, list(plays))
        self._listener.judged(row)
        future.set_result(row)

    def _lane_count(self, role: Role) -> int:
        profile = self._bench.profile
        wanted = self._fewer_lanes.get(role) or self._lanes or MAX_LANES
        if role is Role.REQUESTOR:
            manual = profile.requestor is not None and profile.requestor.manual
            return 1 if manual else min(wanted, REQUESTOR_LANES)
        if role in (Role.READER, Role.USER_AGENT):
            return min(wanted, READER_LANES)
        limit = profile.acceptor.max_associations if profile.acceptor else None
        # Each lane may need one association for the attack and one for its bystander.
        return wanted if limit is None else max(1, min(wanted, (limit - 1) // 2))


def _neglected(played: Played) -> bool:
    """True when the bystander of the play was neither served nor told to come back."""
    seen = played.stage.record({}).last("bystander", "bystander")
    return bool(seen and not seen.data.get("ok") and not told_to_return(seen))


def _control_failed(played: Played) -> bool:
    """True when a device that serves honest peers did not serve the honest one of this play."""
    record = played.stage.record({})
    twin, control = record.last("twin", "engine"), record.last("outcome", "control")
    served = twin is not None and twin.data.get("verdict") == Verdict.PASS.name
    return served and control is not None and control.data.get("outcome") in _BY_TIMER


def _may_be_a_timer(case: CaseResult, played: Played) -> bool:
    """True for an ending that a timer of the device explains, run out while we were too busy."""
    if case.code is InconclusiveReason.PRECONDITION_UNMET:
        return _control_failed(played)
    return case.verdict is Verdict.FAIL and case.kind is FailKind.WRONG_REASON


def _depends_on_company(case: CaseResult, played: Played) -> bool:
    """True for a verdict that other plays in flight may have caused."""
    if played.unit.scenario.positive and case.verdict is not Verdict.PASS:
        return True
    if case.code is InconclusiveReason.NOT_EMITTED:
        return True  # an overrun device takes no more connections
    if case.verdict is Verdict.FAIL and case.kind in (FailKind.HANG, FailKind.CRASH):
        return any(found.oracle in ("sentinel", "bystander") for found in case.findings)
    after = played.stage.record({}).last("health", "sentinel")
    return bool(after and after.data.get("lost_worker"))
