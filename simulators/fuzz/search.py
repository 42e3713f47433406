"""Who did it: suspects are played again alone, halved until one is left, and made smaller."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Final

from simulators.fuzz.care import Care, Trouble
from simulators.fuzz.deck import Deck
from simulators.fuzz.minimise import Budget, minimised, reduced
from simulators.fuzz.mutations import Mutant
from simulators.fuzz.outcome import Pace, Seen
from simulators.fuzz.player import Player
from simulators.fuzz.script import Script, Writer

REPLAYS: Final = 32
"""Most replays that making one culprit smaller may cost."""

MINIMISING_S: Final = 30.0

_FIRST: Final = 24
_TOGETHER: Final = 24


@dataclass(frozen=True, slots=True)
class Culprit:
    """A mutant that brings the trouble about alone, or after a few others.

    Attributes:
        mutant: As it was dealt.
        smallest: The smallest one that does the same.
        trouble: What it does.
        before: What has to be played before it, each on a connection of its own.
    """

    mutant: Mutant
    smallest: Mutant
    trouble: Trouble
    before: tuple[Mutant, ...] = ()

    @property
    def all(self) -> tuple[Mutant, ...]:
        """What is played to bring it about, in order."""
        return (*self.before, self.smallest)


@dataclass(slots=True)
class Search:
    """Finds culprits among suspects.

    Attributes:
        deck: Deals the suspects again.
        writer: Writes their scripts.
        player: Plays them.
        care: Looks after the device.
        replays: How many replays there were.
        stuck: The device could not be brought back.
    """

    deck: Deck
    writer: Writer
    player: Player
    care: Care
    stopped: Callable[[], bool]
    replays: int = 0
    stuck: bool = False
    alone: Pace = field(default_factory=lambda: Pace(width=1, spare=0, linger_s=1.0))

    def culprit(self, suspects: Sequence[int], trouble: Trouble) -> Culprit | None:
        """The one that does it; None when nobody does it alone."""
        for group in (list(suspects[:_FIRST]), list(suspects[_FIRST:])):
            # The oldest first, as they were played: one may need what another left behind.
            group.reverse()
            if not group or self._over() or self._tried(group) is None:
                continue
            # A line in the log is a warning: not worth the many replays that a group costs.
            grave = trouble.kind is not None
            return self._alone(group) or (self._together(group) if grave else None)
        return None

    def record(self, found: Culprit) -> None:
        """Plays a culprit as it will be stored once more, and keeps its packets as evidence."""
        scripts = [self.writer.script(made) for made in found.all]
        kept = {script.number for script in scripts}
        self.player.play(scripts, lambda seen: None, kept=kept, pace=self.alone)
        self.replays += 1
        self.stuck = self.stuck or not self.care.restore()

    def confirmed(self, number: int, wanted: str) -> bool:
        """True when a mutant has the same outcome again, alone."""
        return wanted in self._outcomes([self.writer.script(self.deck.mutant(number))])

    def smaller_by_outcome(self, made: Mutant, wanted: str) -> Mutant:
        """The smallest mutant with the same outcome, where the device stays well."""
        budget = Budget(REPLAYS, time.monotonic() + MINIMISING_S)
        honest = self.deck.honest(made.exchange)

        def same(candidate: Mutant) -> bool:
            return wanted in self._outcomes([self.writer.script(candidate)])

        return minimised(made, honest, same, budget)

    def trouble_of(self, scripts: Sequence[Script], pace: Pace | None = None) -> Trouble | None:
        """Plays scripts and tells what is wrong with the device then; brings it back."""
        self.replays += 1
        pace = self.alone if len(scripts) == 1 else pace
        self.player.play(scripts, lambda seen: None, pace=pace)
        trouble = self.care.look()
        if trouble is not None and not self.care.restore(at_once=trouble.kind is not None):
            self.stuck = True
        return trouble

    def _outcomes(self, scripts: Sequence[Script]) -> str:
        self.replays += 1
        found: list[Seen] = []
        self.player.play(scripts, found.append, pace=self.alone)
        return "".join(seen.letter for seen in found)

    def _alone(self, suspects: list[int]) -> Culprit | None:
        """Halves the suspects until one is left; the last half is believed, and confirmed."""
        while len(suspects) > 1:
            if self._over():
                return None
            half = suspects[len(suspects) // 2 :]
            # The others need no trial of their own: the last one left is confirmed alone.
            suspects = half if self._tried(half) is not None else suspects[: -len(half)]
        seen = self._tried(suspects)
        if seen is None:
            return None
        made = self.deck.mutant(suspects[0])
        return Culprit(made, self._smaller(made, seen), seen)

    def _together(self, suspects: list[int]) -> Culprit | None:
        """The fewest suspects that do it one after the other, where none does it alone."""
        found: list[Trouble] = []
        budget = Budget(_TOGETHER, time.monotonic() + MINIMISING_S)

        def still(numbers: Sequence[int]) -> bool:
            if not numbers or self._over() or not budget.spend():
                return False
            seen = self._tried(numbers, pace=self.alone)
            found.extend([seen] if seen is not None else [])
            return seen is not None

        if not still(suspects):
            return None
        made = [self.deck.mutant(number) for number in reduced(suspects, still)]
        return Culprit(made[-1], made[-1], found[-1], tuple(made[:-1]))

    def _tried(self, numbers: Sequence[int], pace: Pace | None = None) -> Trouble | None:
        scripts = [self.writer.script(self.deck.mutant(number)) for number in numbers]
        return self.trouble_of(scripts, pace)

    def _smaller(self, made: Mutant, trouble: Trouble) -> Mutant:
        budget = Budget(REPLAYS, time.monotonic() + MINIMISING_S)

        def guilty(candidate: Mutant) -> bool:
            if self._over():
                return False
            seen = self.trouble_of([self.writer.script(candidate)])
            return seen is not None and seen.reason == trouble.reason

        return minimised(made, self.deck.honest(made.exchange), guilty, budget)

    def _over(self) -> bool:
        return self.stuck or self.stopped()
