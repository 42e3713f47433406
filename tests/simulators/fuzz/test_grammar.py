"""Trees lose no octet, name fields as the codec does, and tell lengths truly unless one is set."""

from __future__ import annotations

from dataclasses import replace

import pytest

from harness.model import Claim
from simulators import wire
from simulators.fuzz.exchanges import Exchange, Titles, exchanges, stores
from simulators.fuzz.tree import at, edited, encode, fields, put, walk

TITLES = Titles("CALLED", "CALLING", "12345678")
EVERY = [*exchanges(TITLES, set(Claim)), *stores(TITLES)]

every = pytest.mark.parametrize("exchange", EVERY, ids=lambda each: each.name)


@every
def test_names_are_those_of_the_codec(exchange: Exchange) -> None:
    for tree in exchange.pdus:
        raw = encode(tree)
        known = [name for name, _ in wire.named_parts(wire.decode(raw))]
        mine = [found.name for found in fields(tree)]
        if raw[0] == 4:
            assert mine[:6] == known[:6]
        else:
            assert set(mine) - set(known) <= {"items[3].items[6].related"}


@every
def test_fields_cover_every_octet_once(exchange: Exchange) -> None:
    for tree in exchange.pdus:
        end = 0
        for found in fields(tree):
            assert found.at == end
            end += found.size
        assert end == len(encode(tree))


def test_there_are_ten_base_objects_and_what_is_claimed_is_played() -> None:
    assert len(stores(TITLES)) == 10
    assert [one.name for one in exchanges(TITLES, {Claim.QUERY_SCP})] == ["query"]
    assert not exchanges(TITLES, set())


def test_an_item_that_is_left_out_is_not_counted() -> None:
    tree = EVERY[0].pdus[0]
    path = next(path for path, node, name in walk(tree) if name == "items[1]")
    less = edited(tree, path, lambda children, i: (*children[:i], *children[i + 1 :]))
    decoded = wire.decode(encode(less))
    assert isinstance(decoded, wire.AssociateRQ)
    assert decoded.length is None
    assert len(decoded.items) == 2


def test_a_length_that_is_set_lies_and_others_do_not() -> None:
    tree = EVERY[0].pdus[0]
    path = next(path for path, node, name in walk(tree) if name == "items[0].length")
    node = at(tree, path)
    assert node is not None
    lying = put(tree, path, replace(node, value=0xFFFF))
    assert wire.lies(wire.decode(encode(lying))) == ["items[0].length"]


def test_a_place_that_is_gone_is_not_edited() -> None:
    tree = EVERY[0].pdus[0]
    assert at(tree, (99, 1)) is None
    assert edited(tree, (99, 1), lambda children, i: ()) == tree
