"""The harness's end of a keeper: one running command, how it ended, and the way to end it."""

import contextlib
import os
import secrets
import select
import signal
import socket
import subprocess
import sys
import threading
import time
import weakref
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from harness.programs import locate
from simulators.process import warm
from simulators.process.keeper import descendants, process_table

CORE_BYTES: Final = 1024 * 1024
"""Size limit of a core file: enough to leave one, too little to fill a disc."""

DEFAULT_GRACE_S: Final = 3.0
_KEEPER: Final = Path(__file__).with_name("keeper.py")
# The keeper gives up on an unkillable process after 5 s; a little more, and it is stuck itself.
_KEEPER_PATIENCE_S: Final = 8.0
_READ_STEP_S: Final = 0.25
_COOKIE: Final = "DICOM_ASSAY_DEVICE"
"""Environment variable by which a lost device's processes are known, wherever they went."""


class DeviceStartError(RuntimeError):
    """The command could not be started, ended at once, or did not open its ports in time."""


@dataclass(frozen=True, slots=True)
class Exit:
    """How a process ended.

    Attributes:
        code: Exit code, or None when a signal ended it.
        signal: Name such as ``SIGSEGV``, or None when it exited by itself.
        dumped_core: Whether the kernel says that it wrote a core file.
        max_rss_bytes: Peak resident memory of the process and the children that it waited for,
            from ``wait4(2)``. Never below the size of the keeper, about 10 MiB.
        at: When it was collected, seconds of the monotonic clock.
        timed_out: Whether the keeper ended it because its time was up.
    """

    code: int | None
    signal: str | None
    dumped_core: bool
    max_rss_bytes: int
    at: float
    timed_out: bool

    @property
    def status(self) -> int | str | None:
        """The exit code, or the name of the signal."""
        return self.signal or self.code


def _exit_of(status: int, max_rss_kib: int, at: float, timed_out: bool) -> Exit:
    name = None
    if os.WIFSIGNALED(status):
        number = os.WTERMSIG(status)
        name = signal.Signals(number).name if number in set(signal.Signals) else f"SIG{number}"
    code = None if name else os.waitstatus_to_exitcode(status)
    return Exit(code, name, os.WCOREDUMP(status), max_rss_kib * 1024, at, timed_out)


def _dismiss(control: socket.socket, keeper: warm.KeeperProcess, owner: int) -> None:
    """End a keeper that nobody stopped: its handle was dropped or the interpreter ends."""
    if os.getpid() != owner:
        return  # a fork of the harness owns nothing
    control.close()
    with contextlib.suppress(subprocess.TimeoutExpired):
        keeper.wait(DEFAULT_GRACE_S + _KEEPER_PATIENCE_S)


class Kept:
    """One command under a keeper, started by the constructor. Safe to use from several threads.

    Args:
        command: Program and arguments; the program is looked up on PATH.
        env: Environment variables over and above the harness's own.
        cwd: Working folder; a core file appears here.
        log_path: File that standard output and error are appended to.
        limit_s: Seconds that the command may run; None for no limit.

    Raises:
        DeviceStartError: The program does not exist or may not be run.
    """

    def __init__(
        self,
        command: Sequence[str],
        *,
        env: Mapping[str, str],
        cwd: Path,
        log_path: Path,
        limit_s: float | None = None,
    ) -> None:
        self._lock = threading.Lock()
        self._exit: Exit | None = None
        self._left = 0
        self._cookie = secrets.token_hex(16)
        self.started_at = time.monotonic()
        self._control, far_end = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with far_end:
            try:
                self._keeper = _start_keeper(
                    command, env, self._cookie, cwd, log_path, limit_s or 0.0, far_end
                )
            except DeviceStartError:
                self._control.close()
                raise
        self._finalizer = weakref.finalize(self, _dismiss, self._control, self._keeper, os.getpid())
        self.pid = self._read_start(command)

    @property
    def keeper_pid(self) -> int:
        """Process id of the keeper, the ancestor of everything that the command starts."""
        return self._keeper.pid

    def pids(self) -> list[int]:
        """Return the living processes of the command: it, its descendants and adopted orphans."""
        table = process_table()
        return [pid for pid in descendants(self.keeper_pid, table) if table[pid].state != "Z"]

    def poll(self, timeout_s: float = 0.0) -> Exit | None:
        """Return how the command ended, waiting up to `timeout_s` seconds; None while it runs."""
        deadline = time.monotonic() + timeout_s
        while self._exit is None:
            remaining = deadline - time.monotonic()
            if self._readable(min(max(remaining, 0.0), _READ_STEP_S)):
                self._read_event()
            elif remaining <= 0:
                break
        return self._exit

    def stop(self, grace_s: float = DEFAULT_GRACE_S) -> Exit | None:
        """End the command and everything below it: SIGTERM, then SIGKILL after `grace_s` seconds.

        Idempotent. Returns how the command itself ended, once nothing of it is left.

        Raises:
            RuntimeError: Processes remain that cannot be killed.
        """
        if self._finalizer.alive:
            with contextlib.suppress(OSError):
                self._control.send(f"stop {grace_s}".encode("ascii"))
            self._drain(grace_s + _KEEPER_PATIENCE_S)
        if self._left:
            raise RuntimeError(f"{self._left} processes below keeper {self.keeper_pid} survive")
        return self._exit

    def _drain(self, patience_s: float) -> None:
        """Read until the keeper is gone, or do its work if it does not go."""
        deadline = time.monotonic() + patience_s
        while self._finalizer.alive and time.monotonic() < deadline:
            if self._readable(_READ_STEP_S):
                self._read_event()
        with self._lock:
            if self._finalizer.alive:
                self._keeper.kill()  # the device follows it; _lose ends the rest
                self._lose()

    def _readable(self, timeout_s: float) -> bool:
        poll = select.poll()
        with self._lock:
            if not self._finalizer.alive:
                return True
            poll.register(self._control, select.POLLIN)
        return bool(poll.poll(timeout_s * 1000))

    def _read_event(self) -> None:
        with self._lock:
            if not self._finalizer.alive:
                return
            try:
                event = self._control.recv(256, socket.MSG_DONTWAIT).decode("ascii").split()
            except BlockingIOError:
                return  # another thread read it
            except OSError:
                event = []
            match event:
                case ["exited", status, rss, at, late]:
                    self._exit = _exit_of(int(status), int(rss), float(at), late == "1")
                case ["gone", left]:
                    self._left = int(left)
                    self._close()
                case _:
                    self._lose()

    def _lose(self) -> None:
        """The keeper vanished and the kernel killed the device; end what the device had forked."""
        for pid, stat in process_table().items():
            if stat.session == self.pid or _carries(pid, self._cookie):
                with contextlib.suppress(ProcessLookupError, PermissionError):
                    os.kill(pid, signal.SIGKILL)
        if self._exit is None:
            self._exit = Exit(None, "SIGKILL", False, 0, time.monotonic(), False)
        self._close()

    def _close(self) -> None:
        self._finalizer.detach()
        self._control.close()
        self._keeper.wait()
        if self._exit is None:
            self._exit = Exit(None, "SIGKILL", False, 0, time.monotonic(), False)

    def _read_start(self, command: Sequence[str]) -> int:
        event = self._control.recv(256).decode("ascii").split()
        match event:
            case ["started", pid]:
                return int(pid)
            case ["failed", number]:
                reason = os.strerror(int(number))
            case _:
                reason = "the keeper did not start"
        self._finalizer()
        raise DeviceStartError(f"cannot start {command[0]!r}: {reason}")


def _carries(pid: int, cookie: str) -> bool:
    try:
        return cookie.encode("ascii") in Path(f"/proc/{pid}/environ").read_bytes()
    except OSError:
        return False  # gone, or not ours


def _start_keeper(
    command: Sequence[str],
    env: Mapping[str, str],
    cookie: str,
    cwd: Path,
    log_path: Path,
    limit_s: float,
    far_end: socket.socket,
) -> warm.KeeperProcess:
    if not command:
        raise DeviceStartError("there is no command to start")
    own = {_COOKIE: cookie}
    if warm.suits(command):
        limits = {"grace_s": DEFAULT_GRACE_S, "limit_s": limit_s, "core_bytes": CORE_BYTES}
        try:
            return warm.start(command, env, own, cwd, log_path, limits, far_end)
        except OSError as error:
            raise DeviceStartError(f"cannot start {command[0]!r}: {error}") from error
    settings = (far_end.fileno(), os.getpid(), DEFAULT_GRACE_S, limit_s, CORE_BYTES)
    argv = [sys.executable, "-I", "-S", str(_KEEPER), *map(str, settings)]
    argv += [locate(command[0], env.get("PATH")) or command[0], *command[1:]]
    try:
        with log_path.open("ab") as log:
            return subprocess.Popen(
                argv,
                cwd=cwd,
                env={**os.environ, **env, **own},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                pass_fds=[far_end.fileno()],
                start_new_session=True,
            )
    except OSError as error:
        raise DeviceStartError(f"cannot start {command[0]!r}: {error}") from error
