"""What was announced against what arrived: loss is loss, and our own limit is nobody's."""

from __future__ import annotations

import pytest

from harness.measurement import Measurement, Moved
from harness.model import JSON, Record
from harness.oracles import delivers_what_it_says
from harness.verdict import FailKind, Verdict
from tests.harness.oracles.test_load_honesty import record

judge = delivers_what_it_says()


def of(moved: Moved | None) -> Record:
    data = Measurement(operation="move", moved=moved).model_dump(mode="json")
    return record("load", **data)


def test_all_arrived() -> None:
    finding = judge(of(Moved(asked=5, announced=5, arrived=5)))
    assert finding.verdict is Verdict.PASS
    assert "5 objects were announced as sent, 5 arrived" in finding.reason


@pytest.mark.parametrize(
    "moved",
    [
        Moved(announced=5, arrived=4, missing=1, examples=("1.2.3",)),
        Moved(announced=5, arrived=5, mixed_up=1, examples=("1.2.3",)),
        Moved(announced=5, arrived=5, missing=1, unasked=1, examples=("1.2.3",)),
        Moved(announced=5, arrived=4, missing=1, mixed_up=1, turned_away=1, examples=("1.2.3",)),
    ],
)
def test_what_is_missing_or_another_is_a_loss(moved: Moved) -> None:
    finding = judge(of(moved))
    assert (finding.verdict, finding.kind) == (Verdict.FAIL, FailKind.LOSS)
    assert "1.2.3" in finding.reason


def test_what_came_unasked_is_told() -> None:
    finding = judge(of(Moved(announced=5, arrived=5, unasked=2, examples=("9.9",))))
    assert finding.verdict is Verdict.PASS
    assert "2 came that nobody had asked for, for example 9.9" in finding.reason


@pytest.mark.parametrize(
    "moved",
    [
        None,
        Moved(asked=5),
        Moved(asked=5, failed=5),
        Moved(announced=5, arrived=4, missing=1, turned_away=1),
        Moved(announced=5, arrived=-1),
        Moved(announced=2**64, arrived=5),
    ],
)
def test_what_nobody_can_tell_is_inconclusive(moved: Moved | None) -> None:
    assert judge(of(moved)).verdict is Verdict.INCONCLUSIVE


@pytest.mark.parametrize(
    "data", [{}, {"moved": 3}, {"operation": "move", "moved": {"arrived": "x"}}]
)
def test_what_cannot_be_read_is_inconclusive(data: dict[str, JSON]) -> None:
    assert judge(record("load", **data)).verdict is Verdict.INCONCLUSIVE


def test_without_a_load_nothing_is_said() -> None:
    assert judge(record()).verdict is Verdict.INCONCLUSIVE
