"""Start, readiness, end and the promise that nothing is left."""

import gc
import os
import signal
import socket
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from simulators.process import DeviceProcess, DeviceStartError, FileWatch, free_port
from tests.simulators.process import children
from tests.simulators.process.children import device, eventually, is_running, said


def test_it_is_ready_when_it_listens(tmp_path: Path) -> None:
    port = free_port()
    with device(tmp_path, children.LISTENER, port) as dut:
        assert 0 < dut.wait_until_listening([port], 10) < 10
        assert dut.alive()
        assert not dut.ended()
        assert dut.exit_status() is None
        assert dut.pids() == [dut.pid]
    assert not dut.alive()
    assert dut.ended()
    assert dut.exit_status() == "SIGTERM"
    assert dut.pids() == []


def test_it_is_not_ready_because_somebody_else_listens(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        with (
            device(tmp_path, children.SLEEPER) as dut,
            pytest.raises(DeviceStartError, match="held by another process"),
        ):
            dut.wait_until_listening([port], 0.1)


def test_an_early_end_is_reported_at_once_with_the_log(tmp_path: Path) -> None:
    code = "import sys; sys.exit('no such key file')"
    with (
        device(tmp_path, code) as dut,
        pytest.raises(DeviceStartError, match=r"(?s)ended with 1.*no such key file"),
    ):
        dut.wait_until_listening([free_port()], 60)


def test_a_missing_program_is_named(tmp_path: Path) -> None:
    dut = DeviceProcess(["no-such-program"], {}, tmp_path, tmp_path / "log")
    with pytest.raises(DeviceStartError, match=r"'no-such-program': No such file"):
        dut.start()


def test_a_device_that_never_started_answers_every_question(tmp_path: Path) -> None:
    dut = device(tmp_path, children.SLEEPER)
    assert (dut.alive(), dut.exit_status(), dut.pids()) == (False, None, [])
    dut.stop()
    with pytest.raises(DeviceStartError, match="never started"):
        dut.wait_until_listening([1], 0)
    with pytest.raises(RuntimeError, match="never started"):
        _ = dut.pid


def test_stop_ends_the_whole_family_and_may_be_called_twice(tmp_path: Path) -> None:
    dut = device(tmp_path, children.STUBBORN_FAMILY)
    dut.start()
    assert said(tmp_path, "ready")
    family = dut.pids()
    assert len(family) == 3
    dut.stop(grace_s=0.2)
    dut.stop()
    assert not any(map(is_running, family))


def test_stop_kills_what_ignores_the_polite_signal(tmp_path: Path) -> None:
    with device(tmp_path, children.STUBBORN) as dut:
        assert said(tmp_path, "ready")
        dut.stop(grace_s=0.1)
        assert dut.exit_status() == "SIGKILL"


def test_restart_gives_a_new_process_on_the_same_port(tmp_path: Path) -> None:
    port = free_port()
    with device(tmp_path, children.LISTENER, port) as dut:
        dut.wait_until_listening([port], 10)
        first = dut.pid
        dut.restart()
        dut.wait_until_listening([port], 10)
        assert dut.pid != first
        assert not is_running(first)


def test_start_replaces_a_dead_device_and_keeps_a_living_one(tmp_path: Path) -> None:
    with device(tmp_path, children.SLEEPER) as dut:
        first = dut.pid
        dut.start()
        assert dut.pid == first
        os.kill(first, signal.SIGKILL)
        assert eventually(lambda: not dut.alive())
        assert dut.exit_status() == "SIGKILL"
        dut.start()
        assert dut.alive()


def test_a_crashed_child_leaves_a_core(tmp_path: Path) -> None:
    pattern = Path("/proc/sys/kernel/core_pattern").read_text().strip()
    if "/" in pattern or pattern.startswith("|"):
        pytest.skip(f"the kernel puts cores elsewhere: core_pattern is {pattern}")
    storage = tmp_path / "cwd" / "storage"
    storage.mkdir(parents=True)
    with (
        FileWatch([storage], [tmp_path / "cwd"]) as files,
        device(tmp_path, children.CRASHING_CHILD) as dut,
    ):
        assert said(tmp_path, "ready")
        assert dut.alive()
    assert len(files.changes.cores) == 1
    assert files.changes.paths == ()
    core = tmp_path / "cwd" / files.changes.cores[0]
    assert 0 < core.stat().st_size <= 2 * 1024 * 1024  # the limit leaves out the headers


_CHECKOUT = str(Path(__file__).parents[3])

HARNESS = """
import sys
from pathlib import Path
from tests.simulators.process import children
dut = children.device(Path(sys.argv[1]), children.FAMILY)
dut.start()
assert children.said(Path(sys.argv[1]), "ready")
assert children.eventually(lambda: len(dut.pids()) == 3)  # the go-between ends on its own
print(*dut.pids(), flush=True)
if sys.argv[2] == "wait":
    sys.stdin.read()
"""


def _harness(folder: Path, mode: str) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [sys.executable, "-c", HARNESS, str(folder), mode],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        # The checkout comes last: it gives the tests, and the installed packages stay in front.
        env={**os.environ, "PYTHONPATH": os.pathsep.join([*filter(None, sys.path), _CHECKOUT])},
    )


def test_kill_9_of_the_harness_leaves_nothing(tmp_path: Path) -> None:
    with _harness(tmp_path, "wait") as harness:
        assert harness.stdout is not None
        family = [int(pid) for pid in harness.stdout.readline().split()]
        assert len(family) == 3
        assert all(map(is_running, family))
        harness.kill()
    assert eventually(lambda: not any(map(is_running, family)))


def test_the_end_of_the_interpreter_leaves_nothing(tmp_path: Path) -> None:
    with _harness(tmp_path, "end") as harness:
        family = [int(pid) for pid in harness.communicate(timeout=30)[0].split()]
    assert harness.returncode == 0
    assert len(family) == 3
    assert not any(map(is_running, family))


def test_a_forgotten_device_is_ended(tmp_path: Path) -> None:
    dut = device(tmp_path, children.SLEEPER)
    dut.start()
    pid = dut.pid
    del dut
    gc.collect()
    assert not is_running(pid)


def test_the_loss_of_the_keeper_is_survived(tmp_path: Path) -> None:
    with device(tmp_path, children.FAMILY) as dut:
        assert said(tmp_path, "ready")
        pid, family = dut.pid, dut.pids()
        keeper = int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[1])
        os.kill(keeper, signal.SIGKILL)
        assert eventually(lambda: not dut.alive())
        assert dut.exit_status() == "SIGKILL"
    assert eventually(lambda: not any(map(is_running, family)))


def test_a_device_has_default_signals_and_its_own_session(tmp_path: Path) -> None:
    code = (
        "import os, signal; print(os.getsid(0) == os.getpid(),"
        " os.sysconf('SC_OPEN_MAX') > 0, flush=True);"
        "print(open('/proc/self/status').read().split('SigIgn:')[1].split()[0], 'end', flush=True)"
    )
    # The interpreter itself ignores SIGPIPE and SIGXFSZ, so a shell has to look.
    dut = DeviceProcess(
        ["sh", "-c", "grep SigIgn /proc/self/status; echo $PPID; echo end"],
        {},
        tmp_path,
        tmp_path / "device.log",
    )
    with dut:
        assert said(tmp_path, "end")
        assert "0000000000000000" in (tmp_path / "device.log").read_text()
    with device(tmp_path, code):
        assert said(tmp_path, "True True")


def test_the_environment_is_added_to(tmp_path: Path) -> None:
    code = "import os; print(os.environ['COLOUR'], 'PATH' in os.environ, flush=True)"
    dut = DeviceProcess(
        children.python(code), {"COLOUR": "green"}, tmp_path, tmp_path / "device.log"
    )
    with dut:
        assert said(tmp_path, "green True")


def test_its_end_is_waited_for_as_an_event(tmp_path: Path) -> None:
    with device(tmp_path, children.SLEEPER) as dut:
        assert not dut.ended(0.05)
        killer = threading.Timer(0.1, os.kill, (dut.pid, signal.SIGKILL))
        killer.start()
        assert dut.ended(10.0)
        killer.join()
        assert dut.exit_status() == "SIGKILL"
