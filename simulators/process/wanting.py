"""How much the threads of a device want a processor: more than they get on a busy machine (Linux).

A thread that spins gets little of a machine that is busy with other things, but wants all the
time; one that sleeps wants next to none. The numbers are those of ``/proc/PID/task/TID/schedstat``.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from simulators.process.memory import Tree
from simulators.process.resources import cpu_seconds

Wants = Mapping[tuple[int, int], float]
"""Seconds by process and thread id."""

_NANO = 1e-9
_ALL = (0, 0)


def wants(tree: Tree) -> Wants:
    """Seconds that each living thread has run, or waited in a run queue for its turn.

    Where the kernel keeps no such numbers, the processor seconds of all of them as one.

    Args:
        tree: The device.
    """
    found = {
        (pid, int(task.name)): seconds
        for pid in tree.pids()
        for task in _tasks(pid)
        if (seconds := _read(task / "schedstat")) >= 0
    }
    return found or {_ALL: cpu_seconds(tree)}


def busiest(before: Wants, after: Wants) -> float:
    """Seconds that the one thread wanted that wanted most between two looks.

    The sum would count the turns that many threads wait for when they wake up now and then; what
    spins is one thread. Threads that began or ended in between count as nothing.
    """
    return max((after[one] - before[one] for one in before.keys() & after.keys()), default=0.0)


def _tasks(pid: int) -> list[Path]:
    try:
        return list(Path(f"/proc/{pid}/task").iterdir())
    except OSError:
        return []


def _read(path: Path) -> float:
    """Run and wait time of one thread, in seconds; -1 where they cannot be read."""
    try:
        run, wait, *_ = path.read_text("ascii").split()
        return (int(run) + int(wait)) * _NANO
    except (OSError, ValueError):
        return -1.0
