"""Our campaigns and boofuzz against one running `storescp --fork`, in turns.

Both are judged alike as far as they can: an honest C-ECHO after each case of boofuzz, our sentinel
without a pause beside our own. What is counted is cases whose outcome is known, per second.
"""

from __future__ import annotations

import json
import statistics
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psutil

from harness import profile as profiles
from harness import registry
from harness.fuzzing import Fuzzing
from harness.stage import Stage
from harness.witness import RunFolder
from simulators.bench import LabBench
from simulators.fuzz.acceptors import titles_of
from simulators.fuzz.campaign import Campaign
from simulators.fuzz.exchanges import exchanges

ROOT = Path(__file__).resolve().parents[2]
RECIPE = ROOT / "devices" / "dcmtk-storescp.toml"
BOOFUZZ = ROOT / ".real-devices" / "boofuzz" / "bin" / "python"
SCRIPT = ROOT / "tests" / "bench" / "boofuzz_dicom.py"
ROUNDS = 3
OURS, THEIRS = 3000, 250
_MOST_S = 600

Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Pace:
    """What one turn came to.

    Attributes:
        cases: Played to their end.
        seconds: Wall clock.
        findings: Culprits, or health checks that failed.
    """

    cases: int
    seconds: float
    findings: int

    @property
    def rate(self) -> float:
        """Cases a second."""
        return self.cases / max(1e-6, self.seconds)


@dataclass(frozen=True, slots=True)
class Compared:
    """All turns, in their order."""

    ours: tuple[Pace, ...]
    boofuzz: tuple[Pace, ...]

    @property
    def ratio(self) -> float:
        """How many times as many cases a second: medians."""
        mine, theirs = (statistics.median(p.rate for p in c) for c in (self.ours, self.boofuzz))
        return mine / max(1e-6, theirs)


@contextmanager
def running(folder: Path) -> Iterator[LabBench]:
    """The device of the recipe, started, and its bench."""
    bench = LabBench(profiles.load(RECIPE), folder, lambda text: None)
    bench.start()
    try:
        yield bench
    finally:
        bench.stop()


def campaign(bench: LabBench, folder: Path, count: int, seed: int = 0) -> Pace:
    """One campaign of ours, with its whole judgement and record."""
    witness = RunFolder(folder)
    stage = Stage(
        play="FUZ-001", scenario=registry.load()["FUZ-001"], case={}, profile=bench.profile,
        bench=bench, witness=witness, seed=seed, run="bench", fuzzing=Fuzzing(mutants=count),
    )  # fmt: skip
    try:
        found = exchanges(titles_of(stage), bench.profile.claims())
        Campaign(stage, found, count, searches=4).run()
    finally:
        witness.finish_play(stage.play)
        witness.close()
    end = stage.record({}).last("campaign-end")
    assert end is not None
    played, seconds, culprits = (end.data[name] for name in ("played", "seconds", "culprits"))
    assert isinstance(played, int)
    assert isinstance(seconds, int | float)
    assert isinstance(culprits, int)
    return Pace(played, seconds, culprits)


def boofuzz(bench: LabBench, count: int) -> Pace:
    """boofuzz in a process of its own, with a C-ECHO after each case."""
    _, port = bench.lab.address(secure=False)
    command = [
        str(BOOFUZZ), str(SCRIPT), str(port), bench.lab.called, bench.lab.calling, str(count)
    ]  # fmt: skip
    done = subprocess.run(command, capture_output=True, check=True, timeout=_MOST_S, text=True)
    told = json.loads(done.stdout.splitlines()[-1])
    return Pace(told["cases"], told["seconds"], told["failures"])


def compare(folder: Path, say: Say) -> Compared:
    """Turn by turn against one device; each says what it came to."""
    ours: list[Pace] = []
    theirs: list[Pace] = []
    with running(folder / "device") as bench:
        for number in range(ROUNDS):
            ours.append(campaign(bench, folder / f"ours-{number}", OURS, number))
            say(f"ours: {ours[-1].rate:.0f} cases/s ({ours[-1].cases})")
            theirs.append(boofuzz(bench, THEIRS))
            say(f"boofuzz: {theirs[-1].rate:.0f} cases/s ({theirs[-1].cases})")
    return Compared(tuple(ours), tuple(theirs))


def growth(folder: Path, count: int, say: Say) -> tuple[Pace, int, int]:
    """One long campaign: its pace, and our memory after a tenth of it and at its end, in octets."""
    me = psutil.Process()
    with running(folder / "device") as bench:
        campaign(bench, folder / "warm", count // 10)
        early = me.memory_info().rss
        pace = campaign(bench, folder / "long", count, 1)
        late = me.memory_info().rss
    say(f"{pace.cases} cases, {pace.rate:.0f}/s, {early >> 20} -> {late >> 20} MiB")
    return pace, early, late


def told(found: Compared) -> Iterator[str]:
    """The comparison as lines."""
    for name, paces in (("ours", found.ours), ("boofuzz", found.boofuzz)):
        rates = ", ".join(f"{pace.rate:.0f}" for pace in paces)
        cases = sum(pace.cases for pace in paces)
        yield f"{name}: {rates} cases/s, {cases} cases, {sum(p.findings for p in paces)} findings"
    yield f"ratio of medians: {found.ratio:.1f}"
