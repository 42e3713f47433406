"""Many runs as one series, and the commands that draw them."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest

from harness.errors import RequestError
from harness.schemes import model as schemes
from harness.trends import MOST_RUNS, trend_of
from tests.harness.conftest import Said, Stand
from tests.harness.schemes.test_levels import GOOD, row, run


def stored(folder: Path, name: str, day: int, *rows: Any, **more: Any) -> Path:
    document = run(rows or GOOD, started=f"2026-03-{day:02}T09:30:00+00:00", **more)
    device = {"manufacturer": "Northwind", "model": "Aurora", "version": "5", "claims": []}
    document |= {"schema": "dicom-assay/run/1", "device": device}
    (folder / name).mkdir(parents=True)
    (folder / name / "run.json").write_text(json.dumps(document))
    return folder / name


BEGINNINGS = {"html": "<!doctype", "svg": "<svg", "csv": "run,", "json": "{"}
BAD = (row("ASC-001", "FAIL", "HOUSE/STAYS-IN-SERVICE"), GOOD[1])


def test_runs_stand_in_the_order_of_time(tmp_path: Path) -> None:
    for name, day, rows in (("c", 1, GOOD), ("a", 9, GOOD), ("b", 5, BAD)):
        stored(tmp_path, name, day, *rows)
    trend = trend_of([tmp_path])
    assert [point.name for point in trend.points] == ["c", "b", "a"]
    assert trend.points[0].flipped == []
    assert trend.points[1].flipped == [("ASC-001", "PASS", "FAIL", "regressions")]
    assert trend.points[2].flipped == [("ASC-001", "FAIL", "PASS", "fixed")]
    assert trend.points[1].verdicts == {"FAIL": 1, "PASS": 1}
    assert trend.points[1].families == {"ASC": {"FAIL": 1, "PASS": 1}}
    assert trend.notes == []


def test_a_run_is_in_it_once(tmp_path: Path) -> None:
    one = stored(tmp_path, "a", 1)
    assert len(trend_of([tmp_path, one, one]).points) == 1


def test_a_scheme_judges_all_of_them(tmp_path: Path) -> None:
    stored(tmp_path, "a", 1)
    trend = trend_of([tmp_path], schemes.load()["dicom-enhanced"])
    assert trend.levels == ["Baseline", "Enhanced"]
    assert trend.points[0].scheme["height"] == 0
    assert trend.points[0].scheme["gaps"] != 0


def test_what_a_reader_has_to_know_is_said(tmp_path: Path) -> None:
    stored(tmp_path, "a", 1, complete=False)
    other = stored(tmp_path, "b", 2, tool={"catalogue": "other"})
    document = json.loads((other / "run.json").read_text())
    document["device"]["model"] = "Borealis"
    (other / "run.json").write_text(json.dumps(document))
    said = " ".join(trend_of([tmp_path]).notes)
    for words in ("2 devices", "catalogue changed", "1 of 2 runs are incomplete"):
        assert words in said


@pytest.mark.parametrize(
    "text",
    ["", "[]", '{"schema": "other"}', "[" * 100_000, '{"schema": "dicom-assay/run/1"}',
     '{"schema": "dicom-assay/run/1", "results": [{"id": "A", "verdict": "GREAT"}]}'],
)  # fmt: skip
def test_a_file_that_is_no_run_is_one_clear_line(tmp_path: Path, text: str) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "run.json").write_text(text)
    with pytest.raises(RequestError, match=r"run\.json: ") as caught:
        trend_of([tmp_path])
    assert "\n" not in str(caught.value)


def test_no_run_and_too_many(tmp_path: Path) -> None:
    with pytest.raises(RequestError, match="no run here"):
        trend_of([tmp_path])
    with pytest.raises(RequestError, match="no such run folder"):
        trend_of([tmp_path / "nowhere"])
    for number in range(MOST_RUNS + 1):
        folder = tmp_path / f"{number}"
        folder.mkdir()
        (folder / "run.json").touch()
    with pytest.raises(RequestError, match="too many"):
        trend_of([tmp_path])


class TestCommands:
    """`assay trend` and `assay badge`."""

    @pytest.mark.parametrize("kind", ["html", "svg", "csv", "json"])
    def test_the_name_of_the_file_says_the_format(
        self, assay: Callable[..., Said], tmp_path: Path, kind: str
    ) -> None:
        stored(tmp_path, "a", 1)
        said = assay("trend", str(tmp_path), "--out", str(tmp_path / f"t.{kind}"))
        assert said.code == 0
        text = (tmp_path / f"t.{kind}").read_text()
        assert text.startswith(BEGINNINGS[kind])

    def test_another_name_is_refused(self, assay: Callable[..., Said], tmp_path: Path) -> None:
        said = assay("trend", str(tmp_path), "--out", "trend.docx")
        assert said.code == 2
        assert "--out trend.docx: name it .html" in said.err

    def test_a_folder_that_cannot_be_written(
        self, assay: Callable[..., Said], tmp_path: Path
    ) -> None:
        stored(tmp_path, "a", 1)
        said = assay("trend", str(tmp_path), "--out", str(tmp_path / "no" / "t.svg"))
        assert said.code == 2
        assert "cannot write: No such file" in said.err

    def test_a_badge_of_a_real_run(self, stand: Stand, tmp_path: Path) -> None:
        stand.run()
        said = stand.assay("badge", str(stand.out), "--out", str(tmp_path / "b.svg"))
        assert said.code == 0
        root = ET.fromstring((tmp_path / "b.svg").read_text())
        assert root.get("aria-label") == "dicom evidence: 2 hold"
        said = stand.assay("badge", str(stand.out), "--scheme", "dicom-high", "--format", "json")
        assert said.document["message"] == "dicom-high: no level"

    def test_a_difference_for_a_job_summary(self, stand: Stand) -> None:
        stand.run()
        said = stand.assay(
            "diff", str(stand.out), str(stand.out), "--format", "markdown", "--scheme", "ps3.15-b12"
        )  # fmt: skip
        assert said.code == 0
        assert "**No difference.**" in said.out
        assert "ps3.15-b12&#58; none" in said.out
