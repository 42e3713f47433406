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
    """One connection: what leaves, in order, and how our side ends ("fin" or "reset")."""

    number: int
    segments: tuple[Segment, ...]
    end: str = END_FIN

    @property
    def size(self) -> int:
        """Octets in all."""
        return sum(len(segment.data) for segment in self.segments)

    @property
    def digest(self) -> str:
        """A name for exactly these octets, pauses and waits."""
        return hashlib.sha256(repr((self.segments, self.end)).encode()).hexdigest()[:16]


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
