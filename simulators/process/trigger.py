"""Client commands that make a device call us: they run while the harness acts as the server."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

from simulators.process.kept import Exit, Kept
from simulators.process.logs import LogSlice, tail


@dataclass(frozen=True, slots=True)
class TriggerResult:
    """How one client command went.

    Attributes:
        exit_status: Exit code, or None when a signal ended it.
        signal: Name of the fatal signal, or None; SIGTERM or SIGKILL after a time-out or `kill`.
        timed_out: Whether it ran longer than it may.
        duration_s: Seconds from start to end.
        max_rss_bytes: Peak resident memory by ``wait4(2)``, children that it waited for included;
            never below the size of the keeper, about 10 MiB.
        output: The last 4 KiB of what it wrote to standard output and error.
    """

    exit_status: int | None
    signal: str | None
    timed_out: bool
    duration_s: float
    max_rss_bytes: int
    output: str


class Trigger:
    """One running client command. As a context manager it ends the command on the way out."""

    def __init__(self, kept: Kept, log_path: Path, mark: int) -> None:
        self._kept = kept
        self._log = LogSlice(log_path)
        self._mark = mark

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.kill()

    @property
    def pid(self) -> int:
        """Process id of the command."""
        return self._kept.pid

    def pids(self) -> list[int]:
        """Return the living processes of the command."""
        return self._kept.pids()

    def wait(self, timeout_s: float | None = None) -> TriggerResult | None:
        """Wait for the end, which comes by itself within the command's own time limit.

        Args:
            timeout_s: Wait no longer than this; None waits for the end.

        Returns:
            The result, or None if it still runs when `timeout_s` is over.
        """
        while (ended := self._kept.poll(60.0 if timeout_s is None else timeout_s)) is None:
            if timeout_s is not None:
                return None
        self._kept.stop(0.0)  # what it left in the background
        return self._result(ended)

    def kill(self) -> TriggerResult:
        """End the command at once unless it has ended; return its result."""
        ended = self._kept.stop(0.0)
        if ended is None:
            raise RuntimeError("the keeper did not report how the command ended")
        return self._result(ended)

    def _result(self, ended: Exit) -> TriggerResult:
        return TriggerResult(
            exit_status=ended.code,
            signal=ended.signal,
            timed_out=ended.timed_out,
            duration_s=ended.at - self._kept.started_at,
            max_rss_bytes=ended.max_rss_bytes,
            output=tail(self._log.path) if self._log.mark() > self._mark else "",
        )


def start_trigger(
    command: Sequence[str],
    cwd: Path,
    env: Mapping[str, str],
    timeout_s: float,
    log_path: Path,
) -> Trigger:
    """Start a client command and return at once.

    Args:
        command: Program and arguments, no shell.
        cwd: Working folder, created if absent.
        env: Environment variables over and above the harness's own.
        timeout_s: Longest time that it may run; then it is ended, whether anyone waits or not.
        log_path: File that standard output and error are appended to.

    Raises:
        DeviceStartError: The program cannot be run.
    """
    cwd.mkdir(parents=True, exist_ok=True)
    log_path.parent.mkdir(parents=True, exist_ok=True)
    mark = LogSlice(log_path).mark()
    kept = Kept(command, env=env, cwd=cwd, log_path=log_path, limit_s=timeout_s)
    return Trigger(kept, log_path, mark)


def run_trigger(
    command: Sequence[str],
    cwd: Path,
    env: Mapping[str, str],
    timeout_s: float,
    log_path: Path,
) -> TriggerResult:
    """Run a client command to its end; arguments and errors as for `start_trigger`."""
    with start_trigger(command, cwd, env, timeout_s, log_path) as trigger:
        return trigger.wait() or trigger.kill()
