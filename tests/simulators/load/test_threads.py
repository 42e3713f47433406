"""Small loads from threads, against the reference device."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from harness.errors import ScopeError
from harness.profile import ScopeSection
from simulators.load.callers import caller_of
from simulators.load.plan import Bounds, Shape
from simulators.load.threads import run_threads
from simulators.scope import Guard
from tests.simulators.load.reference import Device, running
from tests.simulators.load.support import NEVER


@pytest.fixture(scope="module")
def device(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Device]:
    with running(tmp_path_factory.mktemp("device"), "--max-associations", "8") as one:
        yield one


def test_every_request_is_counted_once(device: Device) -> None:
    done = device.load(device.plan("store", count=53, associations=3))
    seen = done.measurement
    assert (seen.count, seen.errors, seen.statuses, seen.endings) == (53, 0, {}, {})
    assert seen.complete
    assert done.acknowledged.count == 53
    assert sum(second.count for second in seen.timeline) == 53
    assert [(one.ae_title, one.count) for one in seen.callers] == [("ASSAY", 53)]
    assert 0 < seen.latency_ms.p50 <= seen.latency_ms.max


def test_what_is_acknowledged_is_stored_under_that_name(device: Device) -> None:
    done = device.load(device.plan("store", count=12, associations=2))
    owed = done.acknowledged
    names = {name for lane in owed.lanes for name in owed.uids(lane)}
    stored = {path.stem for path in device.storage.rglob("*.dcm")}
    assert len(names) == 12
    assert names <= stored


def test_callers_share_the_associations(device: Device) -> None:
    plan = device.plan("echo", count=60, associations=3, calling=("A", "B", "C"))
    seen = device.load(plan).measurement
    assert [one.ae_title for one in seen.callers] == ["A", "B", "C"]
    assert sum(one.count for one in seen.callers) == 60


def test_beyond_the_limit_the_rest_does_the_work(device: Device) -> None:
    seen = device.load(device.plan("echo", count=40, associations=11)).measurement
    assert seen.endings == {"rejected 2/3/2": 3}
    assert (seen.count, seen.errors, seen.complete) == (40, 0, True)
    assert max(second.associations for second in seen.timeline) <= 8


def test_an_open_loop_keeps_its_rate(device: Device) -> None:
    seen = device.load(device.plan("echo", count=50, rate=100.0)).measurement
    assert seen.count == 50
    assert seen.duration_s >= 0.48
    assert sum(second.due for second in seen.timeline) == 50


def test_a_closed_loop_keeps_the_bound_of_the_scope(device: Device) -> None:
    plan = device.plan("echo", count=50, associations=4, bounds=Bounds(rate=100.0))
    assert device.load(plan).measurement.duration_s >= 0.48


def test_a_duration_ends_the_load(device: Device) -> None:
    plan = device.plan("echo", duration_s=0.3, bounds=Bounds(rate=200.0))
    seen = device.load(plan).measurement
    assert 0 < seen.count <= 61
    assert seen.complete


def test_visits_are_whole_associations(device: Device) -> None:
    seen = device.load(device.plan("associate", count=20)).measurement
    assert (seen.count, seen.errors) == (20, 0)


def test_a_greedy_caller_is_told_from_the_polite_ones(device: Device) -> None:
    shape = Shape(kind="greedy", greedy=0.7)
    plan = device.plan("echo", count=80, associations=6, calling=("G", "P", "Q"), shape=shape)
    seen = device.load(plan).measurement
    assert {one.ae_title: one.greedy for one in seen.callers} == {"G": True, "P": False, "Q": False}


def test_a_greedy_caller_leaves_one_association_to_each_other() -> None:
    plan = Device(1, Path()).plan(
        "echo", count=1, associations=4, calling=("G", "P", "Q"), shape=Shape(kind="greedy")
    )
    # Nine tenths of four would leave one association to two others.
    callers = [caller_of(plan, ordinal) for ordinal in range(4)]
    assert callers[:2] == [("G", True), ("G", True)]
    assert set(callers[2:]) == {("P", False), ("Q", False)}


def test_everything_is_let_go_of(device: Device) -> None:
    guard = Guard(ScopeSection(max_connections=2))
    for _ in range(3):
        run_threads(device.plan("echo", count=4, associations=2), guard, NEVER)
    for _ in range(2):
        guard.opening()
    with pytest.raises(ScopeError, match="max_connections"):
        guard.opening()


def test_the_scope_is_not_exceeded(device: Device) -> None:
    guard = Guard(ScopeSection(max_connections=1))
    with pytest.raises(ScopeError, match="max_connections"):
        run_threads(device.plan("echo", count=4, associations=3), guard, NEVER)


def test_an_address_outside_the_scope_is_refused_before_anything_is_sent() -> None:
    guard = Guard(ScopeSection(networks=("127.0.0.2/32",)))
    with pytest.raises(ScopeError, match="outside the scope"):
        run_threads(Device(9, Path()).plan("echo", count=1), guard, NEVER)


def test_nobody_there_is_an_ending_and_no_error_of_ours() -> None:
    with socket.socket() as unheard:
        unheard.bind(("127.0.0.1", 0))
        device = Device(unheard.getsockname()[1], Path())
        seen = device.load(device.plan("echo", count=5)).measurement
    assert (seen.count, seen.endings, seen.complete) == (0, {"REFUSED": 2}, False)
    assert "every association ended" in seen.why


def test_a_silent_device_is_a_time_out() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        device = Device(silent.getsockname()[1], Path())
        plan = device.plan("echo", count=5, associations=1, timeout_s=0.2)
        seen = device.load(plan).measurement
    assert (seen.count, seen.endings) == (0, {"TIMEOUT": 1})


def test_a_cancelled_load_ends_soon_and_tells_what_was_done(device: Device) -> None:
    cancelled, began = threading.Event(), threading.Event()

    def cancel() -> None:
        began.wait(10)
        cancelled.set()

    threading.Thread(target=cancel, daemon=True).start()
    at = time.monotonic()
    plan = device.plan("echo", count=100_000, rate=50.0)
    seen = run_threads(plan, device.guard, cancelled, began).measurement
    assert time.monotonic() - at < 10
    assert (seen.complete, seen.why) == (False, "cancelled")
    assert seen.count < 100_000
