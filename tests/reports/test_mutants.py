"""The reports survive the harness's own mutants, wherever a device could put their octets."""

from __future__ import annotations

import io
import json
import zipfile
from html.parser import HTMLParser
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from harness.model import JSON, Claim
from harness.run import Run
from reports import allure, csv, html, in_toto, junit, markdown, oscal, sarif
from reports import json as json_report
from simulators.fuzz.deck import Deck
from simulators.fuzz.exchanges import Titles, exchanges, stores
from simulators.fuzz.script import Writer
from tests.reports import builder
from tests.reports.rows import Row, case, result

TITLES = Titles("CALLED", "CALLING", "12345678")
COUNT = 120
LONGEST = 2000


@pytest.fixture(scope="module")
def mutants() -> list[str]:
    """What mutants look like to somebody who takes them for text, one way and the other."""
    valid = (*exchanges(TITLES, set(Claim)), *stores(TITLES))
    deck, writer = Deck(valid, "reports"), Writer(valid)
    octets = [
        b"".join(segment.data for segment in writer.script(deck.mutant(7 * number)).segments)
        for number in range(COUNT)
    ]
    codecs = ("latin-1", "utf-8", "utf-16-le")
    return [
        part[:LONGEST].decode(
            codecs[number % 3], "surrogateescape" if number % 3 < 2 else "replace"
        )
        for number, part in enumerate(octets)
    ]


@pytest.fixture(scope="module")
def run(mutants: list[str], tmp_path_factory: pytest.TempPathFactory) -> Run:
    device: dict[str, JSON] = dict.fromkeys(("manufacturer", "model", "version"), mutants[0])
    folder = tmp_path_factory.mktemp("mutants") / "runs" / "20260301-mutants"
    rows = [_row(number, text) for number, text in enumerate(mutants)]
    return builder.build(folder, rows, device={**device, "claims": [], "profile": ""})


def test_no_mutant_becomes_an_element(run: Run, sample: Run) -> None:
    def tags(page: str) -> set[str]:
        found: set[str] = set()
        reader = HTMLParser()
        reader.handle_starttag = lambda tag, attrs: found.add(tag)  # type: ignore[method-assign]
        reader.feed(page)
        return found

    page = html.render(run).decode("utf-8")
    assert tags(page) <= tags(html.render(sample).decode("utf-8"))
    assert not {char for char in page if ord(char) < 32} - set("\n\t")
    assert not {char for char in page if 0x7F <= ord(char) < 0xA0}


def test_every_format_holds_every_result(run: Run) -> None:
    suites = ET.fromstring(junit.render(run))
    assert len(list(suites.iter("testcase"))) == COUNT
    assert len(json.loads(json_report.render(run))["results"]) == COUNT
    told = markdown.render(run).decode("utf-8")
    assert all(f"FUZ-{number:03}" in told for number in range(COUNT))
    assert not {char for char in told if ord(char) < 32} - set("\n\t")
    csv.render(run).decode("utf-8")
    (log,) = json.loads(sarif.render(run))["runs"]
    assert len(log["results"]) == COUNT
    (found,) = json.loads(oscal.render(run))["assessment-results"]["results"]
    assert len(found["observations"]) == COUNT
    with zipfile.ZipFile(io.BytesIO(allure.render(run))) as archive:
        entries = [name for name in archive.namelist() if name.endswith("-result.json")]
        assert len(entries) == COUNT
        assert all(json.loads(archive.read(name))["status"] == "failed" for name in entries)
    assert len(json.loads(in_toto.render(run))["predicate"]["failedTests"]) == COUNT


def test_the_record_gives_back_what_it_was_given(run: Run, mutants: list[str]) -> None:
    assert Path(run.folder).is_dir()
    for row, text in zip(run.results, mutants, strict=True):
        assert str(row["reason"]).encode("utf-8", "replace") == text.encode("utf-8", "replace")


def _row(number: int, text: str) -> Row:
    return result(
        f"FUZ-{number:03}", "FAIL", title=text, reason=text, notes=[text], references=[text],
        findings=[{"oracle": text, "verdict": "FAIL", "reason": text}],
        cases=[case("FAIL", vary={text: text}, reason=text)],
    )  # fmt: skip
