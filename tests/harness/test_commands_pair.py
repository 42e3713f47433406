"""``assay pair``: who may be paired, what is selected, and what is told."""

from __future__ import annotations

from pathlib import Path

import pytest

from harness.commands import pair
from harness.model import Observation
from harness.run import Run
from harness.verdict import ExitCode
from tests.harness.commands import run
from tests.harness.fakes import seen

DEVICES = Path(__file__).parents[2] / "devices"
SCU, SCP = str(DEVICES / "dcmtk-scu-tls.toml"), str(DEVICES / "dcmtk-storescp-tls.toml")
PLAIN = str(DEVICES / "dcmtk-storescp.toml")


@pytest.mark.parametrize(
    ("profiles", "words"),
    [
        ((SCU,), "is no pair: name a second profile"),
        ((SCP, SCU), "no requestor that calls with TLS"),
        ((SCU, PLAIN), "no acceptor with TLS"),
        ((SCU, "nowhere.toml"), "nowhere.toml: cannot read the profile"),
    ],
)
def test_what_cannot_be_paired_is_said_before_anything_starts(
    profiles: tuple[str, ...], words: str
) -> None:
    said = run("pair", *profiles)
    assert said.code == ExitCode.USAGE
    assert words in said.err


def test_a_wrong_selection_is_refused_first() -> None:
    said = run("pair", SCU, SCP, "--select", "MIM-777")
    assert said.code == ExitCode.USAGE
    assert "no scenario matches" in said.err


def test_what_the_pair_agreed_on_is_told_once_for_each_service() -> None:
    def play(service: str) -> tuple[Observation, ...]:
        begin = seen("begin", "engine", case={"service": service} if service else {}, facts={})
        return (begin, seen("pair", "relay", version="TLS 1.3", suite="SUITE"))

    stored = Run(
        folder=Path(),
        document={},
        plays={"MIM-900.1": play("storage"), "MIM-901": play(""), "ASC-900": ()},
        chosen={"MIM-900": ("MIM-900.1",), "MIM-901": ("MIM-901",), "ASC-900": ("ASC-900",)},
    )
    lines = pair.agreements(stored)
    assert [line.split(": ")[0] for line in lines] == ["this pair (storage)", "this pair"]
    assert all("TLS 1.3, SUITE" in line for line in lines)


@pytest.mark.slow
def test_the_two_sides_of_the_reference_device_are_a_pair(tmp_path: Path) -> None:
    said = run("pair", "--honest", "--out", str(tmp_path / "run"))
    assert said.code == ExitCode.EXPECTED, said.err
    assert "this pair (storage): TLS 1.3" in said.err
    assert "mutual" in said.err
    assert (tmp_path / "run" / "report.html").is_file()
