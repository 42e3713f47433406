"""A device under test as a process that the harness starts, watches and ends."""

import time
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Final, Self

from simulators.process.kept import DEFAULT_GRACE_S, DeviceStartError, Kept
from simulators.process.logs import tail
from simulators.process.sockets import listening_inodes, owned_inodes

_LOOK_AGAIN_S: Final = 0.01


class DeviceProcess:
    """A device in a session of its own, under a keeper, so that it never outlives the harness.

    The constructor starts nothing: call `start`, or use the object as a context manager.

    Args:
        command: Program and arguments, no shell.
        env: Environment variables over and above the harness's own.
        cwd: Working folder, created if absent; a crashed child leaves its ``core*`` file here
            (about 1 MiB at most, where the kernel's core_pattern is a plain file name).
        log_path: File that standard output and error are appended to.
    """

    def __init__(
        self, command: Sequence[str], env: Mapping[str, str], cwd: Path, log_path: Path
    ) -> None:
        self.command = tuple(command)
        self.cwd = cwd
        self.log_path = log_path
        self._env = dict(env)
        self._kept: Kept | None = None

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()

    def start(self) -> None:
        """Start the device unless it is running; what a dead one left behind is ended first.

        Raises:
            DeviceStartError: The program cannot be run.
        """
        if self.alive():
            return
        self.stop()
        self.cwd.mkdir(parents=True, exist_ok=True)
        self.log_path.parent.mkdir(parents=True, exist_ok=True)
        self._kept = Kept(self.command, env=self._env, cwd=self.cwd, log_path=self.log_path)

    @property
    def pid(self) -> int:
        """Process id of the device, also after its end.

        Raises:
            RuntimeError: It was never started.
        """
        if self._kept is None:
            raise RuntimeError("the device was never started")
        return self._kept.pid

    def wait_until_listening(self, ports: Iterable[int], timeout_s: float) -> float:
        """Wait until the device listens on every port; return the seconds since its start.

        Looks at the socket tables and at who holds the sockets, and never connects.

        Raises:
            DeviceStartError: The device ended, a port belongs to somebody else, or time is up; with
                the end of the log.
        """
        wanted = set(ports)
        if self._kept is None:
            raise DeviceStartError("the device was never started")
        deadline = time.monotonic() + timeout_s
        while True:
            missing = {port for port in wanted if not self._listens(port)}
            if not missing:
                return time.monotonic() - self._kept.started_at
            if self._kept.poll(_LOOK_AGAIN_S) is not None:
                raise self._start_error(f"the device ended with {self.exit_status()}")
            if time.monotonic() >= deadline:
                raise self._start_error(f"{_name(missing)} after {timeout_s:g} s")

    def _listens(self, port: int) -> bool:
        inodes = listening_inodes(port)
        if not inodes:
            return False
        owned = owned_inodes(self.pids())
        # A device that changed its user hides its descriptors: then LISTEN has to be enough.
        return owned is None or bool(inodes & owned)

    def _start_error(self, what: str) -> DeviceStartError:
        return DeviceStartError(f"{what}; its log ends:\n{tail(self.log_path) or '(empty)'}")

    def alive(self) -> bool:
        """Return whether the process that was started is running."""
        return not self.ended()

    def ended(self, within_s: float = 0.0) -> bool:
        """Return whether the process that was started has ended, waiting so long for its end."""
        return self._kept is None or self._kept.poll(within_s) is not None

    def exit_status(self) -> int | str | None:
        """Return the exit code or the name of the fatal signal; None while it runs."""
        ended = self._kept.poll() if self._kept is not None else None
        return None if ended is None else ended.status

    def pids(self) -> list[int]:
        """Return the living processes of the device: itself, descendants, orphans that it left."""
        return [] if self._kept is None else self._kept.pids()

    def stop(self, grace_s: float = DEFAULT_GRACE_S) -> None:
        """End the device and all it started: SIGTERM, then SIGKILL after `grace_s` seconds.

        Idempotent; returns when nothing is left. `exit_status` stays readable.

        Raises:
            RuntimeError: A process cannot be killed.
        """
        if self._kept is not None:
            self._kept.stop(grace_s)

    def restart(self, grace_s: float = DEFAULT_GRACE_S) -> None:
        """Stop the device and start the same command again, on the same log."""
        self.stop(grace_s)
        self.start()


def _name(missing: set[int]) -> str:
    holders = [port for port in sorted(missing) if listening_inodes(port)]
    if holders:
        return f"port {holders[0]} is held by another process"
    return "not listening on " + ", ".join(map(str, sorted(missing)))
