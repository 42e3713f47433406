"""Warm starts: what a forked reference device has in common with an executed one."""

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from simulators.process import free_port, warm
from simulators.process.kept import Kept
from simulators.process.trigger import start_trigger
from tests.simulators.process.children import eventually, is_running

PROGRAM = [sys.executable, "-m", warm.DEVICE]
CALL = [*PROGRAM, "scu", "echo", "--host", "127.0.0.1", "--called", "A", "--calling", "B"]
_CHECKOUT = str(Path(__file__).parents[3])


def listening(folder: Path, port: int, env: Mapping[str, str] | None = None) -> Kept:
    (folder / "storage").mkdir()
    command = [*PROGRAM, "scp", "--port", str(port), "--storage", str(folder / "storage")]
    kept = Kept(command, env=env or {}, cwd=folder, log_path=folder / "device.log")
    assert eventually(lambda: _answers(port))
    return kept


def _answers(port: int) -> bool:
    with socket.socket() as sock:
        return sock.connect_ex(("127.0.0.1", port)) == 0


@pytest.mark.parametrize(
    ("command", "warmly"),
    [
        ([*PROGRAM, "scu"], True),
        ([sys.executable, "-m", "something.else"], False),
        (["storescp", "-m", warm.DEVICE], False),
        ([], False),
    ],
)
def test_the_reference_device_alone_is_forked(command: list[str], warmly: bool) -> None:
    assert warm.suits(command) is warmly


def test_exit_code_and_output_are_its_own(tmp_path: Path) -> None:
    call = [*CALL, "--port", str(free_port())]
    done = start_trigger(call, tmp_path, {}, 10.0, tmp_path / "log").wait()
    assert done is not None
    assert (done.exit_status, done.signal) == (1, None)
    assert "no connection" in done.output


def test_a_mistake_in_its_arguments_ends_it_as_argparse_does(tmp_path: Path) -> None:
    done = start_trigger([*PROGRAM, "nonsense"], tmp_path, {}, 10.0, tmp_path / "log").wait()
    assert done is not None
    assert done.exit_status == 2
    assert "nonsense" in done.output


def test_it_stands_below_a_keeper_in_a_session_of_its_own(tmp_path: Path) -> None:
    port = free_port()
    kept = listening(tmp_path, port)
    try:
        assert os.getsid(kept.pid) == kept.pid
        assert kept.pid in kept.pids()
        assert Path(f"/proc/{kept.pid}/cwd").resolve() == tmp_path.resolve()
    finally:
        ended = kept.stop()
    assert ended is not None
    assert ended.signal is None
    assert not is_running(kept.pid)
    assert not _answers(port)


def test_a_fatal_signal_is_told(tmp_path: Path) -> None:
    kept = listening(tmp_path, free_port())
    os.kill(kept.pid, signal.SIGSEGV)
    ended = kept.poll(10.0)
    kept.stop()
    assert ended is not None
    assert ended.signal == "SIGSEGV"


def test_each_set_of_variables_has_a_process_of_its_own(tmp_path: Path) -> None:
    keepers = []
    for name in ("a", "b"):
        folder = tmp_path / name
        folder.mkdir()
        kept = listening(folder, free_port(), {"ASSAY_TEST_VARIABLE": name})
        keepers.append(Path(f"/proc/{kept.keeper_pid}/stat").read_text().rpartition(")")[2].split())
        kept.stop()
    assert keepers[0][1] != keepers[1][1], "two sets, one parent"


HARNESS = """
import sys
from pathlib import Path
from tests.simulators.process.test_warm import listening
kept = listening(Path(sys.argv[1]), int(sys.argv[2]))
print(kept.pid, kept.keeper_pid, flush=True)
sys.stdin.read()
"""


def test_kill_9_of_the_harness_leaves_nothing(tmp_path: Path) -> None:
    port = free_port()
    path = os.pathsep.join([*filter(None, sys.path), _CHECKOUT])
    with subprocess.Popen(
        [sys.executable, "-c", HARNESS, str(tmp_path), str(port)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": path},
    ) as harness:
        assert harness.stdout is not None
        family = [int(pid) for pid in harness.stdout.readline().split()]
        assert len(family) == 2
        assert all(map(is_running, family))
        harness.kill()
    assert eventually(lambda: not any(map(is_running, family)))
    assert not _answers(port)
