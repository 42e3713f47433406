"""Level and waivers in every format that shows them; badges, differences and trends."""

from __future__ import annotations

import json
from html import unescape
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import jsonschema
import pytest

from harness.comparison import Difference, compare
from harness.run import Run
from harness.trends import Trend, trend_of
from reports import badge, changes, html, markdown, trend, trend_data
from reports.page.scheme import ladder_of
from reports.page.waivers import waivers_of
from tests.reports import builder, hostile, levels
from tests.reports.rows import result

SCHEMA = Path(__file__).parents[2] / "docs" / "schema" / "run.schema.json"


@pytest.fixture(name="run", scope="module")
def _run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    return levels.levelled(tmp_path_factory.mktemp("levelled") / "run")


@pytest.fixture(name="attack", scope="module")
def _attack(tmp_path_factory: pytest.TempPathFactory) -> Run:
    return levels.hostile_levelled(tmp_path_factory.mktemp("attack") / "run")


def test_the_document_is_as_its_schema_has_it(run: Run, attack: Run) -> None:
    schema = json.loads(SCHEMA.read_text("utf-8"))
    for one in (run, attack):
        jsonschema.validate(one.document, schema)


class TestLadder:
    """The page model of a level."""

    def test_steps_rise_and_gaps_stand_at_their_level(self, run: Run) -> None:
        ladder = ladder_of(run)
        assert ladder is not None
        assert [step.title for step in ladder.steps] == ["Baseline", "Enhanced", "High"]
        assert ladder.headline == "No level reached, of 3"
        assert ladder.tone == "none"
        assert ladder.mark == "our proposal"
        assert [step.height for step in ladder.steps] == sorted(s.height for s in ladder.steps)
        assert sum(len(step.gaps) for step in ladder.steps) == ladder.gaps > 0
        broken = [gap for gap in ladder.steps[0].gaps if gap.state == "broken"]
        assert broken
        assert all(gap.tone == "FAIL" and gap.remedy and gap.scenarios for gap in broken)

    def test_a_run_without_a_scheme_has_none(self, sample: Run) -> None:
        assert ladder_of(sample) is None
        assert waivers_of(sample) == []
        page = html.render(sample).decode()
        assert 'id="level"' not in page
        assert 'id="waivers"' not in page


def test_waivers_that_are_not_met_stand_first(run: Run) -> None:
    found = [(one.scenario, one.state, one.tone) for one in waivers_of(run)]
    assert found == [
        ("ASC-003", "expired", "FAIL"),
        ("ASC-001", "not met", "FAIL"),
        ("XYZ-001", "not played", "INCONCLUSIVE"),
        ("PAR-002", "met", "WARN"),
    ]


def test_the_page_shows_both(run: Run) -> None:
    page = html.render(run).decode()
    assert page.index('id="level"') < page.index('id="waivers"') < page.index('id="results"')
    assert "No level reached, of 3" in page
    assert "a level here is no certificate" in page
    assert "A. Roentgen" in page


def test_the_job_summary_shows_both(run: Run) -> None:
    text = markdown.render(run).decode()
    assert "❌ **No level reached, of 3**: DICOM security, high (our proposal)" in text
    assert "### Gaps (" in text
    assert "### Waivers" in text
    assert "| ASC-003 | ⚠️ expired |" in text


def test_hostile_schemes_and_waivers_stay_text(attack: Run) -> None:
    page, text = html.render(attack).decode(), markdown.render(attack).decode()
    for raw in ("<script>alert", "<img src", "</style><", "\x1b", "\u202e"):
        assert raw not in page
        assert raw not in text
    for line in text.splitlines():
        if line.startswith("| ") and "A. R" not in line:
            assert "](" not in line
    ladder = ladder_of(attack)
    assert ladder is not None
    assert len(ladder.steps) == 1


class TestBadge:
    """One small picture."""

    def test_without_a_scheme_it_counts(self, sample: Run) -> None:
        said = json.loads(badge.endpoint(sample))
        assert said == {
            "schemaVersion": 1, "label": "dicom evidence", "message": "5 of 20 failed",
            "color": badge.BAD,
        }  # fmt: skip

    def test_with_a_scheme_it_names_the_level(self, run: Run) -> None:
        assert json.loads(badge.endpoint(run))["message"] == "dicom-high: no level"

    def test_incomplete_and_inconclusive_are_never_good(
        self, incomplete: Run, tmp_path: Path
    ) -> None:
        said = json.loads(badge.endpoint(incomplete))
        assert (said["message"], said["color"]) == ("incomplete", badge.VOID)
        unsure = builder.build(tmp_path / "run", [result("ASC-001", "INCONCLUSIVE")])
        said = json.loads(badge.endpoint(unsure))
        assert (said["message"], said["color"]) == ("nothing conclusive", badge.VOID)
        mixed = [result("ASC-001", "PASS"), result("ASC-002", "REVIEW")]
        said = json.loads(badge.endpoint(builder.build(tmp_path / "mixed", mixed)))
        assert (said["message"], said["color"]) == ("no failure, 1 open", badge.PART)

    def test_the_picture_has_its_words_and_nothing_that_acts(self, attack: Run) -> None:
        for data in (badge.render(attack), badge.render(attack)):
            root = ET.fromstring(data)
            tags = {element.tag.rpartition("}")[2] for element in root.iter()}
            assert tags == {"svg", "title", "clipPath", "rect", "g", "text"}
            assert root.get("role") == "img"
            title = root.findtext("{http://www.w3.org/2000/svg}title")
            assert root.get("aria-label") == title


def test_a_difference_is_text_in_markdown(run: Run, sample: Run, hostile_run: Run) -> None:
    before, after = run, hostile_run
    value = Difference(before=before.document, after=after.document, changes=compare(before, after))
    text = changes.markdown(value).decode()
    assert "### ❌ Regressions (" in text
    for raw in ("<script", "<img", "](javascript", "@admin", "http://"):
        assert raw not in text
    same = Difference(
        before=sample.document, after=sample.document, changes=compare(sample, sample)
    )
    assert "**No difference.**" in changes.markdown(same).decode()


class TestTrend:
    """Page, picture and data of several runs."""

    @pytest.fixture(name="series")
    def _series(self, tmp_path: Path, run: Run, attack: Run) -> Trend:
        for number, one in enumerate((run, attack, run)):
            folder = tmp_path / f"{number}<b>{hostile.SCRIPT.replace('/', '')[:60]}"
            folder.mkdir()
            document: dict[str, Any] = {**one.document}
            document["started"] = f"2026-03-0{number + 1}T09:30:00+00:00"
            if number == 2:
                document["complete"] = False
                document["results"] = [*document["results"]][:9]
            (folder / "run.json").write_text(json.dumps(document))
        return trend_of([tmp_path])

    def test_the_page_meets_no_network_and_runs_no_script(self, series: Trend) -> None:
        page = unescape(trend.html(series).decode())
        assert "default-src 'none'" in page
        assert "script-src 'none'" in page
        page = trend.html(series).decode()
        assert "<script" not in page
        assert "style=" not in page
        assert page.count("<svg") == page.count("</svg>")
        assert "incomplete" in page
        assert page == trend.html(series).decode()

    def test_the_picture_is_one_with_a_text_alternative(self, series: Trend) -> None:
        root = ET.fromstring(trend.svg(series))
        assert root.get("role") == "img"
        assert "2026-03-01" in (root.get("aria-label") or "")
        assert not [one for one in root.iter() if one.tag.endswith("script")]

    def test_data(self, series: Trend) -> None:
        lines = trend_data.csv_rows(series).decode().splitlines()
        assert lines[0].split(",")[:4] == list(trend_data.COLUMNS[:4])
        assert len(lines) == 4
        document = json.loads(trend_data.document(series))
        assert document["schema"] == "dicom-assay/trend/1"
        assert [one["complete"] for one in document["runs"]] == [True, True, False]
        assert document["runs"][2]["changes"]["notes"]
