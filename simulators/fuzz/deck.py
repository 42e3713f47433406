"""The deck: which mutant stands at which number of a seed.

Every kind of mutation (what is done, how, to which kind of place) comes once in each round, so that
a short campaign has seen all kinds; which place of that kind, and what is done besides, the seed
says. Number n of a seed is the same mutant for ever, whatever was played before it.
"""

from __future__ import annotations

import random
from collections.abc import Sequence

from simulators.fuzz.exchanges import Exchange
from simulators.fuzz.mutations import Mutant, Mutation, mutant, mutations_of
from simulators.fuzz.tree import at

_ALONE = 1
"""In so many first rounds a mutation comes alone."""

_STACKED = (1, 1, 1, 2, 2, 3)
"""How many mutations a later mutant has, drawn from these."""


class Deck:
    """Deals the mutants of some exchanges.

    Args:
        exchanges: What is mutated.
        seed: Decides everything.
        within: Only places with this word in their names.
    """

    def __init__(self, exchanges: Sequence[Exchange], seed: str, within: str = "") -> None:
        self._seed = seed
        self._exchanges = exchanges
        self._all = [
            [each for each in mutations_of(exchange) if within in each.place]
            for exchange in exchanges
        ]
        kinds: dict[tuple[str, str, str], list[tuple[int, int]]] = {}
        for index, found in enumerate(self._all):
            for place, mutation in enumerate(found):
                key = (mutation.operator, mutation.argument, self._sort(index, mutation))
                kinds.setdefault(key, []).append((index, place))
        self._kinds = list(kinds.values())
        for number, members in enumerate(self._kinds):
            random.Random(f"{seed}/kind {number}").shuffle(members)
        random.Random(f"{seed}/order").shuffle(self._kinds)

    @property
    def round_size(self) -> int:
        """How many kinds of mutations there are: mutants of one round."""
        return len(self._kinds)

    @property
    def singles(self) -> int:
        """How many single mutations there are."""
        return sum(map(len, self._all))

    def mutant(self, number: int) -> Mutant:
        """The mutant with that number, from 0."""
        turn, kind = divmod(number, len(self._kinds))
        members = self._kinds[kind]
        index, place = members[turn % len(members)]
        chosen = [self._all[index][place]]
        if turn >= _ALONE:
            dice = random.Random(f"{self._seed}/{number}")
            more = dice.choice(_STACKED) - 1
            near = [each for each in self._all[index] if each.pdu == chosen[0].pdu]
            chosen += [dice.choice(dice.choice((near, self._all[index]))) for _ in range(more)]
        return mutant(number, self._exchanges[index], chosen)

    def honest(self, name: str) -> Exchange:
        """The exchange of that name."""
        return next(each for each in self._exchanges if each.name == name)

    def _sort(self, index: int, mutation: Mutation) -> str:
        """What kind of place a mutation has: the kinds of the field and of what it stands in."""
        tree = self._exchanges[index].pdus[mutation.pdu]
        if not mutation.path:
            return mutation.place.split(" ")[0]
        node, owner = at(tree, mutation.path), at(tree, mutation.path[:-1])
        assert node is not None
        assert owner is not None
        return f"{owner.kind}/{node.kind}"
