"""One play of one case: twin known, device healthy, then the body, watched and stood by.

Whatever the body raises becomes an observation of the right kind: an unmet precondition or a
missing emission is nobody's fault, anything else is our ERROR. Judgement comes later.
"""

from __future__ import annotations

import contextlib
import traceback
from collections.abc import Mapping
from dataclasses import dataclass

from harness.bench import Bench
from harness.errors import NotEmittedError, PreconditionUnmetError, ScopeError
from harness.model import JSON, Claim, Health, Role, Scenario
from harness.reviewing.attestation import REVIEWER, observed
from harness.stage import Stage
from harness.verdict import Verdict

_KEPT_FRAMES = 8


@dataclass(frozen=True, slots=True)
class Unit:
    """One case of one scenario: what a lane plays."""

    scenario: Scenario
    index: int
    case: Mapping[str, JSON]

    @property
    def name(self) -> str:
        """The play's name: the id, with the number of the case where there are several."""
        return f"{self.scenario.id}.{self.index + 1}" if self.scenario.vary else self.scenario.id


@dataclass(frozen=True, slots=True)
class TwinVerdict:
    """How the positive twin fared in this run."""

    id: str
    verdict: Verdict
    bystander_ok: bool


def units_of(scenario: Scenario) -> list[Unit]:
    """The cases of a scenario, at least one."""
    return [Unit(scenario, index, case) for index, case in enumerate(scenario.vary or ({},))]


def perform(stage: Stage, bench: Bench, before: Health, twin: TwinVerdict | None) -> None:
    """Plays the body on a healthy device; everything is witnessed, nothing is raised.

    Without its twin's success nothing would be concluded from it, so it is left out.
    """
    facts = bench.profile.facts()
    stage.observe(
        "begin", "engine", scenario=stage.scenario.id, case=dict(stage.case), facts=facts,
        token=stage.token,
    )  # fmt: skip
    witness_health(stage, before, "before")
    if not before.ok:
        return
    if twin is not None:
        stage.observe(
            "twin", "engine", id=twin.id, verdict=twin.verdict.name, bystander_ok=twin.bystander_ok
        )
    if not stage.scenario.positive and (twin is None or twin.verdict is not Verdict.PASS):
        return
    try:
        with bench.watch(stage), _stood_by(stage, bench):
            stage.scenario.body(stage)
    except PreconditionUnmetError as unmet:
        stage.observe("precondition", "engine", why=str(unmet))
    except (NotEmittedError, ScopeError) as silent:
        stage.observe("not-emitted", "engine", why=str(silent))
    except Exception as error:
        stage.observe(
            "error", "engine", message=f"{type(error).__name__}: {error}",
            trace=_frames(error),
        )  # fmt: skip
    if stage.cancelled.is_set():
        stage.observe("cut-short", "engine")
    stage.observe("ended", "engine")


def ask(stage: Stage, facts: Mapping[str, JSON], answer: Mapping[str, JSON] | None) -> None:
    """Puts the question of a scenario, with the answer that the profile brought; raises nothing."""
    stage.observe("begin", "engine", scenario=stage.scenario.id, case={}, facts=facts, token="")
    try:
        stage.scenario.body(stage)
    except Exception as error:
        stage.observe(
            "error", "engine", message=f"{type(error).__name__}: {error}", trace=_frames(error)
        )
    for kind, data in observed(answer) if answer else ():
        stage.observe(kind, REVIEWER, **data)
    stage.observe("ended", "engine")


def _frames(error: Exception) -> list[JSON]:
    """Where it was raised, innermost last, as ``file:line function``.

    Not ``traceback.format_exc``: it parses source, which CPython 3.11 cannot do in two threads at
    a time (gh-106905), and pytest does it in the main thread.
    """
    frames = [
        f"{frame.f_code.co_filename}:{line} {frame.f_code.co_name}"
        for frame, line in traceback.walk_tb(error.__traceback__)
    ]
    return [*frames[-_KEPT_FRAMES:]]


def witness_health(stage: Stage, health: Health, when: str) -> None:
    """Puts what the sentinel saw into the record of the play."""
    stage.observe(
        "health", "sentinel", when=when, ok=health.ok, alive=health.alive, detail=health.detail,
        latency_s=round(health.latency_s, 4), evidence=dict(health.evidence),
        lost_worker=health.lost_worker,
    )  # fmt: skip


def _stood_by(stage: Stage, bench: Bench) -> contextlib.AbstractContextManager[None]:
    wanted = stage.scenario.bystander and stage.scenario.role is Role.ACCEPTOR
    if wanted and Claim.CONCURRENT_ASSOCIATIONS in bench.profile.claims():
        return bench.bystander(stage)
    return contextlib.nullcontext()
