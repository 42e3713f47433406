from __future__ import annotations

import base64
import json
import re
import zlib
from html.parser import HTMLParser
from pathlib import Path

import pytest

from harness.run import Run
from reports import html, packing
from reports.rows import rows_of
from tests.reports import builder, hostile


class _Reader(HTMLParser):
    """The elements that a browser builds without a script, and the texts of the data blocks."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.blocks: dict[str, list[str]] = {}
        self._block = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self.tags.append(tag)
        self._block = given.get("id") or given.get("class") or "" if tag == "script" else ""

    def handle_endtag(self, tag: str) -> None:
        self._block = ""

    def handle_data(self, data: str) -> None:
        if self._block:
            self.blocks.setdefault(self._block, []).append(data)


def _packed(run: Run, monkeypatch: pytest.MonkeyPatch) -> tuple[str, _Reader]:
    monkeypatch.setattr(html, "WHOLE", 3)
    page = html.render(run).decode()
    return page, _Reader(page)


def _stories(reader: _Reader) -> list[str]:
    blocks = [json.loads(zlib.decompress(base64.b64decode(b))) for b in reader.blocks["stories"]]
    return [story for block in blocks for story in block]


def test_a_short_run_packs_nothing(sample: Run) -> None:
    page = html.render(sample).decode()
    assert len(rows_of(sample)) <= packing.WHOLE
    assert 'class="stories"' not in page
    assert "<noscript>" not in page


def test_index_rows_and_stories_are_in_one_order(
    sample: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(packing, "_BLOCK", 4)
    _, reader = _packed(sample, monkeypatch)
    index = json.loads(reader.blocks["index"][0])
    shapes = json.loads(reader.blocks["shapes"][0])
    stories = _stories(reader)
    rows = sorted(rows_of(sample), key=lambda row: row.gravity)
    assert [(one[0], one[2], one[3], *shapes[one[1]][:3]) for one in index] == [
        (row.id, row.family, row.title, row.verdict.name, row.severity, row.role) for row in rows
    ]
    assert len(shapes) < len(rows)
    assert len(reader.blocks["stories"]) == -(-len(rows) // 4)
    for row, story in zip(rows, stories, strict=True):
        assert f"assay replay runs/20260301-aurora {row.id}" in story
        assert "f-title" not in story


def test_a_packed_story_is_the_one_that_a_short_run_shows(
    sample: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = "".join(html.render(sample).decode().split())
    _, reader = _packed(sample, monkeypatch)
    assert all("".join(story.split()) in whole for story in _stories(reader))


def test_without_a_script_every_result_is_named(
    sample: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    page, _ = _packed(sample, monkeypatch)
    (named,) = re.findall(r"<noscript>(.*?)</noscript>", page, re.S)
    assert all(f'<span class="f-id">{row.id}</span>' in named for row in rows_of(sample))


def test_hostile_text_leaves_no_block(hostile_run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    page, reader = _packed(hostile_run, monkeypatch)
    _, honest = _packed(builder.build(hostile_run.folder.parent / "honest", []), monkeypatch)
    assert not set(page) & set("\x00\x1b\x07\x7f\u202e\u2066\ud800")
    assert reader.tags.count("script") == 4  # index, shapes, one block of stories, ours
    assert honest.tags.count("script") == 1
    assert not {"img", "injected"} & set(reader.tags)
    for text in (*(one[3] for one in json.loads(reader.blocks["shapes"][0])), *_stories(reader)):
        for raw in (hostile.SCRIPT, hostile.IMAGE, "<svg onload", "</textarea>"):
            assert raw not in text
        assert "A" * 3000 not in text


def test_a_long_run_stays_small(tmp_path: Path) -> None:
    run = builder.large(tmp_path / "runs" / "long", 600)
    assert len(html.render(run)) / 600 < 3_000
