"""The generator behind the judge's protocol, against the reference device on a real bench."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from harness.bench import open_bench
from harness.devices import embedded_profile
from harness.errors import BenchError, RequestError, ScopeError
from harness.loading import LoadRequest, ShapeRequest
from simulators.bench import LabBench
from simulators.load import mixes
from simulators.load.front import Generator, open_load


@pytest.fixture(scope="module")
def bench(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LabBench]:
    opened = open_bench(embedded_profile(), tmp_path_factory.mktemp("run"), 1, lambda text: None)
    assert isinstance(opened, LabBench)
    opened.start()
    try:
        yield opened
    finally:
        opened.stop()


@pytest.fixture
def generator(bench: LabBench, tmp_path: Path) -> Generator:
    return open_load(bench, tmp_path, 1)


def measure(generator: Generator, request: LoadRequest) -> tuple[int, int, bool]:
    measured = generator.measure(request, lambda progress: None, threading.Event())
    return measured.count, measured.errors, measured.complete


@pytest.mark.slow
def test_what_is_stored_is_found_again_whole(generator: Generator) -> None:
    request = LoadRequest(operation="store", count=60, associations=3, size_bytes=2048)
    assert measure(generator, request) == (60, 0, True)
    ledger = generator.verify(threading.Event())
    assert (ledger.acknowledged, ledger.found, ledger.compared) == (60, 60, 60)
    assert (ledger.lost, ledger.duplicated, ledger.mixed_up) == (0, 0, 0)


@pytest.mark.slow
def test_a_load_that_asks_for_objects_stores_some_first(generator: Generator) -> None:
    request = LoadRequest(operation="get", count=30, associations=2, size_bytes=2048)
    assert measure(generator, request) == (30, 0, True)
    assert generator.verify(threading.Event()).acknowledged == 0, "the seeds are not judged"


@pytest.mark.slow
def test_a_mixed_day_is_served(generator: Generator) -> None:
    mix = Path(__file__).with_name("tiny-mix.toml")
    request = LoadRequest(operation="mixed", mix=str(mix), count=60, associations=2)
    assert measure(generator, request) == (60, 0, True)
    assert generator.verify(threading.Event()).lost == 0


@pytest.mark.slow
def test_a_mixed_day_can_be_played_by_its_timetable(generator: Generator) -> None:
    mix = Path(__file__).with_name("tiny-mix.toml")
    tasks = list(mixes.plan(mixes.load(str(mix)), 1))
    request = LoadRequest(operation="mixed", mix=str(mix), faster=60, duration_s=2, associations=2)
    assert measure(generator, request) == (len(tasks), 0, True)
    stored = sum(task.operation == "store" for task in tasks)
    assert generator.verify(threading.Event()).acknowledged == stored > 0


def test_a_mix_that_is_not_there_is_told_before_anything_begins(generator: Generator) -> None:
    with pytest.raises(RequestError, match="hospital-morning"):
        measure(generator, LoadRequest(operation="mixed", mix="nix", count=1))


def test_a_greedy_load_needs_an_association_for_each_title(generator: Generator) -> None:
    request = LoadRequest(
        operation="echo", shape=ShapeRequest(kind="greedy"), count=1, associations=2
    )
    with pytest.raises(RequestError, match="--associations 2"):
        measure(generator, request)


@pytest.mark.slow
def test_slow_readers_are_not_in_the_figures(generator: Generator) -> None:
    request = LoadRequest(
        operation="echo",
        shape=ShapeRequest(kind="slow-readers"),
        count=50,
        associations=4,
    )
    assert measure(generator, request) == (50, 0, True)


@pytest.mark.slow
def test_a_greedy_ae_stands_beside_the_polite_ones(generator: Generator) -> None:
    request = LoadRequest(
        operation="echo",
        shape=ShapeRequest(kind="greedy"),
        duration_s=2,
        rate=20,
        associations=6,
    )
    measured = generator.measure(request, lambda progress: None, threading.Event())
    greedy = [caller for caller in measured.callers if caller.greedy]
    polite = [caller for caller in measured.callers if not caller.greedy]
    assert len(greedy) == 1
    assert sum(caller.count + caller.errors for caller in polite) == 40
    assert greedy[0].count > 40


def test_what_the_scope_does_not_permit_is_refused_before_anything_is_sent(
    generator: Generator,
) -> None:
    request = LoadRequest(operation="echo", rate=1e6, duration_s=1)
    with pytest.raises(ScopeError, match=r"scope\.max_rate"):
        measure(generator, request)
    with pytest.raises(ScopeError, match=r"scope\.max_connections"):
        measure(generator, LoadRequest(operation="echo", associations=4000, count=1))


def test_a_greedy_load_needs_two_callers(generator: Generator) -> None:
    request = LoadRequest(
        operation="echo", shape=ShapeRequest(kind="greedy"), calling_aes=("ONE",), count=1
    )
    with pytest.raises(RequestError, match="--calling"):
        measure(generator, request)


def test_the_devices_processes_are_looked_at(generator: Generator) -> None:
    seen = generator.footing(1.5)
    assert seen is not None
    assert seen.at_s == 1.5
    assert seen.rss_bytes > 2**20
    assert seen.processes >= 1


def test_another_bench_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BenchError, match="needs the bench"):
        open_load(None, tmp_path, 1)  # type: ignore[arg-type]
