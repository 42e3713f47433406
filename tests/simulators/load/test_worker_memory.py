"""The generator's memory is flat: a hundred times the requests take no more of it."""

from __future__ import annotations

from pathlib import Path

import pytest

from simulators.load.plan import Bounds, Plan, Target
from tests.bench import sink
from tests.simulators.load.test_drive import ROOT, driven

MOST_GROWTH = 1.1


@pytest.mark.slow
@pytest.mark.skipif(sink.compiler() is None, reason=sink.MISSING)
def test_a_hundred_thousand_echoes_take_no_more_memory_than_a_thousand(tmp_path: Path) -> None:
    peaks = {}
    program = sink.compiled(tmp_path)
    for count in (1_000, 100_000):
        with sink.listening(program) as server:
            plan = Plan(
                operation="echo",
                target=Target(host="127.0.0.1", port=server.port),
                bounds=Bounds(rate=1_000_000),
                associations=20,
                count=count,
                uid_root=ROOT,
            )
            measured = driven(plan, tmp_path / str(count)).measurement
            assert server.counts().echoes == measured.count == count
        peaks[count] = measured.client_peak_rss_bytes
    assert peaks[100_000] <= MOST_GROWTH * peaks[1_000]
