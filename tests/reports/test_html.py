from __future__ import annotations

import base64
import hashlib
import re
from html.parser import HTMLParser
from pathlib import Path

from harness.run import Run
from reports import html
from tests.reports import builder, hostile
from tests.reports.rows import result

EVENT_HANDLERS = re.compile(r"on[a-z]+")


class _Reader(HTMLParser):
    """Collects what a browser would build."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str]]] = []
        self.words: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, {name: value or "" for name, value in attrs}))

    def handle_data(self, data: str) -> None:
        self.words.append(data)

    def named(self, tag: str) -> list[dict[str, str]]:
        return [attrs for name, attrs in self.tags if name == tag]


def _page(run: Run) -> tuple[str, _Reader]:
    page = html.render(run).decode("utf-8")
    reader = _Reader()
    reader.feed(page)
    return page, reader


def test_hostile_text_builds_no_element(hostile_run: Run, sample: Run) -> None:
    page, reader = _page(hostile_run)
    _, honest = _page(sample)
    assert {tag for tag, _ in reader.tags} <= {tag for tag, _ in honest.tags}
    assert len(reader.named("script")) == len(reader.named("style")) == 1
    assert not reader.named("img")
    for raw in (hostile.SCRIPT, hostile.IMAGE, "<injected", "<svg onload", "</textarea>"):
        assert raw not in page
    names = {name for _, attrs in reader.tags for name in attrs}
    assert not [name for name in names if EVENT_HANDLERS.fullmatch(name)]
    assert "style" not in names


def test_acting_characters_never_reach_the_page(hostile_run: Run) -> None:
    page, _ = _page(hostile_run)
    assert not set(page) & set("\x00\x1b\x07\x7f\u202e\u2066\ud800")
    assert "\\u202e" in page
    assert "49" not in re.findall(r"\{\{ (\S+) \}\}", page)
    assert "{{ 7*7 }}" in page


def test_huge_strings_are_cut(hostile_run: Run) -> None:
    page, _ = _page(hostile_run)
    assert "A" * 3000 not in page
    assert len(page) < 1_000_000


def test_links_lead_nowhere_dangerous(hostile_run: Run, sample: Run) -> None:
    for run in (hostile_run, sample):
        _, reader = _page(run)
        for attrs in reader.named("a"):
            assert attrs["href"].startswith(
                ("#", "./", "https://cwe.mitre.org/", "https://www.cve.org/")
            )


def test_the_policy_admits_exactly_our_script_and_style(sample: Run) -> None:
    page, reader = _page(sample)
    policy = next(a["content"] for a in reader.named("meta") if "http-equiv" in a)
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    for tag in ("script", "style"):
        (source,) = re.findall(f"<{tag}>(.*?)</{tag}>", page, re.S)
        digest = base64.b64encode(hashlib.sha256(source.encode()).digest()).decode()
        assert f"{tag}-src 'sha256-{digest}'" in policy
    assert page.index("http-equiv") < page.index("<style>")


def test_nothing_is_fetched(sample: Run) -> None:
    _, reader = _page(sample)
    assert not [attrs for _, attrs in reader.tags if "src" in attrs or "srcset" in attrs]
    assert not reader.named("link")


def test_ids_are_unique_and_labels_resolve(sample: Run) -> None:
    _, reader = _page(sample)
    ids = [attrs["id"] for _, attrs in reader.tags if "id" in attrs]
    assert len(ids) == len(set(ids))
    for _, attrs in reader.tags:
        for key in ("aria-labelledby", "for"):
            assert attrs.get(key, ids[0]) in ids


def test_a_finding_tells_the_whole_story(sample: Run) -> None:
    page, reader = _page(sample)
    words = " ".join(" ".join(reader.words).split())
    for told in (
        "Why this is wrong",
        "What was sent",
        "Not true on purpose",
        "What came back",
        "How to mend it",
        "assay replay runs/20260301-aurora PAR-002",
        "ASC-900, the same without the deviation: PASS",
        "an honest peer was served meanwhile",
        "pre-certification evidence",
    ):
        assert told in words
    assert 'href="./wire/ASC-003.pcapng"' in page
    assert "<mark>ff ff ff ff</mark>" in page


def test_incomplete_and_void_runs_say_so(incomplete: Run, sample: Run, tmp_path: Path) -> None:
    assert "This run is incomplete." in _page(incomplete)[0]
    assert "This run is incomplete." not in _page(sample)[0]
    void = builder.build(tmp_path / "void", [result("ASC-001", "ERROR")])
    assert "Nothing conclusive" in _page(void)[0]
    empty = builder.build(tmp_path / "empty", [])
    assert "This run holds no result." in _page(empty)[0]


def test_output_is_stable(sample: Run) -> None:
    assert html.render(sample) == html.render(sample)
