"""Makes a mutant smaller while it still does what it did: fewer mutations, PDUs, nodes, octets.

Delta debugging with a bound: each try costs a replay, and each one that succeeds a restart of the
device.
"""

from __future__ import annotations

import itertools
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

from simulators.fuzz.exchanges import Exchange
from simulators.fuzz.mutations import Mutant, Turn, mutant
from simulators.fuzz.tree import Path, at, edited, encode, put, walk

T = TypeVar("T")

_SHORT = 8
"""Values of a field up to so many octets are left as they are."""


@dataclass(slots=True)
class Budget:
    """What minimising may cost."""

    replays: int
    until: float

    def spend(self) -> bool:
        """Takes one replay; False when there is none left."""
        self.replays -= 1
        return self.replays >= 0 and time.monotonic() < self.until


Guilty = Callable[[Mutant], bool]
"""Plays a mutant alone and tells whether the device is in the same trouble again."""


def minimised(made: Mutant, honest: Exchange, guilty: Guilty, budget: Budget) -> Mutant:
    """The smallest mutant that was found to do the same.

    Args:
        made: Does it, alone.
        honest: What it was made from.
        guilty: Plays one.
        budget: Bounds the replays.
    """

    def still(candidate: Mutant) -> bool:
        return budget.spend() and guilty(candidate)

    smaller = _fewer_mutations(made, honest, still)
    smaller = _fewer_turns(smaller, still)
    return _smaller_turns(smaller, still)


def reduced(things: Sequence[T], still: Callable[[Sequence[T]], bool]) -> list[T]:
    """The things that cannot be left out (ddmin): first all, then halves, quarters ...

    Args:
        things: What may be left out.
        still: Whether it still happens with only these.
    """
    kept = list(things)
    if kept and still([]):
        return []
    parts = 2
    while len(kept) >= 2:
        size = -(-len(kept) // parts)
        for start in range(0, len(kept), size):
            rest = kept[:start] + kept[start + size :]
            if rest and still(rest):
                kept, parts = rest, max(2, parts - 1)
                break
        else:
            if size == 1:
                break
            parts = min(len(kept), parts * 2)
    return kept


def _fewer_mutations(made: Mutant, honest: Exchange, still: Guilty) -> Mutant:
    count = len(made.mutations)
    for size in range(1, count):
        for chosen in itertools.combinations(made.mutations, size):
            candidate = mutant(made.number, honest, chosen)
            if still(candidate):
                return candidate
    return made


def _fewer_turns(made: Mutant, still: Guilty) -> Mutant:
    """First without what comes after, then without what came before."""
    for size in range(1, len(made.turns)):
        candidate = replace(made, turns=made.turns[:size])
        if still(candidate):
            made = candidate
            break
    first = made.turns[:-1]
    kept = reduced(first, lambda turns: still(replace(made, turns=(*turns, made.turns[-1]))))
    return replace(made, turns=(*kept, made.turns[-1]))


def _smaller_turns(made: Mutant, still: Guilty) -> Mutant:
    """Items, PDVs and elements are left out, then long values are shortened."""
    for index in range(len(made.turns) - 1, -1, -1):
        made = _without_nodes(made, index, still)
        made = _with_short_values(made, index, still)
    return made


def _without_nodes(made: Mutant, index: int, still: Guilty) -> Mutant:
    turn = made.turns[index]
    paths = {path for path, node, _ in walk(turn.tree) if node.is_group}
    for depth in range(1, max(map(len, paths), default=0) + 1):
        # From the outside in: what stands in something that was left out is left out with it.
        made = _without_level(made, index, depth, still)
    return made


def _without_level(made: Mutant, index: int, depth: int, still: Guilty) -> Mutant:
    turn = made.turns[index]
    level = [path for path, node, _ in walk(turn.tree) if node.is_group and len(path) == depth]

    def having(kept: Sequence[Path]) -> Mutant:
        return _with_turn(made, index, _dropping(turn, [p for p in level if p not in kept]))

    kept = reduced(level, lambda some: still(having(some)))
    return having(kept) if len(kept) < len(level) else made


def _dropping(turn: Turn, paths: Sequence[Path]) -> Turn:
    """The turn without the nodes at these paths, the last first, so that paths stay true."""
    tree = turn.tree
    for path in sorted(paths, reverse=True):
        tree = edited(tree, path, lambda children, i: (*children[:i], *children[i + 1 :]))
    return replace(turn, tree=tree)


def _with_short_values(made: Mutant, index: int, still: Guilty) -> Mutant:
    turn = made.turns[index]
    long = [path for path, node, _ in walk(turn.tree) if len(node.octets) > _SHORT]

    def having(kept: Sequence[Path]) -> Mutant:
        return _with_turn(made, index, _shortened(turn, [p for p in long if p not in kept]))

    kept = reduced(long, lambda some: still(having(some)))
    return having(kept) if len(kept) < len(long) else made


def _shortened(turn: Turn, paths: Sequence[Path]) -> Turn:
    tree = turn.tree
    for path in paths:
        node = at(tree, path)
        if node is not None:
            tree = put(tree, path, replace(node, octets=node.octets[:_SHORT]))
    return replace(turn, tree=tree)


def _with_turn(made: Mutant, index: int, turn: Turn) -> Mutant:
    return replace(made, turns=(*made.turns[:index], turn, *made.turns[index + 1 :]))


def octets_of(made: Mutant) -> int:
    """How much a mutant sends, in octets."""
    return sum(len(encode(turn.tree)) for turn in made.turns)
