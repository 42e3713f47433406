"""The timetable of a mixed day: what is due when, as its mix says, with its bursts and studies."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import Final

from simulators.load import mixes
from simulators.load.mixes import Task
from simulators.load.plan import Plan

NEEDS_OBJECTS: Final = frozenset({"get", "move", "commit"})
"""Operations that are left out while nothing is there to ask for."""


class Timetable:
    """One worker's part of a day: iterates over seconds since the load began.

    All workers compute the same day, and each takes every n-th request of it.

    Attributes:
        task: What is due at the second that was returned last.
    """

    def __init__(self, plan: Plan, first: int = 0, every: int = 1) -> None:
        """The day of a plan whose `faster` says how many times as fast it passes.

        Raises:
            RequestError: Its mix cannot be read.
        """
        day = mixes.plan(mixes.load(plan.mix), plan.seed, faster=plan.faster or 1.0)
        asked = (task for task in day if plan.fetch or task.operation not in NEEDS_OBJECTS)
        self._tasks = islice(asked, first, None, every)
        self.task: Task | None = None

    def __iter__(self) -> Iterator[float]:
        """Itself."""
        return self

    def __next__(self) -> float:
        """When the next request is due, in seconds since the load began."""
        self.task = next(self._tasks)
        return self.task.at_s
