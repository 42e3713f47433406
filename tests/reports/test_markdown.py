from __future__ import annotations

from pathlib import Path

import pytest
from markdown_it import MarkdownIt

from harness.run import Run, with_results
from reports import markdown
from reports.markdown import bounded, quoted
from tests.reports import builder, hostile
from tests.reports.rows import result


def _text(run: Run) -> str:
    return markdown.render(run).decode()


def test_summary_names_failures_worst_first(sample: Run) -> None:
    text = _text(sample)
    assert "**5 of 20 conclusive results fail (2 critical, 2 high, 1 medium).**" in text
    assert "| ❌ FAIL | 5 |" in text
    assert text.index("ASC-003 |") < text.index("ASC-005 |") < text.index("ASC-109 |")
    assert "not a certificate" in text


def test_an_incomplete_run_is_said_loudly(incomplete: Run, sample: Run) -> None:
    assert "> [!CAUTION]" in _text(incomplete)
    assert "RES-001" in _text(incomplete)
    assert "CAUTION" not in _text(sample)


def test_nothing_conclusive_is_said(tmp_path: Path) -> None:
    run = builder.build(tmp_path / "run", [result("ASC-001", "INCONCLUSIVE")])
    assert "Nothing conclusive" in _text(run)


@pytest.mark.parametrize("text", hostile.ALL)
def test_quoted_text_has_no_active_character(text: str) -> None:
    plain = quoted(text, 20_000)
    left = plain.replace("&#", "")
    assert not set(left) & set('<>|`*_[]()!@\\~{}"&#:\n\x00\x1b\u202e')
    assert "www." not in plain


def test_tables_keep_their_shape(hostile_run: Run) -> None:
    rows = [line for line in _text(hostile_run).splitlines() if line.startswith("| ASC-")]
    assert len(rows) == 5
    assert {line.count("|") for line in rows} == {6}


def test_hostile_text_stays_text(hostile_run: Run) -> None:
    text = _text(hostile_run)
    for raw in ("<script", "<img", "<svg", "](javascript", "@admin", "http://", "</style"):
        assert raw not in text


def test_another_renderer_makes_tables_of_it_and_nothing_else(
    sample: Run, hostile_concluded_run: Run
) -> None:
    renderer = MarkdownIt("gfm-like", {"linkify": False})
    for run in (sample, hostile_concluded_run):
        tokens = renderer.parse(_text(run))
        inner = [each for one in tokens for each in one.children or []]
        kinds = {one.type for one in (*tokens, *inner)}
        assert "table_open" in kinds
        assert not kinds & {"link_open", "image", "html_block", "code_inline", "fence"}
        html = {one.content for one in inner if one.type == "html_inline"}
        assert html <= {"<sub>", "</sub>"}


def test_a_summary_stays_below_the_limit_and_says_what_is_missing(sample: Run) -> None:
    rows = [result(f"ASC-{number:05}", "FAIL") for number in range(10_000)]
    data = markdown.render(with_results(sample, rows))
    assert len(data) < 2**20
    text = data.decode()
    shown = sum(line.startswith("| ASC-") for line in text.splitlines())
    assert f"{10_000 - shown:,} rows" in text
    assert "not a certificate" in text.splitlines()[-1]
    tokens = MarkdownIt("gfm-like", {"linkify": False}).parse(text)
    assert sum(one.type == "tr_open" for one in tokens) > shown


def test_a_table_is_cut_between_two_rows() -> None:
    lines = ["### T", "", "| a |", "|:--|", *(f"| {n} |" for n in range(10)), ""]
    kept = [*bounded(lines, 30)]
    assert kept[:5] == ["### T", "", "| a |", "|:--|", "| 0 |"]
    assert any("9 rows" in line for line in kept)
    assert [*bounded(lines, 1000)] == lines
