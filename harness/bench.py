"""What the judge needs of a bench; the bench itself is an actor, found by entry point.

The judge opens no socket and knows no DICOM: it asks the bench to start and stop the device, to
look after its health, and to have a bystander served while a scenario plays.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from functools import cache
from importlib.metadata import entry_points
from pathlib import Path
from typing import Protocol

from harness.errors import BenchError
from harness.model import Health, Role
from harness.profile import Profile
from harness.stage import Stage

Announce = Callable[[str], None]
"""How the bench speaks to the operator (a device that is triggered by hand)."""


class Bench(Protocol):
    """The device under test with everything around it."""

    @property
    def profile(self) -> Profile:
        """The profile with the real ports filled in."""
        ...

    @property
    def can_restart(self) -> bool:
        """True when the harness started the device and may start it again."""
        ...

    def start(self) -> None:
        """Starts the device if it is ours to start.

        Raises:
            BenchError: It cannot be started; the message says why and what to do.
        """
        ...

    def stop(self) -> None:
        """Stops everything that was started but its :attr:`helpers`. Idempotent."""
        ...

    @property
    def helpers(self) -> frozenset[int]:
        """Processes of the harness itself, by id; they last, for further starts, as long as it."""
        ...

    def restart(self) -> None:
        """Stops the device and starts it as it was at the beginning, as far as that is ours."""
        ...

    def health(self, role: Role) -> Health:
        """Looks whether the device is in service, by an honest exchange."""
        ...

    def bystander(self, stage: Stage) -> AbstractContextManager[None]:
        """An honest peer that must be served once the stimulus of the play has left."""
        ...

    def watch(self, stage: Stage) -> AbstractContextManager[None]:
        """Observes log, files, memory and processor time of the device during the play."""
        ...


OpenBench = Callable[[Profile, Path, int, Announce], Bench]
"""Profile, run folder, seed, announcer -> a bench that is not started yet."""


def open_bench(profile: Profile, folder: Path, seed: int, announce: Announce) -> Bench:
    """Opens the installed bench.

    Raises:
        BenchError: No bench is installed.
    """
    return _opener()(profile, folder, seed, announce)


@cache
def _opener() -> OpenBench:
    for entry in entry_points(group="dicom_assay.bench"):
        opener: OpenBench = entry.load()
        return opener
    raise BenchError("no bench is installed: reinstall dicom-assay")
