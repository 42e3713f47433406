"""The table of loads for machines, and for spreadsheets that would compute it."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest

from harness.run import Run
from reports import csv as scribe
from tests.reports import builder, hostile, loads


def _rows(run: Run) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(scribe.render(run).decode(), newline=""), strict=True))


def _loads(run: Run) -> list[dict[str, str]]:
    return [row for row in _rows(run) if row["load"]]


def test_every_interval_and_percentile_is_there(loaded_run: Run) -> None:
    rows = _loads(loaded_run)
    for play in (loads.clean(), loads.stalled(), loads.knee()):
        own = [row for row in rows if row["scenario"] == play.row["id"]]
        one = play.measurement
        kinds = [row["row"] for row in own]
        assert kinds.count("total") == 1
        assert kinds.count("interval") == len(one.timeline)
        assert kinds.count("percentile") == len(one.histogram)
        assert own[0]["count"] == str(one.count)
        assert float(own[0]["p99_99_ms"]) == one.latency_ms.p99_99
        counts = [int(row["count"]) for row in own if row["row"] == "interval"]
        assert counts == [second.count for second in one.timeline]


def test_percentiles_rise_to_a_hundred(loaded_run: Run) -> None:
    rows = [row for row in _rows(loaded_run) if row["row"] == "percentile" and row["load"] == "2"]
    shares = [float(row["percentile"]) for row in rows]
    assert shares == sorted(shares)
    assert shares[-1] == 100
    assert sum(int(row["requests"]) for row in rows) == loads.lossy().measurement.count


@pytest.mark.parametrize(
    "value",
    ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", " =1", '"=1', "|cmd", "%0A=1", "＝1", "'=1"],
)
def test_no_cell_is_a_formula(value: str) -> None:
    assert scribe.safe(value) == f"'{value.strip()}"


def test_harmless_text_stays_as_it_is() -> None:
    assert [scribe.safe(text) for text in ("LOAD-001.2", "C-STORE", "", "\r\n=1")] == [
        "LOAD-001.2", "C-STORE", "", r"\x0d =1",
    ]  # fmt: skip


def test_hostile_strings_stay_in_their_cell(hostile_loaded_run: Run) -> None:
    data = scribe.render(hostile_loaded_run)
    rows = _loads(hostile_loaded_run)
    assert not set(data.decode()) & set("\x00\x1b\x07\x7f\u202e\u2066")
    assert all(set(row) == set(scribe.COLUMNS) for row in rows)
    assert rows[0]["operation"].startswith(hostile.SCRIPT)
    assert len(rows[0]["operation"]) < 3000
    for row in rows:
        for cell in row.values():
            assert not cell.startswith(("=", "+", "@", "\t", "\r"))
            assert cell not in ("nan", "inf")


def test_every_result_is_a_row(sample: Run, incomplete: Run) -> None:
    rows = [row for row in _rows(sample) if row["row"] == "result"]
    assert [(row["scenario"], row["verdict"]) for row in rows] == [
        (row["id"], row["verdict"]) for row in sample.results
    ]
    memory = next(row for row in rows if row["scenario"] == "ASC-003")
    assert memory["requirements"] == "PS3.8/9.3.1 HOUSE/BOUNDED-MEMORY"
    assert memory["family"] == "Association and upper layer"
    about = _rows(incomplete)[0]
    assert (about["title"], about["state"]) == ("Northwind Imaging Aurora CT 5.2.1", "incomplete")
    left = [row["scenario"] for row in _rows(incomplete) if row["row"] == "not finished"]
    assert left == ["RES-001", "RES-002"]


def test_what_follows_from_results_has_rows_of_its_own(concluded_run: Run) -> None:
    rows = {row["row"]: row for row in _rows(concluded_run)}
    assert rows["level"]["state"] == "not reached"
    assert rows["level"]["subject"] == "dicom-baseline"
    assert rows["gap"]["subject"] == "PS3.8/9.3.1"
    assert rows["claim"]["state"] == "contradicted"
    assert rows["claim"]["evidence"] == "ASC-003"
    assert (rows["waiver"]["by"], rows["waiver"]["until"]) == ("'=cmd()", "2027-01-01")
    assert rows["attestation"]["observed"] == "yes"


def test_a_run_without_results_is_one_row(tmp_path: Path) -> None:
    run = builder.build(tmp_path / "run", [])
    head, _, end = scribe.render(run).decode().split("\r\n")
    assert (head, end) == (",".join(scribe.COLUMNS), "")
    assert [row["row"] for row in _rows(run)] == ["run"]


def test_hostile_results_stay_in_their_cells(hostile_run: Run) -> None:
    rows = _rows(hostile_run)
    assert len(rows) == 1 + len(hostile_run.results)
    assert not set(scribe.render(hostile_run).decode()) & set("\x00\x1b\x07\x7f\u202e\u2066")
    assert all(set(row) == set(scribe.COLUMNS) for row in rows)
