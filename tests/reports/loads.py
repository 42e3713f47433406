"""A run of a device under load: what a generator measures of devices that differ in one thing."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from harness.measurement import Caller, Latency, Measurement, Step
from harness.model import JSON, Observation
from harness.run import Run
from tests.reports import builder, hostile
from tests.reports.measuring import MIB, footings_of, ledger_of, measure, requests_of
from tests.reports.rows import Row, result


@dataclass(frozen=True, slots=True)
class Play:
    """One measured load and what else was seen in its play."""

    row: Row
    measurement: Measurement
    recovery: tuple[float, bool] | None = None


def loaded(folder: Path) -> Run:
    """Six loads: kept, slow, lossy, stalled and cut short, greedy, and a search for the knee."""
    return run_of(folder, [clean(), slow(), lossy(), stalled(), greedy(), knee()])


def one_load(folder: Path) -> Run:
    """A run of a single load."""
    return run_of(folder, [clean()])


def hostile_loaded(folder: Path) -> Run:
    """Every string an attack on the reader, every number an attack on the picture."""
    text = hostile.EVERYTHING
    caller: dict[str, JSON] = {"ae_title": text, "objects_per_s": 5.0}
    data: dict[str, JSON] = {
        **clean().measurement.model_dump(mode="json"),
        "operation": text, "shape": text, "complete": False, "why": text,
        "statuses": {text: 1}, "endings": {text: 2}, "rate": 1e308,
        "callers": [caller, {**caller, "ae_title": "=cmd|' /C calc'!A0"}, caller, text, None],
        "duration_s": -1e300, "mb_per_s": float("inf"), "count": 10**400, "errors": -5,
        "steps": [{"rate": float("nan"), "p99_ms": -3}, {"rate": 1e300, "p99_ms": 1e300}, text],
    }  # fmt: skip
    ledger: dict[str, JSON] = {"lost": text, "how": [text], "examples": [text, None]}
    row = result("LOAD-001", "FAIL", title=f"not believed {text}", reason=text)
    made = builder.build(folder, [row])
    nothing: dict[str, JSON] = {"operation": [text], "timeline": {}, "histogram": [[1], text, 7]}
    seen = [
        Observation(at_s=0.0, actor="load", kind=kind, data=item)
        for kind, item in (("load", data), ("load", nothing), ("load", {}), ("ledger", ledger),
                           ("footing", {"at_s": text}), ("recovery", {"after_s": text}))
    ]  # fmt: skip
    return with_seen(made, "LOAD-001", seen)


def run_of(folder: Path, plays: Sequence[Play]) -> Run:
    """A run whose record holds these loads, each in the play of its scenario."""
    made = builder.build(folder, [play.row for play in plays])
    for play in plays:
        made = with_seen(made, str(play.row["id"]), observations(play))
    return made


def with_seen(run: Run, play: str, seen: Sequence[Observation]) -> Run:
    """The run with more observations in one play."""
    return replace(run, plays={**run.plays, play: [*run.plays.get(play, ()), *seen]})


def observations(play: Play) -> list[Observation]:
    """What the scenario put into the record."""
    one = play.measurement
    data = one.model_dump(mode="json", exclude={"ledger", "device"})
    seen: list[tuple[str, Mapping[str, JSON]]] = [("load", data)]
    if one.ledger:
        seen.append(("ledger", one.ledger.model_dump(mode="json")))
    for footing in one.device:
        after = "after" if footing.at_s > one.duration_s else "during"
        when = "before" if footing.at_s <= 0 else after
        seen.append(("footing", {**footing.model_dump(mode="json"), "when": when}))
    if play.recovery:
        seen.append(("recovery", {"after_s": play.recovery[0], "ok": play.recovery[1]}))
    return [Observation(at_s=0.0, actor="load", kind=kind, data=item) for kind, item in seen]


def clean() -> Play:
    """200 objects a second for a minute, answered in a few milliseconds; memory comes back."""
    requests = requests_of(200, 60, lambda _, dice: dice.lognormvariate(1.2, 0.45))
    ledger = ledger_of(len(requests))
    device = footings_of(60, lambda at: 80 * MIB + min(at, 60 - at / 2) * 0.4 * MIB, cpu=0.42)
    row = result("LOAD-001", "PASS", title="The claimed rate and latency are kept", reason="")
    return Play(row, measure(requests, rate=200, ledger=ledger, device=device), (0.4, True))


def slow() -> Play:
    """Answers take ever longer, and memory stays."""
    requests = requests_of(
        120, 90, lambda at, dice: (4 + at**1.75) * dice.lognormvariate(0, 0.5), seed=2
    )
    device = footings_of(90, lambda at: (64 + min(at, 90) * 3.1) * MIB, cpu=0.97, leak=2.4)
    row = result(
        "LOAD-006", "FAIL", title="Memory, descriptors and threads return to base", kind="leak",
        reason="memory grew by 279.0 MiB and did not come back (claimed 32.0 MiB)",
    )  # fmt: skip
    return Play(row, measure(requests, rate=120, device=device), (30.0, False))


def lossy() -> Play:
    """As fast as answers come, a few failures of each kind, and objects that are gone."""
    requests = requests_of(
        900, 20,
        lambda _, dice: None if dice.random() < 0.004 else dice.lognormvariate(0.4, 0.7), seed=3,
    )  # fmt: skip
    one = measure(requests, rate=None, ledger=ledger_of(len(requests), lost=177, mixed_up=12))
    spoilt = one.model_copy(
        update={"statuses": {"A700H": one.errors - 9}, "endings": {"ABORTED": 6, "TIMEOUT": 3}}
    )
    row = result("LOAD-002", "FAIL", title="Nothing that was acknowledged is lost", kind="loss",
                 reason="177 of 17,920 acknowledged objects were found nowhere")  # fmt: skip
    return Play(row, spoilt)


def stalled() -> Play:
    """Well until 31 s, then silence for 12 s, then the flood; ended by the operator."""

    def answer(at: float, dice: random.Random) -> float | None:
        if 31 <= at < 43:
            return (43 - at) * 1000 + dice.random() * 200
        return dice.lognormvariate(2.2, 0.3)

    one = measure(requests_of(80, 70, answer, seed=4), rate=80, by_answer=True)
    cut = one.model_copy(update={"complete": False, "why": "ended by Ctrl-C after 70 of 120 s"})
    row = result("LOAD-012", "INCONCLUSIVE", title="A spike is survived", reason="ended early")
    return Play(row, cut)


def greedy() -> Play:
    """One AE takes nine tenths; the polite get what is left, one of them almost nothing."""
    requests = requests_of(400, 15, lambda _, dice: dice.lognormvariate(1.6, 0.6), seed=5)
    polite = (41.5, 39.0, 42.2, 3.1, 40.4)
    callers = [Caller(ae_title="GREEDY-CT", greedy=True, count=3510, objects_per_s=234.0,
                      latency_ms=Latency(p50=4.1, p99=21.0, max=84.0))]  # fmt: skip
    callers += [
        Caller(ae_title=f"POLITE-MR-{at}", count=int(rate * 15), errors=at // 4, objects_per_s=rate,
               latency_ms=Latency(p50=6.0, p99=2400.0 if rate < 10 else 48.0, max=5200.0))
        for at, rate in enumerate(polite, 1)
    ]  # fmt: skip
    one = measure(requests, rate=None).model_copy(update={"callers": tuple(callers)})
    row = result("LOAD-004", "FAIL", title="Every AE title gets its share", kind="slow",
                 reason="POLITE-MR-4 got 9 % of the mean of the polite callers")  # fmt: skip
    return Play(row, one.model_copy(update={"shape": "greedy"}))


def knee() -> Play:
    """Doubling loads until the claimed latency is lost."""
    offered = (50, 75, 112, 169, 253, 380, 570, 854)
    steps = tuple(
        Step(rate=rate, achieved=rate * 0.999 if rate < 400 else 412.0 - rate / 40,
             p99_ms=6 + rate / 40 if rate < 400 else rate * 9.5, errors=0 if rate < 800 else 31,
             kept=rate < 400)
        for rate in offered
    )  # fmt: skip
    requests = requests_of(260, 40, lambda at, dice: dice.lognormvariate(1 + at / 12, 0.5), seed=6)
    one = measure(requests, rate=260).model_copy(update={"steps": steps, "shape": "knee"})
    return Play(result("LOAD-020", "PASS", title="The knee is found", reason=""), one)
