"""A run that is killed in the middle: nothing finished is lost, and nothing is left behind."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest

from harness import run as runs
from tests.harness import commands
from tests.harness.tiny import tiny

_PATIENCE_S = 120.0
_ASSAY = [sys.executable, "-c", "from harness.cli import main; main()"]


@pytest.fixture
def device(tmp_path: Path) -> Path:
    """The reference device, with little to claim."""
    path = tmp_path / "device.toml"
    path.write_text(tiny())
    return path


class Running:
    """`assay run` as a process of its own, and everything that it starts."""

    def __init__(self, device: Path, out: Path) -> None:
        self.out = out
        # ASC-003B waits for the ARTIM timer of the device: long enough to be interrupted.
        chosen = ["--select", "ASC-90*", "--select", "ASC-003B", "--seed", "5"]
        self.process = subprocess.Popen(
            [*_ASSAY, "run", str(device), *chosen, "--out", str(out)],
            stderr=subprocess.DEVNULL, cwd=device.parent,
        )  # fmt: skip

    def wait_for(self, kind: str, play: str) -> None:
        """Waits until the record has a line of that kind for that play."""
        wanted = [f'"kind":"{kind}"'.encode(), play.encode()]
        path = self.out / "record.jsonl"
        _eventually(
            lambda: (
                path.exists()
                and any(all(w in line for w in wanted) for line in path.read_bytes().splitlines())
            )
        )

    def family(self) -> list[psutil.Process]:
        """Everything that it started, keepers and devices."""
        return psutil.Process(self.process.pid).children(recursive=True)


@pytest.fixture
def running(device: Path, tmp_path: Path) -> Iterator[Running]:
    """A run that is in the middle of a scenario when its twins are judged."""
    running = Running(device, tmp_path / "out")
    running.wait_for("result", '"ASC-901"')
    running.wait_for("emitted", '"play":"ASC-003B')
    yield running
    running.process.kill()
    running.process.wait(_PATIENCE_S)


def _eventually(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + _PATIENCE_S
    while not condition():
        assert time.monotonic() < deadline, "it never came"
        time.sleep(0.02)


def _gone(family: list[psutil.Process]) -> bool:
    return not any(one.is_running() and one.status() != psutil.STATUS_ZOMBIE for one in family)


@pytest.mark.slow
def test_kill_9_and_resume(running: Running, device: Path) -> None:
    family = running.family()
    assert len(family) >= 2
    running.process.send_signal(signal.SIGKILL)
    running.process.wait(_PATIENCE_S)
    _eventually(lambda: _gone(family))

    interrupted = runs.load(running.out)
    assert interrupted.document["complete"] is False
    assert interrupted.document["not_finished"] == ["ASC-003B"]
    finished = {str(row["id"]): row for row in interrupted.results}
    assert set(finished) == {"ASC-900", "ASC-901"}
    assert _bundled(running.out)["record"] is True

    ended = subprocess.run(
        [*_ASSAY, "run", str(device), "--select", "ASC-90*", "--select", "ASC-003B",
         "--resume", str(running.out), "--json"],
        capture_output=True, timeout=_PATIENCE_S, cwd=device.parent, check=False,
    )  # fmt: skip
    assert ended.returncode == 0, ended.stderr
    document = json.loads(ended.stdout)
    assert document["complete"] is True
    assert document["seed"] == 5
    resumed = {row["id"]: row for row in document["results"]}
    assert resumed["ASC-003B"]["verdict"] == "PASS"
    assert {name: resumed[name] for name in finished} == finished

    device.write_text(tiny("another"))
    ended = subprocess.run(
        [*_ASSAY, "run", str(device), "--resume", str(running.out)],
        capture_output=True, timeout=_PATIENCE_S, cwd=device.parent, check=False,
    )  # fmt: skip
    assert ended.returncode == 2
    assert b"was made with another profile" in ended.stderr


def _bundled(folder: Path) -> dict[str, bool | None]:
    """Checks of a bundle of what the killed run had recorded."""
    bundle = folder.with_name("killed.zip")
    assert commands.run("bundle", str(folder), "--out", str(bundle), "--reports", "none").code == 0
    ran = commands.run("verify", str(bundle), "--json")
    assert ran.code == 0, ran.out
    return {row["name"]: row["ok"] for row in json.loads(ran.out)["checks"]}


@pytest.mark.slow
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_polite_end_writes_the_report(running: Running, number: signal.Signals) -> None:
    family = running.family()
    running.process.send_signal(number)
    assert running.process.wait(_PATIENCE_S) == 3
    _eventually(lambda: _gone(family))
    document = json.loads((running.out / "run.json").read_text())
    assert document["complete"] is False
    judged = {row["id"]: (row["verdict"], row["reason"]) for row in document["results"]}
    assert set(judged) == {"ASC-900", "ASC-901"}, judged
    assert "ASC-900" in (running.out / "report.html").read_text("utf-8")
