"""Web loads by the installed generator, of a small server that is honest, or lies in one way."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from harness.devices import embedded_profile
from harness.model import JSON
from harness.profile import WebSection
from harness.profile_toml import as_toml
from harness.verdict import ExitCode
from tests.harness.test_real_load import assay_load
from tests.simulators.load.archives import Archive, running

pytestmark = pytest.mark.slow

_PATIENCE_S = 120.0
_COUNT = 40


@pytest.fixture
def archive() -> Iterator[Archive]:
    with running(Archive()) as server:
        yield server


def load(archive: Archive, folder: Path, *arguments: str) -> tuple[int, Mapping[str, JSON]]:
    """Exit code and load.json of a web load; DICOM is only there to ask how the device is."""
    device = embedded_profile()
    assert device.acceptor is not None
    verifies = device.acceptor.model_copy(update={"services": ("verification",)})
    web = WebSection(url=f"http://127.0.0.1:{archive.server_port}/dicom-web")
    assert device.process is not None
    start = list(device.process.start)
    moves_to_us = next(at for at, word in enumerate(start) if "{load_port}" in word)
    del start[moves_to_us - 1 : moves_to_us + 1]
    process = device.process.model_copy(update={"start": start})
    beside = {"acceptor": verifies, "web": web, "load": None, "process": process}
    text = as_toml(device.model_copy(update=beside))
    command = assay_load(folder, text, "--count", str(_COUNT), "--associations", "2", *arguments)
    ended = subprocess.run(
        command, capture_output=True, text=True, timeout=_PATIENCE_S, check=False
    )
    assert "Traceback" not in ended.stderr
    document = json.loads((folder / "out" / "load.json").read_text("utf-8"))
    assert isinstance(document, dict)
    return ended.returncode, document


def told(document: Mapping[str, JSON], name: str) -> str:
    """Verdict, kind and reason of a case."""
    rows = document["results"]
    assert isinstance(rows, list)
    (row,) = [row for row in rows if isinstance(row, dict) and row["id"] == name]
    return f"{row['verdict']} {row['kind']} {row['reason']}"


def test_an_honest_server_keeps_everything(archive: Archive, tmp_path: Path) -> None:
    code, document = load(archive, tmp_path, "--operation", "stow", "--workers", "2")
    assert (code, len(archive.kept)) == (ExitCode.EXPECTED, _COUNT)
    found = told(document, "LOAD-503")
    assert found == f"PASS  all {_COUNT} acknowledged objects found by QIDO-RS, WADO-RS"
    assert told(document, "LOAD-504").startswith("PASS")
    assert (
        told(document, "LOAD-505") == f"PASS  {_COUNT} of {_COUNT} objects compared, each its own"
    )


def test_an_object_that_is_acknowledged_and_dropped_is_missed(
    archive: Archive, tmp_path: Path
) -> None:
    archive.loses = frozenset({7})
    code, document = load(archive, tmp_path, "--operation", "stow")
    assert code == ExitCode.UNEXPECTED_RESULT
    assert told(document, "LOAD-500").startswith("PASS")
    assert told(document, "LOAD-503").startswith("FAIL loss 1 of 40 acknowledged objects are lost")


def test_pixels_of_another_object_are_seen(archive: Archive, tmp_path: Path) -> None:
    archive.mixes_up = True
    _, document = load(archive, tmp_path, "--operation", "stow")
    assert told(document, "LOAD-503").startswith("PASS")
    assert told(document, "LOAD-505").startswith("FAIL loss 39 objects have the content")


def test_200_with_a_failed_sop_sequence_is_no_success(archive: Archive, tmp_path: Path) -> None:
    archive.refuses = frozenset({0, 7})
    _, document = load(archive, tmp_path, "--operation", "stow")
    assert (document["count"], document["errors"]) == (_COUNT - 2, 2)
    failed = told(document, "LOAD-500")
    assert failed.startswith("FAIL")
    assert "HTTP 200, failure reason A700H" in failed
    assert told(document, "LOAD-503").startswith("PASS"), "what was refused is not owed"


@pytest.mark.parametrize("status", [302, 401, 503])
def test_a_refusal_is_told_as_what_it_is(archive: Archive, tmp_path: Path, status: int) -> None:
    archive.status = status
    code, document = load(archive, tmp_path, "--operation", "stow")
    assert code == ExitCode.UNEXPECTED_RESULT
    assert (document["count"], document["errors"]) == (0, _COUNT)
    assert f"HTTP {status}" in told(document, "LOAD-500")
    assert archive.asked == _COUNT, "nothing is asked again, or elsewhere"


def test_what_is_stored_with_a_warning_is_stored(archive: Archive, tmp_path: Path) -> None:
    archive.status = 202
    code, document = load(archive, tmp_path, "--operation", "stow")
    assert (code, document["count"], document["errors"]) == (ExitCode.EXPECTED, _COUNT, 0)
    measurement = document["statuses"]
    assert measurement == {"B007H": _COUNT}
    assert told(document, "LOAD-503").startswith(f"PASS  all {_COUNT}")


@pytest.mark.parametrize("operation", ["qido", "wado"])
def test_what_was_stored_before_is_asked_for(
    archive: Archive, tmp_path: Path, operation: str
) -> None:
    code, document = load(archive, tmp_path, "--operation", operation, "--rate", "50")
    assert (code, document["count"], document["errors"]) == (ExitCode.EXPECTED, _COUNT, 0)
    assert 0 < len(archive.kept) < _COUNT
