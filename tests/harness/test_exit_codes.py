"""Exit codes: 0 as expected, 1 unexpected, 2 usage, 3 nothing conclusive, 4 our own fault."""

from __future__ import annotations

import json
import os
from collections.abc import Callable

import pytest

from harness import watchman
from harness.errors import BenchError
from harness.model import Claim
from harness.stage import Stage
from tests.harness.conftest import Said, Stand
from tests.harness.fakes import (
    CRASHED,
    SICK,
    FakeBench,
    bench_of,
    make_scenario,
    make_twin,
    refused,
    served,
)


def raises(stage: Stage) -> None:
    refused(stage)
    raise KeyError("of ours")


def kills(stage: Stage) -> None:
    refused(stage)
    bench_of(stage).condition = CRASHED


def test_0_when_all_is_well(stand: Stand) -> None:
    said = stand.run()
    assert said.code == 0
    assert said.out == ""
    assert "2 pass" in said.err
    assert f"report: {stand.out / 'report.html'}" in said.err.replace("\n", "")
    assert (stand.out / "report.html").exists()
    assert [bench.stops for bench in stand.benches] == [1]


def test_machine_output_is_run_json_and_nothing_else(stand: Stand) -> None:
    said = stand.run("--json")
    assert said.document == json.loads((stand.out / "run.json").read_text())
    assert said.document["schema"] == "dicom-assay/run/1"


def test_the_environment_is_as_it_was(stand: Stand, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD")
    monkeypatch.setenv("PYTEST_ADDOPTS", "--nonsense")
    before = dict(os.environ)
    assert stand.run().code == 0
    changed = {
        name for name in before.keys() | os.environ if before.get(name) != os.environ.get(name)
    }
    assert not {name for name in changed if name.startswith("PYTEST_") and "CURRENT" not in name}


def test_1_for_a_failure(stand: Stand) -> None:
    stand.scenarios[1] = make_scenario(body=served)
    said = stand.run()
    assert said.code == 1
    assert "FAIL  ASC-001  accepted: " in said.err


def test_1_for_a_crash(stand: Stand) -> None:
    stand.scenarios[1] = make_scenario(body=kills)
    assert stand.run().code == 1


@pytest.mark.parametrize(
    "arguments",
    [
        ("--select", "XYZ-*"),
        ("--tag", "nonsense"),
        ("--lanes", "0"),
        ("--nonsense",),
        ("--seed", "x"),
    ],
)
def test_2_for_wrong_usage(stand: Stand, arguments: tuple[str, ...]) -> None:
    said = stand.run(*arguments)
    assert said.code == 2
    assert not stand.benches
    assert not stand.out.exists()


def test_3_when_nothing_applies(stand: Stand) -> None:
    needs = frozenset({Claim.TLS_ACCEPTOR})
    stand.scenarios[:] = [make_scenario(needs=needs)]
    assert stand.run().code == 3


def test_3_when_the_device_is_not_there(stand: Stand, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(watchman, "RECOVERY_S", 0.0)
    monkeypatch.setattr(FakeBench, "health", lambda bench, role: SICK)
    said = stand.run()
    assert said.code == 3
    assert "DEVICE_UNHEALTHY_BEFORE" in said.err


def test_3_when_no_bench_can_be_opened(stand: Stand) -> None:
    stand.no_bench = "no bench is installed: reinstall dicom-assay"
    said = stand.run()
    assert said.code == 3
    assert said.err.splitlines()[-1] == f"assay: {stand.no_bench}"
    assert "ERROR" not in said.err


def test_3_when_the_device_does_not_start(stand: Stand, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(FakeBench, "start", _refuse)
    said = stand.run()
    assert said.code == 3
    assert [line for line in said.err.splitlines() if line.startswith("assay: ")] == [
        "assay: missing tool storescp: apt install dcmtk"
    ]
    assert "Traceback" not in said.err


def _refuse(bench: FakeBench) -> None:
    raise BenchError("missing tool storescp: apt install dcmtk")


def test_4_for_our_own_error(stand: Stand) -> None:
    stand.scenarios[1] = make_scenario(body=raises)
    said = stand.run()
    assert said.code == 4
    assert "ERROR  ASC-001  KeyError: 'of ours'" in said.err


def test_4_for_what_nobody_foresaw(stand: Stand, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("harness.devices.profiles.load", lambda path: 1 / 0)
    said = stand.run()
    assert said.code == 4
    assert said.err.splitlines()[-1].startswith("assay: this is a defect of ours")


@pytest.mark.parametrize("command", [("--help",), ("run", "--help"), ("--version",)])
def test_0_for_help(assay: Callable[..., Said], command: tuple[str, ...]) -> None:
    assert assay(*command).code == 0


@pytest.mark.parametrize("command", [(), ("nonsense",), ("--nonsense",), ("replay",)])
def test_2_for_a_command_that_is_not_there(
    assay: Callable[..., Said], command: tuple[str, ...]
) -> None:
    said = assay(*command)
    assert said.code == 2
    assert "Usage: " in said.err


def test_a_twin_that_fails_makes_nothing_pass(stand: Stand) -> None:
    stand.scenarios[0] = make_twin(body=raises)
    said = stand.run("--select", "ASC-001")
    assert said.code == 3
    assert "PRECONDITION_UNMET" in said.err
