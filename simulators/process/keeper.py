"""The keeper: one small process that stands between the harness and one device.

It exists because a harness may die by ``kill -9``, and a device that survives it keeps ports,
folders and memory. ``PR_SET_PDEATHSIG`` alone does not do: it fires when the *thread* that forked
ends, and the children that a device forks do not inherit it. The keeper therefore

- starts the device in a session of its own and asks for ``SIGKILL`` should the keeper itself die;
- is a *child subreaper* (``prctl(2)``), so that what leaves the device's group stays in reach;
- watches the harness (pidfd) and the control socket, and ends everything when either goes away;
- reports on the control socket, one datagram per event: ``started PID`` or ``failed ERRNO``, then
  ``exited WAIT_STATUS MAXRSS_KIB MONOTONIC_S TIMED_OUT``, at last ``gone LEFT``.

It is run by path with ``python -I -S`` and imports the standard library only. It is small on
purpose: the peak memory that Linux reports for a child starts at the size of its forking parent.
"""

import contextlib
import ctypes
import os
import resource
import select
import signal
import socket
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass

_PR_SET_PDEATHSIG = 1
_PR_SET_CHILD_SUBREAPER = 36
_KILL_PATIENCE_S = 5.0
_LIMIT_GRACE_S = 0.5


@dataclass(frozen=True, slots=True)
class ProcStat:
    """One line of the process table, from ``/proc/PID/stat`` (proc(5)).

    Attributes:
        state: One letter; ``Z`` is a process that is dead and not yet collected.
        parent: Process id of the parent.
        group: Process group.
        session: Session.
        stack: Start address of the stack; a fork keeps it, an exec draws a new one. 0 if hidden.
    """

    state: str
    parent: int
    group: int
    session: int
    stack: int


def read_stat(pid: int) -> ProcStat | None:
    """Return the process table line of one process, or None if there is no such process."""
    try:
        with open(f"/proc/{pid}/stat", "rb") as file:
            text = file.read()
    except OSError:
        return None
    # The program name is in parentheses and may itself hold blanks and parentheses.
    fields = text.rpartition(b")")[2].split()
    if len(fields) < 26:
        return None
    parent, group, session = (int(field) for field in fields[1:4])
    return ProcStat(fields[0].decode("ascii"), parent, group, session, int(fields[25]))


def process_table() -> dict[int, ProcStat]:
    """Return every process that ``/proc`` shows, by process id."""
    pids = (int(name) for name in os.listdir("/proc") if name.isdigit())
    return {pid: stat for pid in pids if (stat := read_stat(pid)) is not None}


def descendants(root: int, table: dict[int, ProcStat]) -> list[int]:
    """Return the process ids below `root` (without it), parents before children."""
    children: dict[int, list[int]] = {}
    for pid, stat in table.items():
        children.setdefault(stat.parent, []).append(pid)
    found: list[int] = []
    queue = [root]
    while queue:
        below = children.pop(queue.pop(), [])
        found += below
        queue += below
    return found


class Keeper:
    """Runs one command and sees to it that nothing of it is left behind.

    Args:
        control: Datagram socket to the harness; its end means the same as ``stop``.
        harness: Process id of the harness.
        grace_s: Seconds between SIGTERM and SIGKILL when nobody says otherwise.
        limit_s: Seconds that the command may run; 0 for no limit.
        core_bytes: Soft limit of a core file, in bytes.
        become: Turns the forked process into the device and never returns; None executes it.
    """

    def __init__(
        self,
        control: socket.socket,
        harness: int,
        grace_s: float,
        limit_s: float,
        core_bytes: int,
        become: Callable[[list[str]], None] | None = None,
    ) -> None:
        self._control = control
        self._harness = harness
        self._grace_s = grace_s
        self._deadline = time.monotonic() + limit_s if limit_s else None
        self._core_bytes = core_bytes
        self._become = become
        self._parent = os.getppid() if become else harness
        self._child = 0
        self._timed_out = False
        self._libc = ctypes.CDLL(None, use_errno=True)
        self._poll = select.poll()
        self._wakeup = self._wake = -1

    def run(self, argv: list[str]) -> None:
        """Start `argv` and stay until it is to end; return when nothing of it is left."""
        self._libc.prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
        self._watch_signals()
        failure = self._launch(argv)
        if failure:
            self._tell(f"failed {failure}")
            return
        self._tell(f"started {self._child}")
        self._tell(f"gone {self._end(self._watch())}")

    def _watch_signals(self) -> None:
        self._wakeup, self._wake = os.pipe()
        os.set_blocking(self._wake, False)
        os.set_blocking(self._wakeup, False)
        signal.set_wakeup_fd(self._wake, warn_on_full_buffer=False)
        signal.signal(signal.SIGCHLD, lambda *_: None)
        signal.signal(signal.SIGTERM, lambda *_: self._control.shutdown(socket.SHUT_RD))
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the harness's to answer
        self._poll.register(self._wakeup, select.POLLIN)

    def _launch(self, argv: list[str]) -> int:
        """Fork and exec; return 0, or the errno that kept the command from starting."""
        read_end, write_end = os.pipe()
        self._child = os.fork()
        if self._child == 0:
            try:
                self._become_the_device(argv, (read_end, write_end))
            except OSError as error:
                os.write(write_end, str(error.errno).encode("ascii"))
            finally:
                os._exit(127)
        os.close(write_end)
        with open(read_end, "rb") as file:
            failure = int(file.read() or b"0")
        if failure:
            os.waitpid(self._child, 0)
        return failure

    def _become_the_device(self, argv: list[str], pipe: tuple[int, int]) -> None:
        keeper = os.getppid()
        self._libc.prctl(_PR_SET_PDEATHSIG, int(signal.SIGKILL), 0, 0, 0)
        if os.getppid() != keeper:
            os._exit(127)
        os.setsid()
        hard = resource.getrlimit(resource.RLIMIT_CORE)[1]
        soft = self._core_bytes if hard == resource.RLIM_INFINITY else min(self._core_bytes, hard)
        resource.setrlimit(resource.RLIMIT_CORE, (soft, hard))
        # An ignored signal survives exec: the interpreter ignores two, nohup and shells others.
        for number in signal.valid_signals() - {signal.SIGKILL, signal.SIGSTOP}:
            with contextlib.suppress(OSError, ValueError):
                signal.signal(number, signal.SIG_DFL)
        if self._become is not None:
            signal.set_wakeup_fd(-1)
            for descriptor in (*pipe, self._control.detach(), self._wakeup, self._wake):
                os.close(descriptor)  # as an exec would
            self._become(argv)
        os.execvp(argv[0], argv)

    def _watch(self) -> float:
        """Wait for a reason to end; return the grace in seconds."""
        self._poll.register(self._control, select.POLLIN)
        harness_fd = self._open_harness()
        if harness_fd >= 0:
            self._poll.register(harness_fd, select.POLLIN)
        while True:
            ready = self._wait_for_events(self._deadline)
            self._reap()
            if harness_fd in ready:
                return self._grace_s
            if self._control.fileno() in ready:
                return self._order()
            if self._deadline is not None and time.monotonic() >= self._deadline:
                self._timed_out = self._child != 0
                return _LIMIT_GRACE_S

    def _open_harness(self) -> int:
        """Return a descriptor that becomes readable when the harness ends, or -1 without one."""
        try:
            descriptor = os.pidfd_open(self._harness)
        except OSError:
            return -1  # an old kernel: the end of the control socket has to do
        if os.getppid() != self._parent:  # it died before we could look, the number is anyone's
            self._control.shutdown(socket.SHUT_RD)
        return descriptor

    def _order(self) -> float:
        try:
            order = self._control.recv(64)
        except OSError:
            return self._grace_s
        return float(order.split()[1]) if order else self._grace_s

    def _wait_for_events(self, until: float | None) -> set[int]:
        """Wait for events, until a point in monotonic time; return the ready descriptors."""
        wait_ms = None if until is None else max(0.0, (until - time.monotonic()) * 1000) + 1
        ready = {descriptor for descriptor, _ in self._poll.poll(wait_ms)}
        if self._wakeup in ready:
            with contextlib.suppress(BlockingIOError):
                os.read(self._wakeup, 4096)
        return ready

    def _reap(self) -> bool:
        """Collect what died and report the device's end; return whether anything still lives."""
        while True:
            try:
                pid, status, usage = os.wait4(-1, os.WNOHANG)
            except ChildProcessError:
                return False
            if pid == 0:
                return True
            if pid == self._child:
                self._child = 0
                peak, late = usage.ru_maxrss, int(self._timed_out)
                self._tell(f"exited {status} {peak} {time.monotonic()} {late}")

    def _end(self, grace_s: float) -> int:
        """End every descendant, gently and then not; return how many could not be ended."""
        self._poll = select.poll()
        self._poll.register(self._wakeup, select.POLLIN)
        gentle_until = time.monotonic() + grace_s
        self._signal_all(signal.SIGTERM)
        while self._reap() and time.monotonic() < gentle_until:
            self._wait_for_events(gentle_until)
        give_up = time.monotonic() + _KILL_PATIENCE_S
        while self._reap() and time.monotonic() < give_up:
            self._signal_all(signal.SIGKILL)
            self._wait_for_events(time.monotonic() + 0.02)
        return len(descendants(os.getpid(), process_table())) if self._reap() else 0

    def _signal_all(self, number: signal.Signals) -> None:
        """Signal every group once: to many programs a second SIGTERM means "at once"."""
        table = process_table()
        groups = {table[pid].group for pid in descendants(os.getpid(), table)}
        for group in groups - {os.getpgrp(), 0}:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(group, number)

    def _tell(self, event: str) -> None:
        with contextlib.suppress(OSError):  # the harness may be gone, which is no reason to stop
            self._control.send(event.encode("ascii"))


def main(argv: list[str]) -> None:
    """Run the keeper: ``CONTROL_FD HARNESS_PID GRACE_S LIMIT_S CORE_BYTES COMMAND...``."""
    descriptor, harness, grace_s, limit_s, core_bytes, *command = argv
    control = socket.socket(fileno=int(descriptor))
    control.set_inheritable(False)
    Keeper(control, int(harness), float(grace_s), float(limit_s), int(core_bytes)).run(command)


if __name__ == "__main__":
    main(sys.argv[1:])
