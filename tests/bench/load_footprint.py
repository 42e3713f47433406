"""What our generator holds: a thousand associations at a time, and over a million requests."""

from __future__ import annotations

import contextlib
import os
import select
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import psutil

from tests.bench import peers
from tests.bench.load_rivals import ECHO, MIB, measured, plan, worker
from tests.bench.sink import Sink

THOUSAND = 1000
HELD_S = 6.0
MILLION = 10**6
EARLY = MILLION // 10
_LOOK_S = 0.2


@dataclass(frozen=True, slots=True)
class Thousand:
    """A thousand associations of one worker.

    Attributes:
        most_open: Connections that the sink had open at a time.
        unused: Those over which no command came.
        peak_rss_bytes: Of the worker, by the kernel.
        per_s: C-ECHOs a second over all of them.
    """

    most_open: int
    unused: int
    errors: int
    peak_rss_bytes: int
    per_s: float


def thousand(folder: Path, sink: Sink) -> Thousand:
    """Holds and uses a thousand associations in one worker."""
    before = sink.counts()
    given = plan(sink.port, ECHO, THOUSAND, 1).model_copy(update={"duration_s": HELD_S})
    command = worker(folder, given)
    spent = peers.spend(command)
    after, found = sink.counts(), measured(command)
    return Thousand(
        most_open=after.most_open,
        unused=after.unused - before.unused,
        errors=found.errors,
        peak_rss_bytes=spent.peak_rss_bytes,
        per_s=found.objects_per_s,
    )


@dataclass(frozen=True, slots=True)
class Million:
    """Memory over a million C-ECHOs.

    Attributes:
        early_bytes: Resident memory of all our processes once a tenth was done.
        late_bytes: The last that was seen before the end.
    """

    count: int
    early_bytes: int
    late_bytes: int


def million(folder: Path, sink: Sink) -> Million:
    """Watches the memory of one worker over a million requests on 50 associations."""
    before = sink.counts().echoes
    seen: list[tuple[int, int]] = []
    given = plan(sink.port, ECHO, 50, 1).model_copy(update={"count": MILLION})

    def look(pid: int) -> None:
        if held := _resident(pid):
            seen.append((sink.counts().echoes - before, held))

    peers.spend(worker(folder, given), lambda pid: _watch(pid, look))
    early = next(held for done, held in seen if done >= EARLY)
    return Million(sink.counts().echoes - before, early, seen[-1][1])


def _watch(pid: int, look: Callable[[int], None]) -> None:
    """Looks again and again until a process ends; it is not waited for, only looked at."""
    watched = os.pidfd_open(pid)
    try:
        while not select.select([watched], [], [], _LOOK_S)[0]:
            look(pid)
    finally:
        os.close(watched)


def _resident(pid: int) -> int:
    """Octets that a process and its descendants hold; 0 when it is gone."""
    with contextlib.suppress(psutil.NoSuchProcess):
        process = psutil.Process(pid)
        family = [process, *process.children(recursive=True)]
        return sum(int(one.memory_info().rss) for one in family)
    return 0


def told(held: Thousand, over: Million) -> tuple[str, str]:
    """Both as lines of a list."""
    return (
        f"- One worker held {held.most_open} associations and used all but {held.unused} of them "
        f"({held.per_s:,.0f} C-ECHO/s) with {held.peak_rss_bytes / MIB:.0f} MiB at most.",
        f"- Over {over.count:,} requests it held {over.early_bytes / MIB:.1f} MiB after a tenth "
        f"and {over.late_bytes / MIB:.1f} MiB at the end.",
    )
