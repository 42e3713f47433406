"""The authorisation matrix as values, in HTML and in Markdown."""

from __future__ import annotations

import pytest

from harness.run import Run
from harness.verdict import Verdict
from reports import html, markdown
from reports.page.access import Matrix, matrix_of
from tests.reports import hostile


@pytest.fixture(scope="module")
def matrix(granted_run: Run) -> Matrix:
    return matrix_of(granted_run)


def cells(matrix: Matrix) -> dict[tuple[str, str, str], tuple[Verdict, str]]:
    return {
        (person.name, row.object, operation): (cell.verdict, cell.words)
        for person in matrix.people
        for row in person.rows
        for operation, cell in zip(matrix.operations, row.cells, strict=True)
        if cell is not None
    }


def test_each_cell_is_what_should_be_or_not(matrix: Matrix) -> None:
    assert cells(matrix) == {
        ("modality", "public", "echo"): (Verdict.PASS, "served"),
        ("modality", "public", "store"): (Verdict.PASS, "served"),
        ("modality", "public", "find"): (Verdict.PASS, "refused"),
        ("modality", "secret", "find"): (Verdict.FAIL, "served"),
        ("station", "public", "find"): (Verdict.PASS, "served"),
        ("station", "public", "move"): (Verdict.FAIL, "did not arrive"),
        ("station", "secret", "find"): (Verdict.FAIL, "served"),
        ("station", "secret", "get"): (Verdict.FAIL, "no answer"),
        ("station", "secret", "commit"): (Verdict.INCONCLUSIVE, "not tried"),
        ("station", "secret", "delete"): (Verdict.INCONCLUSIVE, "no answer"),
    }


def test_operations_stand_in_their_order(matrix: Matrix) -> None:
    assert matrix.operations == ("echo", "store", "find", "get", "move", "commit", "delete")


def test_a_leak_on_a_detour_shows_in_its_cell(matrix: Matrix) -> None:
    leaks = {(who, what, which): cell for who, what, which, cell in matrix.leaks}
    assert leaks["station", "find", "secret"].scenario == "AUT-008"
    assert leaks["station", "find", "secret"].detail == "at IMAGE level: status 0000H"
    assert leaks["station", "find", "secret"].tries == 2
    assert leaks["modality", "find", "secret"].scenario == "AUT-020"
    # What was tried with another declaration, or outside the matrix, is no cell of it.
    assert ("station", "find", "public") not in leaks
    assert {person.name for person in matrix.people} == {"modality", "station"}


def test_cells_are_counted(matrix: Matrix) -> None:
    assert matrix.counts == (("allowed cells served", 3, 4), ("forbidden ones kept", 1, 6))


def test_the_page_shows_it(granted_run: Run) -> None:
    page = html.render(granted_run).decode()
    assert "Who may do what" in page
    assert 'class="acc forbidden v-FAIL" href="#AUT-008"' in page
    assert 'class="acc allowed v-PASS" href="#AUT-930"' in page
    assert page.count('scope="rowgroup"') == 2


def test_markdown_shows_it(granted_run: Run) -> None:
    text = markdown.render(granted_run).decode()
    assert "3 of 4 allowed cells served, 1 of 6 forbidden ones kept." in text
    header = "| identity | object | echo | store | find | get | move | commit | delete |"
    assert header in text
    row = next(line for line in text.splitlines() if line.startswith("| station | secret"))
    assert row.count("|") == header.count("|")
    assert "❌ &#91;served&#93;" in row or "❌ [served]" in row


def test_a_run_without_a_matrix_shows_none(sample: Run) -> None:
    assert matrix_of(sample).people == ()
    assert 'id="access"' not in html.render(sample).decode()
    assert "Who may do what" not in markdown.render(sample).decode()


def test_hostile_cells_are_only_text(hostile_granted_run: Run) -> None:
    page = html.render(hostile_granted_run).decode()
    text = markdown.render(hostile_granted_run).decode()
    assert 'id="access"' in page
    assert hostile.SCRIPT not in page
    assert "<svg onload" not in page
    assert hostile.SCRIPT not in text
    assert "](javascript" not in text
