"""The threat model in the report: fared as the results say, and nothing where none was played."""

from __future__ import annotations

from pathlib import Path

import pytest

from harness.run import Run
from harness.threats import model as threats
from reports import html, markdown
from reports.page.threats import threats_of
from tests.reports import builder
from tests.reports.rows import Row, result


def _run(folder: Path, *rows: Row, complete: bool = True) -> Run:
    return builder.build(folder / "runs" / "one", rows, complete=complete)


def test_broken_threats_come_first_with_their_results(sample: Run) -> None:
    view = threats_of(sample)
    assert view is not None
    assert len(view.threats) == len(threats.load())
    first = next(one for one in view.threats if one.id == "T-AVAIL-02")
    assert (first.tone, first.words) == ("FAIL", "got through")
    failed = {str(row["id"]) for row in sample.results if row["verdict"] == "FAIL"}
    assert first.scenarios[0] in failed
    assert len(first.scenarios) + first.more == 19
    tones = [one.tone for one in view.threats]
    assert tones[:3] == ["FAIL"] * 3
    assert sum(count for _, count, _ in view.counts) == len(view.threats)


def test_each_threat_has_both_views_its_horizon_and_what_is_left(sample: Run) -> None:
    page = html.render(sample).decode()
    start = page.index('id="T-CONF-60"')
    story = page[start : page.index("</details>", start)]
    for words in ("IT view", "OT view", "What is left", "within 10 years", "not played"):
        assert words in story


def test_the_picture_colours_the_flow_of_a_broken_threat(sample: Run) -> None:
    view = threats_of(sample)
    assert view is not None
    for picture in (view.wide, view.narrow):
        assert picture.count('class="flow v-FAIL"') == 1
        assert picture.count('class="flow ') == len(threats.model().conduits)
        assert "Calls that the device accepts: 3 got through" in picture


@pytest.mark.parametrize("named", [[], ["T-NOBODY-01"], ["<script>"]])
def test_a_run_without_known_threats_shows_no_section(named: list[str], tmp_path: Path) -> None:
    run = _run(tmp_path, result("ASC-001", "PASS", threats=named))
    assert threats_of(run) is None
    assert 'id="threats"' not in html.render(run).decode()
    assert "### Threats" not in markdown.render(run).decode()


def test_an_incomplete_run_holds_nothing_off(tmp_path: Path) -> None:
    rows = [result("ASC-001", "PASS")]
    whole, part = _run(tmp_path / "a", *rows), _run(tmp_path / "b", *rows, complete=False)
    assert "T-AVAIL-02" in _held(whole)
    assert _held(part) == set()


def _held(run: Run) -> set[str]:
    view = threats_of(run)
    assert view is not None
    return {one.id for one in view.threats if one.tone == "PASS"}


def test_ids_of_strangers_cannot_leave_their_link(hostile_run: Run, tmp_path: Path) -> None:
    rows = [result('"><script>alert(1)</script>', "FAIL", evidence=[])]
    page = html.render(_run(tmp_path, *rows)).decode()
    assert "<script>alert(1)" not in page
    assert threats_of(hostile_run) is None
