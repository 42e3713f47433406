"""Permitted and forbidden objects in one association, and in one request."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from harness.profile import Cell
from harness.stage import Stage
from simulators import queries
from simulators.access import operations
from simulators.access.callers import Caller, identity_of
from simulators.access.matrix import cells, plan, tell
from simulators.access.operations import CONTEXTS, HIDDEN, REFUSED, SERVED, UNTRIED, Target, Tried
from simulators.access.shelf import Shelf

Pair = tuple[Cell, Cell]
"""What an identity may do with one object, and the same that it may not do with another."""


def pairs_of(stage: Stage, shelf: Shelf) -> list[Pair]:
    """For each identity and operation with objects on both sides: one of each.

    Both are reached under the same called AE title, so that one association can ask for them.
    """

    def key_of(cell: Cell) -> tuple[str, str, str | None]:
        return cell.identity, cell.operation, shelf.section(cell.object).ae_title

    allowed = {key_of(cell): cell for cell in reversed(cells(stage, "allowed"))}
    found: dict[tuple[str, str, str | None], Pair] = {}
    for cell in cells(stage, "forbidden"):
        key = key_of(cell)
        if cell.operation in ("store", "find", "get") and key in allowed:
            found.setdefault(key, (allowed[key], cell))
    return list(found.values())


def mix(stage: Stage) -> None:
    """Has each identity do what it may, and at once what it may not; each try is a ``cell``."""
    shelf = Shelf(stage)
    pairs = pairs_of(stage, shelf)
    stage.require(pairs, "no identity may do something with one object and not with another")
    plan(stage, len(pairs))
    for granted, denied in pairs:
        if granted.operation == "store":
            tried = _store_both(stage, granted, denied, shelf)
            tell(stage, denied, tried, how="after one that it may")
        else:
            tried = _ask_for_both(stage, granted, denied, shelf)
            tell(stage, denied, tried, how="together with one that it may")


def _store_both(stage: Stage, granted: Cell, denied: Cell, shelf: Shelf) -> Tried:
    for peer in _entered(stage, granted, shelf):
        syntax = peer.contexts[operations.STORAGE_ID]
        first = Target(thing=shelf.new(granted.object, syntax))
        taken = operations.try_once(peer, "store", first)
        if taken.result != SERVED:
            return Tried(result=UNTRIED, detail=f"the first object was not taken: {taken.detail}")
        second = Target(thing=shelf.new(denied.object, syntax))
        tried = operations.try_once(peer, "store", second)
        peer.leave()
        return tried
    return Tried(result=UNTRIED, detail=f"{granted.identity} got no association to store on")


def _ask_for_both(stage: Stage, granted: Cell, denied: Cell, shelf: Shelf) -> Tried:
    """One request that names two studies (PS3.4 C.2.2.2.2): only one may come."""
    mine, other = shelf.laid(granted), shelf.laid(denied)
    if mine.thing is None or other.thing is None:
        return Tried(result=UNTRIED, detail=mine.why_not or other.why_not)
    both = f"{mine.thing.study}\\{other.thing.study}"
    keys = queries.study_keys(both, retrieve=granted.operation == "get")
    for peer in _entered(stage, granted, shelf):
        tried = operations.try_once(peer, granted.operation, Target(thing=mine.thing, keys=keys))
        peer.leave()
        if tried.result == SERVED and (tried.objects or 0) <= 1:
            return replace(tried, result=HIDDEN, detail=f"{tried.detail} of two")
        return tried
    return Tried(result=REFUSED, detail="no association, or not its context")


def _entered(stage: Stage, cell: Cell, shelf: Shelf) -> Iterator[Caller]:
    """One association with the context of the operation; nothing when there is none."""
    called = shelf.section(cell.object).ae_title
    contexts = CONTEXTS[cell.operation]
    with Caller(stage, identity_of(stage, cell.identity), called=called) as peer:
        items = operations.user_items(cell.operation)
        if peer.enter(contexts, user_items=items) and contexts[0].id in peer.contexts:
            yield peer
