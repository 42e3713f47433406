"""What a person was asked and has answered, as reports show it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from harness import run as runs
from harness.model import JSON
from harness.reviewing import answers, attesting
from harness.run import Run
from reports import html, markdown
from reports.page.reviews import reviews_of
from reports.rows import mappings
from tests.harness.reviewing.asked import played, profile
from tests.reports import hostile


@pytest.fixture(scope="module")
def answered(tmp_path_factory: pytest.TempPathFactory) -> Run:
    """One question is open, one was answered twice, one does not apply."""
    folder = tmp_path_factory.mktemp("answered")
    run = played(folder, profile(folder))
    asked = {one.scenario: one for one in attesting.questions(run)}
    (folder / "case.txt").write_text("locked")
    said = {"by": "Ada Example", "role": "IT", "at": "2026-01-02T10:11:12Z"}
    with attesting.giving(run, folder=folder) as give:
        for more in (
            {"scenario": "REV-004", "answer": "no", "note": "a door stands open"},
            {"scenario": "REV-004", "answer": "yes", "attachments": ["case.txt"]},
            {"scenario": "REV-009", "answer": "n/a", "note": "no patients here"},
        ):
            one = answers.of({**said, **more}, "test")
            give(asked[one.scenario], one)
    return runs.load(run.folder)


def test_a_run_that_asks_nobody_has_no_section(sample: Run) -> None:
    assert reviews_of(sample) is None
    assert b'id="reviews"' not in html.render(sample)
    assert "Reviews by a person" not in markdown.render(sample).decode()


def test_open_questions_say_what_to_do_and_answers_who_gave_them(answered: Run) -> None:
    view = reviews_of(answered)
    assert view is not None
    assert [one.scenario for one in view.open] == ["REV-001"]
    assert [(one.scenario, one.answer, one.at) for one in view.given] == [
        ("REV-004", "yes", "2026-01-02 10:11 UTC"),
        ("REV-009", "n/a", "2026-01-02 10:11 UTC"),
    ]
    assert [one.note for one in view.earlier] == ["a door stands open"]
    assert view.told == "1 question open; 2 answered, 0 of them signed by a trusted key."
    page = html.render(answered).decode()
    assert "change one pixel of the stored copy" in page
    assert 'href="./attachments/REV-004-' in page
    assert '<span class="tag">attested</span>' in page


def test_markdown_says_it_in_lines(answered: Run) -> None:
    said = markdown.render(answered).decode()
    assert "- REV-004: **yes**, Ada Example, IT, unsigned" in said
    assert "- REV-001: waits: " in said


@pytest.mark.parametrize("state", ["invalid", "unknown key", "valid"])
def test_the_state_of_a_signature_is_shown(answered: Run, state: str) -> None:
    changed = _changed(answered, signature={"state": state, "keyid": "ab" * 32})
    view = reviews_of(changed)
    assert view is not None
    assert [one.scenario for one in view.given] == (
        [] if state == "invalid" else ["REV-004", "REV-009"]
    )
    assert all(one.state == state for one in (*view.given, *view.earlier))


def test_hostile_answers_are_text(answered: Run) -> None:
    words = hostile.EVERYTHING
    files: JSON = [{"name": f"../../{words}", "sha256": words, "bytes": -1}]
    changed = _changed(
        answered, by=words, role=words, note=words, question=words, at=words, answer=words,
        attachments=files,
    )  # fmt: skip
    view = reviews_of(changed)
    assert view is not None
    assert all(not link.href for one in view.given for link, _, _ in one.attachments)
    page = html.render(changed).decode()
    assert hostile.SCRIPT not in page
    assert "<img" not in page
    assert hostile.ANSI[0] not in page
    said = markdown.render(changed).decode()
    assert hostile.MARKDOWN not in said


def test_a_report_of_a_redacted_run_needs_no_plays(answered: Run) -> None:
    view = reviews_of(replace(answered, folder=Path("redacted"), plays={}, chosen={}))
    assert view is not None
    assert view.open == ()
    assert len(view.given) == 2


def _changed(run: Run, **parts: JSON) -> Run:
    changed: list[JSON] = [{**row, **parts} for row in mappings(run.document, "attestations")]
    return replace(run, document={**run.document, "attestations": changed})
