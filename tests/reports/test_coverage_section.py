"""The report's section on requirements: each stands somewhere, and says why."""

from __future__ import annotations

import time
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest

from harness import registry, requirements
from harness.run import Run
from harness.standing import State, standings
from reports import html
from reports.page import coverage
from reports.page.coverage import CoverageView, SetView, coverage_of
from reports.walls import environment
from tests.reports import builder, hostile
from tests.reports.rows import Row, result


def shown(view: CoverageView | None) -> str:
    """The section alone, as it stands in the page."""
    return environment().get_template("coverage.html.jinja").render(coverage=view)


def seen(folder: Path, *rows: Row) -> CoverageView:
    """The section of a run with these rows."""
    view = coverage_of(builder.build(folder / "run", rows))
    assert view is not None
    return view


def the_set(view: CoverageView, name: str) -> SetView:
    return next(one for one in view.sets if one.name == name)


def test_every_requirement_is_in_one_place_and_bars_are_full(sample: Run) -> None:
    view = coverage_of(sample)
    assert view is not None
    placed = [line.id for part in view.sets for line in part.lines]
    placed += [name for part in view.sets for group in part.groups for name, _ in group.members]
    assert sorted(placed) == sorted(requirements.load())
    for shares in (view.shares, *(part.shares for part in view.sets)):
        assert sum(share.width for share in shares) == pytest.approx(100, abs=0.1)
    counted = Counter(one.state.name.lower() for one in standings(sample.document).values())
    assert {share.state: share.count for share in view.shares} == counted


def test_what_is_broken_comes_first_and_leads_to_its_scenario(tmp_path: Path) -> None:
    rows = [
        result("ASC-001", "PASS", requirements=["PS3.8/9.3.2"]),
        result("ASC-002", "FAIL", requirements=["PS3.8/D.1"], reason="It took 70000 octets."),
    ]
    view = seen(tmp_path, *rows)
    lines = the_set(view, "DICOM PS3.8").lines
    assert [(line.id, line.state, line.tone) for line in lines] == [
        ("PS3.8/D.1", State.BROKEN, "FAIL"),
        ("PS3.8/9.3.2", State.HOLDS, "PASS"),
    ]
    page = shown(view)
    assert "ASC-002: It took 70000 octets." in page
    assert 'href="#ASC-002"' in page


def test_evidence_from_another_set_is_marked_as_a_part(tmp_path: Path) -> None:
    view = seen(tmp_path, result("TLS-003", "PASS", requirements=["HOUSE/MUTUAL-TLS"]))
    lines = {line.id: line for line in the_set(view, "IEC 62443-4-2").lines}
    assert lines["IEC62443-4-2/CR-1.2"].partial
    assert "TLS-003, which verifies HOUSE/MUTUAL-TLS" in lines["IEC62443-4-2/CR-1.2"].reason
    assert ">in part<" in shown(view)


def test_reasons_of_what_is_open_are_told_once(tmp_path: Path) -> None:
    view = seen(tmp_path, result("ASC-001", "PASS"))
    groups = the_set(view, "MDS2 HN 1-2019").groups
    assert len({(group.state, group.reason) for group in groups}) == len(groups)
    assert all(group.reason.strip() for group in groups)
    assert any(len(group.members) > 20 for group in groups)


def test_many_scenarios_are_counted_and_not_all_linked(tmp_path: Path) -> None:
    rows = [result(f"ASC-{n:03}", "PASS") for n in range(coverage.MOST_LINKS + 3)]
    line = the_set(seen(tmp_path, *rows), "DICOM PS3.8").lines[0]
    assert (len(line.scenarios), line.more) == (coverage.MOST_LINKS, 3)


def test_a_word_is_told_from_a_measurement(tmp_path: Path) -> None:
    run = builder.build(tmp_path / "run", [result("REV-001", "PASS", requirements=["MDS2/SBOM-1"])])
    answered = {**run.document, "attestations": [{"scenario": "REV-001", "answer": "yes"}]}
    told = shown(coverage_of(replace(run, document=answered)))
    assert "holds by a person's word" in told
    assert "person's word" not in shown(coverage_of(run))


def test_a_run_that_says_nothing_has_no_section(tmp_path: Path) -> None:
    none = builder.build(tmp_path / "none", [])
    foreign = builder.build(tmp_path / "foreign", [result("VND-001", "PASS", requirements=["V/1"])])
    assert coverage_of(none) is None
    assert coverage_of(foreign) is None
    assert 'id="coverage"' not in html.render(none).decode()


def test_hostile_strings_stay_text(tmp_path: Path) -> None:
    name = hostile.SCRIPT
    rows = [result("ASC-001", "FAIL", reason=hostile.EVERYTHING), result(name, "FAIL")]
    page = shown(seen(tmp_path, *rows))
    assert "<script" not in page.casefold()
    assert "<img" not in page.casefold()


def test_it_is_light_and_quick(tmp_path: Path) -> None:
    catalogue = registry.load().values()
    rows = [result(one.id, "PASS", requirements=list(one.verifies)) for one in catalogue]
    run = builder.build(tmp_path / "run", rows)
    shown(coverage_of(run))  # the template is compiled once for all pages
    start = time.process_time()
    page = shown(coverage_of(run))
    assert time.process_time() - start < 0.3
    assert len(page.encode()) < 400_000
    assert html.render(run).decode().count('id="coverage"') == 1
