"""A mutant as what the player needs: octets, pauses, and when to wait for an answer."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from simulators.fuzz.exchanges import Exchange
from simulators.fuzz.mutations import END_FIN, Mutant, Turn
from simulators.fuzz.tree import Node, encode


class Segment(NamedTuple):
    """Octets that leave at once.

    Attributes:
        data: The octets.
        pause_s: How long nothing follows them.
        answered: Wait for an answer, or the end of patience, before the next segment.
    """

    data: bytes
    pause_s: float = 0.0
    answered: bool = False


class Script(NamedTuple):
    """One connection: what leaves, in order, and how our side ends.

    Attributes:
        number: Of the mutant, or of the first one.
        segments: What leaves.
        end: "fin" or "reset".
        cases: Where one connection carries several mutants: number and last segment of each.
    """

    number: int
    segments: tuple[Segment, ...]
    end: str = END_FIN
    cases: tuple[tuple[int, int], ...] = ()

    @property
    def size(self) -> int:
        """Octets in all."""
        return sum(len(segment.data) for segment in self.segments)

    @property
    def digest(self) -> str:
        """A name for exactly these octets, pauses and waits."""
        return hashlib.sha256(repr((self.segments, self.end)).encode()).hexdigest()[:16]


def chainable(made: Mutant) -> bool:
    """True when only contents of messages deviate: another message may follow on the association.

    A device that forks for each association spends nearly all its time on that; a message that it
    answers costs a tenth. One that ends the association costs the others only their turn.
    """
    inside = all(each.path and each.place.startswith("P-DATA-TF pdvs") for each in made.mutations)
    return inside and made.exchange.startswith(CHAINED) and len(made.turns) > 2


CHAINED = ("store", "echo")
"""Exchanges with one answer to each message: their names begin so."""


class Writer:
    """Writes scripts; what is honest in a mutant is encoded once for all.

    Args:
        exchanges: The honest exchanges.
    """

    def __init__(self, exchanges: Sequence[Exchange]) -> None:
        self._honest: Mapping[int, tuple[Node, bytes]] = {
            id(tree): (tree, encode(tree)) for each in exchanges for tree in each.pdus
        }

    def script(self, made: Mutant) -> Script:
        """The script of a mutant."""
        segments = [segment for turn in made.turns for segment in self._segments(turn)]
        return Script(made.number, tuple(segments), made.end)

    def chain(self, made: Sequence[Mutant]) -> Script:
        """One association that carries the messages of several chainable mutants in turn."""
        first = made[0]
        segments = self._segments(first.turns[0])
        cases: list[tuple[int, int]] = []
        for each in made:
            for turn in each.turns[1:-1]:
                segments += self._segments(turn)
            cases.append((each.number, len(segments) - 1))
        segments += self._segments(first.turns[-1])
        return Script(first.number, tuple(segments), first.end, tuple(cases))

    def _segments(self, turn: Turn) -> list[Segment]:
        known = self._honest.get(id(turn.tree))
        raw = known[1] if known is not None else encode(turn.tree)
        segments: list[Segment] = []
        start = 0
        for offset, pause_s in turn.cuts:
            if start < offset < len(raw):
                segments.append(Segment(raw[start:offset], pause_s))
                start = offset
        segments.append(Segment(raw[start:], answered=turn.answered))
        return segments
