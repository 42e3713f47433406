"""A command line over fake devices: `assay` in this process, without network or child process."""

from __future__ import annotations

import json
import signal
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from harness import cli, registry, session
from harness.bench import Announce
from harness.commands import run
from harness.errors import BenchError
from harness.model import JSON, Scenario
from harness.profile import Profile
from harness.run import Run
from tests.harness.fakes import PROFILE, FakeBench, make_scenario, make_twin


@dataclass(frozen=True, slots=True)
class Said:
    """What a command said: exit code, standard output, standard error."""

    code: int
    out: str
    err: str

    @property
    def document(self) -> Mapping[str, JSON]:
        """Standard output as JSON."""
        document = json.loads(self.out)
        assert isinstance(document, dict)
        return document


@dataclass
class Stand:
    """A stand with a fake device.

    Attributes:
        scenarios: The whole catalogue.
        profile: A device profile on disk.
        out: A run folder that does not exist yet.
        benches: Every bench that was opened.
        no_bench: Why no bench can be opened, if so.
    """

    assay: Callable[..., Said]
    profile: Path
    out: Path
    scenarios: list[Scenario] = field(default_factory=list)
    benches: list[FakeBench] = field(default_factory=list)
    no_bench: str = ""

    def catalogue(self) -> Mapping[str, Scenario]:
        """As the registry gives it."""
        return dict(sorted((one.id, one) for one in self.scenarios))

    def open_bench(
        self, profile: Profile, folder: Path, seed: int, announce: Announce
    ) -> FakeBench:
        """As the installed bench is opened."""
        if self.no_bench:
            raise BenchError(self.no_bench)
        bench = FakeBench(profile)
        self.benches.append(bench)
        return bench

    def run(self, *arguments: str) -> Said:
        """`assay run` of the profile into :attr:`out`."""
        return self.assay("run", str(self.profile), "--out", str(self.out), *arguments)


@pytest.fixture
def assay(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> Iterator[Callable[..., Said]]:
    """Runs `assay` with these arguments, in an empty working folder."""
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")
    monkeypatch.setattr(cli, "refuse_shadowed_packages", lambda: None)
    monkeypatch.chdir(tmp_path)
    before = signal.getsignal(signal.SIGTERM)

    def call(*arguments: str) -> Said:
        monkeypatch.setattr(sys, "argv", ["assay", *arguments])
        capsys.readouterr()
        with pytest.raises(SystemExit) as ended:
            cli.main()
        said = capsys.readouterr()
        return Said(int(ended.value.code or 0), said.out, said.err)

    yield call
    signal.signal(signal.SIGTERM, before)


@pytest.fixture
def stand(monkeypatch: pytest.MonkeyPatch, assay: Callable[..., Said], tmp_path: Path) -> Stand:
    """`assay` with a fake bench and a catalogue of one twin and one scenario."""
    profile = tmp_path / "device.toml"
    profile.write_text(PROFILE.format(restarts=3))
    stand = Stand(assay, profile, tmp_path / "out", [make_twin(), make_scenario()])
    monkeypatch.setattr(registry, "load", stand.catalogue)
    monkeypatch.setattr(session, "open_bench", stand.open_bench)
    monkeypatch.setattr(run, "write_report", _reported)
    return stand


def _reported(run: Run, kind: str, target: Path) -> Path:
    """In place of the page: its templates take most of the time of such a run."""
    target.write_text(f"{kind} report of {run.folder}")
    return target


def lines(text: str) -> Sequence[str]:
    """Lines with something in them."""
    return [line for line in text.splitlines() if line.strip()]
