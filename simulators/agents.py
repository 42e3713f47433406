"""How a client of DICOMweb is started on our server, and watched until it ends.

Each play has a desk of its own, deep inside the sandbox, as readers have: a name that climbs out of
the folder for what is retrieved is seen and does no harm.
"""

from __future__ import annotations

import contextlib
import itertools
import shutil
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from harness.errors import BenchError
from harness.profile_agent import AgentSection, AgentService
from simulators.lab import Lab
from simulators.process import DeviceProcess, DeviceStartError, MemoryWatch, Trigger, start_trigger
from simulators.readers import READS, Ran, run_watched


@dataclass(frozen=True, slots=True, kw_only=True)
class Went:
    """How one request of the device went.

    Attributes:
        ran: The command.
        daemon_bytes: How far the device itself grew meanwhile, where the harness started it.
        kept: Contents of the files that it left where retrieved objects go, as far as they matter.
    """

    ran: Ran
    daemon_bytes: int
    kept: tuple[bytes, ...]


class Agents:
    """Starts the commands; safe for many threads.

    Args:
        lab: The laboratory.
        section: The section of the profile.
        device: Gives the process that the commands only talk to, if there is one.

    Attributes:
        base_bytes: Peak memory of a command for an honest answer, once there was one.
    """

    def __init__(
        self, lab: Lab, section: AgentSection, device: Callable[[], DeviceProcess | None]
    ) -> None:
        self.lab = lab
        self.section = section
        self.base_bytes: int | None = None
        self._device = device
        self._numbers = itertools.count(1)
        self._lock = threading.Lock()

    def new_desk(self) -> Path:
        """A folder for one play."""
        desk = self.lab.sandbox / READS / f"agent-{next(self._numbers)}"
        (desk / "canary").mkdir(parents=True)
        return desk

    def clear(self, desk: Path) -> None:
        """Removes a desk with all that was written there."""
        shutil.rmtree(desk, ignore_errors=True)

    def honest_peak(self, peak_bytes: int) -> None:
        """Notes what an honest answer costs."""
        with self._lock:
            self.base_bytes = max(self.base_bytes or 0, peak_bytes)

    def run(
        self,
        service: AgentService,
        desk: Path,
        told: Mapping[str, str],
        cancelled: Callable[[], bool],
    ) -> Went:
        """Makes the device ask, and watches it to its end.

        Args:
            service: What it is to do.
            desk: The desk.
            told: Values for the command by placeholder.
            cancelled: Tells when the play is to end.

        Raises:
            BenchError: The command cannot be started.
        """
        device = self._device()
        growth: _Growing | None = None
        with contextlib.ExitStack() as stack:
            if device is not None and device.alive():
                growth = stack.enter_context(MemoryWatch(device))
            ran = run_watched(
                desk,
                lambda work, out, log: self._start(service, told, work, out, log),
                cancelled,
            )
        kept = tuple(_contents(desk / "up" / "up" / "out"))
        return Went(ran=ran, daemon_bytes=growth.growth_bytes if growth else 0, kept=kept)

    def _start(
        self, service: AgentService, told: Mapping[str, str], work: Path, out: Path, log: Path
    ) -> Trigger:
        values = {**told, "out": str(out), "work": str(work)}
        section = self.section
        command = [self.lab.filled(part, values) for part in section.commands[service]]
        env = {name: self.lab.filled(value, values) for name, value in section.env.items()}
        try:
            return start_trigger(command, work, env, section.timeout_s, log)
        except DeviceStartError as error:
            how = self.lab.profile.process.install if self.lab.profile.process else ""
            way_out = how or "install the program or correct it"
            raise BenchError(f"'user_agent.commands.{service}': {error}: {way_out}") from error


class _Growing(Protocol):
    @property
    def growth_bytes(self) -> int: ...


_MOST_KEPT = 64
_LARGEST_KEPT = 1 << 20


def agents_of(bench: object) -> Agents:
    """What starts the client of this bench.

    Raises:
        BenchError: The profile has no [user_agent].
    """
    agents = getattr(bench, "agents", None)
    if not isinstance(agents, Agents):
        raise BenchError("the profile has no [user_agent]")
    return agents


def _contents(folder: Path) -> list[bytes]:
    """What lies in a folder; links are not followed, and large files are read in part."""
    found: list[bytes] = []
    for path in itertools.islice(sorted(folder.rglob("*")), _MOST_KEPT):
        with contextlib.suppress(OSError):
            if path.is_file() and not path.is_symlink():
                with path.open("rb") as file:
                    found.append(file.read(_LARGEST_KEPT))
    return found
