"""The tally: reports in any order are one measurement, and the knee is where it was."""

from __future__ import annotations

import itertools
import random

from hypothesis import given
from hypothesis import strategies as st

from harness.loading import Progress
from simulators.load.plan import Bounds, Plan, Shape
from simulators.load.recorder import Recorder
from simulators.load.runs import Runs, joined
from simulators.load.tally import Report, Tally
from tests.simulators.load.test_shapes import TARGET

NS = 1_000_000_000


def plan_of(kind: str = "constant", **more: object) -> Plan:
    values = {"operation": "echo", "target": TARGET, "bounds": Bounds(rate=10_000), **more}
    return Plan.model_validate({**values, "shape": Shape.model_validate(more.get("shape", {}))})


def reports(workers: int, rounds: int, seed: int) -> list[Report]:
    """What workers tell of a few seconds, with failures among it."""
    chance = random.Random(seed)
    found = []
    for worker in range(workers):
        recorder, runs = Recorder(0, NS), Runs()
        lane = recorder.lane(f"AE{worker}")
        number = 0
        for turn in range(rounds):
            for _ in range(chance.randrange(20)):
                due = turn * NS + chance.randrange(NS // 2)
                if chance.random() < 0.1:
                    lane.failed(due, due + 1000)
                else:
                    lane.record(due, due + chance.randrange(1, NS // 2), 10)
                    runs.add(number)
                number += 1
            last = turn == rounds - 1
            found.append(
                Report(
                    worker=worker,
                    portion=recorder.flush(),
                    acknowledged={worker: runs.take()},
                    over=last,
                )
            )
    return found


@given(st.integers(1, 4), st.integers(1, 4), st.integers(0, 10**6), st.randoms())
def test_reports_lose_nothing_in_whatever_order_they_come(
    workers: int, rounds: int, seed: int, order: random.Random
) -> None:
    told = reports(workers, rounds, seed)
    shuffled = list(told)
    order.shuffle(shuffled)
    tally = Tally(plan_of(), workers)
    for report in shuffled:
        tally.add(Report.model_validate_json(report.model_dump_json()))
    measured = tally.measurement(complete=True)
    assert tally.over
    assert measured.count == sum(report.portion.total().count for report in told)
    assert measured.errors == sum(report.portion.total().errors for report in told)
    assert sum(count for _, count in measured.histogram) == measured.count
    held = sum(stop - start for runs in tally.acknowledged.values() for start, stop in runs)
    assert held == measured.count
    assert measured.complete


@given(st.lists(st.integers(0, 300), unique=True))
def test_runs_hold_exactly_the_numbers_that_were_added(numbers: list[int]) -> None:
    runs, taken = Runs(), []
    for place, number in enumerate(sorted(numbers)):
        runs.add(number)
        if place % 7 == 0:
            taken += runs.take()
    taken += runs.take()
    whole = joined(taken)
    assert [n for start, stop in whole for n in range(start, stop)] == sorted(numbers)
    assert all(left[1] < right[0] for left, right in itertools.pairwise(whole))


def test_a_lost_worker_is_named_and_what_it_told_stays() -> None:
    tally = Tally(plan_of(), 2)
    told = reports(2, 2, 7)
    for report in told[:3]:
        tally.add(report)
    before = tally.over
    tally.lose(1, "load worker 2 was lost")
    tally.lose(1, "load worker 2 was lost")
    measured = tally.measurement(complete=True)
    assert (before, tally.over) == (False, True)
    assert not measured.complete
    assert measured.why == "load worker 2 was lost"
    assert measured.count == sum(report.portion.total().count for report in told[:3])


def climbed(slow_from: int) -> Tally:
    """A search in steps of 10, 20, 40, 80 a second, in which the device is slow from one on."""
    shape = {"kind": "knee", "growth": 2, "for_s": 1, "p99_ms": 100}
    plan = plan_of(rate=10, shape=shape, bounds=Bounds(rate=80))
    tally, recorder = Tally(plan, 1), Recorder(0, NS)
    lane = recorder.lane("CT1")
    for step in range(4):
        rate = 10 * 2**step
        for number in range(rate):
            due = step * NS + number * NS // rate
            took = NS // 5 if step >= slow_from else NS // 1000
            lane.record(due, min(due + took, (step + 1) * NS - 1), 0)
        tally.add(Report(worker=0, portion=recorder.flush()))
        if not tally.climb(step + 1.0):
            break
    return tally


def test_the_knee_is_the_last_step_that_was_kept() -> None:
    tally = climbed(slow_from=2)
    assert [(step.rate, step.kept) for step in tally.steps] == [
        (10, True),
        (20, True),
        (40, False),
    ]
    assert tally.steps[2].p99_ms > 100
    assert tally.measurement(complete=True).steps == tuple(tally.steps)


def test_a_search_that_never_breaks_the_device_has_all_its_steps() -> None:
    assert [step.achieved for step in climbed(slow_from=9).steps] == [10, 20, 40, 80]


def test_a_step_in_which_too_little_was_answered_is_not_kept() -> None:
    plan = plan_of(rate=10, shape={"kind": "knee", "growth": 2, "for_s": 1})
    tally, recorder = Tally(plan, 1), Recorder(0, NS)
    for number in range(9):
        recorder.lane("CT1").record(number * NS // 10, number * NS // 10 + 1, 0)
    tally.add(Report(worker=0, portion=recorder.flush()))
    assert not tally.climb(1.0)
    assert tally.steps[0].achieved == 9


def test_progress_tells_of_the_last_interval_and_of_all() -> None:
    tally, recorder = Tally(plan_of(duration_s=10.0), 1), Recorder(0, NS)
    lane, seen = recorder.lane("CT1"), list[Progress]()
    for second in range(2):
        for number in range(5 * (second + 1)):
            due = second * NS + number
            lane.record(due, due + 2_000_000, 1_000_000)
        tally.add(Report(worker=0, portion=recorder.flush(), open=3))
        seen.append(tally.progress(second + 1.0))
    progress = seen[-1]
    assert (progress.count, progress.errors, progress.associations) == (15, 0, 3)
    assert progress.rate == 10
    assert progress.mb_per_s == 10
    assert 1.9 < progress.p50_ms < 2.1
    assert progress.ends_in_s == 8


def test_progress_says_why_nobody_is_served() -> None:
    tally, recorder = Tally(plan_of(duration_s=10.0), 1), Recorder(0, NS)
    lane = recorder.lane("CT1")
    for number in range(4):
        lane.refused(number, "rejected 1/1/3")
    tally.add(Report(worker=0, portion=recorder.flush()))
    assert tally.progress(1.0).note == "no association is open: 4 x rejected 1/1/3"
    tally.add(Report(worker=0, portion=recorder.flush(), open=1))
    assert not tally.progress(2.0).note
