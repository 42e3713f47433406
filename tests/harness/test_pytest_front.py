"""Scenarios as pytest items: `pytest --device device.toml`, with everything that pytest can do."""

from __future__ import annotations

import json
import xml.etree.ElementTree as ET
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

from harness import registry
from harness.errors import CatalogueError
from harness.model import Claim, Role
from harness.oracles import warned
from harness.pytest_plugin import ScenarioWarning
from harness.stage import Stage
from tests.harness.conftest import Stand
from tests.harness.fakes import (
    make_scenario,
    make_twin,
    saying,
    served,
)

pytest_plugins = ["pytester"]

_QUICK = ("-p", "no:cacheprovider", "-p", "no:hypothesispytest")
"""pytester imports anew what was not imported before: a second for each run of Hypothesis."""


def _unmet(stage: Stage) -> None:
    stage.require(False, "no context")


def _raises(stage: Stage) -> None:
    raise KeyError("of ours")


@dataclass
class Front:
    """pytest in a folder of its own, over the fake stand."""

    stand: Stand
    pytester: pytest.Pytester

    def run(self, *arguments: str) -> pytest.RunResult:
        """`pytest --device` of the fake device."""
        return self.pytester.runpytest_inprocess(
            *_QUICK, "-rA", "--device", str(self.stand.profile),
            "--assay-out", str(self.stand.out), *arguments,
        )  # fmt: skip

    def document(self) -> Mapping[str, object]:
        """run.json of the run."""
        document: Mapping[str, object] = json.loads((self.stand.out / "run.json").read_text())
        return document


@pytest.fixture
def front(stand: Stand, pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> Front:
    """One scenario for each verdict."""
    monkeypatch.delenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD")
    monkeypatch.delenv("PYTEST_ADDOPTS", raising=False)
    stand.scenarios[:] = [
        make_twin(),
        make_scenario("ASC-001"),
        make_scenario("ASC-002", served),
        make_scenario("ASC-003", _unmet),
        make_scenario("DIM-004", oracles=[saying(warned("a SHOULD is broken"))]),
        make_scenario("TLS-005", needs=frozenset({Claim.TLS_ACCEPTOR})),
        make_scenario("DIM-006", _raises),
        make_twin("ASC-950", role=Role.REQUESTOR),
    ]
    return Front(stand, pytester)


EVERYTHING = {"passed": 4, "failed": 1, "errors": 2, "skipped": 1, "warnings": 1}


class TestWithoutDevice:
    """The plugin is inert."""

    def test_tests_are_collected_as_ever(self, front: Front) -> None:
        front.pytester.makepyfile("def test_one(): assert True")
        result = front.pytester.runpytest_inprocess(*_QUICK)
        result.assert_outcomes(passed=1)
        assert not front.stand.benches

    def test_its_options_are_in_the_help(self, front: Front) -> None:
        result = front.pytester.runpytest_inprocess("--help")
        result.stdout.fnmatch_lines(["*--device=DEVICE.toml*", "*--assay-out=DIR*"])


class TestVerdicts:
    """How a verdict becomes the result of an item."""

    def test_each_has_its_place(self, front: Front) -> None:
        result = front.run()
        result.assert_outcomes(**EVERYTHING)
        assert result.ret == pytest.ExitCode.TESTS_FAILED
        result.stdout.fnmatch_lines([
            "SKIPPED*NOT_APPLICABLE: the profile does not claim tls-acceptor",
            "ERROR*dicom-assay::ASC-003 - PRECONDITION_UNMET: no context",
            "ERROR*dicom-assay::DIM-006 - ERROR: KeyError: 'of ours'",
            "FAILED*dicom-assay::ASC-002 - accepted: accepted what it had*",
        ])  # fmt: skip
        assert front.document()["complete"] is True

    def test_a_failure_reads_without_a_traceback(self, front: Front) -> None:
        result = front.run("-k", "ASC-002")
        result.stdout.fnmatch_lines(["ASC-002  The device copes with ASC-002.", "Mend: Mend it."])
        result.stdout.no_fnmatch_line("*pytest_plugin.py*")

    @pytest.mark.parametrize("name", ["ASC-003", "DIM-006"])
    def test_neither_does_what_is_broken(self, front: Front, name: str) -> None:
        result = front.run("-k", name)
        result.stdout.fnmatch_lines([f"{name}  The device copes with {name}."])
        result.stdout.no_fnmatch_line("*.py:*")

    def test_a_sound_device_is_green(self, front: Front) -> None:
        result = front.run("--assay-select", "ASC-001", "--assay-select", "ASC-900")
        assert result.ret == pytest.ExitCode.OK
        result.assert_outcomes(passed=2)


class TestSelection:
    """pytest's own ways of choosing work."""

    @pytest.mark.parametrize(
        ("arguments", "ids"),
        [
            (("-k", "DIM"), {"DIM-004", "DIM-006"}),
            (("-k", "ASC-001 or TLS"), {"ASC-001", "TLS-005"}),
            (("-m", "requestor"), {"ASC-950"}),
            (("-m", "asc and acceptor"), {"ASC-001", "ASC-002", "ASC-003", "ASC-900"}),
            (("-m", "high and not asc"), {"DIM-004", "TLS-005", "DIM-006"}),
            (("--assay-select", "dim-*"), {"DIM-004", "DIM-006"}),
            (("--assay-select", "ASC-*", "-k", "950"), {"ASC-950"}),
            (
                ("--deselect", "dicom-assay::ASC-001", "--assay-select", "ASC-00[12]"),
                {"ASC-002"},
            ),
        ],
    )
    def test_by(self, front: Front, arguments: tuple[str, ...], ids: set[str]) -> None:
        front.run(*arguments, "--strict-markers")
        rows = front.document()["results"]
        assert isinstance(rows, list)
        assert {row["id"] for row in rows} == ids

    def test_collecting_only_plays_nothing(self, front: Front) -> None:
        result = front.run("--collect-only", "-q")
        result.stdout.fnmatch_lines(["dicom-assay::ASC-001", "dicom-assay::TLS-005"])
        assert result.ret == pytest.ExitCode.OK
        assert not front.stand.benches
        assert not front.stand.out.exists()

    def test_nothing_left_plays_nothing(self, front: Front) -> None:
        assert front.run("-k", "nothing").ret == pytest.ExitCode.NO_TESTS_COLLECTED
        assert not front.stand.benches

    def test_a_pack_may_bring_its_own_family(self, front: Front) -> None:
        front.stand.scenarios.append(make_scenario("VND-001"))
        result = front.run("--strict-markers", "-m", "vnd")
        result.assert_outcomes(passed=1, deselected=8)


class TestTrouble:
    """Errors of ours are one line, and no internal error of pytest's."""

    def test_no_profile(self, front: Front) -> None:
        front.stand.profile.unlink()
        result = front.run()
        assert result.ret == pytest.ExitCode.USAGE_ERROR
        result.stderr.fnmatch_lines(["ERROR: *cannot read the profile: No such file*"])

    def test_no_match(self, front: Front) -> None:
        result = front.run("--assay-select", "XYZ-*")
        assert result.ret == pytest.ExitCode.USAGE_ERROR
        result.stderr.fnmatch_lines(["ERROR: *XYZ-*: no scenario matches*"])

    def test_a_bad_declaration(self, front: Front, monkeypatch: pytest.MonkeyPatch) -> None:
        def broken() -> object:
            raise CatalogueError("ASC-001: its twin 'ASC-999' does not exist")

        monkeypatch.setattr(registry, "load", broken)
        result = front.run()
        assert result.ret == pytest.ExitCode.USAGE_ERROR
        result.stderr.fnmatch_lines(["ERROR: ASC-001: its twin 'ASC-999' does not exist"])

    def test_a_used_folder(self, front: Front) -> None:
        front.run("-k", "ASC-001")
        result = front.run("-k", "ASC-001")
        assert result.ret == pytest.ExitCode.USAGE_ERROR
        result.stdout.fnmatch_lines(["*holds a run already; choose another*"])
        result.stdout.no_fnmatch_line("*INTERNALERROR*")

    def test_a_record_that_cannot_be_written(self, front: Front) -> None:
        def fills_the_disk(stage: Stage) -> None:
            from harness.witness import RunFolder

            assert isinstance(stage.witness, RunFolder)
            stage.witness.close()

        front.stand.scenarios[1] = make_scenario("ASC-001", fills_the_disk)
        result = front.run()
        result.stdout.no_fnmatch_line("*INTERNALERROR*")
        result.stdout.fnmatch_lines(["*record.jsonl: cannot write the record*"])
        assert result.ret not in (pytest.ExitCode.OK, pytest.ExitCode.INTERNAL_ERROR)

    def test_the_first_failure_may_end_it(self, front: Front) -> None:
        result = front.run("-x", "-k", "ASC-002 or DIM-004")
        result.assert_outcomes(failed=1, deselected=6)
        assert front.document()["complete"] is False


class TestReports:
    """junit and allure see what pytest sees."""

    def test_junit(self, front: Front, tmp_path: Path) -> None:
        front.run(f"--junitxml={tmp_path / 'junit.xml'}")
        cases = {
            case.get("name"): case
            for case in ET.parse(tmp_path / "junit.xml").getroot().iter("testcase")
        }
        children = {
            name: [child.tag for child in case if child.tag != "properties"]
            for name, case in cases.items()
        }
        assert children == {
            "ASC-001": [], "ASC-002": ["failure"], "ASC-003": ["error"], "DIM-004": [],
            "TLS-005": ["skipped"], "DIM-006": ["error"], "ASC-900": [], "ASC-950": [],
        }  # fmt: skip
        told = {
            found.get("name"): found.get("value") for found in cases["ASC-003"].iter("property")
        }
        assert told["verdict"] == "INCONCLUSIVE"
        assert told["code"] == "PRECONDITION_UNMET"

    def test_allure(self, front: Front, tmp_path: Path) -> None:
        front.run(f"--alluredir={tmp_path / 'allure'}")
        results = {
            found["fullName"].split("#")[-1].split("::")[-1]: found
            for found in (
                json.loads(path.read_text()) for path in (tmp_path / "allure").glob("*-result.json")
            )
        }
        assert "ASC-002 The device copes with ASC-002." in [
            found["name"] for found in results.values()
        ]
        statuses = {found["name"].split(" ")[0]: found["status"] for found in results.values()}
        assert statuses == {
            "ASC-001": "passed", "ASC-002": "failed", "ASC-003": "broken", "DIM-004": "passed",
            "TLS-005": "skipped", "DIM-006": "broken", "ASC-900": "passed", "ASC-950": "passed",
        }  # fmt: skip
        failed = next(one for one in results.values() if one["status"] == "failed")
        assert failed["description"].endswith("Mend: Mend it.")
        labels = {(label["name"], label["value"]) for label in failed["labels"]}
        assert {("severity", "critical"), ("family", "ASC"), ("role", "acceptor")} <= labels
        assert ("tag", "HOUSE/STAYS-IN-SERVICE") in labels
        attached = [file["name"] for file in _attachments(failed)]
        assert "sent: stimulus" in attached


class TestXdist:
    """One device is never split among processes."""

    @pytest.mark.parametrize(
        "arguments", [("-n", "2"), ("-n", "auto"), ("--dist", "load", "--tx", "2*popen")]
    )
    def test_it_does_no_harm(self, front: Front, arguments: tuple[str, ...]) -> None:
        with pytest.warns(ScenarioWarning, match="-n is ignored"):
            result = front.run(*arguments, "-k", "ASC-00")
        result.assert_outcomes(passed=1, failed=1, errors=1, deselected=5)
        assert len(front.stand.benches) == 1


def _attachments(node: Mapping[str, object]) -> list[Mapping[str, str]]:
    """Attachments of a result and of all that it holds."""
    found: list[Mapping[str, str]] = []
    for key, value in node.items():
        for child in value if isinstance(value, list) else [value]:
            if key == "attachments" and isinstance(child, dict):
                found.append(child)
            elif isinstance(child, dict):
                found += _attachments(child)
    return found
