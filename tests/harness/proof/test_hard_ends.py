"""No room, no right to write, no key: one clear line, and what was recorded stays."""

from __future__ import annotations

import resource
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from harness import run as runs
from harness.errors import RecordError
from harness.model import Observation
from harness.record import RecordWriter, read
from harness.stage import Stage
from tests.harness.commands import run
from tests.harness.conftest import Stand
from tests.harness.fakes import make_scenario
from tests.reports.builder import sample

_ASSAY = [sys.executable, "-c", "from harness.cli import main; main()"]
ROOM = 60_000


@pytest.fixture
def little_room() -> Iterator[Callable[[int], None]]:
    """Files of this process cannot grow beyond so many octets, as on a disk that is full."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    yield lambda octets: resource.setrlimit(resource.RLIMIT_FSIZE, (octets, hard))
    resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def test_a_full_disk_ends_the_run_and_loses_nothing(
    stand: Stand, little_room: Callable[[int], None]
) -> None:
    def fills(stage: Stage) -> None:
        for _ in range(200):
            stage.observe("log", text="x" * 1000)

    stand.scenarios += [make_scenario("ASC-002", fills, alone=True)]
    little_room(ROOM)
    said = stand.run()
    little_room(resource.RLIM_INFINITY)
    assert said.code == 2
    lines = [line for line in said.err.splitlines() if line.startswith("assay: ")]
    assert len(lines) == 1
    assert "cannot write the record: " in lines[0]
    assert "Traceback" not in said.err
    assert {str(row["id"]) for row in runs.load(stand.out).results} >= {"ASC-900"}
    assert read(stand.out / "record.jsonl")
    resumed = stand.assay("run", str(stand.profile), "--resume", str(stand.out))
    assert resumed.code in (0, 3)
    assert stand.assay("verify", str(stand.out)).code == 0


def test_a_full_disk_leaves_no_half_a_bundle(
    tmp_path: Path, little_room: Callable[[int], None]
) -> None:
    sample(tmp_path / "run")
    little_room(20_000)
    said = run("bundle", str(tmp_path / "run"), "--reports", "none", "--out", str(tmp_path / "b"))
    assert said.code == 2
    assert said.err.splitlines()[-1].startswith(f"{tmp_path / 'b'}: cannot write the bundle: ")
    assert [path.name for path in tmp_path.iterdir()] == ["run"]


def test_a_full_disk_is_no_lost_line(tmp_path: Path, little_room: Callable[[int], None]) -> None:
    path = tmp_path / "record.jsonl"
    writer = RecordWriter(path)
    little_room(8_000)
    with pytest.raises(RecordError, match=r"cannot write the record: [^\n]+$"):
        _fill(writer)
    little_room(resource.RLIM_INFINITY)
    kept = len(read(path))
    assert kept > 10
    again = RecordWriter(path)
    again.append("run", Observation(at_s=0, actor="x", kind="log", data={}))
    again.close()
    assert len(read(path)) == kept + 1


@pytest.mark.skipif(not Path("/proc/self").exists(), reason="needs a folder that root cannot write")
@pytest.mark.parametrize("command", ["run", "bundle", "key"])
def test_a_folder_that_cannot_be_written(tmp_path: Path, command: str) -> None:
    """Below /proc nobody may make files, root neither."""
    sample(tmp_path / "run")
    arguments = {
        "run": ["run", "--select", "ASC-900", "--out", "/proc/self/fdinfo/out"],
        "bundle": ["bundle", str(tmp_path / "run"), "--reports", "none", "--out", "/proc/b.zip"],
        "key": ["key", "/proc/k"],
    }[command]
    ended = subprocess.run(
        [*_ASSAY, *arguments], capture_output=True, text=True, timeout=60, check=False, cwd=tmp_path
    )
    assert ended.returncode == 2, ended.stderr
    last = ended.stderr.strip().splitlines()[-1]
    assert last.startswith("assay: /proc/")
    assert "cannot" in last
    assert "Traceback" not in ended.stderr


def _fill(writer: RecordWriter) -> None:
    for _ in range(100):
        writer.append("run", Observation(at_s=0, actor="x", kind="log", data={"text": "y" * 99}))
