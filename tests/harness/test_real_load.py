"""Loads of the reference device by the installed generator: clean, flawed, interrupted."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from harness.devices import embedded_profile
from harness.model import JSON
from harness.profile_toml import as_toml
from harness.verdict import ExitCode

_PATIENCE_S = 120.0
_BESIDE = (
    "house-policy.toml", "openssl.cnf", "reference-statement.toml", "reference-mds2.csv",
    "answers.toml",
)  # fmt: skip
"""Files that the reference device's profile names by relative paths."""


def _command(folder: Path, flaw: str, *arguments: str) -> list[str]:
    """`assay load` of the reference device with a flaw, into the folder."""
    return assay_load(folder, as_toml(embedded_profile([flaw] if flaw else [])), *arguments)


def assay_load(folder: Path, text: str, *arguments: str) -> list[str]:
    """`assay load` of a profile that was made of the reference device's, into the folder."""
    profile = folder / "device.toml"
    profile.write_text(text)
    for name in _BESIDE:
        (folder / name).write_bytes((embedded_profile().folder / name).read_bytes())
    return [
        sys.executable, "-c", "from harness.cli import main; main()", "load", str(profile),
        "--out", str(folder / "out"), *arguments,
    ]  # fmt: skip


def _written(folder: Path) -> Mapping[str, JSON]:
    document = json.loads((folder / "out" / "load.json").read_text("utf-8"))
    assert isinstance(document, dict)
    return document


def _verdicts(document: Mapping[str, JSON]) -> dict[str, str]:
    rows = document["results"]
    assert isinstance(rows, list)
    results = [row for row in rows if isinstance(row, dict)]
    return {str(row["id"]): f"{row['verdict']} {row['kind']}".strip() for row in results}


@pytest.mark.slow
@pytest.mark.parametrize(
    ("flaw", "case", "verdict", "code"),
    [
        ("", "LOAD-503", "PASS", ExitCode.EXPECTED),
        ("loses_one_in_many", "LOAD-503", "FAIL loss", ExitCode.UNEXPECTED_RESULT),
        ("mixes_up_objects", "LOAD-505", "FAIL loss", ExitCode.UNEXPECTED_RESULT),
    ],
)
def test_a_load_of_the_reference_device(
    tmp_path: Path, flaw: str, case: str, verdict: str, code: ExitCode
) -> None:
    ended = subprocess.run(
        _command(tmp_path, flaw, "--rate", "100", "--count", "250"),
        capture_output=True, text=True, timeout=_PATIENCE_S, check=False,
    )  # fmt: skip
    assert ended.returncode == code, ended.stderr
    document = _written(tmp_path)
    assert (document["count"], document["errors"]) == (250, 0)
    assert _verdicts(document)[case] == verdict
    assert (tmp_path / "out" / "report.html").is_file()


@pytest.mark.slow
def test_an_interrupted_load_is_reported(tmp_path: Path) -> None:
    command = _command(tmp_path, "", "--rate", "50", "--duration", "60")
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as process:
        assert process.stderr is not None
        try:
            heard = next(line for line in process.stderr if "answered" in line)
            process.send_signal(signal.SIGINT)
            told = heard + process.stderr.read()
            code = process.wait(_PATIENCE_S)
        finally:
            process.kill()
    assert code == ExitCode.NOTHING_CONCLUSIVE, told
    assert "INCOMPLETE" in told
    document = _written(tmp_path)
    assert document["complete"] is False
    assert isinstance(document["count"], int)
    assert 0 < document["count"] < 3000
