"""A load that goes on while the body does something else, or ends the device under it."""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Final, Protocol, runtime_checkable

from harness.stage import Stage
from simulators.load.drive import Driven
from simulators.load.plan import Plan
from simulators.load.scene import load

_OPENED_S: Final = 30.0
_LOOK_S: Final = 0.05


@runtime_checkable
class Breakable(Protocol):
    """A bench that can end the device as a power failure would."""

    def break_off(self) -> None:
        """Ends the device without a word to it, and starts it anew."""
        ...


@contextlib.contextmanager
def meanwhile(stage: Stage, what: Plan, *, objects: int = 0) -> Iterator[Future[Driven]]:
    """Loads the device beside the body, from when all associations are open until it has ended.

    Args:
        stage: The play.
        what: The load.
        objects: The body begins when so many objects have been acknowledged, too, or not in time.

    Raises:
        ScopeError: As for :func:`simulators.load.threads.run_threads`.
    """
    began, acknowledged = threading.Event(), threading.Semaphore(0)
    with ThreadPoolExecutor(1, f"load {stage.play}") as pool:
        work = pool.submit(load, stage, what, began, acknowledged)
        work.add_done_callback(lambda _: began.set())
        began.wait(_OPENED_S)
        _await(objects, acknowledged, work)
        yield work
    work.result()


def _await(objects: int, acknowledged: threading.Semaphore, work: Future[Driven]) -> None:
    """Waits for so many acknowledged objects, while the load goes on."""
    deadline = time.monotonic() + _OPENED_S
    while objects > 0 and not work.done() and time.monotonic() < deadline:
        objects -= acknowledged.acquire(timeout=_LOOK_S)


def break_off(stage: Stage) -> None:
    """Kills all processes of the device and starts it anew; witnesses ``restart``.

    Raises:
        PreconditionUnmetError: The device is not ours to end.
    """
    bench = stage.bench
    stage.require(isinstance(bench, Breakable), "the device is not ours to end")
    assert isinstance(bench, Breakable)
    stage.observe("restart", "load", how="SIGKILL")
    bench.break_off()
