"""Readers that do not read fill the device's buffers, and are let go of afterwards."""

from __future__ import annotations

from pathlib import Path

import pytest

from harness.errors import ScopeError
from harness.profile import ScopeSection
from simulators.load.slow import SlowReaders
from simulators.scope import Guard
from tests.simulators.load.reference import running


def test_slow_readers_stop_a_device_with_one_lock_and_no_other(tmp_path: Path) -> None:
    served = {}
    for flaw in ("", "starved_by_slow_readers"):
        more = ("--flaw", flaw) if flaw else ()
        with running(tmp_path / (flaw or "clean"), *more) as device:
            readers = SlowReaders(device.target(), "SLOW", device.guard, count=2)
            with readers:
                assert readers.opened == 2
                assert readers.full(10.0)
                assert readers.sent > 10_000
                plan = device.plan("echo", count=4, associations=1, timeout_s=2.0)
                served[flaw] = device.load(plan).measurement.count
    assert served == {"": 4, "starved_by_slow_readers": 0}


def test_every_connection_is_given_back(tmp_path: Path) -> None:
    guard = Guard(ScopeSection(max_connections=3))
    with running(tmp_path, "--max-associations", "2") as device:
        for _ in range(2):
            with SlowReaders(device.target(), "SLOW", guard, count=3) as readers:
                assert readers.opened == 2
    for _ in range(3):
        guard.opening()
    with pytest.raises(ScopeError):
        guard.opening()
