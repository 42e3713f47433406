"""What a reader did with a file, and what is concluded from it."""

from collections.abc import Callable

import pytest

from harness.model import JSON, Finding, Observation, Oracle, Record
from harness.oracles.reading import (
    plants_nothing,
    prints_no_control_bytes,
    reads,
    refuses_or_reads_within,
    refuses_reading,
    stays_in_the_folder,
    survives_reading,
)
from harness.verdict import FailKind, Verdict

MIB = 1 << 20
BOUNDED = refuses_or_reads_within(2.0, 64 * MIB)
EVERY = (
    reads(), survives_reading(), refuses_reading(), BOUNDED, plants_nothing(),
    stays_in_the_folder(), prints_no_control_bytes(),
)  # fmt: skip


def seen(lie: JSON = "length", **changes: JSON) -> Observation:
    data: dict[str, JSON] = {
        "lie": lie, "outcome": "REJECTED", "detail": "exit 1", "crash": [], "timed_out": False,
        "stopped": "", "duration_s": 0.1, "growth_bytes": 0, "opened": True, "baited": False,
        "outside": [], "control": [],
    }  # fmt: skip
    return Observation(at_s=0.1, actor="reader", kind="reading", data={**data, **changes})


def judged(oracle: Oracle, *observations: Observation, **facts: JSON) -> Finding:
    record = Record(scenario="PAR-999", case={}, facts=facts, observations=observations)
    return oracle(record)


@pytest.mark.parametrize("oracle", EVERY, ids=str)
def test_that_nothing_is_concluded_where_nothing_was_read(oracle: Oracle) -> None:
    assert judged(oracle).verdict is Verdict.INCONCLUSIVE


@pytest.mark.parametrize("oracle", EVERY[1:], ids=str)
def test_that_a_refusal_in_order_passes(oracle: Oracle) -> None:
    assert judged(oracle, seen()).verdict is Verdict.PASS


@pytest.mark.parametrize("make", [survives_reading, refuses_reading, lambda: BOUNDED, reads])
@pytest.mark.parametrize(
    ("changes", "kind"),
    [
        ({"crash": ["ended by SIGSEGV"], "outcome": "CLOSED"}, FailKind.CRASH),
        ({"timed_out": True, "outcome": "TIMEOUT"}, FailKind.HANG),
        ({"stopped": "disk", "outcome": "TIMEOUT"}, FailKind.RESOURCE),
    ],
)
def test_that_a_bad_end_fails_whatever_was_asked(
    make: Callable[[], Oracle], changes: dict[str, JSON], kind: FailKind
) -> None:
    found = judged(make(), seen(**changes))
    assert (found.verdict, found.kind) == (Verdict.FAIL, kind)


def test_that_the_worst_lie_decides_and_an_honest_file_beside_it_does_not() -> None:
    crashed = seen(crash=["ended by SIGSEGV"])
    assert judged(survives_reading(), crashed, seen()).verdict is Verdict.FAIL
    honest = seen(lie="", control=["'\\x1b'"])
    assert judged(prints_no_control_bytes(), honest, seen()).verdict is Verdict.PASS


def test_that_reading_what_must_be_refused_fails_and_what_should_be_warns() -> None:
    read = seen(outcome="RESPONDED", detail="exit 0")
    assert judged(refuses_reading(), read).kind is FailKind.ACCEPTED
    assert judged(refuses_reading(must=False), read).verdict is Verdict.WARN
    assert judged(survives_reading(), read).verdict is Verdict.PASS
    assert refuses_reading().refusal
    assert not survives_reading().refusal


def test_that_a_success_without_a_look_at_the_file_proves_nothing() -> None:
    read = {"outcome": "RESPONDED", "lie": ""}
    assert judged(reads(), seen(**read)).verdict is Verdict.PASS
    assert judged(reads(), seen(**read, opened=None)).verdict is Verdict.PASS
    assert judged(reads(), seen(**read, opened=False)).verdict is Verdict.INCONCLUSIVE
    assert judged(reads(), seen(lie="")).kind is FailKind.WRONG_REASON


def test_that_an_end_that_nobody_explains_warns() -> None:
    assert judged(survives_reading(), seen(outcome="CLOSED")).verdict is Verdict.WARN


@pytest.mark.parametrize(
    ("changes", "facts", "kind"),
    [
        ({"growth_bytes": 65 * MIB}, {}, FailKind.RESOURCE),
        ({"growth_bytes": 33 * MIB}, {"reader_max_memory": 32 * MIB}, FailKind.RESOURCE),
        ({"growth_bytes": 33 * MIB}, {"reader_max_memory": None}, None),
        ({"growth_bytes": 65 * MIB}, {"reader_max_memory": 900 * MIB}, FailKind.RESOURCE),
        ({"duration_s": 2.5}, {}, FailKind.SLOW),
    ],
)
def test_that_time_and_memory_are_bounded(
    changes: dict[str, JSON], facts: dict[str, JSON], kind: FailKind | None
) -> None:
    assert judged(BOUNDED, seen(**changes), **facts).kind is kind


@pytest.mark.parametrize(
    ("oracle", "changes"),
    [
        (plants_nothing(), {"outside": ["up/planted"]}),
        (stays_in_the_folder(), {"baited": True}),
        (prints_no_control_bytes(), {"control": ["'\\x1b]0;x'"]}),
    ],
    ids=str,
)
def test_that_what_leaks_fails(oracle: Oracle, changes: dict[str, JSON]) -> None:
    found = judged(oracle, seen(**changes))
    assert (found.verdict, found.kind) == (Verdict.FAIL, FailKind.LEAK)


@pytest.mark.parametrize(
    ("oracle", "key"),
    [
        (plants_nothing(), "outside"),
        (stays_in_the_folder(), "baited"),
        (prints_no_control_bytes(), "control"),
        (BOUNDED, "growth_bytes"),
    ],
    ids=str,
)
def test_that_what_nobody_saw_is_unseen(oracle: Oracle, key: str) -> None:
    assert judged(oracle, seen(**{key: None})).verdict is Verdict.INCONCLUSIVE
