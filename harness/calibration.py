"""The harness's own proof: every scenario against the clean device, its flaw and the null devices.

A scenario that cannot fail proves nothing, and one that passes on a device that does nothing
sensible proves less. Each job is one device with one selection; jobs run side by side.
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import CancelledError
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path

from harness import devices, registry
from harness.errors import HarnessError
from harness.front import QuietListener
from harness.model import JSON, Claim, Role, Scenario
from harness.profile import Profile
from harness.session import Choice, open_session

SCHEMA = "dicom-assay/calibrate/1"
REFERENCE = "reference"

_PLAY_S = 0.1
"""What one play of many costs; only the order of the jobs rests on it."""

Catalogue = Mapping[str, Scenario]


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """One device, one seed, one selection.

    Attributes:
        device: "reference", "flaw:NAME", "flaw:NAME+NAME", "twin:FO-n" or "null:KIND".
        seed: Of the run.
        scenarios: Ids to play.
        claims: What the scenarios need beyond the reference device's usual claims: profiles that
            contradict those cannot be kept to at the same time, so that it is configured anew.
    """

    device: str
    seed: int
    scenarios: tuple[str, ...]
    claims: tuple[Claim, ...] = ()

    @property
    def label(self) -> str:
        """The device with its unusual claims, for the matrix and for lines."""
        more = "+".join(claim.value for claim in self.claims)
        return f"{self.device} claiming {more}" if more else self.device


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What became of a job: verdict (with kind or code) by scenario; an error stops the job.

    Attributes:
        wall_s: How long it took.
        cpu_s: Processor time of our side alone; its devices are processes of their own.
    """

    job: Job
    verdicts: Mapping[str, str]
    reasons: Mapping[str, str] = field(default_factory=dict)
    error: str = ""
    wall_s: float = 0.0
    cpu_s: float = 0.0


def plan(catalogue: Catalogue, seeds: Sequence[int], only_flaw: str | None = None) -> list[Job]:
    """All jobs; those with the most to play first, so that the short ones fill the gaps.

    Args:
        catalogue: Every scenario.
        seeds: Flaws and the clean device are played with each.
        only_flaw: Restricts to one flaw and the clean device.
    """
    controls = sorted({s.control for s in catalogue.values()})
    if only_flaw is not None:
        controls = [only_flaw]
    everything = tuple(catalogue)
    concerned = {
        control: tuple(s.id for s in catalogue.values() if s.control == control)
        for control in controls
    }
    touched = everything if only_flaw is None else concerned[only_flaw]
    jobs = at_home(
        catalogue, (Job(device=REFERENCE, seed=seed, scenarios=touched) for seed in seeds)
    )
    if only_flaw is None:
        first = seeds[0]
        jobs += [
            Job(device=f"twin:{name}", seed=first, scenarios=_concerned_by(name, catalogue))
            for name in _declared("twins")
        ]
        judging = tuple(s.id for s in catalogue.values() if s.judges_refusal or s.question)
        jobs += [
            Job(device=f"null:{n}", seed=first, scenarios=judging) for n in _declared("null-kinds")
        ]
    known = set(_declared("flaws"))
    for control in controls:
        if control in known:
            split = (
                Job(device=f"flaw:{control}", seed=seed, scenarios=concerned[control])
                for seed in seeds
            )
            jobs += at_home(catalogue, split)
    return sorted(jobs, key=lambda job: -_effort(catalogue, job))


def _effort(catalogue: Catalogue, job: Job) -> float:
    """How long a job takes at most, roughly: every play a little, and the longest wait of all."""
    scenarios = [catalogue[name] for name in job.scenarios]
    plays = sum(max(1, len(one.vary)) for one in scenarios)
    return plays * _PLAY_S + max((one.budget_s for one in scenarios), default=0.0)


def at_home(catalogue: Catalogue, jobs: Iterable[Job]) -> list[Job]:
    """Each job, split by what its scenarios need beyond the usual claims of the reference."""
    usual = devices.embedded_profile().claims()
    split: list[Job] = []
    for job in jobs:
        homes: dict[frozenset[Claim], list[str]] = {}
        for name in job.scenarios:
            homes.setdefault(_home(catalogue[name].needs - usual), []).append(name)
        split += [
            replace(job, scenarios=tuple(names), claims=tuple(sorted(claims)))
            for claims, names in homes.items()
        ]
    return split


@cache
def _home(needed: frozenset[Claim]) -> frozenset[Claim]:
    """All unusual claims of the configuration that has those needed: scenarios share a device."""
    if not needed:
        return needed
    usual = devices.embedded_profile().claims()
    return devices.embedded_profile(claims=tuple(needed)).claims() - usual


def _concerned_by(twin: str, catalogue: Catalogue) -> tuple[str, ...]:
    """Scenarios that can meet a benign twin: those of the role that it plays."""
    role = Role.REQUESTOR if twin in devices.declared("requestor-twins") else Role.ACCEPTOR
    return tuple(s.id for s in catalogue.values() if s.role is role)


def perform(job: Job) -> Outcome:
    """Runs one job and takes its time; meant for a worker process that does one at a time."""
    began, worked = time.monotonic(), time.process_time()
    outcome = _perform(job)
    return replace(
        outcome,
        wall_s=round(time.monotonic() - began, 3),
        cpu_s=round(time.process_time() - worked, 3),
    )


def _perform(job: Job) -> Outcome:
    catalogue = _catalogue()
    selected = [catalogue[name] for name in job.scenarios]
    with tempfile.TemporaryDirectory(prefix="assay-calibrate-") as folder:
        choice = Choice(seed=job.seed, out=Path(folder) / "run")
        try:
            run = open_session(_profile(job), catalogue, selected, choice, QuietListener(), _nobody)
            run.start()
            rows = {name: run.row(name) for name in job.scenarios}
            run.end(complete=True)
        except (HarnessError, CancelledError) as error:
            return Outcome(job=job, verdicts={}, error=f"{type(error).__name__}: {error}")
    return Outcome(
        job=job,
        verdicts={name: _shown(row) for name, row in rows.items()},
        reasons={name: str(row["reason"]) for name, row in rows.items()},
    )


def summarise(
    catalogue: Catalogue, outcomes: Iterable[Outcome], seeds: Sequence[int]
) -> dict[str, JSON]:
    """The document of ``assay calibrate --json``."""
    done = list(outcomes)
    matrix: dict[str, dict[str, str]] = {name: {} for name in catalogue}
    seen: dict[tuple[str, str], set[str]] = {}
    for outcome in done:
        for name, verdict in outcome.verdicts.items():
            matrix[name].setdefault(outcome.job.label, verdict)
            seen.setdefault((name, outcome.job.label), set()).add(verdict)
    why = {
        f"{name} on {o.job.label}": reason
        for o in done
        for name, reason in o.reasons.items()
        if not o.verdicts[name].startswith("PASS") and not o.job.device.startswith("flaw:")
    }
    flaws = {o.job.device for o in done if o.job.device.startswith("flaw:")}
    missed = _missed(done)
    known = set(_declared("flaws"))
    lists: dict[str, Sequence[str]] = {
        "missed": missed,
        "false_fail": _explained(_with(seen, "FAIL", (REFERENCE, "twin:")), why),
        "vacuous_pass": _with(seen, "PASS", ("null:",)),
        "uncontrolled": [
            s.id
            for s in catalogue.values()
            if s.control not in known and any(s.id in o.job.scenarios for o in done)
        ],
        "not_passing": [
            f"{_where(name, device)}: {', '.join(sorted(verdicts))}"
            f": {why.get(f'{name} on {device}', 'no reason')}"
            for (name, device), verdicts in sorted(seen.items())
            if device.startswith(REFERENCE) and verdicts != {"PASS"}
        ],
        "unstable": [
            f"{name} on {device}: {', '.join(sorted(verdicts))}"
            for (name, device), verdicts in sorted(seen.items())
            if len(verdicts) > 1
        ],
        "errors": [f"{o.job.label} seed {o.job.seed}: {o.error}" for o in done if o.error]
        + _with(seen, "ERROR", ("",)),
    }
    return {
        "schema": SCHEMA,
        "summary": {
            "scenarios": len(catalogue),
            "flaws": len(flaws),
            "detected": len(flaws) - len({line.split(" ")[2].rstrip(":") for line in missed}),
            "seeds": list(seeds),
            **lists,
        },
        "timing": timing(done),
        "matrix": matrix,
    }


def timing(done: Iterable[Outcome]) -> list[JSON]:
    """How long each job took, the slowest first."""
    return [
        {"job": o.job.label, "seed": o.job.seed, "wall_s": o.wall_s, "cpu_s": o.cpu_s}
        for o in sorted(done, key=lambda o: (-o.wall_s, o.job.label, o.job.seed))
    ]


def sound(document: Mapping[str, JSON]) -> bool:
    """True when every list of the summary but ``seeds`` is empty."""
    summary = document["summary"]
    assert isinstance(summary, Mapping)
    return not any(v for k, v in summary.items() if isinstance(v, list) and k != "seeds")


def _explained(lines: Sequence[str], why: Mapping[str, str]) -> list[str]:
    """Each line with the reason that the last such play gave."""
    return [f"{line}: {why.get(line.partition(': ')[0], 'no reason')}" for line in lines]


def _where(name: str, device: str) -> str:
    """The scenario, with the device where it is not the usual reference."""
    return name if device == REFERENCE else f"{name} on {device}"


def _missed(done: Sequence[Outcome]) -> list[str]:
    """Scenarios that did not fail on their own control, with what they said instead."""
    lines: list[str] = []
    for outcome in done:
        if not outcome.job.device.startswith("flaw:"):
            continue
        for name in outcome.job.scenarios:
            verdict = outcome.verdicts.get(name, "nothing")
            if not verdict.startswith("FAIL"):
                reason = outcome.reasons.get(name, outcome.error)
                lines.append(f"{name} on {outcome.job.label}: {verdict}: {reason}")
    return sorted(set(lines))


def _with(
    seen: Mapping[tuple[str, str], set[str]], verdict: str, devices_: tuple[str, ...]
) -> list[str]:
    return [
        f"{name} on {device}: {', '.join(sorted(verdicts))}"
        for (name, device), verdicts in sorted(seen.items())
        if device.startswith(devices_) and any(v.split(" ")[0] == verdict for v in verdicts)
    ]


@cache
def _catalogue() -> Catalogue:
    """Every scenario, found once for all jobs of this worker process."""
    return registry.load()


def _profile(job: Job) -> Profile:
    kind, _, name = job.device.partition(":")
    if kind == "flaw":
        return devices.embedded_profile(flaws=name.split("+"), claims=job.claims)
    if kind == "twin":
        return devices.embedded_profile(twins=[name])
    if kind == "null":
        return devices.null_profile(name)
    return devices.embedded_profile(claims=job.claims)


def _shown(row: Mapping[str, JSON]) -> str:
    """The verdict, with its kind or code where it has one: "FAIL crash"."""
    return f"{row['verdict']} {row['kind'] or row['code'] or ''}".strip()


def _declared(name: str) -> Sequence[str]:
    return devices.declared(name)


def _nobody(text: str) -> None:
    """The embedded devices need no operator."""
