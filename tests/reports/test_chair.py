"""A run from a chair: what its failures mean there, in which order, and when news is good."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from harness import deployments, stakeholders
from harness.run import Run
from reports import html, markdown
from reports.page.chair import chair_of
from reports.page.place import place_of
from reports.page.relevance import gravity
from reports.rows import rows_of
from tests.reports import builder, hostile
from tests.reports.rows import Row, result

LOST = result("STO-001", "FAIL", requirements=["HOUSE/NOTHING-LOST"], severity="medium")
DOWN = result("ASC-001", "FAIL", requirements=["HOUSE/STAYS-IN-SERVICE"], severity="low")
PLAIN = result("TLS-001", "FAIL", requirements=["RFC9325/3.1.1"], severity="critical")
HELD = result("AUT-001", "PASS", requirements=["HOUSE/ROLE-MATRIX"])


def _run(folder: Path, rows: Sequence[Row], chair: str = "", place: str = "", **more: bool) -> Run:
    run = builder.build(folder / "runs" / "one", rows, **more)
    said = {"id": place, "title": "x", "responsible": "OT"} if place else {}
    return replace(run, chair=chair, document={**run.document, "deployment": said})


def test_nobody_s_chair_shows_no_card(sample: Run) -> None:
    assert chair_of(sample) is None
    assert place_of(sample) is None
    assert 'id="chair"' not in html.render(sample).decode()
    assert chair_of(replace(sample, chair="boss")) is None


@pytest.mark.parametrize("chair", stakeholders.load())
def test_every_chair_reads_the_sample(sample: Run, chair: str) -> None:
    run = replace(sample, chair=chair)
    view = chair_of(run)
    assert view is not None
    failed = sum(row["verdict"] == "FAIL" for row in sample.results)
    shown = sum(len(one.failures) + one.more for one in view.concerns)
    assert shown + view.others == failed
    assert (view.tone == "bad") is (shown > 0)
    page = html.render(run).decode()
    assert f"For: {view.title}" in page
    assert all(one.broken.split("'")[0] in page for one in view.concerns)


def test_what_decides_the_day_of_a_chair_comes_first(tmp_path: Path) -> None:
    run = _run(tmp_path, [PLAIN, LOST, DOWN], "clinical-engineering")
    view = chair_of(run)
    assert view is not None
    assert [one.failures[0].id for one in view.concerns] == ["ASC-001", "STO-001"]
    assert view.concerns[0].weight == 3
    assert "patients wait" in view.concerns[0].broken
    assert view.others == 1
    assert view.headline == "2 failures concern this chair. 1 of them comes first."
    ordered = sorted(rows_of(run), key=lambda row: gravity(run, row))
    assert [row.id for row in ordered] == ["ASC-001", "STO-001", "TLS-001"]


def test_without_chair_and_place_severity_orders(tmp_path: Path) -> None:
    run = _run(tmp_path, [LOST, DOWN, PLAIN, HELD])
    rows = rows_of(run)
    by_gravity = sorted(rows, key=lambda row: row.gravity)
    assert sorted(rows, key=lambda row: gravity(run, row)) == by_gravity


def test_a_place_marks_and_orders_what_is_essential_there(tmp_path: Path) -> None:
    run = _run(tmp_path, [PLAIN, LOST, DOWN], place="large-hospital")
    view = place_of(run)
    assert view is not None
    assert [one.id for one in view.essential] == ["STO-001", "ASC-001"]
    assert view.essential[0].mark == "essential here"
    assert "missing study" in view.essential[0].why
    assert view.responsible == "Clinical engineering (OT) answers for the device."
    ordered = sorted(rows_of(run), key=lambda row: gravity(run, row))
    assert [row.id for row in ordered] == ["STO-001", "ASC-001", "TLS-001"]
    page = html.render(run).decode()
    assert "Used in: Large hospital" in page
    assert "Broken, and essential here:" in page


@pytest.mark.parametrize("place", deployments.load())
def test_every_place_is_shown(sample: Run, place: str) -> None:
    said = {"id": place, "title": "t", "responsible": ""}
    view = place_of(replace(sample, document={**sample.document, "deployment": said}))
    assert view is not None
    assert view.title == deployments.load()[place].title


@pytest.mark.parametrize(
    ("verdict", "complete", "tone", "good"),
    [
        ("PASS", True, "good", True),
        ("PASS", False, "unsure", False),
        ("INCONCLUSIVE", True, "unsure", False),
        ("ERROR", True, "unsure", False),
        ("REVIEW", True, "unsure", False),
        ("WARN", True, "unsure", False),
        ("NOT_APPLICABLE", True, "void", False),
    ],
)
def test_news_is_good_only_when_all_was_played_and_held(
    verdict: str, complete: bool, tone: str, good: bool, tmp_path: Path
) -> None:
    row = result("AUT-001", verdict, requirements=["HOUSE/ROLE-MATRIX"])
    view = chair_of(_run(tmp_path, [row], "it-security", complete=complete))
    assert view is not None
    assert view.tone == tone
    assert bool(view.good) is good


def test_one_open_result_spoils_the_news_of_its_topic(tmp_path: Path) -> None:
    other = result("AUT-002", "INCONCLUSIVE", requirements=["HOUSE/USER-PROVEN"])
    view = chair_of(_run(tmp_path, [HELD, other], "it-security"))
    assert view is not None
    assert view.good == ()
    assert view.undecided == (("Decides who may do what", 1),)


def test_a_twin_is_no_news(tmp_path: Path) -> None:
    row = result("AUT-930", "PASS", requirements=["HOUSE/ROLE-MATRIX"], twin="")
    view = chair_of(_run(tmp_path, [row], "it-security"))
    assert view is not None
    assert (view.good, view.tone) == ((), "void")


def test_burdens_are_told_of_what_was_played(tmp_path: Path) -> None:
    view = chair_of(_run(tmp_path, [HELD], "clinical-engineering"))
    assert view is not None
    assert [topic for topic, _ in view.burdens] == ["Decides who may do what"]


def test_a_waived_failure_is_marked(tmp_path: Path) -> None:
    run = _run(tmp_path, [DOWN], "clinician")
    waivers = [{"scenario": "ASC-001", "state": "met"}]
    view = chair_of(replace(run, document={**run.document, "waivers": waivers}))
    assert view is not None
    assert view.concerns[0].failures[0].waived


def test_markdown_tells_the_same(tmp_path: Path) -> None:
    page = markdown.render(_run(tmp_path, [DOWN, HELD], "clinical-engineering")).decode()
    assert "### For: Clinical engineering" in page
    assert "patients wait" in page
    assert page.index("### For:") < page.index("| verdict |")


def test_strangers_words_stay_words(tmp_path: Path) -> None:
    text = hostile.EVERYTHING
    row = result(
        text[:60], "FAIL", title=text, kind=text, requirements=["HOUSE/NOTHING-LOST", text]
    )
    run = _run(tmp_path, [row], "patient", "small-practice")
    page = html.render(run).decode()
    assert hostile.SCRIPT not in page
    said = {"id": text, "title": text, "responsible": text}
    assert place_of(replace(run, document={**run.document, "deployment": said})) is None
    assert hostile.SCRIPT not in markdown.render(run).decode()
