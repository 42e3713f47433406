"""What was recorded, as a value that goes over a wire and is joined with others without loss."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final, Self, TypeVar

from pydantic import BaseModel, ConfigDict, Field

MOST_CELLS: Final = 1024
"""Longest timeline; beyond it intervals are joined two by two, and last twice as long."""

NS_PER_S: Final = 1_000_000_000

Counts = dict[int, int]
_Key = TypeVar("_Key", int, str)


def add(*counts: Mapping[int, int]) -> Counts:
    """Returns the sum of counts by key."""
    total: Counts = {}
    for each in counts:
        for key, count in each.items():
            total[key] = total.get(key, 0) + count
    return total


def _add_words(one: Mapping[str, int], other: Mapping[str, int]) -> dict[str, int]:
    return {word: one.get(word, 0) + other.get(word, 0) for word in {**one, **other}}


class _Noun(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Cell(_Noun):
    """One interval.

    Attributes:
        due: Requests that were due in it.
        count: Requests whose success came in it.
        errors: Requests that failed in it.
        octets: Octets of the objects of `count`.
        opened: Associations that were opened in it, less those that ended.
        longest_ns: Longest latency of `count`.
        buckets: Latencies of `count` by bucket (:mod:`simulators.load.histogram`).
    """

    due: int = 0
    count: int = 0
    errors: int = 0
    octets: int = 0
    opened: int = 0
    longest_ns: int = 0
    buckets: Counts = Field(default_factory=dict)

    def __add__(self, other: Cell) -> Cell:
        return Cell(
            due=self.due + other.due,
            count=self.count + other.count,
            errors=self.errors + other.errors,
            octets=self.octets + other.octets,
            opened=self.opened + other.opened,
            longest_ns=max(self.longest_ns, other.longest_ns),
            buckets=add(self.buckets, other.buckets),
        )


class Portion(_Noun):
    """What a recorder saw since it was last asked; joining is associative and commutative.

    Attributes:
        interval_ns: Length of a cell.
        last_ns: The latest moment at which something happened, since the load began.
        cells: By number, from the beginning of the load.
        callers: One cell for the whole time per calling AE title.
        greedy: Those of them that were told to be.
        statuses: Count of each status other than success, as "A700H".
        endings: Count of each way in which an association was refused or lost.
        cpu_ns: Processor time of the processes.
        rss_bytes: Peak memory of each process, by its name.
    """

    interval_ns: int = NS_PER_S
    last_ns: int = 0
    cells: dict[int, Cell] = Field(default_factory=dict)
    callers: dict[str, Cell] = Field(default_factory=dict)
    greedy: frozenset[str] = frozenset()
    statuses: dict[str, int] = Field(default_factory=dict)
    endings: dict[str, int] = Field(default_factory=dict)
    cpu_ns: int = 0
    rss_bytes: dict[str, int] = Field(default_factory=dict)

    def __add__(self, other: Portion) -> Portion:
        one, two = self._as_coarse_as(other), other._as_coarse_as(self)
        if one.interval_ns != two.interval_ns:
            raise ValueError("portions of one load begin with the same interval")
        return Portion(
            interval_ns=one.interval_ns,
            last_ns=max(one.last_ns, two.last_ns),
            cells=_join(one.cells, two.cells),
            callers=_join(one.callers, two.callers),
            greedy=one.greedy | two.greedy,
            statuses=_add_words(one.statuses, two.statuses),
            endings=_add_words(one.endings, two.endings),
            cpu_ns=one.cpu_ns + two.cpu_ns,
            rss_bytes={
                name: max(one.rss_bytes.get(name, 0), two.rss_bytes.get(name, 0))
                for name in {**one.rss_bytes, **two.rss_bytes}
            },
        ).within_bounds()

    def total(self) -> Cell:
        """Returns all cells as one."""
        return sum(self.cells.values(), Cell())

    def within_bounds(self) -> Self:
        """Returns it with intervals so long that there are at most `MOST_CELLS`."""
        portion = self
        while portion.cells and max(portion.cells) >= MOST_CELLS:
            portion = portion._coarser()
        return portion

    def _as_coarse_as(self, other: Portion) -> Self:
        portion = self
        while portion.interval_ns < other.interval_ns:
            portion = portion._coarser()
        return portion

    def _coarser(self) -> Self:
        cells: dict[int, Cell] = {}
        for number, cell in self.cells.items():
            known = cells.get(number // 2)
            cells[number // 2] = cell if known is None else known + cell
        return self.model_copy(update={"interval_ns": 2 * self.interval_ns, "cells": cells})


def joined(portions: Iterable[Portion]) -> Portion:
    """Returns portions as one; in any order the same.

    All must begin with the same length of a cell, or with one that is that times a power of two.
    """
    total: Portion | None = None
    for portion in portions:
        total = portion.within_bounds() if total is None else total + portion
    return total if total is not None else Portion()


def _join(one: Mapping[_Key, Cell], two: Mapping[_Key, Cell]) -> dict[_Key, Cell]:
    cells = dict(one)
    for key, cell in two.items():
        cells[key] = cells[key] + cell if key in cells else cell
    return cells
