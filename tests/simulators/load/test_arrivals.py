"""Moves, told and seen: what a final response is worth, and what is missing of it."""

from __future__ import annotations

import pytest

from simulators.load import naming
from simulators.load.arrivals import (
    NOTHING_MOVED,
    SOME_FAILED,
    Arrivals,
    Moves,
    SubOperations,
    Told,
)

ROOT = naming.uid_root(10**30)
ONE, TWO = (naming.sop_instance_uid(ROOT, 0, number) for number in (1, 2))


def data_set(uid: str) -> bytes:
    return b"head" + uid.encode() + b"pixels" + naming.mark_of(uid)


@pytest.mark.parametrize(
    ("status", "told", "worth", "announced", "failed"),
    [
        (0, SubOperations(1, 0, 0), 0, 1, 0),
        (0, SubOperations(), 0, 1, 0),  # counts are optional in a final response
        (0, SubOperations(0, 0, 0), NOTHING_MOVED, 0, 0),
        (0, SubOperations(0, 1, 0), SOME_FAILED, 0, 1),
        (0, SubOperations(None, 1, None), SOME_FAILED, 0, 1),
        (0xB000, SubOperations(1, 1, 0), "B000H", 1, 1),
        (0xB000, SubOperations(), "B000H", 0, 0),
        (0xA801, SubOperations(), "A801H", 0, 0),
        (0, SubOperations(7, 0, 0), 0, 7, 0),
        (0, SubOperations(-1, -1, 0), NOTHING_MOVED, 0, 0),
    ],
)
def test_a_final_response_is_worth_what_its_counts_say(
    status: int, told: SubOperations, worth: int | str, announced: int, failed: int
) -> None:
    moves = Moves()
    moves.ask(ONE)
    assert moves.hear(ONE, status, told) == worth
    taken = moves.take()
    assert taken.asked == {ONE: 1}
    assert sum(taken.announced.values()) == announced
    assert taken.failed == failed
    assert moves.take() == Told()


def test_what_arrived_is_held_against_what_was_announced_object_by_object() -> None:
    arrivals = Arrivals([ONE, TWO])
    for _ in range(2):
        arrivals.note(ONE, data_set(ONE))
    told = Told(asked={ONE: 1, TWO: 1}, announced={ONE: 1, TWO: 1})
    seen = arrivals.moved(told)
    assert (seen.announced, seen.arrived) == (2, 2)
    assert (seen.missing, seen.unasked) == (1, 1)  # the sum is right, and neither object is
    assert seen.examples == (TWO,)
    arrivals.note(TWO, data_set(TWO))
    assert arrivals.missing(told) == 0


@pytest.mark.parametrize("content", [data_set(TWO), b"", ONE.encode(), naming.mark_of(ONE)])
def test_an_object_with_the_content_of_another_is_mixed_up(content: bytes) -> None:
    arrivals = Arrivals([ONE, TWO])
    arrivals.note(ONE, content)
    assert arrivals.moved(Told(asked={ONE: 1})).mixed_up == 1


def test_strangers_are_counted_and_few_of_their_names_kept() -> None:
    arrivals = Arrivals([ONE])
    for number in range(1000):
        arrivals.note(f"{number}." * 100, b"x")
    seen = arrivals.moved(Told())
    assert (seen.unasked, seen.arrived, seen.missing) == (1000, 0, 0)
    assert len(seen.examples) == 10
    assert max(map(len, seen.examples)) == 64
    assert arrivals.octets == 1000


def test_what_workers_tell_is_added_up() -> None:
    one = Told(asked={ONE: 1}, announced={ONE: 1}, failed=1)
    assert one + Told(asked={ONE: 2, TWO: 1}) == Told(
        asked={ONE: 3, TWO: 1}, announced={ONE: 1}, failed=1
    )
