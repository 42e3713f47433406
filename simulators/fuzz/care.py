"""Looks after the device during a campaign: sentinel and bystander in one, without a pause.

A thread of its own asks for an honest exchange again and again, and each time looks for evidence of
a crash. What played since the last exchange that went well is under suspicion when one does not.
"""

from __future__ import annotations

import re
import threading
import time
from dataclasses import dataclass
from typing import Final, Protocol, runtime_checkable

from harness.errors import BenchError
from harness.model import Health, Role
from harness.verdict import FailKind
from harness.watchman import Watchman

EVERY_S: Final = 0.15
"""How long the thread rests between two looks."""

_SLOW_S: Final = 0.75
"""An honest exchange that takes longer than this holds new cases back until it has ended."""

_FULL_EVERY_S: Final = 0.3
_COME_BACK: Final = "rejected (2/"


@runtime_checkable
class Patient(Protocol):
    """What a campaign needs of the bench."""

    @property
    def can_restart(self) -> bool:
        """True when the harness started the device and may start it again."""
        ...

    def restart(self) -> None:
        """Stops and starts the device."""
        ...

    def health(self, role: Role) -> Health:
        """Looks whether the device is in service, by an honest exchange."""
        ...


@dataclass(frozen=True, slots=True)
class Trouble:
    """What was wrong with the device.

    Attributes:
        kind: Of the failure; None for a lost worker, which is a warning.
        detail: What was observed, in words.
    """

    kind: FailKind | None
    detail: str

    @property
    def reason(self) -> str:
        """The observed reason, less what differs from time to time: what makes two troubles one."""
        # A core file may come later than the end of its process, or have another number.
        told = re.sub(r", core file: \S+$", "", self.detail)
        plain = re.sub(r"0x[0-9A-Fa-f]+|[0-9]+", "#", told)
        return f"{self.kind.value if self.kind else 'worker'}: {' '.join(plain.split())[:200]}"


class Care:
    """Watches one device in one role.

    Args:
        bench: The device with everything around it.
        role: Which side it plays.
        restarts: How often it may be started anew.
        full_s: How long it may turn honest peers away because it is full (HOUSE/SERVES-OTHERS).
    """

    def __init__(self, bench: Patient, role: Role, restarts: int, full_s: float) -> None:
        self._bench = bench
        self._role = role
        self._full_s = full_s
        self._watchman = Watchman(bench, role)  # type: ignore[arg-type]  # needs health() only
        self._stop = threading.Event()
        self._doubt = threading.Event()
        self._asking_since: float | None = None
        self._last = Health(ok=True, alive=None, detail="")
        self._thread: threading.Thread | None = None
        self.restarts_left = restarts
        self.restarted = 0
        self.looks = 0
        self.well_since = time.monotonic()
        """When the last exchange that went well began."""

    @property
    def doubts(self) -> bool:
        """True once a look found something wrong."""
        return self._doubt.is_set()

    @property
    def slow(self) -> bool:
        """True while an honest exchange takes suspiciously long."""
        since = self._asking_since
        return since is not None and time.monotonic() - since > _SLOW_S

    def watch(self) -> None:
        """Begins to look without a pause, until `rest`."""
        self._doubt.clear()
        self._stop.clear()
        self.well_since = time.monotonic()
        self._thread = threading.Thread(target=self._watch, name="care", daemon=True)
        self._thread.start()

    def rest(self) -> Trouble | None:
        """Ends the watch; tells what it found wrong."""
        self._stop.set()
        if self._thread is not None:
            self._thread.join()
            self._thread = None
        doubted = self._doubt.is_set()
        self._doubt.clear()
        self._stop.clear()
        return _trouble(self._last) if doubted else None

    def look(self) -> Trouble | None:
        """Looks once, without time to recover: others are to be served all the while."""
        self.looks += 1
        return _trouble(self._ask())

    def restore(self, *, at_once: bool = False) -> bool:
        """Gets the device into service again; False when that cannot be done.

        Args:
            at_once: Do not wait whether it recovers by itself, if it can be started anew.
        """
        possible = self._bench.can_restart and self.restarts_left > 0
        if not (at_once and possible) and self._watchman.look().ok:
            return True
        if not possible:
            return False
        self.restarts_left -= 1
        self.restarted += 1
        try:
            self._bench.restart()
        except BenchError:
            return False
        return self._watchman.look().ok

    def _watch(self) -> None:
        while not self._stop.wait(EVERY_S):
            began = self._asking_since = time.monotonic()
            health = self._ask()
            self._asking_since = None
            self.looks += 1
            if _trouble(health) is not None:
                self._last = health
                self._doubt.set()
                return
            self.well_since = began

    def _ask(self) -> Health:
        """An honest exchange; a device that is full is asked again until it may not be any more."""
        deadline = time.monotonic() + self._full_s
        while True:
            health = self._bench.health(self._role)
            full = not health.ok and _COME_BACK in health.detail
            if not full or time.monotonic() > deadline or self._stop.wait(_FULL_EVERY_S):
                return health


def _trouble(health: Health) -> Trouble | None:
    if health.evidence:
        return Trouble(FailKind.CRASH, f"the device crashed: {health.detail}")
    if not health.ok:
        return Trouble(FailKind.HANG, f"an honest peer was not served: {health.detail}")
    if health.lost_worker:
        return Trouble(None, f"the device's log reveals an unhandled error: {health.lost_worker}")
    return None
