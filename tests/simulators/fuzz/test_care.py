"""Care finds trouble while others play, tells its kind, and brings the device back."""

from __future__ import annotations

import time
from dataclasses import replace

from harness.model import Health, Role
from harness.verdict import FailKind
from simulators.fuzz.care import Care, Patient, Trouble
from tests.harness.fakes import CRASHED, HEALTHY, SICK, FakeBench

FULL = Health(ok=False, alive=True, detail="an honest association was rejected (2/3/2)")


def _care(bench: FakeBench, full_s: float = 0.0, restarts: int = 3) -> Care:
    assert isinstance(bench, Patient)
    return Care(bench, Role.ACCEPTOR, restarts=restarts, full_s=full_s)


def _kind(bench: FakeBench) -> FailKind | None:
    trouble = _care(bench).look()
    assert trouble is not None
    return trouble.kind


def test_kinds_of_trouble() -> None:
    bench = FakeBench()
    assert _care(bench).look() is None
    bench.condition = CRASHED
    assert _kind(bench) is FailKind.CRASH
    bench.condition = SICK
    assert _kind(bench) is FailKind.HANG
    bench.condition = replace(HEALTHY, lost_worker="Traceback in worker 7")
    assert _kind(bench) is None


def test_a_full_device_has_time_but_not_for_ever() -> None:
    bench = FakeBench()
    bench.condition = FULL
    began = time.monotonic()
    trouble = _care(bench, full_s=0.5).look()
    assert trouble is not None
    assert trouble.kind is FailKind.HANG
    assert 0.4 < time.monotonic() - began < 3


def test_trouble_meanwhile_raises_a_doubt_once() -> None:
    bench = FakeBench()
    care = _care(bench)
    care.watch()
    deadline = time.monotonic() + 5
    while care.looks < 2 and time.monotonic() < deadline:
        time.sleep(0.01)
    assert not care.doubts
    well = care.well_since
    bench.condition = CRASHED
    while not care.doubts and time.monotonic() < deadline:
        time.sleep(0.01)
    trouble = care.rest()
    assert trouble is not None
    assert trouble.kind is FailKind.CRASH
    assert care.well_since >= well
    assert not care.doubts


def test_restoring_restarts_only_what_is_not_well_and_not_for_ever() -> None:
    bench = FakeBench()
    care = _care(bench, restarts=1)
    assert care.restore()
    assert care.restarted == 0
    bench.condition = CRASHED
    assert care.restore()
    assert care.restarted == 1
    bench.condition = CRASHED
    assert not care.restore()


def test_the_same_reason_is_recognised_by_what_does_not_differ() -> None:
    one = Trouble(FailKind.CRASH, "ended with: SIGSEGV, core file: up/work/core.123")
    other = Trouble(FailKind.CRASH, "ended with: SIGSEGV")
    assert one.reason == other.reason
    assert one.reason != Trouble(FailKind.HANG, "ended with: SIGSEGV").reason
