"""What holds for every format: the same octets twice, bounds in time, a place in the documents."""

from __future__ import annotations

import re
import time
from importlib.metadata import entry_points
from pathlib import Path

import pytest

from harness.reports import formats, render
from harness.run import Run, with_results
from tests.reports.rows import VERDICTS, result

MANY = 10_000
BOUND_S = 15.0
OURS = ("allure", "csv", "in-toto", "json", "junit", "markdown", "oscal", "sarif")
DOCUMENT = Path(__file__).parents[2] / "docs" / "formats.md"


@pytest.fixture(scope="module")
def many(sample: Run) -> Run:
    return with_results(
        sample, [result(f"ASC-{at:05}", VERDICTS[at % len(VERDICTS)]) for at in range(MANY)]
    )


@pytest.mark.slow
@pytest.mark.parametrize("kind", OURS)
def test_ten_thousand_results_are_written_in_time(kind: str, many: Run) -> None:
    began = time.process_time()  # what others do on this machine is no fault of ours
    data = render(many, kind)
    assert time.process_time() - began < BOUND_S
    assert data


@pytest.mark.parametrize("kind", OURS)
def test_the_same_run_gives_the_same_octets(kind: str, hostile_concluded_run: Run) -> None:
    assert render(hostile_concluded_run, kind) == render(hostile_concluded_run, kind)


def test_every_format_is_documented() -> None:
    named = set(re.findall(r"--format ([a-z-]+)", DOCUMENT.read_text("utf-8")))
    ours = {
        entry.name
        for entry in entry_points(group="dicom_assay.reports")
        if entry.value.startswith("reports.")
    }
    assert ours <= set(formats())
    assert ours <= named
