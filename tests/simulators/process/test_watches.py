"""Memory, processor time, resources, files, logs, ports."""

import os
import random
import signal
import socket
import time
from pathlib import Path

import pytest

from simulators.process import (
    CpuWatch,
    FileWatch,
    LogSlice,
    MemoryWatch,
    PidTree,
    ResourceSnapshot,
    files,
    free_port,
)
from simulators.process.logs import LIMIT_BYTES, tail
from simulators.process.sockets import listening_inodes, listening_ports, owned_inodes
from tests.simulators.process import children
from tests.simulators.process.children import device, said

MIB = 1024 * 1024


def test_memory_sees_the_peak_of_a_short_lived_child(tmp_path: Path) -> None:
    with device(tmp_path, children.EATER_CHILD, 64 * MIB) as dut:
        assert said(tmp_path, "ready")
        with MemoryWatch(dut) as memory:
            os.kill(dut.pid, signal.SIGUSR1)
            assert said(tmp_path, "done")
        assert memory.exact
        assert 60 * MIB < memory.growth_bytes < 72 * MIB
        assert 0 < memory.base_bytes < memory.peak_bytes


def test_memory_sees_a_peak_between_two_looks(tmp_path: Path) -> None:
    code = """
import signal
signal.signal(signal.SIGUSR1, lambda *_: None)
x = b"x" * (100 << 20); del x
print("ready", flush=True); signal.pause()
x = b"x" * (30 << 20); del x
print("done", flush=True); signal.pause()
"""
    with device(tmp_path, code) as dut:
        assert said(tmp_path, "ready")
        with MemoryWatch(PidTree(dut.pid)) as memory:
            os.kill(dut.pid, signal.SIGUSR1)
            assert said(tmp_path, "done")
    # The 100 MiB of before the window are no growth.
    assert 28 * MIB < memory.growth_bytes < 40 * MIB


def test_a_forked_child_is_not_counted_twice(tmp_path: Path) -> None:
    code = """
import os, signal
signal.signal(signal.SIGUSR1, lambda *_: None)
x = b"x" * (50 << 20)
print("ready", flush=True); signal.pause()
for _ in range(4):
    if os.fork() == 0: signal.pause()
print("done", flush=True); signal.pause()
"""
    with device(tmp_path, code) as dut:
        assert said(tmp_path, "ready")
        with MemoryWatch(dut) as memory:
            os.kill(dut.pid, signal.SIGUSR1)
            assert said(tmp_path, "done")
            assert len(dut.pids()) == 5
    assert memory.growth_bytes < 10 * MIB


def test_memory_of_nothing_is_nothing() -> None:
    with MemoryWatch(PidTree(2**22 - 1)) as memory:
        pass
    assert (memory.base_bytes, memory.peak_bytes, memory.growth_bytes) == (0, 0, 0)


def test_cpu_counts_the_device_and_its_children(tmp_path: Path) -> None:
    code = """
import os, signal, time
signal.signal(signal.SIGUSR1, lambda *_: None)
print("ready", flush=True); signal.pause()
if os.fork() == 0:
    while time.process_time() < 0.2: pass
    os._exit(0)
os.wait(); print("done", flush=True); signal.pause()
"""
    with device(tmp_path, code) as dut:
        assert said(tmp_path, "ready")
        with CpuWatch(dut) as idle:
            time.sleep(0.02)
        with CpuWatch(dut) as busy:
            os.kill(dut.pid, signal.SIGUSR1)
            assert said(tmp_path, "done")
    assert idle.seconds < 0.1
    assert 0.15 < busy.seconds < 1.0


def test_a_snapshot_adds_up_the_family(tmp_path: Path) -> None:
    with device(tmp_path, children.FAMILY) as dut:
        assert said(tmp_path, "ready")
        snapshot = ResourceSnapshot.take(dut)
    assert (snapshot.children, snapshot.threads) == (2, 3)
    assert snapshot.open_fds >= 9
    assert snapshot.rss_bytes > MIB
    assert ResourceSnapshot.take(dut) == ResourceSnapshot(0, 0, 0, 0)


@pytest.fixture
def sandbox(tmp_path: Path) -> Path:
    storage = tmp_path / "work" / "storage"
    storage.mkdir(parents=True)
    (tmp_path / "work" / "kept.cfg").write_text("as it was")
    (tmp_path / "work" / "lost.cfg").write_text("to be deleted")
    return tmp_path / "work"


def test_files_outside_the_allowed_folder_are_named(sandbox: Path) -> None:
    with FileWatch([sandbox / "storage"], [sandbox]) as watch:
        (sandbox / "storage" / "object.dcm").write_text("allowed")
        (sandbox / "storage-not").mkdir()
        (sandbox / "storage-not" / "escaped").write_text("a sibling with the same beginning")
        (sandbox / "link").symlink_to("/etc")
        (sandbox / "kept.cfg").write_text("overwritten")
        (sandbox / "lost.cfg").unlink()
    assert watch.changes.created == ("link", "storage-not", "storage-not/escaped")
    assert watch.changes.changed == ("kept.cfg",)
    assert watch.changes.deleted == ("lost.cfg",)
    assert watch.changes.cores == ()
    assert watch.changes.paths == (
        "kept.cfg",
        "link",
        "lost.cfg",
        "storage-not",
        "storage-not/escaped",
    )


def test_several_watched_folders_share_a_base(sandbox: Path) -> None:
    other = sandbox.parent / "other"
    other.mkdir()
    with FileWatch([sandbox / "storage"], [sandbox, other]) as watch:
        (other / "new").touch()
        (sandbox / "new").touch()
    assert watch.base == sandbox.parent
    assert watch.changes.paths == ("other/new", "work/new")


def test_a_core_is_found_even_where_writing_is_allowed(sandbox: Path) -> None:
    header = b"\x7fELF\x02\x01\x01" + bytes(9) + b"\x04\x00"
    with FileWatch([sandbox], [sandbox]) as watch:
        (sandbox / "storage" / "core.123").write_bytes(header)
        (sandbox / "core.dcm").write_bytes(b"an object with an unlucky name")
        (sandbox / "core.so").write_bytes(header[:16] + b"\x03\x00")
    assert watch.changes.cores == ("storage/core.123",)
    assert watch.changes.paths == ()


def test_a_quiet_sandbox_has_no_changes(sandbox: Path) -> None:
    with FileWatch([], [sandbox]) as watch:
        pass
    assert watch.changes == files.FileChanges()


def test_a_sandbox_that_is_too_large_is_refused(
    sandbox: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(files, "MAX_ENTRIES", 2)
    with pytest.raises(ValueError, match="more than 2 entries"):
        FileWatch([], [sandbox]).start()
    with pytest.raises(ValueError, match="no folder"):
        FileWatch([], [])


def test_a_log_slice_is_what_was_added(tmp_path: Path) -> None:
    log = LogSlice(tmp_path / "log")
    assert (log.mark(), log.since(0)) == (0, b"")
    log.path.write_bytes(b"before\n")
    mark = log.mark()
    with log.path.open("ab") as file:
        file.write(b"after\n")
    assert log.since(mark) == b"after\n"
    assert log.since(log.mark()) == b""
    assert tail(log.path, 6) == "after\n"


def test_a_long_log_slice_keeps_head_and_tail(tmp_path: Path) -> None:
    log = LogSlice(tmp_path / "log")
    log.path.write_bytes(b"head" + bytes(10 * LIMIT_BYTES) + b"tail")
    text = log.since(0)
    assert text.startswith(b"head")
    assert text.endswith(b"tail")
    assert b"[... %d bytes left out ...]" % (9 * LIMIT_BYTES + 8) in text
    assert len(text) < LIMIT_BYTES + 100


def test_a_rotated_log_is_read_from_its_start(tmp_path: Path) -> None:
    log = LogSlice(tmp_path / "log")
    log.path.write_bytes(b"new")
    assert log.since(1000) == b"new"


def test_ports_differ_and_are_free() -> None:
    ports = [free_port() for _ in range(50)]
    assert len(set(ports)) == 50
    assert not any(listening_inodes(port) for port in ports)


def test_ports_are_not_those_of_outgoing_connections() -> None:
    bounds = Path("/proc/sys/net/ipv4/ip_local_port_range").read_text("ascii").split()
    lowest, highest = map(int, bounds)
    assert not any(lowest <= free_port() <= highest for _ in range(50))


def test_a_port_in_use_is_not_handed_out(monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port = int(taken.getsockname()[1])
        handed_out = free_port()
        offers = [port, handed_out]
        draw = random.choice
        monkeypatch.setattr(random, "choice", lambda ports: offers.pop() if offers else draw(ports))
        assert free_port() not in {port, handed_out}
        assert not offers


def test_a_listener_is_found_without_connecting(tmp_path: Path) -> None:
    port = free_port()
    with device(tmp_path, children.LISTENER, port) as dut:
        dut.wait_until_listening([port], 10)
        inodes = listening_inodes(port)
        assert listening_ports([dut.pid]) == {port: False}
        assert len(inodes) == 1
        assert inodes <= (owned_inodes([dut.pid]) or set())
        assert not inodes & (owned_inodes([os.getpid(), 2**22 - 1]) or set())
