"""What a device uses: memory, threads, descriptors, children, processor time."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from types import TracebackType
from typing import Self, TypeVar

import psutil

from simulators.process.memory import Tree

_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class ResourceSnapshot:
    """What all processes of a device hold at one moment.

    Attributes:
        rss_bytes: Resident memory; pages that processes share are counted for each of them.
        threads: Number of threads.
        open_fds: Number of open descriptors; of those processes that let us look.
        children: Number of processes besides the first.
    """

    rss_bytes: int
    threads: int
    open_fds: int
    children: int

    @classmethod
    def take(cls, tree: Tree) -> Self:
        """Look at every process once; one that ends meanwhile counts as nothing."""
        used = list(_ask(tree, _holdings))
        return cls(
            rss_bytes=sum(rss for rss, _, _ in used),
            threads=sum(threads for _, threads, _ in used),
            open_fds=sum(fds for _, _, fds in used),
            children=max(0, len(used) - 1),
        )


class CpuWatch:
    """Measures the processor time that a device uses while the context is open.

    Children that ended within the window count if their parent collected them. The kernel counts in
    ticks, 10 ms as a rule.

    Attributes:
        seconds: Processor seconds used, user and system, once the window is closed.
    """

    def __init__(self, tree: Tree) -> None:
        self._tree = tree
        self._before = 0.0
        self.seconds = 0.0

    def __enter__(self) -> Self:
        self._before = self._used()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.seconds = max(0.0, self._used() - self._before)

    def _used(self) -> float:
        return cpu_seconds(self._tree)


def cpu_seconds(tree: Tree) -> float:
    """Processor seconds of all living processes, with those of the children they collected."""
    return sum(_ask(tree, _seconds))


def _holdings(process: psutil.Process) -> tuple[int, int, int]:
    """Return (resident bytes, threads, open descriptors)."""
    with process.oneshot():
        memory, threads = process.memory_info().rss, process.num_threads()
    try:
        return memory, threads, process.num_fds()
    except psutil.AccessDenied:
        return memory, threads, 0


def _seconds(process: psutil.Process) -> float:
    times = process.cpu_times()
    return float(times.user + times.system + times.children_user + times.children_system)


def _ask(tree: Tree, question: Callable[[psutil.Process], _T]) -> Iterator[_T]:
    for pid in tree.pids():
        try:
            yield question(psutil.Process(pid))
        except psutil.NoSuchProcess:
            continue
