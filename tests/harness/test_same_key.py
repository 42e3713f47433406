"""`assay diff` of two devices: a key that both show is nobody's own."""

from __future__ import annotations

from pathlib import Path

from harness.comparison import compare
from harness.run import Run
from tests.harness.fakes import seen


def a_run(serial: str, spki: str) -> Run:
    device = {"manufacturer": "Acme", "model": "Archive", "serial": serial}
    shown = seen("identity", spki=spki)
    return Run(
        folder=Path(), document={"device": device, "results": []}, plays={"CRT-014": [shown]}
    )


def test_same_key_in_two_devices() -> None:
    changes = compare(a_run("1", "ab"), a_run("2", "ab"))
    assert changes["same_key"] == ["both devices show the public key with SHA-256 ab"]
    assert not changes["regressions"]


def test_one_device_keeps_its_key_and_two_have_their_own() -> None:
    assert compare(a_run("1", "ab"), a_run("1", "ab"))["same_key"] == []
    assert compare(a_run("1", "ab"), a_run("2", "cd"))["same_key"] == []
