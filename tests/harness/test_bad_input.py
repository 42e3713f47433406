"""What users get wrong is one line that names it, before anything is sent to anybody."""

from __future__ import annotations

import os
import socket
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from harness import watchman
from tests.harness.conftest import Said, lines

DEVICE = """
schema = 1
[device]
manufacturer = "nobody"
model = "external"
[acceptor]
host = "{host}"
port = {port}
ae_title = "DEVICE"
services = ["verification"]
artim_s = 1.0
"""


@pytest.fixture
def device(tmp_path: Path) -> Path:
    """The profile of a device on a port where nobody listens."""
    return _written(tmp_path, DEVICE.format(host="127.0.0.1", port=_closed_port()))


def _written(folder: Path, text: str) -> Path:
    path = folder / "device.toml"
    path.write_text(text)
    return path


def _closed_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def told(said: Said, code: int) -> str:
    """The one line that a user is told."""
    assert said.code == code, said.err
    assert said.out == ""
    assert "Traceback" not in said.err
    (line,) = [line for line in lines(said.err) if line.startswith("assay: ")]
    return line.removeprefix("assay: ")


class TestProfile:
    """Refused before anything is opened: nothing but the line."""

    @pytest.mark.parametrize(
        ("text", "message"),
        [
            ("schema = = 1", "not valid TOML"),
            (DEVICE.format(host="127.0.0.1", port="'x'"), "'acceptor.port': "),
            (DEVICE.format(host="127.0.0.1", port=1) + "ae_titel = 'X'", "did you mean 'ae_title'"),
            (DEVICE.replace("[device]", "[devise]"), ""),
        ],
    )
    def test_a_bad_one(
        self, assay: Callable[..., Said], tmp_path: Path, text: str, message: str
    ) -> None:
        said = assay("run", str(_written(tmp_path, text)))
        assert message in told(said, 2)
        assert len(lines(said.err)) == 1
        assert not (tmp_path / "runs").exists()

    def test_a_missing_one(self, assay: Callable[..., Said]) -> None:
        assert told(assay("run", "no.toml"), 2) == (
            "no.toml: cannot read the profile: No such file or directory"
        )

    def test_a_pattern_without_a_match(self, assay: Callable[..., Said], device: Path) -> None:
        said = assay("run", str(device), "--select", "XYZ-*")
        assert told(said, 2) == "--select XYZ-*: no scenario matches; see 'assay list'"
        assert len(lines(said.err)) == 1

    def test_nothing_selected(self, assay: Callable[..., Said], device: Path) -> None:
        said = assay("run", str(device), "--select", "ASC-900", "--tag", "requestor")
        assert told(said, 2).startswith("nothing selected: widen --select, --tag or --smoke")


class TestFolder:
    """The run folder must be new and ours to write."""

    def test_a_file_in_its_place(
        self, assay: Callable[..., Said], device: Path, tmp_path: Path
    ) -> None:
        (tmp_path / "out").touch()
        said = assay("run", str(device), "--out", str(tmp_path / "out"))
        assert "cannot make the run folder" in told(said, 2)

    @pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
    def test_a_read_only_parent(
        self, assay: Callable[..., Said], device: Path, tmp_path: Path
    ) -> None:
        (tmp_path / "locked").mkdir(mode=0o500)
        said = assay("run", str(device), "--out", str(tmp_path / "locked" / "out"))
        assert "Permission denied; choose another with --out" in told(said, 2)

    def test_a_file_system_that_takes_nothing(
        self, assay: Callable[..., Said], device: Path
    ) -> None:
        said = assay("run", str(device), "--out", "/proc/assay")
        assert "/proc/assay: cannot make the run folder" in told(said, 2)

    def test_a_used_one(self, assay: Callable[..., Said], device: Path, tmp_path: Path) -> None:
        (tmp_path / "out").mkdir()
        (tmp_path / "out" / "record.jsonl").touch()
        said = assay("run", str(device), "--out", str(tmp_path / "out"))
        assert "holds a run already; choose another --out or use --resume" in told(said, 2)


class TestDevice:
    """Devices that are not there, or that we may not touch."""

    def test_nobody_listens(
        self,
        assay: Callable[..., Said],
        device: Path,
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        monkeypatch.setattr(watchman, "RECOVERY_S", 0.0)
        said = assay("run", str(device), "--select", "ASC-900", "--out", "out")
        assert said.code == 3
        assert "INCONCLUSIVE  ASC-900  DEVICE_UNHEALTHY_BEFORE: " in said.err
        assert "Traceback" not in said.err

    def test_beyond_loopback_nothing_is_sent(
        self, assay: Callable[..., Said], tmp_path: Path, connected: list[object]
    ) -> None:
        device = _written(tmp_path, DEVICE.format(host="192.0.2.1", port=104))
        line = told(assay("run", str(device), "--select", "ASC-900", "--out", "out"), 2)
        assert line.startswith("192.0.2.1 (192.0.2.1) is outside the scope: add its network")
        assert connected == []

    def test_a_permission_that_has_ended(
        self, assay: Callable[..., Said], device: Path, connected: list[object]
    ) -> None:
        device.write_text(device.read_text() + "[scope]\nuntil = 2020-01-01\n")
        line = told(assay("run", str(device), "--select", "ASC-900", "--out", "out"), 2)
        assert line == "scope.until = 2020-01-01: the permission to test has ended"
        assert connected == []

    @pytest.fixture
    def connected(self, monkeypatch: pytest.MonkeyPatch) -> list[object]:
        """Every address that somebody connects to."""
        seen: list[object] = []
        connect = socket.socket.connect

        def spy(self: socket.socket, address: tuple[str, int]) -> None:
            seen.append(address)
            connect(self, address)

        monkeypatch.setattr(socket.socket, "connect", spy)
        return seen


class TestProcess:
    """A device that the harness is to start, and cannot."""

    START = '[process]\nstart = ["{program}", "-c", "{code}"]\nready_s = 5.0\n'

    def start(self, program: str, code: str = "") -> str:
        return self.START.format(program=program, code=code)

    def test_a_missing_tool(self, assay: Callable[..., Said], device: Path) -> None:
        extra = 'requires = ["no-such-tool"]\ninstall = "apt install it"\n'
        device.write_text(device.read_text() + self.start("no-such-tool") + extra)
        said = assay("run", str(device), "--select", "ASC-900", "--out", "out")
        assert told(said, 3) == "missing tool no-such-tool: apt install it"

    def test_a_program_that_is_not_there(self, assay: Callable[..., Said], device: Path) -> None:
        device.write_text(device.read_text() + self.start("no-such-tool"))
        said = assay("run", str(device), "--select", "ASC-900", "--out", "out")
        assert "'process.start' = no-such-tool: " in told(said, 3)

    def test_a_program_that_ends_at_once(self, assay: Callable[..., Said], device: Path) -> None:
        device.write_text(device.read_text() + self.start(sys.executable, "raise SystemExit(7)"))
        said = assay("run", str(device), "--select", "ASC-900", "--out", "out")
        assert f"'process.start' = {sys.executable}: " in told(said, 3)

    def test_a_taken_port(self, assay: Callable[..., Said], tmp_path: Path) -> None:
        with socket.create_server(("127.0.0.1", 0)) as taken:
            port = taken.getsockname()[1]
            text = DEVICE.format(host="127.0.0.1", port=port) + (
                '[process]\nstart = ["{python}", "-m", "simulators.devices.reference", "scp", '
                '"--port", "{port}", "--storage", "{storage}"]\nready_s = 5.0\n'
                'storage = "{work}/storage"\n'
            )
            device = _written(tmp_path, text)
            said = assay("run", str(device), "--select", "ASC-900", "--out", "out")
        line = told(said, 3)
        assert line.startswith("'process.start' = ")
        assert str(port) in line
