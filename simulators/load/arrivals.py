"""Moves, told and seen: what was asked for, what the device said it sent, and what arrived."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from pydantic import BaseModel, ConfigDict, Field

from harness.measurement import Moved
from simulators.load import naming

NOTHING_MOVED: Final = "0000H, nothing completed"
SOME_FAILED: Final = "0000H, some failed"
"""Statuses, in effect, of a response that says success of what its own counts deny."""

_SUCCESS: Final = 0x0000
_MOST_SUBOPERATIONS: Final = 0xFFFF
_SHOWN: Final = 10
_LONGEST_UID: Final = 64


@dataclass(frozen=True, slots=True)
class SubOperations:
    """The counts of a final response to a C-MOVE (PS3.7 9.3.4.2); None: it has none.

    Attributes:
        completed: Objects that the device says it sent with success.
        failed, warning: Those of which it says otherwise.
    """

    completed: int | None = None
    failed: int | None = None
    warning: int | None = None


class Told(BaseModel):
    """What the moves of a worker asked for and were told, by SOP Instance UID.

    Attributes:
        asked: Requests that were sent.
        announced: Sub-operations that were called completed.
        failed: Sub-operations that were not, all objects together.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    asked: dict[str, int] = Field(default_factory=dict)
    announced: dict[str, int] = Field(default_factory=dict)
    failed: int = 0

    def __add__(self, other: Told) -> Told:
        return Told(
            asked=_sum(self.asked, other.asked),
            announced=_sum(self.announced, other.announced),
            failed=self.failed + other.failed,
        )


class Moves:
    """Gathers what the moves of one process are told."""

    def __init__(self) -> None:
        self._asked: Counter[str] = Counter()
        self._announced: Counter[str] = Counter()
        self._failed = 0

    def ask(self, uid: str) -> None:
        """Notes that an object is asked for."""
        self._asked[uid] += 1

    def hear(self, uid: str, status: int, told: SubOperations) -> int | str:
        """Notes the final response; returns its status, as what it is worth.

        A response with failed sub-operations, or with none at all, serves nobody, whatever its
        status says: B000H is a warning that the caller has not got the object.
        """
        failed = _counted(told.failed or 0) + _counted(told.warning or 0)
        if told.completed is not None:
            completed = _counted(told.completed)
        else:  # counts are optional in a final response
            completed = 1 if status == _SUCCESS and not failed else 0
        self._announced[uid] += completed
        self._failed += failed
        if status != _SUCCESS:
            return f"{status & 0xFFFF:04X}H"
        if failed:
            return SOME_FAILED
        return status if completed else NOTHING_MOVED

    def take(self) -> Told:
        """What was noted since the last call."""
        told = Told(asked=self._asked, announced=self._announced, failed=self._failed)
        self._asked, self._announced, self._failed = Counter(), Counter(), 0
        return told


class Arrivals:
    """Counts what arrives, in memory that is bounded by what is wanted.

    Args:
        wanted: SOP Instance UIDs of the objects that are asked for, of ours all.

    Attributes:
        seen: How often each of them has arrived.
        mixed_up: Those that came with another content.
        octets: Octets of all data sets.
        turned_away: Connections that the receiver had no room for.
        news: Set with each object.
    """

    def __init__(self, wanted: Iterable[str]) -> None:
        self.seen = dict.fromkeys(wanted, 0)
        self.mixed_up: set[str] = set()
        self._strange: dict[str, None] = {}
        self._strangers = self.octets = self.turned_away = 0
        self._lock = threading.Lock()
        self.news = threading.Event()

    def note(self, uid: str, dataset: bytes) -> None:
        """Takes an object in: the name that its command bears, and its data set."""
        known = uid in self.seen
        mark = naming.mark_of(uid) if known else b""
        right = mark in dataset and uid.encode("ascii", "replace") in dataset
        with self._lock:
            self.octets += len(dataset)
            if not known:
                self._strangers += 1
                if len(self._strange) < _SHOWN:
                    self._strange[uid[:_LONGEST_UID]] = None
            else:
                self.seen[uid] += 1
                if not right:
                    self.mixed_up.add(uid)
        self.news.set()

    def missing(self, told: Told) -> int:
        """How many objects were announced and are not here."""
        return sum(self._missing(told).values())

    def moved(self, told: Told) -> Moved:
        """The account of everything."""
        missing = self._missing(told)
        more = {uid: seen - told.asked.get(uid, 0) for uid, seen in self.seen.items()}
        examples = [*missing, *sorted(self.mixed_up), *self._strange]
        return Moved(
            asked=sum(told.asked.values()),
            announced=sum(told.announced.values()),
            failed=told.failed,
            arrived=sum(self.seen.values()),
            missing=sum(missing.values()),
            mixed_up=len(self.mixed_up),
            unasked=self._strangers + sum(count for count in more.values() if count > 0),
            turned_away=self.turned_away,
            examples=tuple(dict.fromkeys(examples))[:_SHOWN],
        )

    def _missing(self, told: Told) -> dict[str, int]:
        lacks = {uid: said - self.seen.get(uid, 0) for uid, said in told.announced.items()}
        return {uid: count for uid, count in lacks.items() if count > 0}


def _counted(value: int) -> int:
    """A count as the element can hold it (US), whatever the device wrote there."""
    return min(max(value, 0), _MOST_SUBOPERATIONS)


def _sum(one: Mapping[str, int], other: Mapping[str, int]) -> dict[str, int]:
    return {uid: one.get(uid, 0) + other.get(uid, 0) for uid in {**one, **other}}
