"""What is seen of the device's log: lines that a peer began, and what stands around our marker."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from types import SimpleNamespace
from typing import cast

import pytest

from harness.model import JSON
from harness.profile import parse
from harness.stage import Stage
from simulators.lab import Lab
from simulators.observers import marker, watch
from simulators.process import DeviceProcess
from simulators.sentinel import sentinel_stage

PROFILE = "schema = 1\n[device]\nmanufacturer = 'm'\nmodel = 'd'\n[acceptor]\nport = 104\n"


@pytest.fixture
def stage() -> Stage:
    return sentinel_stage(None, parse(PROFILE, "device.toml"), "TXT-001")


def seen(folder: Path, stage: Stage, written: str) -> Mapping[str, JSON]:
    """What is observed of a log to which this is written meanwhile."""
    (folder / "device").mkdir()
    log = folder / "device.log"
    log.write_text("before\n")
    lab = cast("Lab", SimpleNamespace(run_folder=folder))
    device = SimpleNamespace(alive=lambda: True, log_path=log)
    with watch(lab, cast("DeviceProcess", device), stage), log.open("a") as file:
        file.write(written)
    found = stage.record({}).last("log", "process")
    assert found is not None
    return found.data


def test_lines_that_begin_with_the_marker_are_counted(tmp_path: Path, stage: Stage) -> None:
    mark = marker(stage)
    log = seen(tmp_path, stage, f"I: name A\n{mark}\nI: name B\r{mark}]\nI: {mark}\n")
    assert (log["forged"], log["prefixed"]) == (2, 1)


def test_a_marker_within_a_line_is_no_forgery(tmp_path: Path, stage: Stage) -> None:
    log = seen(tmp_path, stage, f"I: name {marker(stage)}%x from\n")
    assert (log["forged"], log["prefixed"]) == (0, 0)
    assert log["marked"] == [f"I: name {marker(stage)}%x from\n"]


def test_what_is_kept_around_the_marker_is_bounded(tmp_path: Path, stage: Stage) -> None:
    log = seen(tmp_path, stage, f"{'a' * 99}{marker(stage)}{'b' * 99}\n" * 40)
    assert log["marked"] == [f"{'a' * 8}{marker(stage)}{'b' * 24}"] * 16
