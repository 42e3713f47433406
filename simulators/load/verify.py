"""What became of the objects that a device acknowledged: looked for, fetched back, compared.

A way either lists which objects the device says it holds, or gives their contents, or both. What
no way covers is not guessed: a ledger without ways says that nothing was looked for.
"""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final, Protocol

from harness.measurement import Ledger
from simulators.load import naming
from simulators.load.acknowledged import Acknowledged

MOST_LISTED: Final = 200_000
"""How many objects are looked for at most; of more, evenly spaced ones."""

MOST_COMPARED: Final = 500
"""How many objects are fetched back at most."""

_LOOK_AGAIN_S: Final = 0.25
_SHOWN: Final = 10


class WayError(Exception):
    """A way of looking is not open: the device refused it, or broke off; nothing is said of it."""


class Listing(Protocol):
    """A way to learn which objects a device holds."""

    @property
    def name(self) -> str:
        """What the ledger calls it, such as "C-FIND"."""
        ...

    def holds(self, lane: int, names: Mapping[str, int], *, whole: bool) -> Counter[str]:
        """How often the device names each object, by SOP Instance UID.

        Args:
            lane: The study that is asked for.
            names: The objects that are looked for, with their numbers.
            whole: They are all that was acknowledged in that study.

        Raises:
            WayError: The device does not answer this question.
        """
        ...


class Fetching(Protocol):
    """A way to get objects back."""

    @property
    def name(self) -> str:
        """What the ledger calls it, such as "C-GET"."""
        ...

    def contents(
        self, lane: int, names: Sequence[str], *, whole: bool
    ) -> Iterable[tuple[str, bytes]]:
        """The name that each object came under, and the content mark in its pixels.

        Args:
            lane: The study that is asked for.
            names: The objects that are asked for; others may come, too.
            whole: They are all that was acknowledged in that study.

        Raises:
            WayError: The device does not answer this question.
        """
        ...


def verify(
    acknowledged: Acknowledged,
    listings: Sequence[Listing],
    fetchings: Sequence[Fetching],
    *,
    cancelled: threading.Event,
    patience_s: float = 5.0,
    most_compared: int = MOST_COMPARED,
) -> Ledger:
    """Looks for what was acknowledged, in every way that is open, and compares contents.

    Args:
        acknowledged: What the device said it has.
        listings: Ways to list; an object is lost when any of them does not name it.
        fetchings: Ways to fetch.
        cancelled: Ends it early; the ledger then covers what was done.
        patience_s: How long an archive that indexes later may take until it names an object.
        most_compared: How many objects are fetched back at most.
    """
    account = _Account(acknowledged)
    if acknowledged.count:
        for listing in listings:
            account.list(listing, patience_s, cancelled)
        for fetching in fetchings:
            account.fetch(fetching, most_compared, cancelled)
    return account.ledger()


class _Account:
    """What was found so far."""

    def __init__(self, acknowledged: Acknowledged) -> None:
        self._owed = acknowledged
        self._how: list[str] = []
        self._looked_for = 0
        self._compared: set[str] = set()
        self._lost: set[str] = set()
        self._duplicated: set[str] = set()
        self._mixed_up: set[str] = set()

    def list(self, way: Listing, patience_s: float, cancelled: threading.Event) -> None:
        """Looks for every object, or evenly spaced ones of very many."""
        part = self._owed.sample(MOST_LISTED)
        whole = part is self._owed
        deadline = time.monotonic() + patience_s
        looked_for = 0
        try:
            for lane in part.lanes:
                if cancelled.is_set():
                    break
                uids = part.uids(lane)
                found = _patiently(way, lane, uids, whole, deadline, cancelled)
                looked_for += len(uids)
                self._lost |= {uid for uid in uids if not found[uid]}
                self._duplicated |= {uid for uid in uids if found[uid] > 1}
        except WayError:
            if not looked_for:
                return
        self._note(way.name, looked_for)

    def fetch(self, way: Fetching, most: int, cancelled: threading.Event) -> None:
        """Fetches objects, all or evenly spaced ones, and compares name and content."""
        part = self._owed.sample(most)
        whole = part is self._owed
        compared = 0
        try:
            for lane in part.lanes:
                if cancelled.is_set():
                    break
                uids = tuple(part.uids(lane))
                self._compare(uids, way.contents(lane, uids, whole=whole))
                compared += len(uids)
                self._compared.update(uids)
        except WayError:
            if not compared:
                return
        self._note(way.name, compared)

    def ledger(self) -> Ledger:
        """Everything in numbers."""
        bad = [*sorted(self._lost), *sorted(self._duplicated), *sorted(self._mixed_up)]
        return Ledger(
            acknowledged=self._owed.count,
            looked_for=self._looked_for,
            found=max(0, self._looked_for - len(self._lost)),
            lost=len(self._lost),
            duplicated=len(self._duplicated),
            mixed_up=len(self._mixed_up),
            compared=len(self._compared),
            how=tuple(dict.fromkeys(self._how)),
            examples=tuple(dict.fromkeys(bad))[:_SHOWN],
        )

    def _compare(self, uids: Sequence[str], came: Iterable[tuple[str, bytes]]) -> None:
        seen: Counter[str] = Counter()
        wanted = frozenset(uids)
        for uid, mark in came:
            if uid in wanted:
                seen[uid] += 1
                if mark != naming.mark_of(uid):
                    self._mixed_up.add(uid)
        self._lost |= wanted - seen.keys()
        self._duplicated |= {uid for uid, times in seen.items() if times > 1}

    def _note(self, name: str, looked_for: int) -> None:
        if looked_for:
            self._how.append(name)
            self._looked_for = max(self._looked_for, looked_for)


def _patiently(
    way: Listing,
    lane: int,
    uids: Mapping[str, int],
    whole: bool,
    deadline: float,
    cancelled: threading.Event,
) -> Counter[str]:
    """Asks until every object is named, or no patience is left."""
    while True:
        found = way.holds(lane, uids, whole=whole)
        if all(found[uid] for uid in uids) or time.monotonic() >= deadline:
            return found
        if cancelled.wait(_LOOK_AGAIN_S):
            return found


def chunks(uids: Iterable[str], size: int) -> Iterator[tuple[str, ...]]:
    """The UIDs in groups of at most so many."""
    group: list[str] = []
    for uid in uids:
        group.append(uid)
        if len(group) == size:
            yield tuple(group)
            group = []
    if group:
        yield tuple(group)
