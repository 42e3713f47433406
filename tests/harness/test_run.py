"""A run as a value, made from the record alone: finished, interrupted, resumed."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from harness import record
from harness import run as runs
from harness.errors import RecordError
from harness.model import JSON
from harness.witness import RunFolder, new_folder
from tests.harness.fakes import make_scenario, make_twin, run_engine, seen

HEAD: dict[str, JSON] = {
    "tool": {"name": "dicom-assay", "version": "1", "catalogue": "sha256:0"},
    "seed": 7,
    "started": "2026-01-01T00:00:00+00:00",
    "device": {"manufacturer": "nobody", "model": "fake", "version": "", "claims": []},
    "profile_file": "nowhere.toml",
    "scope": {},
    "environment": {},
    "selected": ["ASC-001", "ASC-900"],
}


@pytest.fixture
def folder(tmp_path: Path) -> RunFolder:
    """A run folder that has begun."""
    folder = RunFolder(tmp_path / "run")
    folder.note("begin", HEAD)
    return folder


def _judged(folder: RunFolder, name: str, verdict: str = "PASS") -> None:
    folder.observed(name, seen("begin", "engine", facts={"artim_s": 2.0}, case={"n": 1}))
    folder.observed(name, seen("outcome", outcome="ABORTED"))
    folder.result({"id": name, "verdict": verdict}, [name])


def test_a_finished_run(folder: RunFolder) -> None:
    _judged(folder, "ASC-900")
    _judged(folder, "ASC-001", "FAIL")
    folder.note("finish", {"complete": True})
    folder.close()
    run = runs.load(folder.path)
    assert [row["id"] for row in run.results] == ["ASC-001", "ASC-900"]
    assert run.document["schema"] == "dicom-assay/run/1"
    assert run.document["complete"] is True
    assert run.document["summary"] == {"verdicts": {"PASS": 1, "FAIL": 1}, "results": 2}
    assert run.counts() == {"FAIL": 1, "PASS": 1}
    assert run.chosen == {"ASC-900": ["ASC-900"], "ASC-001": ["ASC-001"]}


def test_an_interrupted_run(folder: RunFolder) -> None:
    _judged(folder, "ASC-900")
    folder.observed("ASC-001", seen("begin", "engine"))
    folder.close()
    run = runs.load(folder.path)
    assert run.document["complete"] is False
    assert run.document["finished"] == ""
    assert run.document["not_finished"] == ["ASC-001"]


def test_a_cancelled_run(folder: RunFolder) -> None:
    _judged(folder, "ASC-900")
    folder.note("finish", {"complete": False})
    folder.close()
    assert runs.load(folder.path).document["complete"] is False


def test_a_finish_does_not_hide_what_is_missing(folder: RunFolder) -> None:
    _judged(folder, "ASC-900")
    folder.note("finish", {"complete": True})
    folder.close()
    assert runs.load(folder.path).document["complete"] is False


def test_what_had_begun_before_a_resumption_is_not_judged_with_what_came_after(
    folder: RunFolder,
) -> None:
    _judged(folder, "ASC-900")
    folder.observed("ASC-001", seen("error", "engine", message="of the first attempt"))
    folder.note("resume", {"left": ["ASC-001"]})
    folder.observed("ASC-900", seen("error", "engine", message="the twin, played again"))
    _judged(folder, "ASC-001")
    folder.note("finish", {"complete": True})
    folder.close()
    run = runs.load(folder.path)
    assert run.document["complete"] is True
    for name in ("ASC-001", "ASC-900"):
        record = runs.stored_record(run, name, name)
        assert [one.kind for one in record.observations] == ["begin", "outcome"]


def test_a_stored_record_has_case_and_facts_of_then(folder: RunFolder) -> None:
    _judged(folder, "ASC-001")
    folder.close()
    record = runs.stored_record(runs.load(folder.path), "ASC-001", "ASC-001")
    assert (record.case, record.facts) == ({"n": 1}, {"artim_s": 2.0})


def test_a_play_that_is_not_stored_is_empty(folder: RunFolder) -> None:
    folder.close()
    record = runs.stored_record(runs.load(folder.path), "ASC-001", "ASC-001")
    assert (record.case, record.facts, record.observations) == ({}, {}, ())


def test_every_play_of_an_engine_can_be_loaded(tmp_path: Path) -> None:
    varied = make_scenario(vary=[{"n": 1}, {"n": 2}])
    played = run_engine(tmp_path, [make_twin(), varied])
    with pytest.raises(RecordError, match="the record has no beginning; is this a run folder"):
        runs.load(played.folder.path)
    names = {line.play for line in record.read(played.folder.path / "record.jsonl")}
    assert {"ASC-900", "ASC-001.1", "ASC-001.2", "run"} <= names


class TestDocument:
    """run.json is whole or not there."""

    def test_it_is_written_whole(self, folder: RunFolder) -> None:
        folder.close()
        document = runs.load(folder.path).document
        path = runs.write_document(folder.path, document)
        assert json.loads(path.read_text()) == document
        assert not list(folder.path.glob("*.part"))

    def test_where_it_cannot_be_written_is_named(self, tmp_path: Path) -> None:
        with pytest.raises(RecordError, match=r"run\.json: cannot write: No such file"):
            runs.write_document(tmp_path / "nowhere", {})


class TestProfileFile:
    """Which profile a replay uses: the original, unless it is gone or has changed."""

    @pytest.fixture
    def original(self, tmp_path: Path) -> Path:
        """A run with an original profile and its copy."""
        original = tmp_path / "device.toml"
        original.write_text("schema = 1\n")
        folder = RunFolder(tmp_path / "run")
        folder.note("begin", {**HEAD, "profile_file": str(original)})
        folder.close()
        (tmp_path / "run" / "device.toml").write_text("schema = 1\n")
        return original

    def test_the_original(self, tmp_path: Path, original: Path) -> None:
        assert runs.profile_file(tmp_path / "run") == original

    def test_the_copy_when_it_has_changed(self, tmp_path: Path, original: Path) -> None:
        original.write_text("schema = 1 # another\n")
        assert runs.profile_file(tmp_path / "run") == tmp_path / "run" / "device.toml"

    def test_the_copy_when_it_is_gone(self, tmp_path: Path, original: Path) -> None:
        original.unlink()
        assert runs.profile_file(tmp_path / "run") == tmp_path / "run" / "device.toml"


class TestNewFolder:
    """Names of run folders."""

    def test_one_below_runs(self) -> None:
        name = str(new_folder(None, "Weird / device ../.. ✓"))
        assert name.startswith("runs/2")
        assert name.count("/") == 1
        assert ".." not in name

    def test_a_used_one_is_refused(self, tmp_path: Path) -> None:
        (tmp_path / "record.jsonl").touch()
        with pytest.raises(RecordError, match="holds a run already; choose another --out"):
            new_folder(tmp_path, "device")

    def test_where_there_is_a_file_is_named(self, tmp_path: Path) -> None:
        (tmp_path / "file").touch()
        with pytest.raises(RecordError, match="cannot make the run folder"):
            RunFolder(tmp_path / "file")
