"""What the judge needs of a load generator; the generator itself is an actor, found by entry point.

The judge opens no socket and knows no DICOM: it asks for a load to be measured, for the objects of
that load to be looked for afterwards, and for what the device holds meanwhile.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextlib import AbstractContextManager
from functools import cache
from importlib.metadata import entry_points
from pathlib import Path
from typing import Literal, Protocol

from pydantic import BaseModel, ConfigDict, Field
from rich.console import Console

from harness.bench import Bench
from harness.errors import BenchError
from harness.measurement import Footing, Ledger, Measurement

Operation = Literal[
    "echo", "store", "find", "get", "move", "commit", "associate", "mixed",
    "stow", "qido", "wado", "hl7",
]  # fmt: skip
ShapeKind = Literal[
    "constant", "ramp", "spike", "soak", "knee", "herd", "slow-readers", "greedy"
]  # fmt: skip


class _Noun(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class ShapeRequest(_Noun):
    """How the load varies with time; what is None is left to the generator's default.

    Attributes:
        kind: See :data:`ShapeKind`.
        start: Share of the load at the beginning of a ramp, 0 to 1.
        peak: How many times the load a spike is.
        every_s: Distance of spikes.
        for_s: Length of a spike, or of a step of the search for the knee.
        growth: Factor from one step of the search for the knee to the next.
        p99_ms: The latency that a step of that search must keep.
        greedy: Share of all associations that the greedy AE holds.
        read_bytes_per_s: How fast slow readers read.
    """

    kind: ShapeKind = "constant"
    start: float | None = None
    peak: float | None = None
    every_s: float | None = None
    for_s: float | None = None
    growth: float | None = None
    p99_ms: float | None = None
    greedy: float | None = None
    read_bytes_per_s: int | None = None


class LoadRequest(_Noun):
    """One load, as the operator asks for it; it is within ``[scope]`` of the profile.

    Attributes:
        size_bytes: About the length of an object's data set.
        associations: How many are open at a time, all workers together.
        duration_s: How long; None when `count` decides.
        count: How many requests, all workers together; None when `duration_s` decides.
        rate: Requests per second, all workers together, as an open loop; None: as fast as answers
            come, within the scope's rate.
        window: Most requests in flight in one association.
        mix: Name of a mix or path of its file, for "mixed"; empty: the generator's usual one.
        faster: For "mixed": the mix's own timetable, so many times as fast; None: its requests are
            drawn by their shares.
        tls: Over the device's TLS port; without it the plain port, where there is one.
        calling_aes: AE titles to call by; empty: what the profile admits.
        move_destination: AE title that the device knows as ours; empty without.
        move_port: Where it looks for whoever bears that title; 0: as the laboratory says.
        ui_port: Port of the generator's own web page; 0 takes any, None shows none.
        timeout_s: How long an answer may take.
    """

    operation: Operation
    shape: ShapeRequest = ShapeRequest()
    size_bytes: int = 10_240
    associations: int = 10
    duration_s: float | None = None
    count: int | None = None
    rate: float | None = None
    workers: int = 1
    window: int = 1
    mix: str = ""
    faster: float | None = None
    tls: bool = False
    calling_aes: tuple[str, ...] = ()
    move_destination: str = ""
    move_port: int = 0
    ui_port: int | None = None
    seed: int = 0
    timeout_s: float = 30.0


class Progress(_Noun):
    """How a load goes, about once a second: of the last interval unless a name says otherwise.

    Attributes:
        at_s: Seconds since the load began.
        count: Requests answered with success so far.
        errors: Those that were not, so far.
        rate: Requests per second that were answered with success.
        mb_per_s: Megabytes (10^6 octets) of objects per second.
        associations: How many are open.
        ends_in_s: Seconds that are left, where that is known.
        note: Something that the operator should know; empty as a rule.
    """

    at_s: float
    count: int = 0
    errors: int = 0
    rate: float = 0.0
    mb_per_s: float = 0.0
    p50_ms: float = 0.0
    p99_ms: float = 0.0
    associations: int = 0
    ends_in_s: float | None = Field(default=None)
    note: str = ""


Show = Callable[[Progress], None]
"""Hears of progress, in any thread."""


class Load(Protocol):
    """The load generator for one device that is in service."""

    def measure(self, request: LoadRequest, show: Show, cancelled: threading.Event) -> Measurement:
        """Loads the device and measures; returns when the load has ended.

        When `cancelled` is set, it ends soon and returns what was measured, as not complete.

        Raises:
            ScopeError: The load, or its target, is outside ``[scope]``; nothing was sent.
            BenchError: The load cannot be made: a missing program, port or file.
        """
        ...

    def verify(self, cancelled: threading.Event) -> Ledger:
        """Looks for the objects that the load measured last had acknowledged.

        Where there is no way to look, `looked_for` is 0 and `how` is empty.
        """
        ...

    def footing(self, at_s: float) -> Footing | None:
        """What the device's processes hold now; None when they are not ours to look at.

        Cheap enough to be asked twice a second, from any thread.
        """
        ...

    def picture(self, request: LoadRequest, console: Console) -> AbstractContextManager[Show]:
        """A live picture on a terminal, and plain lines elsewhere, for as long as it is open."""
        ...


OpenLoad = Callable[[Bench, Path, int], Load]
"""A bench that is started, run folder, seed -> a generator that has sent nothing yet."""


def open_load(bench: Bench, folder: Path, seed: int) -> Load:
    """Opens the installed load generator.

    Raises:
        BenchError: None is installed.
    """
    return _opener()(bench, folder, seed)


@cache
def _opener() -> OpenLoad:
    for entry in entry_points(group="dicom_assay.load"):
        opener: OpenLoad = entry.load()
        return opener
    raise BenchError("no load generator is installed: reinstall dicom-assay")
