"""Pace: every request is due once, at one worker, and no bound is exceeded in sum."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from simulators.load.pace import (
    NS,
    Budget,
    Dispenser,
    deal,
    due_times,
    share_of,
    split,
    workers_of,
)
from simulators.load.plan import Bounds, Plan, Shape
from tests.simulators.load.test_shapes import TARGET, plans


def plan_of(
    rate: float | None = None,
    count: int | None = None,
    duration_s: float | None = None,
    bounds: Bounds | None = None,
    shape: Shape | None = None,
) -> Plan:
    return Plan(
        operation="echo",
        target=TARGET,
        rate=rate,
        count=count,
        duration_s=duration_s,
        bounds=bounds or Bounds(rate=1e6),
        shape=shape or Shape(),
    )


@given(st.integers(0, 10**9), st.integers(1, 64))
def test_a_split_loses_nothing(total: int, parts: int) -> None:
    shares = split(total, parts)
    assert sum(shares) == total
    assert max(shares) - min(shares) <= 1


@given(plans, st.integers(1, 8))
@settings(max_examples=60)
def test_shares_sum_up_to_the_plan(plan: Plan, workers: int) -> None:
    shares = [share_of(plan, index, workers) for index in range(workers)]
    assert sum(share.rate for share in shares) <= plan.bounds.rate * (1 + 1e-9)
    assert sum(share.octets for share in shares) == plan.bounds.octets
    assert plan.count is None or sum(share.count or 0 for share in shares) == plan.count
    lanes = [share.lane(n) for share in shares for n in range(50)]
    assert len(set(lanes)) == len(lanes)


@given(plans.filter(lambda plan: plan.rate is not None), st.integers(1, 5))
@settings(max_examples=60, deadline=None)
def test_workers_share_the_due_times_of_one(plan: Plan, workers: int) -> None:
    alone = list(itertools.islice(due_times(plan), 60))
    shared = [
        list(itertools.islice(due_times(plan, index, workers), len(alone)))
        for index in range(workers)
    ]
    together = sorted(itertools.chain(*shared))[: len(alone)]
    assert together == pytest.approx(alone)
    assert alone == sorted(alone)


def test_a_constant_rate_is_even_and_does_not_drift() -> None:
    some = list(itertools.islice(due_times(plan_of(rate=3)), 0, 240_001, 3000))
    assert some[:3] == [0, 1000, 2000]
    assert some[-1] == 80_000


def test_a_ramp_makes_the_requests_due_that_its_area_holds() -> None:
    plan = plan_of(rate=100, duration_s=10, shape=Shape(kind="ramp", start=0))
    due = list(itertools.takewhile(lambda t: t < 10, due_times(plan)))
    assert len(due) == 500, "10 s at 100 a second, rising evenly from nothing: one half of 1000"
    assert sum(t < 5 for t in due) == 125


def dispenser_of(plan: Plan, index: int = 0, workers: int = 1) -> Dispenser:
    share = share_of(plan, index, workers)
    return Dispenser(plan, share, Budget(share.octets), 0)


def drawn(plan: Plan, workers: int = 1) -> list[int]:
    """Due times that all workers are given when answers come at once."""
    found: list[int] = []
    for index in range(workers):
        dispenser, now = dispenser_of(plan, index, workers), 0
        while (due := dispenser.take(now, 1)) >= 0:
            found.append(due)
            now = max(now + 1, dispenser.leave)
    return sorted(found)


@given(st.integers(1, 2000), st.integers(1, 7), st.one_of(st.none(), st.just(500.0)))
@settings(max_examples=30, deadline=None)
def test_a_count_is_exact(count: int, workers: int, rate: float | None) -> None:
    assert len(drawn(plan_of(count=count, rate=rate), workers)) == count


def test_all_requests_of_a_duration_are_due() -> None:
    due = drawn(plan_of(rate=250, duration_s=2), workers=3)
    assert len(due) == 500
    assert due[-1] < 2 * NS


def test_a_closed_loop_keeps_the_bound_of_the_rate() -> None:
    due = drawn(plan_of(duration_s=2, bounds=Bounds(rate=100)), workers=4)
    assert 190 <= len(due) <= 200


def test_catching_up_after_a_stall_keeps_the_bound_of_the_rate() -> None:
    plan = plan_of(rate=50, duration_s=10, bounds=Bounds(rate=100))
    dispenser = dispenser_of(plan)
    now = 5 * NS
    leaves = []
    while dispenser.take(now, 1) >= 0:
        leaves.append(dispenser.leave)
        now = max(now, dispenser.leave)
    gaps = [later - earlier for earlier, later in itertools.pairwise(leaves)]
    assert min(gaps) >= NS // 100
    assert len(leaves) == 500, "those due in the stall leave late, and are measured as late"


def test_octets_end_the_load_and_are_named() -> None:
    plan = plan_of(count=100, bounds=Bounds(rate=1e6, octets=1000))
    dispenser = dispenser_of(plan)
    given_out = sum(dispenser.take(0, 30) >= 0 for _ in range(100))
    assert given_out == 33
    assert dispenser.over
    assert "max_bytes" in dispenser.why


def test_time_that_the_plan_asks_for_beyond_its_bound_is_named() -> None:
    plan = plan_of(duration_s=10, bounds=Bounds(rate=1e6, seconds=1))
    dispenser = dispenser_of(plan)
    assert dispenser.take(0, 1) == 0
    assert dispenser.take(2 * NS, 1) == -1
    assert "bound of 1 s" in dispenser.why


def test_the_end_of_a_duration_needs_no_reason() -> None:
    dispenser = dispenser_of(plan_of(duration_s=1))
    assert dispenser.take(2 * NS, 1) == -1
    assert dispenser.over
    assert dispenser.why == ""


def test_no_worker_is_without_association() -> None:
    plan = plan_of(count=100).model_copy(update={"associations": 2, "workers": 8})
    assert workers_of(plan) == 2


def test_what_was_due_and_never_left_is_counted() -> None:
    dispenser = dispenser_of(plan_of(rate=100, duration_s=10))
    assert all(dispenser.take(0, 1) >= 0 for _ in range(30))
    dispenser.close("interrupted")
    assert list(dispenser.unsent(NS)) == [number * NS // 100 for number in range(30, 100)]
    assert len(list(dispenser_of(plan_of(rate=100, duration_s=1)).unsent(5 * NS))) == 100
    assert len(list(dispenser_of(plan_of(rate=100, count=20)).unsent(5 * NS))) == 20
    assert len(list(dispenser_of(plan_of(count=20)).unsent(5 * NS))) == 0


def test_a_greedy_ae_has_what_the_others_leave_of_the_rate() -> None:
    plan = plan_of(rate=20, duration_s=1, bounds=Bounds(rate=100), shape=Shape(kind="greedy"))
    polite, greedy = deal(plan, share_of(plan, 0, 1), 0)
    assert sum(polite.take(0, 1) >= 0 for _ in range(200)) == 20
    assert sum(greedy.take(0, 1) >= 0 for _ in range(200)) == 40, "polite ones may catch up at 60"


def test_a_greedy_ae_in_a_closed_loop_takes_from_the_same_count() -> None:
    plan = plan_of(count=10, shape=Shape(kind="greedy"))
    polite, greedy = deal(plan, share_of(plan, 0, 1), 0)
    assert polite is greedy


def test_slow_readers_are_not_of_the_count() -> None:
    plan = plan_of(count=10, bounds=Bounds(rate=1000), shape=Shape(kind="slow-readers"))
    measured, slow = deal(plan, share_of(plan, 0, 1), 0)
    assert slow.take(0, 1) == 0
    assert sum(measured.take(0, 1) >= 0 for _ in range(50)) == 10
    assert slow.take(0, 1) == NS // 10, "they have a hundredth of the rate"


def test_the_octets_of_all_dispensers_are_one_budget() -> None:
    plan = plan_of(
        rate=20, duration_s=1, bounds=Bounds(rate=100, octets=300), shape=Shape(kind="greedy")
    )
    polite, greedy = deal(plan, share_of(plan, 0, 1), 0)
    given_out = sum(one.take(0, 100) >= 0 for _ in range(9) for one in (polite, greedy))
    assert given_out == 3


def test_what_leaves_next_is_known_before_it_is_taken() -> None:
    dispenser = dispenser_of(plan_of(rate=10, count=5))
    assert dispenser.take(0, 1) == 0
    assert dispenser.leaves_next() == dispenser.leaves_next() == NS // 10
    assert dispenser.take(0, 1) == NS // 10


@pytest.mark.parametrize("late_ns", [0, 400_000_000, 5_000_000_000])
def test_each_request_of_an_open_loop_is_handed_out_or_told_as_unsent(late_ns: int) -> None:
    dispenser, now, given = dispenser_of(plan_of(rate=10, duration_s=1)), 0, 0
    while dispenser.take(now, 1) >= 0:
        given += 1
        now = dispenser.leave + (late_ns if given == 4 else 0)
    assert given + len(list(dispenser.unsent(NS))) == 10


def test_what_the_bound_of_octets_keeps_back_is_told_as_unsent() -> None:
    plan = plan_of(rate=10, duration_s=1, bounds=Bounds(octets=35))
    dispenser = dispenser_of(plan)
    assert [dispenser.take(0, 10) for _ in range(4)] == [0, NS // 10, NS // 5, -1]
    assert len(list(dispenser.unsent(NS))) == 7


def test_what_was_due_in_time_may_leave_a_little_later() -> None:
    dispenser = dispenser_of(plan_of(rate=10, duration_s=1))
    late = [dispenser.take(NS + NS // 2, 1) for _ in range(11)]
    assert late == [*range(0, NS, NS // 10), -1]


def test_an_end_without_hope_is_no_time_to_wait() -> None:
    for hope, on in ((False, False), (True, True)):
        assert dispenser_of(plan_of(rate=10, duration_s=1)).look(NS, hope=hope) is on


def test_polite_callers_can_catch_up_beside_a_greedy_one() -> None:
    plan = plan_of(rate=100, duration_s=1, shape=Shape(kind="greedy"), bounds=Bounds(rate=2000))
    share = share_of(plan, 0, 1)
    polite, greedy = deal(plan, share, 0)
    for dispenser in (polite, greedy):
        assert dispenser.take(NS // 2, 1) >= 0
    gaps = [dispenser.leaves_next() - dispenser.leave for dispenser in (polite, greedy)]
    assert gaps[0] <= NS / 200
    assert sum(NS / gap for gap in gaps) <= 2001
