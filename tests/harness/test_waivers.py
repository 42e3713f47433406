"""Waivers of a run: what somebody answers for, judged on the day of the run."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from harness import baseline, run
from harness.model import JSON
from harness.waivers import waiver_rows
from tests.harness.conftest import Stand
from tests.harness.fakes import make_scenario, served
from tests.harness.test_baseline import entry


def waiver(**more: JSON) -> dict[str, JSON]:
    return {
        "scenario": "ASC-001", "verdict": "FAIL", "reason": "crash", "why": "ticket 17",
        "owner": "A. Roentgen", "expires": "2026-06-01", **more,
    }  # fmt: skip


def state(entry: Mapping[str, JSON], *rows: JSON, day: str = "2026-06-01") -> str:
    document: dict[str, JSON] = {"results": list(rows), "started": f"{day}T10:00:00+00:00"}
    (found,) = waiver_rows({"waivers": [entry]}, document)
    assert isinstance(found, Mapping)
    assert {key: found[key] for key in entry} == entry
    return str(found["state"])


CRASHED: JSON = {"id": "ASC-001", "verdict": "FAIL", "kind": "crash", "code": ""}


def test_the_states() -> None:
    assert state(waiver(), CRASHED) == "met"
    assert state(waiver(reason="hang"), CRASHED) == "not met"
    assert state(waiver(verdict="PASS", reason=""), CRASHED) == "not met"
    assert state(waiver(), CRASHED, day="2026-06-02") == "expired"
    assert state(waiver()) == "not played"


def test_a_code_counts_as_a_reason() -> None:
    unsure: JSON = {"id": "ASC-001", "verdict": "INCONCLUSIVE", "kind": "", "code": "NOT_EMITTED"}
    assert state(waiver(verdict="INCONCLUSIVE", reason="NOT_EMITTED"), unsure) == "met"


@pytest.mark.parametrize("head", [{}, {"waivers": None}, {"waivers": ["x", 3]}])
def test_a_head_without_any(head: Mapping[str, JSON]) -> None:
    assert waiver_rows(head, {"results": [CRASHED]}) == []


class TestRun:
    """`assay run --baseline --scheme` keeps both at the head of the record."""

    def test_the_document_has_them_and_the_verdict_stays(
        self, stand: Stand, tmp_path: Path
    ) -> None:
        stand.scenarios[1] = make_scenario(body=served)
        file = tmp_path / "baseline.toml"
        file.write_text(entry(expires="2999-01-01"))
        said = stand.run("--baseline", str(file), "--scheme", "dicom-baseline")
        assert said.code == 0
        assert "dicom-baseline: level none of baseline, " in said.err
        loaded = run.load(stand.out)
        rows = loaded.document["waivers"]
        assert isinstance(rows, list)
        (row,) = rows
        assert isinstance(row, Mapping)
        assert (row["scenario"], row["state"]) == ("ASC-001", "met")
        assert [one["verdict"] for one in loaded.results] == ["FAIL", "PASS"]
        assert baseline.load(file).waivers() == loaded.head["waivers"]
        scheme = loaded.document["scheme"]
        assert isinstance(scheme, Mapping)
        assert (scheme["id"], scheme["reached"]) == ("dicom-baseline", False)

    def test_what_was_left_out_is_noted(self, stand: Stand) -> None:
        stand.run("--select", "ASC-001")
        assert run.load(stand.out).document["not_selected"] == [
            {"id": "ASC-900", "requirements": ["HOUSE/STAYS-IN-SERVICE"]}
        ]

    def test_a_resumed_run_may_be_measured_anew(self, stand: Stand) -> None:
        stand.run("--select", "ASC-900", "--scheme", "dicom-high")
        stand.assay("run", str(stand.profile), "--resume", str(stand.out), "--scheme", "ps3.15-b12")
        document = run.load(stand.out).document
        assert document["not_selected"] == []
        scheme = document["scheme"]
        assert isinstance(scheme, Mapping)
        assert scheme["id"] == "ps3.15-b12"

    def test_a_stored_run_is_judged_by_another_scheme(self, stand: Stand) -> None:
        stand.run("--scheme", "dicom-high")
        stored = (stand.out / "run.json").read_bytes()
        said = stand.assay(
            "report", str(stand.out), "--format", "json", "--scheme", "ps3.15-b13"
        )  # fmt: skip
        scheme = said.document["scheme"]
        assert isinstance(scheme, Mapping)
        assert (scheme["id"], scheme["target"]) == ("ps3.15-b13", "b13")
        assert (stand.out / "run.json").read_bytes() == stored

    def test_a_bad_scheme_is_refused_before_anything_starts(self, stand: Stand) -> None:
        said = stand.run("--scheme", "nothing")
        assert said.code == 2
        assert said.err.startswith("assay: --scheme nothing: no such scheme")
        assert not stand.benches
