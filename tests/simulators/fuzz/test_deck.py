"""The same seed deals the same mutants; each kind comes once in a round; mutations are named."""

from __future__ import annotations

import random

import pytest

from harness.model import Claim
from simulators import wire
from simulators.fuzz.deck import Deck
from simulators.fuzz.evidence import lying_names
from simulators.fuzz.exchanges import Titles, exchanges, stores
from simulators.fuzz.mutations import FAMILIES, Mutation, mutant, mutations_of
from simulators.fuzz.script import Writer
from simulators.fuzz.tree import encode, fields

TITLES = Titles("CALLED", "CALLING", "12345678")
EXCHANGES = exchanges(TITLES, set(Claim))
STORES = stores(TITLES)


@pytest.fixture(scope="module")
def deck() -> Deck:
    return Deck(EXCHANGES, "7")


def test_a_seed_deals_the_same_whatever_was_dealt_before(deck: Deck) -> None:
    writer, again = Writer(EXCHANGES), Deck(exchanges(TITLES, set(Claim)), "7")
    numbers = [3, 900, 0, 12_345]
    dealt = [writer.script(deck.mutant(n)).digest for n in numbers]
    assert dealt == [writer.script(again.mutant(n)).digest for n in reversed(numbers)][::-1]


def test_another_seed_deals_others(deck: Deck) -> None:
    other = Deck(EXCHANGES, "8")
    assert [deck.mutant(n).mutations for n in range(50)] != [
        other.mutant(n).mutations for n in range(50)
    ]


def test_one_round_has_every_operator_and_family(deck: Deck) -> None:
    first = [deck.mutant(n).mutations for n in range(deck.round_size)]
    assert all(len(mutations) == 1 for mutations in first)
    assert {each.operator for (each,) in first} == set(FAMILIES)
    assert {each.family for (each,) in first} == set(FAMILIES.values())
    assert deck.round_size <= 480, "FUZ-001 plays one of each kind"


def test_later_mutants_are_stacked(deck: Deck) -> None:
    later = [len(deck.mutant(n).mutations) for n in range(deck.round_size, deck.round_size + 200)]
    assert set(later) == {1, 2, 3}


def test_within_restricts_the_places() -> None:
    only = Deck(STORES, "1", within="dataset")
    dealt = [only.mutant(n) for n in range(0, 2000, 7)]
    assert all("dataset" in each.place for made in dealt for each in made.mutations)


def test_every_single_mutation_can_be_encoded_and_most_change_something() -> None:
    dice = random.Random(1)
    writer = Writer(EXCHANGES)
    for exchange in EXCHANGES:
        honest = writer.script(mutant(0, exchange, ()))
        singles = list(mutations_of(exchange))
        chosen = dice.sample(singles, 300)
        same = [m for m in chosen if writer.script(mutant(0, exchange, (m,))) == honest]
        assert len(same) < 30, [each.told for each in same]


def test_lengths_lie_where_the_mutation_says() -> None:
    exchange = EXCHANGES[0]
    for mutation in mutations_of(exchange):
        if mutation.operator == "length" and mutation.pdu == 0 and mutation.argument == "most":
            made = mutant(0, exchange, (mutation,))
            tree = made.turns[0].tree
            named = [found.name for found in fields(tree)]
            (name,) = lying_names(mutation, named)
            lies = wire.lies(wire.decode(encode(tree)))
            assert name in lies


def test_a_mutation_of_an_item_names_its_fields() -> None:
    found = Mutation("repeat", "2", 0, (8,), "A-ASSOCIATE-RQ items[0]")
    named = ["type", "items[0].type", "items[0].name", "items[1].type"]
    assert lying_names(found, named) == ["items[0].type", "items[0].name"]


def test_what_is_not_there_any_more_is_not_mutated() -> None:
    exchange = EXCHANGES[0]
    gone = Mutation("drop", "once", 0, (8,), "A-ASSOCIATE-RQ items[0]")
    inside = Mutation("length", "most", 0, (99, 2), "A-ASSOCIATE-RQ items[90].length")
    assert mutant(0, exchange, (gone, inside)).turns == mutant(0, exchange, (gone,)).turns
