"""Numbers that were acknowledged, as runs: as long as all goes well one run, whatever the load."""

from __future__ import annotations

from collections.abc import Iterable


class Runs:
    """Ascending numbers of one lane, collected one by one and handed over from time to time.

    Attributes:
        next: The number of the next request of this lane.
    """

    __slots__ = ("_done", "_start", "_stop", "next")

    def __init__(self) -> None:
        self.next = 0
        self._done: list[tuple[int, int]] = []
        self._start = self._stop = 0

    def add(self, number: int) -> None:
        """Takes a number; one that does not follow the last one begins a new run."""
        if number != self._stop:
            if self._stop > self._start:
                self._done.append((self._start, self._stop))
            self._start = number
        self._stop = number + 1

    def take(self) -> list[tuple[int, int]]:
        """First number and last plus one of each run since the last call."""
        done = self._done
        if self._stop > self._start:
            done.append((self._start, self._stop))
        self._done, self._start = [], self._stop
        return done


def joined(runs: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """The same numbers in the fewest runs, in order."""
    found: list[tuple[int, int]] = []
    for start, stop in sorted(runs):
        if found and start <= found[-1][1]:
            found[-1] = (found[-1][0], max(stop, found[-1][1]))
        else:
            found.append((start, stop))
    return found
