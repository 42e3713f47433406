"""Peak resident memory of a device, children included, within a window of time.

Current memory says little: an allocator gives back what it took before anyone looks. Linux keeps
a high-water mark per process (``VmHWM``, proc(5)) and sets it back to the present value on request.
"""

import contextlib
import os
import threading
import time
from pathlib import Path
from types import TracebackType
from typing import Final, Protocol, Self

from simulators.process.keeper import descendants, process_table, read_stat

SAMPLE_S: Final = 0.005
_COST_SHARE: Final = 0.1
_RESET_HIGH_WATER: Final = b"5"  # proc(5), /proc/PID/clear_refs


class Tree(Protocol):
    """Anything that knows the living processes of a device, such as `DeviceProcess`."""

    def pids(self) -> list[int]:
        """Return the process ids, at best the device's own first."""
        ...


class PidTree:
    """The tree below a process that somebody else started.

    Args:
        root: Its process id.
    """

    def __init__(self, root: int) -> None:
        self._root = root

    def pids(self) -> list[int]:
        """Return the living processes: the root, if it lives, and its descendants."""
        table = process_table()
        tree = [self._root, *descendants(self._root, table)]
        return [pid for pid in tree if pid in table and table[pid].state != "Z"]


class MemoryWatch:
    """Measures the peak of a device's resident memory while the context is open.

    A thread looks for new children every 5 ms, or more rarely where looking takes more than a tenth
    of its time. A process that is born and dies between two looks is missed. A forked child shares
    its parent's pages until it writes to them, so that much of it is not counted again.

    Attributes:
        base_bytes: Resident memory at the start of the window, all processes together.
        peak_bytes: Largest sum, over processes alive at one time, of each one's high-water mark.
        exact: Whether every high-water mark could be set back; if not, that process is sampled.
    """

    def __init__(self, tree: Tree) -> None:
        self._tree = tree
        self._done = threading.Event()
        self._thread = threading.Thread(target=self._sample_on, name="memory-watch", daemon=True)
        self._known: set[int] = set()
        self._sessions: set[int] = set()
        self._inherited: dict[int, int] = {}
        self._base_by_stack: dict[int, int] = {}
        self._unset: set[int] = set()
        self._seen: set[int] = set()
        self.base_bytes = 0
        self.peak_bytes = 0
        self.exact = True

    @property
    def growth_bytes(self) -> int:
        """By how much the peak exceeds the base, in bytes."""
        return max(0, self.peak_bytes - self.base_bytes)

    def __enter__(self) -> Self:
        own = os.getsid(0)
        self._seen = _all_pids()
        for pid in self._tree.pids():
            if not _reset_high_water(pid):
                self._unset.add(pid)
                self.exact = False
            stat = read_stat(pid)
            resident = _status(pid)[1]
            if stat is not None:
                self._known.add(pid)
                self._sessions |= {stat.session} - {own, 0}
                self._base_by_stack[stat.stack] = resident
            self.base_bytes += resident
        self.peak_bytes = self.base_bytes
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._done.set()
        self._thread.join()
        self._sample()

    def _sample_on(self) -> None:
        pause = SAMPLE_S
        while not self._done.wait(pause):
            before = time.thread_time()
            self._sample()
            cost = time.thread_time() - before
            pause = max(SAMPLE_S, cost / _COST_SHARE - cost)

    def _sample(self) -> None:
        """Add up what each living process reached; those that died drop out."""
        self._find_new()
        total = 0
        for pid in tuple(self._known):
            high_water, resident = _status(pid)
            if not high_water:
                self._known.discard(pid)
            reached = resident if pid in self._unset else high_water
            total += max(0, reached - self._inherited.get(pid, 0))
        self.peak_bytes = max(self.peak_bytes, total)

    def _find_new(self) -> None:
        """Only ids that were not there a moment ago can be new children: few files are read."""
        now = _all_pids()
        fresh = sorted(now - self._seen)
        self._seen = now
        for pid in fresh:
            stat = read_stat(pid)
            if stat and (stat.parent in self._known or stat.session in self._sessions):
                self._known.add(pid)
                # The same stack address: a fork without an exec, so the pages are the parent's.
                self._inherited[pid] = self._base_by_stack.get(stat.stack, 0) if stat.stack else 0


def _all_pids() -> set[int]:
    return {int(name) for name in os.listdir("/proc") if name.isdigit()}


def _reset_high_water(pid: int) -> bool:
    with contextlib.suppress(OSError):
        Path(f"/proc/{pid}/clear_refs").write_bytes(_RESET_HIGH_WATER)
        return True
    return False


def _status(pid: int) -> tuple[int, int]:
    """Return (high-water mark, resident memory) in bytes; zeros if the process is gone."""
    try:
        text = Path(f"/proc/{pid}/status").read_bytes()
    except OSError:
        return 0, 0
    return _kib(text, b"\nVmHWM:") * 1024, _kib(text, b"\nVmRSS:") * 1024


def _kib(text: bytes, key: bytes) -> int:
    _, found, rest = text.partition(key)
    return int(rest.split(maxsplit=1)[0]) if found else 0
