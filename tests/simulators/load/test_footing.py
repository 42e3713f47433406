"""What a device holds, over time."""

from __future__ import annotations

import os
import signal
import threading
import time
from pathlib import Path

from harness.measurement import Footing
from simulators.load.footing import FootingWatch, look, settled
from tests.simulators.process.children import device, said

MIB = 2**20
_GROWING = """
import os, signal, threading, time
signal.signal(signal.SIGUSR1, lambda *_: None)
while time.process_time() < 0.05:  # the system counts in hundredths of a second
    pass
print("ready", flush=True)
signal.pause()
kept = [bytearray(b"x" * (8 << 20)), os.open("/dev/null", os.O_RDONLY)]
threading.Thread(target=threading.Event().wait, daemon=True).start()
print("grown", flush=True)
signal.pause()
"""
_RESTING = """
import os, signal, time
signal.signal(signal.SIGUSR1, lambda *_: None)
print("ready", flush=True)
signal.pause()
held = os.open("/dev/null", os.O_RDONLY)
print("holding", flush=True)
signal.pause()
os.close(held)
signal.pause()
"""
_NEVER = threading.Event()


def test_a_look_tells_what_was_taken(tmp_path: Path) -> None:
    with device(tmp_path, _GROWING) as dut:
        assert said(tmp_path, "ready")
        before = look(dut)
        os.kill(dut.pid, signal.SIGUSR1)
        assert said(tmp_path, "grown")
        after = look(dut, 1.5)
    assert 7 * MIB < after.rss_bytes - before.rss_bytes < 10 * MIB
    assert (after.descriptors, after.threads) == (before.descriptors + 1, before.threads + 1)
    assert (before.processes, after.processes, after.at_s) == (1, 1, 1.5)
    assert after.cpu_s >= before.cpu_s > 0


def test_a_watch_looks_at_the_beginning_and_at_the_end(tmp_path: Path) -> None:
    with device(tmp_path, _GROWING) as dut:
        assert said(tmp_path, "ready")
        with FootingWatch(dut, every_s=60) as watch:
            os.kill(dut.pid, signal.SIGUSR1)
            assert said(tmp_path, "grown")
    assert len(watch.seen) == 2
    assert watch.seen[1].rss_bytes - watch.seen[0].rss_bytes > 7 * MIB
    assert 0 <= watch.seen[0].at_s < watch.seen[1].at_s


def test_a_watch_looks_meanwhile(tmp_path: Path) -> None:
    with device(tmp_path, _GROWING) as dut:
        assert said(tmp_path, "ready")
        with FootingWatch(dut, every_s=0.05) as watch:
            patience = time.monotonic() + 20
            while len(watch.seen) < 4 and time.monotonic() < patience:
                assert _NEVER.wait(0.05) is False
    assert len(watch.seen) >= 4
    assert [one.at_s for one in watch.seen] == sorted(one.at_s for one in watch.seen)


def test_a_device_that_kept_something_is_not_back(tmp_path: Path) -> None:
    with device(tmp_path, _GROWING) as dut:
        assert said(tmp_path, "ready")
        base = look(dut)
        os.kill(dut.pid, signal.SIGUSR1)
        assert said(tmp_path, "grown")
        now = settled(dut, base, growth_bytes=MIB, within_s=0.2, cancelled=_NEVER)
    assert now.at_s >= 0.2
    assert now.threads > base.threads


def test_settling_waits_until_the_device_is_back(tmp_path: Path) -> None:
    with device(tmp_path, _RESTING) as dut:
        assert said(tmp_path, "ready")
        base = look(dut)
        os.kill(dut.pid, signal.SIGUSR1)
        assert said(tmp_path, "holding")
        assert look(dut).descriptors == base.descriptors + 1
        threading.Timer(0.3, os.kill, (dut.pid, signal.SIGUSR1)).start()
        now = settled(dut, base, growth_bytes=4 * MIB, within_s=20, cancelled=_NEVER)
    assert now.descriptors == base.descriptors
    assert 0.2 < now.at_s < 20


def test_a_cancelled_wait_ends_at_once(tmp_path: Path) -> None:
    cancelled = threading.Event()
    cancelled.set()
    base = Footing(at_s=0, rss_bytes=0, descriptors=0, threads=0, processes=0, cpu_s=0)
    with device(tmp_path, _RESTING) as dut:
        assert said(tmp_path, "ready")
        now = settled(dut, base, growth_bytes=0, within_s=60, cancelled=cancelled)
    assert now.processes == 1
    assert now.at_s < 1


def test_a_device_that_is_gone_holds_nothing(tmp_path: Path) -> None:
    with device(tmp_path, _RESTING) as dut:
        assert said(tmp_path, "ready")
    assert look(dut, 3.0) == Footing(
        at_s=3.0, rss_bytes=0, descriptors=0, threads=0, processes=0, cpu_s=0.0
    )
