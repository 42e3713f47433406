"""What a device uses: memory, threads, descriptors, children, processor time."""

from collections.abc import Callable
from dataclasses import dataclass
from types import TracebackType
from typing import Self, TypeVar

import psutil

from simulators.process.memory import Tree

_Number = TypeVar("_Number", int, float)


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
        processes = _processes(tree)
        return cls(
            rss_bytes=sum(_ask(lambda p=p: p.memory_info().rss) for p in processes),
            threads=sum(_ask(p.num_threads) for p in processes),
            open_fds=sum(_ask(p.num_fds) for p in processes),
            children=max(0, len(processes) - 1),
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
        return sum(_ask(lambda p=p: sum(p.cpu_times()[:4])) for p in _processes(self._tree))


def _processes(tree: Tree) -> list[psutil.Process]:
    found: list[psutil.Process] = []
    for pid in tree.pids():
        try:
            found.append(psutil.Process(pid))
        except psutil.NoSuchProcess:
            continue
    return found


def _ask(question: Callable[[], _Number]) -> _Number | int:
    try:
        return question()
    except (psutil.NoSuchProcess, psutil.AccessDenied):
        return 0
