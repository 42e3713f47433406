from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pypdfium2
import pytest
import typst

from harness import stakeholders
from harness.errors import RecordError
from harness.model import JSON
from harness.run import Run
from harness.verdict import Verdict
from reports import pdf
from reports.rows import rows_of
from reports.typeset import findings
from tests.reports import builder, concluding
from tests.reports.rows import Row, result

MARKUP = (
    '#eval("6*7") #panic("no") $x^2$ \\ @nowhere <label> ``` *bold* _it_ = Head // gone /* gone */ '
    "- item + item [content] #{ 40 + 2 } ~ -- ... \"quoted\" 'single' https://example.org"
)
"""Everything that the typesetter would take for a command, if it were source."""


@pytest.fixture(scope="module")
def pages(sample: Run) -> list[str]:
    return _pages(pdf.render(sample))


def _pages(data: bytes) -> list[str]:
    document = pypdfium2.PdfDocument(data)
    try:
        return [" ".join(page.get_textpage().get_text_bounded().split()) for page in document]
    finally:
        document.close()


def _squeezed(texts: Sequence[str]) -> str:
    """The text without white space and places to break, which may be anywhere."""
    return re.sub(r"[\s\u200b]", "", "".join(texts))


def _rendered(tmp_path: Path, rows: Sequence[Row], **head: JSON) -> list[str]:
    run = builder.build(tmp_path / "runs" / "one", rows, complete=True, **head)
    return _pages(pdf.render(run))


def test_the_cover_says_what_it_is_and_what_it_is_not(pages: list[str]) -> None:
    cover = pages[0]
    assert "Northwind Imaging Aurora CT" in cover
    assert "Version 5.2.1" in cover
    assert "2026-03-01 09:30:00 UTC" in cover
    assert "Pre-certification evidence." in cover
    assert "It is not a certificate." in cover
    assert "5 of 20 scenarios failed" in cover


def test_pages_are_numbered_and_bear_device_and_run(pages: list[str]) -> None:
    for number, page in enumerate(pages[1:], 2):
        assert f"{number} of {len(pages)}" in page
        assert "Northwind Imaging Aurora CT 5.2.1 20260301-aurora" in page


def test_every_result_is_listed_and_every_failure_told(pages: list[str], sample: Run) -> None:
    whole = " ".join(pages)
    for row in rows_of(sample):
        assert row.id in whole
        if row.verdict is Verdict.FAIL:
            assert f"assay replay runs/20260301-aurora {row.id}" in whole
            assert row.remediation in whole
    for told in (
        "Not true on purpose: length",
        "ff ff ff ff",
        "4,195 of 4,195 bytes left our side",
    ):
        assert told in whole


def test_the_appendix_ties_the_document_to_the_record(pages: list[str], sample: Run) -> None:
    last = _squeezed(pages[-1:])
    assert len(sample.digest) == 64
    assert sample.digest in last
    assert "ab" * 32 in last
    assert "every selected scenario has a result" in pages[-1]


def test_an_incomplete_run_says_so_first(incomplete: Run) -> None:
    pages = _pages(pdf.render(incomplete))
    assert "This run is incomplete." in pages[0]
    assert "2 selected scenarios of 27 have no result" in pages[0]
    assert "RES-001 RES-002" in pages[-1]


def test_it_is_tagged_archivable_and_has_bookmarks(sample: Run) -> None:
    data = pdf.render(sample)
    assert b"<pdfaid:part>2</pdfaid:part>" in data
    assert b"<pdfaid:conformance>A</pdfaid:conformance>" in data
    assert b"<pdfuaid:part>1</pdfuaid:part>" in data
    document = pypdfium2.PdfDocument(data)
    titles = [mark.get_title() for mark in document.get_toc()]
    meta = document.get_metadata_dict()
    document.close()
    assert {"Summary", "Method", "Results", "Findings in detail", "Appendix"} <= set(titles)
    assert any(title.startswith("PAR-002") for title in titles)
    assert meta["Title"] == "Security evidence report: Northwind Imaging Aurora CT"
    assert meta["CreationDate"].startswith("D:20260301")


def test_the_same_run_makes_the_same_octets(sample: Run) -> None:
    assert pdf.render(sample) == pdf.render(sample)


def test_what_looks_like_a_command_is_printed_as_it_stands(tmp_path: Path) -> None:
    rows = [result("ASC-001", "FAIL", title=MARKUP, reason=MARKUP, remediation=MARKUP)]
    device: dict[str, JSON] = {"manufacturer": MARKUP[:50], "model": "#d", "version": "`x`"}
    pages = _rendered(tmp_path, rows, device={**device, "claims": [MARKUP], "profile": MARKUP})
    assert _squeezed([MARKUP]) in _squeezed(pages)
    assert '#eval("6*7")' in pages[0]


@pytest.mark.parametrize("name", ["hostile_run", "hostile_concluded_run"])
def test_hostile_strings_neither_act_nor_leave_the_page(
    name: str, request: pytest.FixtureRequest
) -> None:
    document = pypdfium2.PdfDocument(pdf.render(request.getfixturevalue(name)))
    whole = ""
    for page in document:
        texts = page.get_textpage()
        whole += texts.get_text_bounded()
        width, height = page.get_size()
        for at in range(texts.count_chars()):
            left, bottom, right, top = texts.get_charbox(at)
            inside = left >= 50 and right <= width - 50 and bottom >= 0 and top <= height
            assert inside or left == right, texts.get_text_range(at, 40)
    document.close()
    assert not set(whole) & set("\x00\x1b\x07\x7f\u202e\u2066")
    assert "\\u202e" in whole
    assert "[15,326 more characters]" in whole
    assert "A" * 3000 not in re.sub(r"\s", "", whole)


def test_a_script_without_a_font_is_shown_or_spelt_out(tmp_path: Path) -> None:
    name = "放射線 😀 \U000e0001 \ue000 \u0915\u094d\u0937"
    whole = _squeezed(_rendered(tmp_path, [result("ASC-001", "FAIL", title=name)]))
    assert "放射線" in whole or "\\u653e\\u5c04\\u7dda" in whole
    assert "\\ue000" in whole


def test_characters_that_fail_only_together_are_spelt_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pdf, "_draws", lambda fonts, char: True)
    whole = _squeezed(_rendered(tmp_path, [result("ASC-001", "FAIL", title="x \ua9c5 y")]))
    assert "\\ua9c5" in whole or "\ua9c5" in whole


def test_a_typesetter_that_fails_says_so_in_one_line(
    sample: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object, **__: object) -> bytes:
        error = typst.TypstError("out of ink", "")
        error.message = "out of ink"  # as the typesetter sets it
        raise error

    monkeypatch.setattr(typst, "compile", broken)
    with pytest.raises(RecordError, match=r"--format pdf: .*out of ink; --format html shows"):
        pdf.render(sample)


def test_a_date_that_is_none_and_a_run_without_results_are_printed(tmp_path: Path) -> None:
    pages = _rendered(tmp_path, [], started="yesterday")
    assert "Nothing conclusive" in pages[0]
    assert "This run holds no result." in " ".join(pages)


def test_a_long_run_counts_what_it_leaves_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(findings, "MOST_ROWS", 40)
    monkeypatch.setattr(findings, "MOST_STORIES", 3)
    run = builder.large(tmp_path / "runs" / "long", 90)
    whole = " ".join(_pages(pdf.render(run)))
    loud = sum(1 for row in rows_of(run) if row.verdict not in (Verdict.PASS, Verdict(0)))
    assert "The other 50 results follow by id" in whole
    assert f"3 of {loud}, the others are in report.html" in whole
    assert whole.count("assay replay") == 3
    assert all(row.id in whole for row in rows_of(run))
    first = whole[whole.index("Findings in detail", whole.index("Further results")) :]
    assert re.search(r"(?:ASC|DIM|TLS|PAR)-\d{4} The device survives case \d+ Fail", first)


def test_what_follows_from_results_is_printed(concluded_run: Run) -> None:
    deployment: JSON = {"id": "large-hospital", "title": "Hospital", "responsible": "shared"}
    level: JSON = {
        "id": "baseline",
        "title": "Baseline",
        "purpose": "Stays in service.",
        "reached": False,
        "needs": [{"requirement": "PS3.8/9.3.1", "weight": "required", "met": False}],
    }
    scheme: JSON = {**concluding.SCHEME, "levels": [level]}
    more = concluding.told(concluded_run, deployment=deployment, scheme=scheme)
    pages = _pages(pdf.render(replace(more, chair="patient")))
    whole = " ".join(pages)
    assert "Baseline (our proposal)" in pages[0]
    assert f"the chair of {stakeholders.load()['patient'].title}" in pages[0]
    for told in (
        "Baseline Stays in service. no 0 of 1",
        "To close: Bound the length.",
        "What it means.",
        "Broken, and essential there",
        "contradicted",
        "512 MiB for one PDU",
        "The next release bounds it.",
        "expired",
        "Does a lost password lock the account?",
        "R. Moreau, clinical engineer, Northwind Clinic",
        "T-AVAIL-03 A client makes the acceptor allocate memory by a declared length",
        "Threats that this run did not exercise",
        "Requirements that do not simply hold",
    ):
        assert told in whole


def test_a_plain_run_has_no_empty_section(sample: Run) -> None:
    whole = " ".join(_pages(pdf.render(sample)))
    for absent in ("Level and gaps", "Claims", "Waivers", "Attestations", "Where the device is"):
        assert absent not in whole
