"""Measurements, and a load generator without network: what the judge of loads is tested with."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from rich.console import Console

from harness.loading import LoadRequest, Progress, Show
from harness.measurement import Caller, Footing, Latency, Ledger, Measurement, Second, Step
from harness.model import JSON, Observation
from tests.harness.fakes import seen

CLAIMS: dict[str, JSON] = {
    "load_rate": 100.0, "load_p99_ms": 250.0, "load_size_bytes": 4096, "load_associations": 4,
    "load_recovery_s": 2.0, "load_memory_growth": 8 * 2**20, "load_fair_share": 0.5,
    "max_associations": 8,
}  # fmt: skip
"""Facts of a device that claims something about everything."""

LATENCY = Latency(p50=5.0, p90=9.0, p99=20.0, p99_9=30.0, p99_99=40.0, max=50.0)


def measured(**changes: object) -> Measurement:
    """A load of 200 objects at the claimed rate, all answered in time, but for the changes."""
    usual: dict[str, object] = {
        "operation": "store", "size_bytes": 4096, "associations": 4, "rate": 100.0,
        "duration_s": 2.0, "count": 200, "octets": 200 * 4096, "objects_per_s": 100.0,
        "mb_per_s": 0.41, "client_cpu_us_per_object": 100.0, "latency_ms": LATENCY,
        "timeline": (Second(at_s=0.0, for_s=2.0, due=200, count=200, associations=4),),
    }  # fmt: skip
    return Measurement.model_validate(usual | changes)


def observed(load: Measurement) -> Observation:
    """It as an observation."""
    return seen("load", "load", **load.model_dump(mode="json", exclude={"ledger", "device"}))


def a_load(**changes: object) -> Observation:
    """The observation of a load like :func:`measured`."""
    return observed(measured(**changes))


def a_ledger(**changes: object) -> Observation:
    """The observation of a ledger: all 200 objects found and compared."""
    return seen("ledger", "load", **ledger(**changes).model_dump(mode="json"))


def ledger(**changes: object) -> Ledger:
    """A ledger of 200 objects, all found and compared, but for the changes."""
    usual: dict[str, object] = {
        "acknowledged": 200, "looked_for": 200, "found": 200, "compared": 200,
        "how": ("C-FIND", "C-GET"),
    }  # fmt: skip
    return Ledger.model_validate(usual | changes)


def a_footing(when: str, **changes: object) -> Observation:
    """The observation of what the device holds: 50 MiB, 10 descriptors, 3 threads."""
    usual: dict[str, object] = {
        "at_s": 0.0, "rss_bytes": 50 * 2**20, "descriptors": 10, "threads": 3, "processes": 1,
        "cpu_s": 0.1,
    }  # fmt: skip
    footing = Footing.model_validate(usual | changes)
    return seen("footing", "load", when=when, **footing.model_dump(mode="json"))


def a_caller(name: str, **changes: object) -> Caller:
    """A polite caller with 50 objects per second."""
    usual: dict[str, object] = {
        "ae_title": name, "count": 100, "objects_per_s": 50.0, "latency_ms": LATENCY,
    }  # fmt: skip
    return Caller.model_validate(usual | changes)


def a_step(rate: float, *, kept: bool) -> Step:
    """One step of the search for the knee."""
    return Step(rate=rate, achieved=rate, p99_ms=10.0, errors=0, kept=kept)


@dataclass
class FakeLoad:
    """Measures nothing, and says what it is told to say.

    Attributes:
        during: Called while the load is measured.
        while_looking: Called while its objects are looked for.
        asked: What was asked for.
    """

    measurement: Measurement = field(default_factory=measured)
    found: Ledger = field(default_factory=ledger)
    during: Callable[[threading.Event], None] = lambda _cancelled: None
    while_looking: Callable[[threading.Event], None] = lambda _cancelled: None
    error: Exception | None = None
    looks: int = 0
    verified: int = 0
    ours: bool = True
    asked: list[LoadRequest] = field(default_factory=list)

    def measure(self, request: LoadRequest, show: Show, cancelled: threading.Event) -> Measurement:
        """As told; not complete when it was cancelled."""
        self.asked.append(request)
        if self.error is not None:
            raise self.error
        show(Progress(at_s=1.0, count=self.measurement.count))
        self.during(cancelled)
        cut = {"complete": False, "why": "interrupted"} if cancelled.is_set() else {}
        told = {"operation": request.operation, "shape": request.shape.kind, **cut}
        return self.measurement.model_copy(update=told)

    def verify(self, cancelled: threading.Event) -> Ledger:
        """As told."""
        self.verified += 1
        self.while_looking(cancelled)
        return self.found

    def footing(self, at_s: float) -> Footing | None:
        """Always the same."""
        self.looks += 1
        usual = Footing(
            at_s=at_s, rss_bytes=2**20, descriptors=9, threads=2, processes=1, cpu_s=0.5
        )
        return usual if self.ours else None

    @contextlib.contextmanager
    def picture(self, request: LoadRequest, console: Console) -> Iterator[Show]:
        """Prints how many were served."""

        def show(progress: Progress) -> None:
            console.print(f"{request.operation}: {progress.count} served")

        yield show
