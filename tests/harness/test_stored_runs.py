"""What can be done with a stored run: report, rejudge, replay, diff, resume."""

from __future__ import annotations

import io
import json
import os
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest

from harness import record, reports
from harness import run as runs
from harness.errors import RecordError
from harness.model import JSON
from harness.oracles import ends
from harness.reports import formats
from harness.stage import Stage
from harness.verdict import Outcome
from tests.harness.conftest import Stand
from tests.harness.fakes import CRASHED, bench_of, make_scenario, refused, served


def results(folder: Path) -> dict[str, dict[str, JSON]]:
    """Rows of run.json by id."""
    document = json.loads((folder / "run.json").read_text())
    return {row["id"]: row for row in document["results"]}


def interrupt(folder: Path, *, keep: str) -> None:
    """Cuts the record behind the result of one scenario, as ``kill -9`` would."""
    path = folder / "record.jsonl"
    lines = path.read_bytes().splitlines(keepends=True)
    end = next(
        number
        for number, line in enumerate(lines)
        if json.loads(line)["kind"] == "result" and json.loads(line)["data"]["row"]["id"] == keep
    )
    path.write_bytes(b"".join(lines[: end + 1]) + lines[end + 1][:30])
    (folder / "run.json").unlink()


class TestReport:
    """`assay report` works from the record alone."""

    @pytest.mark.parametrize(
        "kind", ["csv", "html", "in-toto", "json", "junit", "markdown", "oscal", "sarif"]
    )
    def test_of_an_interrupted_run(self, stand: Stand, kind: str, tmp_path: Path) -> None:
        stand.run()
        interrupt(stand.out, keep="ASC-900")
        target = tmp_path / "report"
        said = stand.assay("report", str(stand.out), "--format", kind, "--out", str(target))
        assert (said.code, said.out) == (0, "")
        assert "fake" in target.read_text("utf-8")

    def test_without_a_file_it_goes_to_standard_output(self, stand: Stand) -> None:
        stand.run()
        said = stand.assay("report", str(stand.out), "--format", "json")
        assert (said.code, said.err) == (0, "")
        assert said.document == runs.load(stand.out).document

    def test_an_unknown_format_is_refused(self, stand: Stand) -> None:
        stand.run()
        said = stand.assay("report", str(stand.out), "--format", "xls")
        assert said.code == 2
        assert (
            "there are allure, csv, html, in-toto, json, junit, markdown, oscal, pdf, sarif"
            in said.err
        )

    def test_the_help_names_every_format(self, stand: Stand) -> None:
        said = stand.assay("report", "--help")
        assert all(f"\n    {kind} " in said.out for kind in formats())

    def test_allure_is_unpacked_into_a_folder_of_its_own(
        self, stand: Stand, tmp_path: Path
    ) -> None:
        stand.run()
        target = tmp_path / "deep" / "allure-results"
        words = ("report", str(stand.out), "--format", "allure", "--out")
        assert stand.assay(*words, str(target)).code == 0
        before = {path.name: path.read_bytes() for path in target.iterdir()}
        assert sum(name.endswith("-result.json") for name in before) == 2
        assert stand.assay(*words, str(target)).code == 0
        assert {path.name: path.read_bytes() for path in target.iterdir()} == before
        (target / "notes.txt").write_text("mine")
        said = stand.assay(*words, str(target))
        assert (said.code, said.err.count("\n")) == (2, 1)
        assert "holds other files (notes.txt ...); name a new folder" in said.err

    def test_allure_stays_an_archive_in_a_file(self, stand: Stand, tmp_path: Path) -> None:
        stand.run()
        target = tmp_path / "allure.zip"
        words = ("report", str(stand.out), "--format", "allure", "--out", str(target))
        assert stand.assay(*words).code == 0
        assert "executor.json" in zipfile.ZipFile(target).namelist()

    def test_a_folder_that_is_a_file_is_refused(self, stand: Stand, tmp_path: Path) -> None:
        stand.run()
        target = tmp_path / "allure-results"
        target.write_text("a file")
        said = stand.assay("report", str(stand.out), "--format", "allure", "--out", str(target))
        assert (said.code, said.err.count("\n")) == (2, 1)
        assert "cannot write" in said.err

    @pytest.mark.parametrize("name", ["../outside", "/absolute", "a/b", ".hidden", "a" * 200])
    def test_an_archive_that_would_leave_the_folder_is_refused(
        self, stand: Stand, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
    ) -> None:
        stand.run()
        archive = io.BytesIO()
        with zipfile.ZipFile(archive, "w") as made:
            made.writestr(name, "x")
        monkeypatch.setattr(reports, "render", lambda run, kind: archive.getvalue())
        with pytest.raises(RecordError, match="is not what a folder is made of"):
            reports.write_folder(runs.load(stand.out), "allure", tmp_path / "elsewhere" / "in")
        assert not (tmp_path / "elsewhere").exists()

    @pytest.mark.parametrize("command", ["report", "rejudge"])
    def test_a_folder_without_a_run(self, stand: Stand, command: str, tmp_path: Path) -> None:
        said = stand.assay(command, str(tmp_path))
        assert said.code == 2
        assert said.err == (
            f"assay: {tmp_path}/record.jsonl: no record here; is this a run folder?\n"
        )

    def test_a_changed_record_is_refused(self, stand: Stand) -> None:
        stand.run()
        path = stand.out / "record.jsonl"
        path.write_bytes(path.read_bytes().replace(b'"ABORTED"', b'"CLOSED "'))
        said = stand.assay("report", str(stand.out))
        assert said.code == 2
        assert "the hash chain is broken here" in said.err


class TestRejudge:
    """Oracles are pure: the same record is judged alike, and otherwise by another oracle."""

    def test_the_same_oracles_say_the_same(self, stand: Stand) -> None:
        stand.scenarios += [
            make_scenario("ASC-002", served),
            make_scenario("ASC-003", _by_case, vary=[{"n": n} for n in range(3)]),
            make_scenario("ASC-004", _kills, alone=True),
            make_scenario("ASC-005", _raises),
            make_scenario("ASC-006", _unmet),
            make_scenario("ASC-007", lambda stage: None),
        ]
        stand.run()
        before, bytes_before = results(stand.out), (stand.out / "record.jsonl").read_bytes()
        said = stand.assay("rejudge", str(stand.out), "--json")
        assert results(stand.out) == before
        assert said.document == json.loads((stand.out / "run.json").read_text())
        assert said.code == 1
        assert "8 results judged again, 0 changed" in said.err
        assert (stand.out / "record.jsonl").read_bytes() == bytes_before

    def test_another_oracle_says_otherwise(self, stand: Stand) -> None:
        stand.run()
        stricter = ends({Outcome.REJECTED})
        stand.scenarios[1] = replace(stand.scenarios[1], oracles=(stricter,))
        said = stand.assay("rejudge", str(stand.out))
        assert said.code == 1
        assert "ASC-001 PASS -> FAIL" in said.err
        assert results(stand.out)["ASC-001"]["verdict"] == "FAIL"

    def test_cases_are_judged_by_their_parameters_of_then(self, stand: Stand) -> None:
        stand.scenarios[1] = make_scenario(body=_by_case, vary=[{"n": n} for n in range(3)])
        stand.run()
        before = results(stand.out)["ASC-001"]
        stand.scenarios[1] = replace(stand.scenarios[1], vary=({"n": 9},))
        stand.assay("rejudge", str(stand.out))
        assert results(stand.out)["ASC-001"]["cases"] == before["cases"]

    def test_a_scenario_that_is_gone_keeps_its_verdict(self, stand: Stand) -> None:
        stand.run()
        before = results(stand.out)
        del stand.scenarios[1]
        assert stand.assay("rejudge", str(stand.out)).code == 0
        assert results(stand.out) == before


class TestDiff:
    """`assay diff` names what changed, and fails on a regression."""

    def test_what_changed(self, stand: Stand, tmp_path: Path) -> None:
        stand.scenarios += [
            make_scenario("ASC-002", served), make_scenario("ASC-003"),
            make_scenario("ASC-004", served), make_scenario("ASC-005", _unmet),
        ]  # fmt: skip
        stand.run()
        stand.scenarios[1:] = [
            make_scenario("ASC-001", served), make_scenario("ASC-002"),
            make_scenario("ASC-004", _kills), make_scenario("ASC-005", _unmet),
            make_scenario("ASC-006"),
        ]  # fmt: skip
        after = tmp_path / "after"
        stand.assay("run", str(stand.profile), "--out", str(after))
        said = stand.assay("diff", str(stand.out), str(after), "--json")
        assert said.code == 1
        assert said.document == {
            "regressions": ["ASC-001 PASS -> FAIL"],
            "fixed": ["ASC-002 FAIL -> PASS"],
            "undecided": [],
            "new": ["ASC-006 PASS"],
            "gone": ["ASC-003 PASS"],
            "changed_reason": ["ASC-004 FAIL: accepted -> crash"],
            "level": [],
            "claims": [],
            "same_key": [],
            "notes": ["another catalogue: what changed may be the catalogue, not the device"],
        }
        back = stand.assay("diff", str(after), str(stand.out))
        assert "regressions: ASC-002 PASS -> FAIL" in back.out

    def test_nothing(self, stand: Stand) -> None:
        stand.run()
        said = stand.assay("diff", str(stand.out), str(stand.out))
        assert (said.code, said.out) == (0, "no difference\n")


class TestReplay:
    """`assay replay` plays one scenario again: same profile, same seed."""

    def test_the_same_again(self, stand: Stand, tmp_path: Path) -> None:
        seen: list[int] = []

        def draws(stage: Stage) -> None:
            seen.append(stage.rng.randrange(2**32))
            refused(stage)

        stand.scenarios[1] = make_scenario(body=draws)
        stand.run("--seed", "5")
        again = tmp_path / "again"
        said = stand.assay("replay", str(stand.out), "asc-001", "--out", str(again))
        assert said.code == 0
        assert list(results(again)) == ["ASC-001"]
        assert json.loads((again / "run.json").read_text())["seed"] == 5
        assert seen[0] == seen[1]

    def test_an_unknown_one_is_named(self, stand: Stand) -> None:
        stand.run()
        said = stand.assay("replay", str(stand.out), "ASC-777")
        assert said.code == 2
        assert said.err == f"assay: ASC-777: not in {stand.out}; it holds ASC-001, ASC-900\n"


class TestResume:
    """`assay run --resume` finishes what was begun, with the seed of then."""

    def test_what_is_finished_stays(self, stand: Stand) -> None:
        stand.run("--seed", "5")
        interrupt(stand.out, keep="ASC-900")
        finished = runs.load(stand.out).results
        said = stand.assay("run", str(stand.profile), "--resume", str(stand.out), "--json")
        assert said.code == 0
        assert said.document["complete"] is True
        assert said.document["seed"] == 5
        assert results(stand.out)["ASC-900"] == finished[0]
        assert results(stand.out)["ASC-001"]["verdict"] == "PASS"
        assert record.read(stand.out / "record.jsonl")
        assert stand.assay("rejudge", str(stand.out)).code == 0

    def test_a_finished_run_is_left_as_it_is(self, stand: Stand) -> None:
        stand.run()
        before = results(stand.out)
        said = stand.assay("run", str(stand.profile), "--resume", str(stand.out))
        assert said.code == 0
        assert results(stand.out) == before
        assert stand.benches[-1].starts == 0

    def test_another_profile_is_refused(self, stand: Stand) -> None:
        stand.run()
        interrupt(stand.out, keep="ASC-900")
        before = (stand.out / "record.jsonl").read_bytes()
        stand.profile.write_text(stand.profile.read_text().replace("fake", "other"))
        said = stand.assay("run", str(stand.profile), "--resume", str(stand.out))
        assert said.code == 2
        assert said.err.splitlines()[-1] == (
            f"assay: {stand.out}: was made with another profile; resume with the same one"
        )
        assert (stand.out / "record.jsonl").read_bytes() == before

    def test_no_run_to_resume(self, stand: Stand, tmp_path: Path) -> None:
        said = stand.assay("run", str(stand.profile), "--resume", str(tmp_path / "none"))
        assert said.code == 2
        assert "no record here; is this a run folder?" in said.err

    def test_a_used_folder_is_refused(self, stand: Stand) -> None:
        stand.run()
        said = stand.run()
        assert said.code == 2
        assert said.err.splitlines()[-1] == (
            f"assay: {stand.out}: holds a run already; choose another --out or use --resume"
        )


class TestInterruption:
    """Ctrl-C keeps what is finished and says how to go on."""

    def test_it_is_told(self, stand: Stand) -> None:
        stand.scenarios += [make_scenario("ASC-002", _interrupts, alone=True)]
        stand.scenarios += [make_scenario("ASC-003", alone=True)]
        said = stand.run()
        assert said.code == 3
        assert "INCOMPLETE: " in said.err
        assert "--resume" in said.err
        document = json.loads((stand.out / "run.json").read_text())
        assert document["complete"] is False
        assert "ASC-001" in results(stand.out)
        assert "ASC-003" in document["not_finished"]
        assert (stand.out / "report.html").exists()


def _interrupts(stage: Stage) -> None:
    os.kill(os.getpid(), 2)
    assert stage.cancelled.wait(10)


def _by_case(stage: Stage) -> None:
    (served if stage.case["n"] == 1 else refused)(stage)


def _kills(stage: Stage) -> None:
    refused(stage)
    bench_of(stage).condition = CRASHED


def _raises(stage: Stage) -> None:
    raise KeyError("of ours")


def _unmet(stage: Stage) -> None:
    stage.require(False, "no context")
