"""``assay threats`` and ``assay report --for``: for people and machines, of a run or of none."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from harness import registry
from harness.threats import coverage as threat_coverage
from harness.threats import model as threats
from harness.verdict import ExitCode
from tests.harness.commands import run
from tests.reports import builder


@pytest.fixture(name="folder", scope="module")
def _folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return builder.sample(tmp_path_factory.mktemp("threats") / "runs" / "aurora").folder


def test_every_threat_is_shown_with_what_exercises_it() -> None:
    ran = run("threats")
    assert ran.code == 0
    shown = " ".join(ran.out.split())
    found = threat_coverage.exercised(registry.load())
    for name, threat in threats.load().items():
        assert f"{name} {threat.title}" in shown
        assert all(each in shown for each in found[name].scenarios[:3])
    assert "A-SERVER" in shown
    assert "In this run" not in shown


def test_a_run_tells_how_each_threat_fared(folder: Path) -> None:
    ran = run("threats", str(folder))
    shown = " ".join(ran.out.split())
    assert "In this run: 3 got through, 64 not played." in shown
    assert "in this run: got through: 4 of 19 attacks got through by: ASC-005, " in shown
    assert "A-SERVER" not in shown


def test_the_json_holds_the_same(folder: Path) -> None:
    document = json.loads(run("threats", str(folder), "--json").out)
    assert document["schema"] == "dicom-assay/threats/1"
    rows = {row["id"]: row for row in document["threats"]}
    assert rows.keys() == threats.load().keys()
    assert rows["T-AVAIL-02"]["fared"]["state"] == "broken"
    assert rows["T-AVAIL-02"]["acceptor"]
    plain = json.loads(run("threats", "--json").out)
    assert all("fared" not in row for row in plain["threats"])


def test_horizon_and_kind_narrow() -> None:
    rows = json.loads(run("threats", "--json", "--horizon", "10", "--stride", "s").out)["threats"]
    assert [row["id"] for row in rows] == ["T-IMPERS-60"]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--stride", "XS"), "X: the letters are S spoofing"),
        (("--horizon", "10", "--stride", "E"), "no threat of horizon 10 is of kind E"),
        (("--horizon", "30"), "'now', '5', '10', '20'"),
        (("nowhere",), "nowhere"),
    ],
)
def test_what_cannot_be_is_told_in_one_line(arguments: tuple[str, ...], said: str) -> None:
    ran = run("threats", *arguments)
    assert ran.code == ExitCode.USAGE
    assert said in ran.err


def test_a_report_is_read_from_a_chair(folder: Path, tmp_path: Path) -> None:
    out = tmp_path / "report.html"
    assert run("report", str(folder), "--for", "clinician", "--out", str(out)).code == 0
    assert "For: Clinician" in out.read_text("utf-8")
    assert run("report", str(folder), "--out", str(out)).code == 0
    assert "For: Clinician" not in out.read_text("utf-8")


@pytest.mark.parametrize("chair", ["boss", "", "../etc"])
def test_an_unknown_chair_is_told_the_known_ones(folder: Path, chair: str) -> None:
    ran = run("report", str(folder), "--for", chair)
    assert ran.code == ExitCode.USAGE
    assert "there are vendor, it-security, clinical-engineering" in ran.err
