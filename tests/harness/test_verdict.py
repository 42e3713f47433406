"""Verdicts: ``max()`` is the whole arithmetic."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.model import CaseResult, Result
from harness.verdict import ExitCode, Verdict
from tests.harness.fakes import make_scenario

_ORDER = ["NOT_APPLICABLE", "PASS", "WARN", "REVIEW", "INCONCLUSIVE", "FAIL", "ERROR"]


def test_the_order_is_the_contract() -> None:
    assert [verdict.name for verdict in sorted(Verdict)] == _ORDER


@pytest.mark.parametrize(("one", "other"), list(itertools.combinations(Verdict, 2)))
def test_the_worse_of_two_wins_in_either_order(one: Verdict, other: Verdict) -> None:
    worse = Verdict[max(one.name, other.name, key=_ORDER.index)]
    assert max(one, other) is max(other, one) is worse


@given(st.lists(st.tuples(st.sampled_from(Verdict), st.booleans()), min_size=1))
def test_a_scenario_is_as_bad_as_its_worst_case(cases: list[tuple[Verdict, bool]]) -> None:
    results = tuple(
        CaseResult(vary={}, verdict=verdict, outcome=None, reason="", preferred=preferred)
        for verdict, preferred in cases
    )
    result = Result(scenario=make_scenario(), cases=results)
    assert result.verdict is max(verdict for verdict, _ in cases)
    worst = [preferred for verdict, preferred in cases if verdict is result.verdict]
    assert result.worst.preferred is all(worst)


def test_exit_codes_are_the_contract() -> None:
    assert [(code.name, code.value) for code in ExitCode] == [
        ("EXPECTED", 0),
        ("UNEXPECTED_RESULT", 1),
        ("USAGE", 2),
        ("NOTHING_CONCLUSIVE", 3),
        ("HARNESS_ERROR", 4),
    ]
