"""Minimising keeps what matters, leaves out the rest, and keeps to its budget."""

from __future__ import annotations

import time
from collections.abc import Sequence

from harness.model import Claim
from simulators.fuzz.exchanges import Titles, exchanges
from simulators.fuzz.minimise import Budget, minimised, octets_of, reduced
from simulators.fuzz.mutations import Mutant, Mutation, mutant, mutations_of
from simulators.fuzz.tree import encode

RICH = exchanges(Titles("CALLED", "CALLING", "1"), {Claim.VERIFICATION_SCP})[1]


def _mutation(told: str) -> Mutation:
    return next(each for each in mutations_of(RICH) if each.told == told)


def _budget(replays: int = 500) -> Budget:
    return Budget(replays, time.monotonic() + 60)


def test_reduced_finds_the_two_that_matter() -> None:
    tried: list[Sequence[int]] = []

    def still(some: Sequence[int]) -> bool:
        tried.append(some)
        return {3, 11} <= set(some)

    assert reduced(range(16), still) == [3, 11]
    assert len(tried) < 60


def test_reduced_needs_nothing_where_nothing_matters() -> None:
    assert reduced(range(9), lambda some: True) == []


def test_a_mutant_is_reduced_to_the_mutation_and_the_item_that_matter() -> None:
    chosen = (
        _mutation("value ones of A-ASSOCIATE-RQ reserved2"),
        _mutation("repeat empty 2 of A-ASSOCIATE-RQ items[3].items[0]"),
        _mutation("say again 2 of PDU 3"),
    )
    big = mutant(0, RICH, chosen)

    def guilty(made: Mutant) -> bool:
        raw = b"".join(encode(turn.tree) for turn in made.turns)
        return raw.count(b"\x51\0\0\0\x51\0\0\0") > 0

    small = minimised(big, RICH, guilty, _budget())
    assert guilty(small)
    assert small.mutations == chosen[1:2]
    assert len(small.turns) == 1
    assert octets_of(small) < 120 < octets_of(big)
    assert b"1.2.840.10008" not in encode(small.turns[0].tree)


def test_the_budget_is_kept() -> None:
    tries: list[Mutant] = []

    def guilty(made: Mutant) -> bool:
        tries.append(made)
        return True

    big = mutant(0, RICH, [_mutation("drop once of A-ASSOCIATE-RQ items[0]")])
    minimised(big, RICH, guilty, _budget(3))
    assert len(tries) == 3
