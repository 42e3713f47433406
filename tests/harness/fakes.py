"""A bench without network, scenarios without wire: what the judge is tested with."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from harness import profile as profiles
from harness.engine import Engine
from harness.errors import BenchError
from harness.listener import Row
from harness.model import (
    JSON,
    Body,
    Claim,
    Finding,
    Health,
    Observation,
    Oracle,
    Record,
    Role,
    Safety,
    Scenario,
    Severity,
)
from harness.oracles import NamedOracle, passed, refuses
from harness.profile import Profile
from harness.stage import Packet, Stage
from harness.verdict import Outcome
from harness.witness import RunFolder

PROFILE = """
schema = 1
[device]
manufacturer = "nobody"
model = "fake"
[acceptor]
port = 104
services = ["verification"]
[requestor]
services = ["verification"]
[requestor.commands]
verification = ["echo"]
[process]
restarts = {restarts}
"""


def fake_profile(restarts: int = 3, extra: str = "") -> Profile:
    """A profile with both roles and a process that may be restarted so often."""
    return profiles.parse(PROFILE.format(restarts=restarts) + extra, "fake.toml")


def always(reason: str = "well") -> Oracle:
    """An oracle that is content with everything."""
    return NamedOracle("always", lambda _record: passed(reason))


def saying(finding: Finding) -> Oracle:
    """An oracle with one opinion."""
    return NamedOracle("saying", lambda _record: finding)


def raising(error: Exception) -> Oracle:
    """A broken oracle."""

    def judge(_record: Record) -> Finding:
        raise error

    return NamedOracle("raising", judge)


def refused(stage: Stage) -> None:
    """A body: the stimulus left, and the device refused it."""
    stage.observe("emitted", bytes=1, stimulus=True, what="stimulus")
    stage.stimulated.set()
    stage.observe("outcome", outcome=Outcome.ABORTED.value, after_s=0.1)


def served(stage: Stage) -> None:
    """A body: the stimulus left, and the device served it."""
    stage.observe("emitted", bytes=1, stimulus=True, what="stimulus")
    stage.stimulated.set()
    stage.observe("outcome", outcome=Outcome.RESPONDED.value, status=0, after_s=0.1)


def make_scenario(
    id: str = "ASC-001",
    body: Body = refused,
    *,
    oracles: Sequence[Oracle] | None = None,
    twin: str | None = "ASC-900",
    role: Role = Role.ACCEPTOR,
    needs: frozenset[Claim] = frozenset({Claim.VERIFICATION_SCP}),
    verifies: Sequence[str] = ("HOUSE/STAYS-IN-SERVICE",),
    alone: bool = False,
    bystander: bool = False,
    budget_s: float = 5.0,
    safety: Safety = Safety.NON_DESTRUCTIVE,
    vary: Sequence[Mapping[str, JSON]] = (),
) -> Scenario:
    """A scenario that is good in every respect that is not given."""
    return Scenario(
        id=id, title=f"The device copes with {id}.", rationale="Because.", remediation="Mend it.",
        role=role, severity=Severity.HIGH, verifies=tuple(verifies), threats=("T-AVAIL-02",),
        weakness=("CWE-20",), references=(), needs=needs, twin=twin, control="flaw",
        oracles=tuple(oracles) if oracles is not None else (refuses(Outcome.ABORTED),),
        budget_s=budget_s, safety=safety, alone=alone, bystander=bystander, vary=tuple(vary),
        body=body, source="",
    )  # fmt: skip


def make_twin(
    id: str = "ASC-900",
    body: Body = served,
    *,
    oracles: Sequence[Oracle] | None = None,
    role: Role = Role.ACCEPTOR,
) -> Scenario:
    """A positive scenario."""
    return make_scenario(id, body, oracles=oracles or (always(),), twin=None, role=role)


class FakeBench:
    """A device in memory: bodies make it sick through :attr:`condition`.

    Attributes:
        condition: What the sentinel sees.
        starts: How often the device was started, restarts included.
        stops: How often the bench was stopped.
        refuses_to_start: Why it cannot be started, if so.
        mended_by_restart: False for a device that stays sick whatever one does.
        bystander_ok: Whether bystanders are served.
    """

    def __init__(self, profile: Profile | None = None) -> None:
        self._profile = profile or fake_profile()
        self.condition = HEALTHY
        self.starts = 0
        self.stops = 0
        self.refuses_to_start = ""
        self.mended_by_restart = True
        self.bystander_ok = True
        self.restarted = threading.Event()

    @property
    def profile(self) -> Profile:
        """As given."""
        return self._profile

    @property
    def helpers(self) -> frozenset[int]:
        """It has none."""
        return frozenset()

    @property
    def can_restart(self) -> bool:
        """It is ours where the profile has a process."""
        return self._profile.process is not None

    def start(self) -> None:
        """Starts, unless it refuses to."""
        if self.refuses_to_start:
            raise BenchError(self.refuses_to_start)
        self.starts += 1

    def stop(self) -> None:
        """Counts."""
        self.stops += 1

    def restart(self) -> None:
        """Mends the device."""
        self.start()
        if self.mended_by_restart:
            self.condition = HEALTHY
        self.restarted.set()

    def health(self, role: Role) -> Health:
        """The present condition."""
        return self.condition

    @contextlib.contextmanager
    def bystander(self, stage: Stage) -> Iterator[None]:
        """Is served, or not."""
        yield
        stage.observe("bystander", "bystander", ok=self.bystander_ok, detail="bystander")

    @contextlib.contextmanager
    def watch(self, stage: Stage) -> Iterator[None]:
        """Watches nothing."""
        yield


HEALTHY = Health(ok=True, alive=True, detail="in service")
CRASHED = Health(ok=False, alive=False, detail="gone", evidence={"process ended with": "SIGSEGV"})
SICK = Health(ok=False, alive=None, detail="no answer")


def bench_of(stage: Stage) -> FakeBench:
    """The fake bench of a play."""
    assert isinstance(stage.bench, FakeBench)
    return stage.bench


@dataclass
class Listening:
    """A listener that remembers."""

    total: int = 0
    played: list[str] = field(default_factory=list)
    rows: list[Row] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)
    on_judged: Callable[[Row], None] | None = None

    def planned(self, total: int) -> None:
        """Remembers how many."""
        self.total = total

    def playing(self, scenario: Scenario) -> None:
        """Remembers the order of plays."""
        self.played.append(scenario.id)

    def judged(self, row: Row) -> None:
        """Remembers the row."""
        self.rows.append(row)
        if self.on_judged:
            self.on_judged(row)

    def remark(self, text: str) -> None:
        """Remembers the remark."""
        self.remarks.append(text)


@dataclass
class Played:
    """An engine with everything around it."""

    engine: Engine
    bench: FakeBench
    listener: Listening
    folder: RunFolder

    def rows(self) -> dict[str, Row]:
        """What was judged, by id."""
        return {
            name: future.result()
            for name, future in self.engine.results.items()
            if future.done() and not future.cancelled() and future.exception() is None
        }

    def verdicts(self) -> dict[str, str]:
        """The verdicts, by id, with kind or code."""
        return {
            name: f"{row['verdict']} {row['kind'] or row['code']}".strip()
            for name, row in self.rows().items()
        }


def make_engine(
    folder: Path,
    scenarios: Sequence[Scenario],
    *,
    bench: FakeBench | None = None,
    select: Sequence[str] = (),
    lanes: int | None = None,
) -> Played:
    """An engine over a fake bench, not run yet; plays all scenarios, or the selected ids."""
    bench = bench or FakeBench()
    listener = Listening()
    run_folder = RunFolder(folder / "run")
    engine = Engine(
        bench=bench,
        catalogue={one.id: one for one in scenarios},
        selected=[one for one in scenarios if not select or one.id in select],
        folder=run_folder,
        seed=7,
        run_name="test",
        lanes=lanes,
        listener=listener,
    )
    return Played(engine, bench, listener, run_folder)


def run_engine(
    folder: Path,
    scenarios: Sequence[Scenario],
    *,
    bench: FakeBench | None = None,
    select: Sequence[str] = (),
    lanes: int | None = None,
) -> Played:
    """Plays and closes the folder."""
    played = make_engine(folder, scenarios, bench=bench, select=select, lanes=lanes)
    played.engine.run()
    played.folder.close()
    return played


class Memory:
    """A witness that keeps nothing but the observations."""

    def __init__(self) -> None:
        self.seen: list[tuple[str, Observation]] = []

    def observed(self, play: str, seen: Observation) -> None:
        """Keeps it."""
        self.seen.append((play, seen))

    def packet(self, play: str, packet: Packet) -> None:
        """Drops it."""

    def keylog(self, play: str, line: str) -> None:
        """Drops it."""


def seen(kind: str, actor: str = "attacker", /, **data: JSON) -> Observation:
    """One observation."""
    return Observation(at_s=0.0, actor=actor, kind=kind, data=data)


def a_record(
    *observations: Observation,
    case: Mapping[str, JSON] | None = None,
    facts: Mapping[str, JSON] | None = None,
) -> Record:
    """A record of these observations."""
    return Record(scenario="ASC-001", case=case or {}, facts=facts or {}, observations=observations)


def outcome(name: Outcome, actor: str = "attacker", /, **data: JSON) -> Observation:
    """An outcome observation."""
    return seen("outcome", actor, outcome=name.value, **data)


BEFORE = seen("health", "sentinel", when="before", ok=True, detail="in service")
AFTER = seen("health", "sentinel", when="after", ok=True, detail="in service", evidence={})
TWIN = seen("twin", "engine", id="ASC-900", verdict="PASS", bystander_ok=True)
EMITTED = seen("emitted", stimulus=True)
ABORTED = outcome(Outcome.ABORTED, after_s=0.1)
SOUND = (BEFORE, TWIN, EMITTED, ABORTED, AFTER)
"""What a play of a negative scenario leaves when all is well."""
