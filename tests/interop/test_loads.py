"""Loads of real devices that the harness starts, as their user makes them with one command."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from harness.model import JSON
from harness.verdict import ExitCode
from tests.interop.runner import RECIPES

pytestmark = pytest.mark.interop

_PATIENCE_S = 120.0
CLOSED = ("--duration", "3")
OPEN = ("--rate", "40", "--duration", "3", "--workers", "2")
"""With and without a rate; by one process and by two."""

LEDGER = ("LOAD-503", "LOAD-504", "LOAD-505")


def load(recipe: str, operation: str, folder: Path, *arguments: str) -> Mapping[str, JSON]:
    """What `assay load` leaves in load.json."""
    assay = str(Path(sys.executable).with_name("assay"))
    clean = {name: text for name, text in os.environ.items() if not name.startswith("PYTEST_")}
    ended = subprocess.run(
        [
            assay, "load", str(RECIPES[recipe]), "--operation", operation, "--associations", "4",
            "--out", str(folder / "run"), *arguments,
        ],
        env={**clean, "NO_COLOR": "1"},
        capture_output=True,
        text=True,
        timeout=_PATIENCE_S,
        check=False,
    )  # fmt: skip
    hint = f"{ended.stderr}\nIf a device is missing: scripts/install-real-devices"
    assert ended.returncode in (ExitCode.EXPECTED, ExitCode.UNEXPECTED_RESULT), hint
    assert "Traceback" not in ended.stderr
    document = json.loads((folder / "run" / "load.json").read_text("utf-8"))
    assert isinstance(document, dict)
    return document


def told(document: Mapping[str, JSON]) -> dict[str, tuple[str, str]]:
    """Verdict and reason by id."""
    rows = document["results"]
    assert isinstance(rows, list)
    results = [row for row in rows if isinstance(row, dict)]
    return {str(row["id"]): (str(row["verdict"]), str(row["reason"])) for row in results}


@pytest.mark.parametrize("pace", [CLOSED, OPEN], ids=["closed", "open"])
@pytest.mark.parametrize("operation", ["stow", "store"])
def test_what_an_archive_takes_on_one_side_is_found_on_both(
    operation: str, pace: tuple[str, ...], tmp_path: Path
) -> None:
    document = load("orthanc-web", operation, tmp_path, *pace)
    results = told(document)
    assert {results[name][0] for name in ("LOAD-500", *LEDGER)} == {"PASS"}
    assert results["LOAD-503"][1].endswith("found by C-FIND, QIDO-RS, C-GET, WADO-RS")
    assert document["errors"] == document["lost"] == document["duplicated"] == 0


@pytest.mark.parametrize("pace", [CLOSED, OPEN], ids=["closed", "open"])
@pytest.mark.parametrize(
    ("recipe", "operation"),
    [("orthanc-web", "qido"), ("orthanc-web", "wado"), ("simple-hl7", "hl7")],
)
def test_what_is_asked_beside_dicom_is_answered(
    recipe: str, operation: str, pace: tuple[str, ...], tmp_path: Path
) -> None:
    document = load(recipe, operation, tmp_path, *pace)
    assert told(document)["LOAD-500"][0] == "PASS"
    if pace == OPEN:
        assert document["count"] == 120


def test_an_acknowledgement_that_is_given_twice_is_no_success(tmp_path: Path) -> None:
    """The listener answers the earlier messages of a connection again with each new one."""
    document = load("node-hl7-server", "hl7", tmp_path, "--count", "40")
    verdict, reason = told(document)["LOAD-500"]
    assert verdict == "FAIL"
    assert "INVALID" in reason


def test_a_load_beside_dicom_stays_in_the_scope(tmp_path: Path) -> None:
    assay = str(Path(sys.executable).with_name("assay"))
    ended = subprocess.run(
        [
            assay, "load", str(RECIPES["orthanc-web"]), "--operation", "stow",
            "--web", "http://192.0.2.1/dicom-web", "--out", str(tmp_path / "run"),
        ],
        capture_output=True, text=True, timeout=_PATIENCE_S, check=False,
    )  # fmt: skip
    assert ended.returncode == ExitCode.USAGE
    assert "192.0.2.1" in ended.stderr
    assert "scope.networks" in ended.stderr
    assert not (tmp_path / "run" / "load" / "load-plan.json").exists()
