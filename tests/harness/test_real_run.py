"""One run against a real, if tiny, device: every front and every later use of it agree."""

from __future__ import annotations

import json
import subprocess
import sys
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest

from harness import run as runs
from harness.commands.rejudge import rejudged
from tests.harness.tiny import tiny

_PATIENCE_S = 60.0
_SELECT = ("--assay-select", "ASC-90*", "--assay-select", "ASC-00[18]", "--assay-select", "TLS-001")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where `pytest --device` ran with xdist, junit and allure asked for."""
    folder = tmp_path_factory.mktemp("real")
    (folder / "device.toml").write_text(tiny(artim_s=1))
    ended = subprocess.run(
        [sys.executable, "-m", "pytest", "--device", "device.toml", *_SELECT, "--assay-out", "out",
         "-n", "2", "--junitxml=junit.xml", "--alluredir=allure", "-p", "no:cacheprovider"],
        cwd=folder, capture_output=True, text=True, timeout=_PATIENCE_S, check=False,
    )  # fmt: skip
    assert ended.returncode == 0, ended.stdout
    assert "4 passed, 1 skipped" in ended.stdout
    return folder


@pytest.mark.slow
def test_run_json_holds_every_verdict(folder: Path) -> None:
    document = json.loads((folder / "out" / "run.json").read_text())
    assert document["complete"] is True
    assert {row["id"]: row["verdict"] for row in document["results"]} == {
        "ASC-001": "PASS",
        "ASC-008": "PASS",
        "ASC-900": "PASS",
        "ASC-901": "PASS",
        "TLS-001": "NOT_APPLICABLE",
    }
    evidence = [path for row in document["results"] for path in row["evidence"]]
    assert evidence
    assert all((folder / "out" / path).is_file() for path in evidence)


@pytest.mark.slow
def test_judged_again_it_is_the_same(folder: Path) -> None:
    stored = runs.load(folder / "out")
    assert rejudged(stored).results == stored.results


@pytest.mark.slow
def test_junit_and_allure_agree(folder: Path) -> None:
    cases = list(ET.parse(folder / "junit.xml").getroot().iter("testcase"))
    skipped = [case.get("name") for case in cases if case.find("skipped") is not None]
    assert (len(cases), skipped) == (5, ["TLS-001"])
    results = [json.loads(path.read_text()) for path in (folder / "allure").glob("*-result.json")]
    statuses = {found["name"].split(" ")[0]: found["status"] for found in results}
    assert statuses == {
        "ASC-001": "passed",
        "ASC-008": "passed",
        "ASC-900": "passed",
        "ASC-901": "passed",
        "TLS-001": "skipped",
    }
    captures = list((folder / "allure").glob("*-attachment.pcapng"))
    assert len(captures) >= 4
