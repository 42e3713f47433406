"""The arithmetic of the load benchmark's table, on figures that are made up."""

from __future__ import annotations

import pytest

from tests.bench import load_table
from tests.bench.load_rivals import RAW, Figure
from tests.bench.load_table import ROWS, Row

RATE = Row("work", "ours", "peer", "a peer", 2.0)
PROCESSOR = Row("work", "ours", "peer", "a peer", 0.35, "us", most=True)


def _figures(*rates: float) -> list[Figure]:
    return [Figure(rate, 1e6 / rate) for rate in rates]


def test_a_ratio_is_the_median_of_the_rounds_so_that_one_slow_minute_does_not_decide() -> None:
    ours, peer = _figures(100, 1000, 30), _figures(50, 500, 10)
    assert RATE.ratio(ours, peer) == pytest.approx(2.0)
    assert PROCESSOR.ratio(ours, peer) == pytest.approx(0.5)


def test_rounds_that_are_missing_are_no_comparison() -> None:
    with pytest.raises(ValueError, match="zip"):
        RATE.ratio(_figures(1, 2), _figures(1))


@pytest.mark.parametrize(("ratio", "enough"), [(2.0, True), (1.99, False)])
def test_a_rate_has_a_lower_bound(ratio: float, enough: bool) -> None:
    assert RATE.met(ratio) is enough


@pytest.mark.parametrize(("ratio", "enough"), [(0.35, True), (0.36, False)])
def test_processor_time_has_an_upper_bound(ratio: float, enough: bool) -> None:
    assert PROCESSOR.met(ratio) is enough


def test_the_table_has_every_row_and_says_what_is_missed() -> None:
    found = {name: _figures(1000, 1000, 1000) for row in ROWS for name in (row.ours, row.peer)}
    found["storescu"] = _figures(200, 200, 200)
    devices = {"Orthanc": {"store-10k": _figures(800), "storescu": _figures(400)}}
    head, rule, *rows = load_table.table(found, devices)
    assert head.count("|") == rule.count("|")
    assert len(rows) == len(ROWS)
    one_worker, two_workers = rows[0], rows[1]
    assert "| 1,000/s | storescu 200/s | 5.00 | at least 4 |" in one_worker
    assert one_worker.endswith("|  | 800/s / 400/s = 2.00 |")
    assert "| 5.00 | at least 8, missed |" in two_workers
    assert two_workers.endswith("|  |  |")
    lines = list(load_table.told(found))
    assert ["MISSED" in line for line in lines[:2]] == [False, True]


def test_a_raw_copy_is_compared_with_devices_too() -> None:
    figures = {name: _figures(100, 100, 100) for row in ROWS for name in (row.ours, row.peer)}
    figures[RAW] = _figures(200, 200, 200)
    rows = list(load_table.table(figures, {"Orthanc": {"store-20m": _figures(50)}}))
    assert any(row.endswith("= 0.25 |") for row in rows)
