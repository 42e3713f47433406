"""Shapes: how load varies with time, within bounds."""

from __future__ import annotations

import math
from itertools import islice, pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from simulators.load.plan import Bounds, Operation, Plan, Shape, ShapeKind, Target
from simulators.load.shapes import associations_at, factor_at, highest, pieces, span_s

TARGET = Target(host="127.0.0.1", port=11112)
KINDS: tuple[ShapeKind, ...] = (
    "constant", "ramp", "spike", "soak", "knee", "herd", "slow-readers", "greedy",
)  # fmt: skip
ECHO: Operation = "echo"

shapes = st.builds(
    Shape,
    kind=st.sampled_from(KINDS),
    start=st.floats(0, 1),
    peak=st.floats(1, 100),
    every_s=st.floats(0.5, 100),
    for_s=st.floats(0.5, 100),
    growth=st.floats(1.1, 10),
)
plans = st.builds(
    Plan,
    operation=st.just(ECHO),
    target=st.just(TARGET),
    shape=shapes,
    associations=st.integers(1, 200),
    duration_s=st.one_of(st.none(), st.floats(1, 1000)),
    count=st.one_of(st.none(), st.integers(1, 5000)),
    rate=st.one_of(st.none(), st.floats(0.5, 2000)),
)


@given(plans, st.floats(0, 2000))
def test_associations_stay_within_the_plan(plan: Plan, t: float) -> None:
    assert 1 <= associations_at(plan, t) <= plan.associations


@given(plans)
def test_pieces_follow_each_other_without_gap_and_rise_in_time(plan: Plan) -> None:
    some = list(islice(pieces(plan), 50))
    assert some[0].from_s == 0
    assert all(left.to_s == pytest.approx(right.from_s) for left, right in pairwise(some))
    assert all(piece.from_s < piece.to_s and piece.load >= 0 for piece in some)


@given(plans, st.floats(0, 500))
def test_the_factor_never_exceeds_the_highest(plan: Plan, t: float) -> None:
    assert 0 <= factor_at(plan, t) <= highest(plan) * (1 + 1e-9)


@given(plans)
def test_a_search_for_the_knee_ends_below_the_bound_of_the_rate(plan: Plan) -> None:
    if plan.shape.kind == "knee" and plan.rate is not None and plan.rate <= plan.bounds.rate:
        assert plan.rate * highest(plan) <= plan.bounds.rate * (1 + 1e-9)


def made(kind: ShapeKind, rate: float | None = None, **shape: float) -> Plan:
    return Plan(
        operation="echo",
        target=TARGET,
        shape=Shape.model_validate({"kind": kind, **shape}),
        associations=20,
        duration_s=10,
        rate=rate,
        bounds=Bounds(rate=100),
    )


def test_a_ramp_rises_from_its_start_to_the_whole() -> None:
    plan = made("ramp", rate=10, start=0.2)
    assert [factor_at(plan, t) for t in (0, 5, 10, 11)] == pytest.approx([0.2, 0.6, 1, 1])
    assert [associations_at(plan, t) for t in (0.0, 9.9)] == [20, 20]


def test_a_closed_ramp_opens_associations_one_after_another() -> None:
    plan = made("ramp", start=0.0)
    assert [associations_at(plan, t) for t in (0, 0.1, 5, 9.99, 50)] == [1, 1, 10, 20, 20]


def test_a_spike_ends_each_period() -> None:
    plan = made("spike", rate=10, peak=5, every_s=4, for_s=1)
    assert [factor_at(plan, t) for t in (0, 2.9, 3.1, 3.9, 4.1, 7.5)] == [1, 1, 5, 5, 1, 5]


def test_a_closed_spike_never_holds_more_associations_than_planned() -> None:
    plan = made("spike", peak=5, every_s=4, for_s=1)
    assert [associations_at(plan, t) for t in (0, 3.5, 4.5)] == [4, 20, 4]


def test_the_knee_is_approached_by_growth() -> None:
    plan = made("knee", rate=10, growth=2, for_s=2)
    assert [factor_at(plan, t) for t in (0, 2.1, 4.1, 6.1)] == [1, 2, 4, 8]
    assert factor_at(plan, 8.1) == 0, "a step of 160 requests a second would exceed the bound"
    assert span_s(plan) == 8


def test_a_count_in_a_closed_loop_has_no_foreseen_end() -> None:
    plan = Plan(operation="echo", target=TARGET, count=100)
    assert span_s(plan) == math.inf


def test_numbers_beyond_their_bounds_are_refused() -> None:
    with pytest.raises(ValidationError, match="less than or equal to 100"):
        Shape(kind="spike", peak=101)
    with pytest.raises(ValidationError, match="greater than 1"):
        Shape(kind="knee", growth=1)
