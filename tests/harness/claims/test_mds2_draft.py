"""The draft of an MDS2 form says what was observed, leaves the rest blank, and can be read."""

from __future__ import annotations

from pathlib import Path

import pytest

from harness.claims import mds2, mds2_draft
from harness.errors import RecordError, RequestError
from harness.run import Run
from tests.reports.builder import build
from tests.reports.rows import result


@pytest.fixture
def run(tmp_path: Path) -> Run:
    rows = [result("STO-910", "PASS"), result("TLS-900", "FAIL"), result("TLS-901", "FAIL")]
    return build(tmp_path / "run", rows)


def test_only_what_was_observed_is_answered(run: Run) -> None:
    found = {row[0]: row[2:] for row in mds2_draft.rows_of(run)}
    assert set(found) == set(mds2.questions())
    answered = {key: answer for key, (answer, _) in found.items() if answer}
    assert answered == {"MPII-1": "Yes", "MPII-2": "Yes", "CONN-7": "No", "TXCF-5": "No"}
    assert "STO-910" in found["MPII-2"][1]


@pytest.mark.parametrize("suffix", mds2.SUFFIXES)
def test_a_draft_is_marked_and_read_back(run: Run, tmp_path: Path, suffix: str) -> None:
    target = mds2_draft.write(run, tmp_path / f"draft{suffix}")
    data = target.read_bytes()
    read = mds2.parse(data, target.name)
    assert {key: one.answer for key, one in read.items()} == {
        "MPII-1": "yes",
        "MPII-2": "yes",
        "CONN-7": "no",
        "TXCF-5": "no",
    }
    assert all("not yet declared" in one.note for one in read.values())
    if suffix != ".xlsx":
        assert b"DRAFT" in data


def test_what_cannot_be_written_is_one_line(run: Run, tmp_path: Path) -> None:
    with pytest.raises(RequestError, match=r"--write-mds2 draft\.pdf: the suffix is one of"):
        mds2_draft.write(run, Path("draft.pdf"))
    with pytest.raises(RecordError, match="cannot write"):
        mds2_draft.write(run, tmp_path / "nowhere" / "draft.csv")
