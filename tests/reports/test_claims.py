"""The claims in reports: worst first, linked to results, and harmless whatever they say."""

from __future__ import annotations

from pathlib import Path

from harness.model import JSON
from harness.run import Run
from reports import html, markdown
from reports.page.claims import claims_of
from tests.reports import hostile
from tests.reports.builder import build
from tests.reports.rows import result


def sample(folder: Path, text: str = "It does this.", name: str = "form.csv") -> Run:
    said: list[JSON] = [
        {"source": source, "key": key, "value": value, "note": text, "text": text}
        for source, key, value in (
            ("mds2", "CONN-7", "no"),
            ("mds2", "AUDT-1", text),
            ("statement", "network.acceptor.services.storage", "yes"),
        )
    ]
    files: list[JSON] = [{"source": "mds2", "name": name, "sha256": "ab" * 32}]
    rows = [result("TLS-900", "PASS"), result("STO-900", "PASS")]
    return build(folder / "run", rows, claims={"files": files, "answers": said})


def test_contradicted_claims_come_first(tmp_path: Path) -> None:
    view = claims_of(sample(tmp_path))
    assert view is not None
    assert [group.state for group in view.groups] == [
        "contradicted",
        "observed but not claimed",
        "confirmed",
        "not observable",
    ]
    assert [group.open for group in view.groups] == [True, True, False, False]
    first = view.groups[0].claims[0]
    assert (first.key, first.claimed, first.observed) == ("CONN-7", "no", "yes")
    assert first.scenarios == ("TLS-900",)
    assert round(sum(group.share for group in view.groups)) == 100
    assert view.files == (("form.csv", "MDS2 form", "ab" * 32),)


def test_the_page_links_to_the_results(tmp_path: Path) -> None:
    page = html.render(sample(tmp_path)).decode()
    section = page.split('<section id="claims"')[1].split("</section>")[0]
    assert 'href="#TLS-900"' in section
    assert "1 contradicted" in section
    assert "form.csv" in section


def test_a_run_without_claims_has_no_section(tmp_path: Path) -> None:
    run = build(tmp_path / "run", [result("TLS-900", "PASS")])
    assert claims_of(run) is None
    assert b'id="claims"' not in html.render(run)
    assert b"### Claims" not in markdown.render(run)


def test_the_job_summary_names_what_is_contradicted(tmp_path: Path) -> None:
    text = markdown.render(sample(tmp_path)).decode()
    section = text.split("### Claims")[1].split("###")[0]
    assert "1 contradicted" in section
    assert "| CONN-7 | MDS2 form | no | yes | contradicted | TLS-900 |" in section


def test_hostile_claims_stay_text(tmp_path: Path) -> None:
    run = sample(tmp_path, hostile.EVERYTHING, hostile.SCRIPT)
    page = html.render(run).decode()
    section = page.split('<section id="claims"')[1].split("</section>")[0]
    assert "<script" not in section
    assert "<img" not in section
    assert "\u202e" not in section
    assert "<script" not in markdown.render(run).decode().split("### Claims")[1]
