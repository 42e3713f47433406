"""Our load generator beside storescu, dcmsend, echoscu, dicom-echo, pynetdicom and a bare socket.

Run it with ``pytest tests/bench/test_load.py -s``. It prints ratios and asserts nothing about time;
it asserts that exactly what was asked for was sent, answered and counted, and what memory it took.
``scripts/bench-load`` writes the same into ``docs/load-benchmarks.md``.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from tests.bench import load_footprint, load_rivals, load_table, peers, sink
from tests.bench.load_rivals import MIB, Figure
from tests.bench.sink import Sink

pytestmark = [
    pytest.mark.slow,
    pytest.mark.interop,
    pytest.mark.bench,
    pytest.mark.skipif(sink.compiler() is None, reason=sink.MISSING),
]

MOST_GROWTH = 16 * MIB
"""The timeline grows with time; eighteen octets kept for each request would exceed this."""


def _say(text: str) -> None:
    sys.stdout.write(f"\n{text}")


@pytest.fixture
def folder() -> Iterator[Path]:
    """A folder that is gone afterwards: half a gigabyte of files is not kept."""
    with TemporaryDirectory() as name:
        yield Path(name)


@pytest.fixture
def running(folder: Path) -> Iterator[Sink]:
    with sink.listening(sink.compiled(folder)) as one:
        yield one


def test_ours_beside_the_fields_clients(folder: Path, running: Sink) -> None:
    found = load_rivals.measure(folder, running, _say)
    for line in load_table.told(found):
        _say(line)
    assert {len(figures) for figures in found.values()} == {load_rivals.ROUNDS}


@pytest.mark.parametrize("server", peers.SERVERS, ids=lambda server: server.name)
def test_the_same_against_a_real_device(folder: Path, server: peers.Server) -> None:
    figures: dict[str, list[Figure]] = {}
    for name, figure in load_rivals.beside(folder, server, _say):
        figures[name] = [figure]
    assert {"store-10k", "storescu", "echo", "echoscu", "associate", "dicom-echo"} <= set(figures)


def test_a_thousand_associations_and_a_million_requests(folder: Path, running: Sink) -> None:
    held = load_footprint.thousand(folder, running)
    over = load_footprint.million(folder, running)
    for line in load_footprint.told(held, over):
        _say(line)
    assert (held.most_open, held.unused, held.errors) == (load_footprint.THOUSAND, 0, 0)
    assert held.peak_rss_bytes < 300 * MIB
    assert over.count == load_footprint.MILLION
    assert over.late_bytes - over.early_bytes < MOST_GROWTH, "something is kept for each request"
