"""One load from its beginning to its verdicts: bench, generator, watch, ledger, judgement.

The load is one play of the record, and every question to it is judged on that play. What was
measured is in the record before it is judged, so that a load can be judged again.
"""

from __future__ import annotations

import contextlib
import signal
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, wait
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType

from rich.console import Console

from harness import load_watch
from harness import run as runs
from harness.bench import Bench, open_bench
from harness.judge import judge_case
from harness.load_cases import CASES, STORING, cases_for
from harness.load_rows import measured_in
from harness.loading import Load, LoadRequest, open_load
from harness.measurement import Footing, Ledger, Measurement
from harness.model import JSON, CaseResult, Health, Result, Role, Scenario
from harness.play import witness_health
from harness.profile import Profile
from harness.rows import row_of
from harness.session import head_of, keep_profile
from harness.stage import Stage
from harness.verdict import Verdict
from harness.witness import RunFolder, new_folder

PLAY = "LOAD"
"""The name of the one play in the record."""

ACTOR = "load"
_RECOVERY_S = 10.0
"""How long recovery is looked for, where nothing is claimed."""

_LOOKS_FOR_S = 60.0
"""How long objects are looked for, or twice as long as the load if that is longer."""

_OFTEN_S = 0.2
_GRACE_S = 5.0
"""How long a look that was told to end may take to do so."""

REQUESTS = {
    "echo": "C-ECHO", "store": "C-STORE", "find": "C-FIND", "get": "C-GET", "move": "C-MOVE",
    "commit": "N-ACTION", "associate": "A-ASSOCIATE", "mixed": "mixed", "stow": "STOW-RS",
    "qido": "QIDO-RS", "wado": "WADO-RS", "hl7": "HL7",
}  # fmt: skip
"""What a request of each operation is called."""


@dataclass(frozen=True, slots=True)
class Loaded:
    """A load that is over.

    Attributes:
        measured: With ledger and footings; of nothing where the device was out of service before.
    """

    run: runs.Run
    measured: Measurement


@dataclass(slots=True)
class Patience:
    """How long the operator wants to wait: each interruption takes a part of it away.

    Attributes:
        load: Set by the first: the load ends.
        rest: Set by the second: nothing is looked for afterwards. A third ends everything.
    """

    tell: Callable[[str], None]
    load: threading.Event = field(default_factory=threading.Event)
    rest: threading.Event = field(default_factory=threading.Event)

    @contextlib.contextmanager
    def held(self) -> Iterator[None]:
        """Takes SIGINT and SIGTERM for itself; only the main thread is ever interrupted."""
        if threading.current_thread() is not threading.main_thread():
            yield
            return
        kept = {each: signal.getsignal(each) for each in (signal.SIGINT, signal.SIGTERM)}
        for each in kept:
            signal.signal(each, self._interrupted)
        try:
            yield
        finally:
            for each, handler in kept.items():
                signal.signal(each, handler)

    @contextlib.contextmanager
    def at_most(self, seconds: float) -> Iterator[None]:
        """Gives what is under way so much time, as if the operator had no patience for more."""
        timer = threading.Timer(seconds, self.rest.set)
        timer.daemon = True
        timer.start()
        try:
            yield
        finally:
            timer.cancel()

    def _interrupted(self, number: int, frame: FrameType | None) -> None:
        if self.rest.is_set():
            raise KeyboardInterrupt
        if self.load.is_set():
            self.rest.set()
            self._say("ending at once")
            return
        self.load.set()
        self._say("ending the load; interrupt again to end without looking for its objects")

    def _say(self, text: str) -> None:
        # The signal may have come in the middle of a line of ours: that one is enough then.
        with contextlib.suppress(RuntimeError):
            self.tell(text)


def load_device(
    profile: Profile,
    request: LoadRequest,
    *,
    out: Path | None,
    verify: bool,
    console: Console,
) -> Loaded:
    """Loads a device, judges it and writes the run folder.

    Raises:
        HarnessError: The load could not begin; the device, a flag or the scope is the reason.
        KeyboardInterrupt: The operator interrupted three times.
    """
    cases = cases_for(request, profile, verified=verify)
    path = new_folder(out, profile.device.model)
    folder = RunFolder(path)
    patience = Patience(lambda text: console.print(f"» {text}", markup=False))
    try:
        folder.begin(head_of(profile, CASES, cases, request.seed))
        keep_profile(profile, path)
        bench = open_bench(profile, path, request.seed, patience.tell)
        with patience.held():
            stage = _played(bench, request, folder, cases[0], verify, console, patience)
        seen = stage.record({}).observations
        measured = next(iter(measured_in(seen)), _nothing(request))
        for case in cases:
            folder.result(row_of(_judged(case, stage, bench.profile)), [PLAY])
        finished = measured.complete and not patience.load.is_set()
        folder.note("finish", {"complete": finished})
    finally:
        folder.close()
    run = runs.load(path)
    runs.write_document(path, run.document)
    return Loaded(run, measured)


def _played(
    bench: Bench,
    request: LoadRequest,
    folder: RunFolder,
    case: Scenario,
    verify: bool,
    console: Console,
    patience: Patience,
) -> Stage:
    """Starts the device, loads it and looks after it; the bench is stopped whatever happens."""
    try:
        bench.start()
        stage = Stage(
            play=PLAY, scenario=case, case={}, profile=bench.profile, bench=bench, witness=folder,
            seed=request.seed, run=folder.path.name,
        )  # fmt: skip
        stage.observe(
            "begin", "engine", scenario=case.id, case={}, facts=bench.profile.facts(),
            token=stage.token, request=request.model_dump(mode="json"),
        )  # fmt: skip
        performance = _Performance(bench, request, stage, patience, folder.path)
        performance.play(console, verify=verify)
        stage.observe("ended", "engine")
        return stage
    finally:
        bench.stop()


class _Performance:
    """The play itself: everything is witnessed, in the order in which it happens."""

    def __init__(
        self, bench: Bench, request: LoadRequest, stage: Stage, patience: Patience, folder: Path
    ) -> None:
        self._bench = bench
        self._request = request
        self._stage = stage
        self._patience = patience
        self._folder = folder

    def play(self, console: Console, *, verify: bool) -> None:
        """Loads a device that is in service."""
        health, usual_s = load_watch.quickness(self._health)
        witness_health(self._stage, health, "before")
        if not health.ok:
            return
        load = open_load(self._bench, self._folder, self._request.seed)
        base = load_watch.before(load.footing)
        measured, during, began = self._measure(load, console)
        self._witness(measured)
        self._recovery(usual_s)
        after = load_watch.settled(load.footing, base, began, self._patience.rest)
        self._footings(base, during, after)
        if verify and not self._patience.rest.is_set():
            with self._patience.at_most(max(_LOOKS_FOR_S, 2 * measured.duration_s)):
                ledger = self._look_for(load)
            if ledger is not None:
                self._stage.observe("ledger", ACTOR, **ledger.model_dump(mode="json"))
        witness_health(self._stage, self._health(), "after")

    def _look_for(self, load: Load) -> Ledger | None:
        """Has the objects looked for; None when a device that answers slowly keeps it from ending.

        What is still under way then ends with the device, or with us.
        """
        found: Future[Ledger] = Future()

        def look() -> None:
            try:
                found.set_result(load.verify(self._patience.rest))
            except Exception as error:
                found.set_exception(error)

        threading.Thread(target=look, name="load-verify", daemon=True).start()
        while not self._patience.rest.is_set() and not found.done():
            wait([found], timeout=_OFTEN_S)
        wait([found], timeout=_GRACE_S)
        return found.result() if found.done() else None

    def _measure(
        self, load: Load, console: Console
    ) -> tuple[Measurement, Sequence[Footing], float]:
        """What was measured, what the device held meanwhile, and when the load began."""
        start = load_watch.Start()
        with (
            load_watch.Watch(load.footing) as watch,
            load.picture(self._request, console) as show,
        ):
            measured = load.measure(self._request, start.noticed(show), self._patience.load)
            began = start.of(measured.duration_s)
        return measured, watch.since(began), began

    def _witness(self, measured: Measurement) -> None:
        data = measured.model_dump(mode="json", exclude={"ledger", "device"})
        self._stage.observe("load", ACTOR, **data)
        asked = measured.count + measured.errors + sum(measured.endings.values())
        if asked:
            what = f"{asked} {REQUESTS[self._request.operation]} requests"
            if self._request.operation in STORING and measured.size_bytes:
                what = f"{what} of {measured.size_bytes} octets"
            self._stage.observe(
                "emitted", ACTOR, what=what, bytes=measured.octets, sent=measured.octets,
                stimulus=True,
            )  # fmt: skip

    def _recovery(self, usual_s: float) -> None:
        claimed = self._bench.profile.load.recovery_s if self._bench.profile.load else None
        within_s = _RECOVERY_S if claimed is None else max(claimed * 2, _RECOVERY_S)
        after_s, ok, served = load_watch.recovery(
            self._health, usual_s, within_s, self._patience.rest
        )
        self._stage.observe("recovery", ACTOR, after_s=round(after_s, 3), ok=ok, served=served)

    def _footings(self, *looks: Sequence[Footing]) -> None:
        for when, seen in zip(("before", "during", "after"), looks, strict=True):
            for one in seen:
                self._stage.observe("footing", ACTOR, when=when, **one.model_dump(mode="json"))

    def _health(self) -> Health:
        return self._bench.health(Role.ACCEPTOR)


def _nothing(request: LoadRequest) -> Measurement:
    """What was measured of a device that was not loaded."""
    return Measurement(
        operation=request.operation, shape=request.shape.kind, size_bytes=request.size_bytes,
        associations=request.associations, workers=request.workers, rate=request.rate,
        complete=False, why="the device was out of service before the load",
    )  # fmt: skip


def _judged(case: Scenario, stage: Stage, profile: Profile) -> Result:
    missing = sorted(claim.value for claim in case.needs - profile.claims())
    if missing:
        reason = f"the profile does not claim {', '.join(missing)}"
        none = CaseResult(vary={}, verdict=Verdict.NOT_APPLICABLE, outcome=None, reason=reason)
        return Result(scenario=case, cases=(none,))
    facts: dict[str, JSON] = profile.facts()
    return Result(scenario=case, cases=(judge_case(case, stage.record(facts)),))
