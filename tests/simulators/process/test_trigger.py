"""Client commands: result, time limit, kill, peak memory."""

import time
from pathlib import Path

import pytest

from simulators.process import DeviceStartError, run_trigger, start_trigger
from tests.simulators.process.children import FAMILY, STUBBORN, eventually, is_running, python, said

MIB = 1024 * 1024


def test_the_result_says_how_it_ended(tmp_path: Path) -> None:
    code = "import sys; print('sent 1 object'); sys.exit(3)"
    result = run_trigger(python(code), tmp_path / "work", {}, 30, tmp_path / "log")
    assert (result.exit_status, result.signal, result.timed_out) == (3, None, False)
    assert result.output == "sent 1 object\n"
    assert 0 < result.duration_s < 30


def test_a_crash_is_named_by_its_signal(tmp_path: Path) -> None:
    code = "import os, signal; os.kill(os.getpid(), signal.SIGABRT)"
    result = run_trigger(python(code), tmp_path, {}, 30, tmp_path / "log")
    assert (result.exit_status, result.signal, result.timed_out) == (None, "SIGABRT", False)


def test_time_runs_out_even_for_a_stubborn_one(tmp_path: Path) -> None:
    result = run_trigger(python(STUBBORN), tmp_path, {}, 0.3, tmp_path / "log")
    assert (result.exit_status, result.signal, result.timed_out) == (None, "SIGKILL", True)
    assert 0.3 <= result.duration_s < 10


def test_we_are_free_while_it_runs_and_can_end_it(tmp_path: Path) -> None:
    with start_trigger(python(STUBBORN), tmp_path, {}, 60, tmp_path / "device.log") as trigger:
        assert said(tmp_path, "ready")
        assert trigger.wait(0.0) is None
        assert trigger.pids() == [trigger.pid]
        result = trigger.kill()
    assert (result.signal, result.timed_out) == ("SIGKILL", False)
    assert trigger.wait() == result
    assert not is_running(trigger.pid)


def test_what_it_leaves_in_the_background_ends_with_it(tmp_path: Path) -> None:
    code = FAMILY.rsplit("os.wait()", 1)[0] + "os.wait()"
    with start_trigger(python(code), tmp_path, {}, 60, tmp_path / "device.log") as trigger:
        assert said(tmp_path, "ready")
        family = trigger.pids()
        assert trigger.wait() is not None
    assert eventually(lambda: not any(map(is_running, family)))


def test_peak_memory_is_that_of_the_command(tmp_path: Path) -> None:
    eater = "x = b'x' * (80 << 20); del x"
    big = run_trigger(python(eater), tmp_path, {}, 30, tmp_path / "log")
    small = run_trigger(["true"], tmp_path, {}, 30, tmp_path / "log")
    assert 80 * MIB < big.max_rss_bytes < 160 * MIB
    assert 0 < small.max_rss_bytes < 40 * MIB


def test_output_is_that_of_this_command_only(tmp_path: Path) -> None:
    log = tmp_path / "log"
    log.write_text("of an earlier one\n")
    assert run_trigger(["true"], tmp_path, {}, 30, log).output == ""


def test_a_missing_program_is_named(tmp_path: Path) -> None:
    with pytest.raises(DeviceStartError, match="no-such-scu"):
        start_trigger(["no-such-scu"], tmp_path, {}, 1, tmp_path / "log")
    with pytest.raises(DeviceStartError, match="no command"):
        start_trigger([], tmp_path, {}, 1, tmp_path / "log")


def test_starting_is_quick(tmp_path: Path) -> None:
    begun = time.monotonic()
    run_trigger(["true"], tmp_path, {}, 30, tmp_path / "log")
    assert time.monotonic() - begun < 5
