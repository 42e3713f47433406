"""What became of each mutant, compactly: a letter each, written stretch by stretch."""

from __future__ import annotations

from collections import Counter, deque
from typing import Final

from harness.stage import Stage
from simulators.fuzz.outcome import Seen

_STRETCH: Final = 1000
_RECENT: Final = 8192


class Ledger:
    """Keeps the outcomes of a campaign in constant memory.

    Args:
        stage: Where stretches of outcomes are witnessed.
    """

    def __init__(self, stage: Stage) -> None:
        self._stage = stage
        self._letters: dict[int, str] = {}
        self._first = 0
        self._recent: deque[Seen] = deque(maxlen=_RECENT)
        self.counts: Counter[str] = Counter()

    def add(self, seen: Seen) -> None:
        """Notes how a mutant went."""
        self._recent.append(seen)
        self.put(seen.number, seen.letter)

    def put(self, number: int, letter: str) -> None:
        """Notes a letter."""
        if number < self._first or number in self._letters:
            return
        self._letters[number] = letter
        self.counts[letter] += 1
        if len(self._letters) >= _STRETCH:
            self.write()

    def since(self, moment: float) -> list[int]:
        """Mutants whose connections ended after a moment, the last first."""
        return [seen.number for seen in reversed(self._recent) if seen.ended >= moment]

    def write(self) -> None:
        """Witnesses what is complete, from the first on."""
        letters: list[str] = []
        number = self._first
        while number in self._letters:
            letters.append(self._letters.pop(number))
            number += 1
        if letters:
            self._stage.observe("mutants", first=self._first, outcomes="".join(letters))
        self._first = number
