"""Worker processes as the judge drives them: exact, ended in time, and none of them survives."""

from __future__ import annotations

import json
import threading
import time
import urllib.request
from collections.abc import Iterator, Sequence
from pathlib import Path

import psutil
import pytest

from harness.errors import BenchError
from harness.loading import Progress
from simulators.load import naming
from simulators.load.drive import LOG, Driven, drive
from simulators.load.plan import Bounds, Operation, Plan, Shape, Target
from simulators.process import free_port
from tests.simulators.load.acceptors import Asked, counting

ROOT = naming.uid_root(10**33)
PATIENCE_S = 60.0


@pytest.fixture(scope="module")
def asked() -> Iterator[Asked]:
    with counting() as acceptor:
        yield acceptor


def plan_of(
    port: int,
    operation: Operation = "echo",
    *,
    associations: int = 4,
    count: int | None = None,
    duration_s: float | None = None,
    rate: float | None = None,
    workers: int = 1,
    host: str = "127.0.0.1",
    shape: Shape | None = None,
) -> Plan:
    return Plan(
        operation=operation,
        target=Target(host=host, port=port, calling_aes=("CT1", "MR1")),
        bounds=Bounds(rate=10_000),
        size_bytes=1024,
        associations=associations,
        count=count,
        duration_s=duration_s,
        rate=rate,
        workers=workers,
        shape=shape or Shape(),
        timeout_s=20,
        uid_root=ROOT,
    )


class Watcher:
    """Hears of progress; does something when enough requests are answered."""

    def __init__(self, enough: int = 0) -> None:
        self.seen: list[Progress] = []
        self.cancelled = threading.Event()
        self._enough = enough

    def __call__(self, progress: Progress) -> None:
        self.seen.append(progress)
        if self._enough and progress.count >= self._enough:
            self._enough = 0
            self.act()

    def act(self) -> None:
        self.cancelled.set()


def driven(plan: Plan, folder: Path, watcher: Watcher | None = None) -> Driven:
    watcher = watcher or Watcher()
    return drive(plan, folder, watcher, watcher.cancelled)


def workers() -> list[psutil.Process]:
    """The load workers that this test process started, and theirs."""
    found = psutil.Process().children(recursive=True)
    return [one for one in found if "simulators.load.worker" in " ".join(_command(one))]


def _command(process: psutil.Process) -> Sequence[str]:
    try:
        return process.cmdline()
    except psutil.Error:
        return ()


def gone(processes: Sequence[psutil.Process]) -> bool:
    """Waits until none of them runs; one that nobody has buried runs no more."""
    deadline = time.monotonic() + PATIENCE_S
    while time.monotonic() < deadline:
        if not any(_runs(process) for process in processes):
            return True
        threading.Event().wait(0.05)
    return False


def _runs(process: psutil.Process) -> bool:
    try:
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    except psutil.Error:
        return False


@pytest.mark.slow
def test_three_workers_send_exactly_the_count(tmp_path: Path) -> None:
    with counting() as acceptor:
        done = driven(plan_of(acceptor.port, count=997, associations=7, workers=3), tmp_path)
    measured = done.measurement
    assert (measured.count, measured.errors, measured.workers) == (997, 0, 3)
    assert acceptor.echoes == 997, "the other side counts as many"
    assert acceptor.associations == 7
    assert measured.complete
    assert measured.why == ""
    assert sum(caller.count for caller in measured.callers) == 997
    assert {caller.ae_title for caller in measured.callers} == acceptor.callers == {"CT1", "MR1"}
    assert sum(count for _, count in measured.histogram) == 997
    assert measured.client_cpu_us_per_object > 0
    assert measured.client_peak_rss_bytes > 4 * 20 * 2**20, "a master and three workers"


def test_every_stored_object_is_named_and_acknowledged_once(tmp_path: Path) -> None:
    with counting() as acceptor:
        done = driven(plan_of(acceptor.port, "store", count=40, associations=3), tmp_path)
    owed = {uid for lane in done.acknowledged.lanes for uid in done.acknowledged.uids(lane)}
    assert sorted(owed) == sorted(acceptor.stored)
    assert len(owed) == done.measurement.count == 40


@pytest.mark.slow
def test_a_stalled_device_cannot_hide_behind_a_generator_that_waits(tmp_path: Path) -> None:
    stall_s = 0.6
    lock = threading.Lock()

    def stall(number: int) -> None:
        if number == 40:
            with lock:
                time.sleep(stall_s)
        with lock:
            return

    with counting(stall) as acceptor:
        plan = plan_of(acceptor.port, duration_s=3, rate=40, associations=2)
        measured = driven(plan, tmp_path).measurement
    assert measured.count + measured.errors == 120, "each that was due is accounted for"
    assert measured.latency_ms.max >= stall_s * 900
    late = sum(count for upper, count in measured.histogram if upper > stall_s / 3 * 1e6)
    assert late >= 12, "all that were due during the stall were late, not the two that hung"


def test_an_interrupted_load_is_measured_in_full(asked: Asked, tmp_path: Path) -> None:
    before = asked.echoes
    watcher = Watcher(enough=20)
    done = driven(plan_of(asked.port, duration_s=600, rate=50), tmp_path, watcher).measurement
    assert not done.complete
    assert done.why == "interrupted"
    assert not done.statuses, "what failed was due and had not left when it was interrupted"
    assert not done.endings
    assert done.count == asked.echoes - before >= 20
    assert done.duration_s < 60
    assert watcher.seen
    assert watcher.seen[-1].associations == 4
    assert not workers()


@pytest.mark.slow
def test_a_killed_worker_is_said_and_the_others_finish(asked: Asked, tmp_path: Path) -> None:
    class Killer(Watcher):
        def act(self) -> None:
            leaves = [one for one in workers() if "--join" in _command(one)]
            assert len(leaves) == 2
            leaves[0].kill()

    plan = plan_of(asked.port, duration_s=5, rate=50, workers=2)
    done = driven(plan, tmp_path, Killer(enough=20)).measurement
    assert not done.complete
    assert "was lost" in done.why
    assert done.count > 100, "the other worker went on to the end of the load"
    assert not workers()


@pytest.mark.slow
def test_no_worker_survives_its_leader(asked: Asked, tmp_path: Path) -> None:
    killed: list[psutil.Process] = []

    class Killer(Watcher):
        def act(self) -> None:
            killed.extend(workers())
            next(one for one in killed if "--join" not in _command(one)).kill()

    plan = plan_of(asked.port, duration_s=600, rate=50, workers=2)
    done = driven(plan, tmp_path, Killer(enough=20)).measurement
    assert len(killed) == 3
    assert gone(killed)
    assert not done.complete
    assert "SIGKILL" in done.why
    assert done.count >= 20, "what was told before is not lost"


@pytest.mark.slow
def test_an_address_outside_the_bounds_gets_not_one_packet(tmp_path: Path) -> None:
    with pytest.raises(BenchError, match=r"192\.0\.2\.1.*outside"):
        driven(plan_of(104, host="192.0.2.1", count=1), tmp_path)
    assert "Traceback" not in (tmp_path / LOG).read_text()


@pytest.mark.slow
def test_a_device_that_is_not_there_is_measured_as_refused(tmp_path: Path) -> None:
    plan = plan_of(free_port(), duration_s=1, rate=20, associations=1)
    measured = driven(plan, tmp_path).measurement
    assert measured.count == 0
    assert measured.errors == 20, "all were due, none was served"
    assert set(measured.endings) == {"REFUSED"}


@pytest.mark.slow
def test_locusts_own_page_shows_the_same_numbers(asked: Asked, tmp_path: Path) -> None:
    port = free_port()
    pages: list[dict[str, list[dict[str, object]]]] = []

    class Reader(Watcher):
        def act(self) -> None:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/stats/requests") as page:
                pages.append(json.load(page))
            self.cancelled.set()

    reader = Reader(enough=30)
    drive(
        plan_of(asked.port, duration_s=600, rate=50),
        tmp_path,
        reader,
        reader.cancelled,
        ui_port=port,
    )
    rows = {str(row["name"]): row for row in pages[0]["stats"]}
    assert {"CT1", "MR1", "Aggregated"} <= rows.keys()
    counts = [rows[name]["num_requests"] for name in ("CT1", "MR1", "Aggregated")]
    assert counts[0] != 0
    assert int(str(counts[0])) + int(str(counts[1])) == counts[2]
    assert int(str(counts[2])) >= 30


@pytest.mark.slow
def test_an_association_that_ended_while_idle_is_opened_again(tmp_path: Path) -> None:
    with counting(idle_s=0.3) as acceptor:
        plan = plan_of(acceptor.port, duration_s=3, rate=1, associations=1)
        measured = driven(plan, tmp_path).measurement
    assert (measured.count, measured.errors) == (3, 0)
    assert not measured.endings
    assert acceptor.associations == 3


@pytest.mark.slow
def test_a_load_of_greedy_associations_alone_ends_in_time(asked: Asked, tmp_path: Path) -> None:
    shape = Shape(kind="greedy")
    plan = plan_of(asked.port, duration_s=1, rate=20, associations=1, shape=shape)
    measured = driven(plan, tmp_path).measurement
    assert measured.complete
    assert measured.duration_s < 10
    assert [one.ae_title for one in measured.callers if one.greedy] == ["CT1"]


@pytest.mark.slow
def test_what_was_handed_out_is_sent_though_nothing_more_is(asked: Asked, tmp_path: Path) -> None:
    # Each of four members holds one request that is due a second after the one before.
    before = asked.echoes
    measured = driven(plan_of(asked.port, count=5, rate=1.5), tmp_path).measurement
    assert (measured.count, measured.errors) == (5, 0)
    assert asked.echoes - before == 5
