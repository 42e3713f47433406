"""The SARIF log by its schema, by a reader of others, and against hostile words."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from sarif import loader

from harness.run import Run, with_results
from reports import sarif
from reports.rows import rows_of
from tests.reports import builder
from tests.reports.rows import result

SCHEMA = Path(__file__).parents[1] / "data" / "sarif-2.1.0.json"
RUNS = ("sample", "incomplete", "concluded_run", "hostile_run", "hostile_concluded_run")


@cache
def _validator() -> Draft202012Validator:
    schema = json.loads(SCHEMA.read_text("utf-8"))
    Draft202012Validator.check_schema(schema)
    return Draft202012Validator(schema, format_checker=Draft202012Validator.FORMAT_CHECKER)


def _run(run: Run) -> Any:
    return json.loads(sarif.render(run))["runs"][0]


def _results(run: Run) -> dict[str, Any]:
    return {one["ruleId"]: one for one in _run(run)["results"]}


@pytest.mark.parametrize("name", RUNS)
def test_it_is_valid(name: str, request: pytest.FixtureRequest) -> None:
    run: Run = request.getfixturevalue(name)
    errors = [error.message for error in _validator().iter_errors(json.loads(sarif.render(run)))]
    assert errors == []


def test_the_schema_refuses_what_is_wrong(sample: Run) -> None:
    log = json.loads(sarif.render(sample))
    log["runs"][0]["results"][0]["kind"] = "failed"
    assert not _validator().is_valid(log)


def test_kind_and_level_follow_the_verdict(sample: Run) -> None:
    found = _results(sample)
    said = {
        row.verdict.name: (found[row.id]["kind"], found[row.id]["level"])
        for row in sorted(rows_of(sample), key=lambda row: row.severity == "critical")
    }
    assert said == {
        "FAIL": ("fail", "error"),
        "WARN": ("fail", "warning"),
        "PASS": ("pass", "none"),
        "REVIEW": ("review", "none"),
        "INCONCLUSIVE": ("open", "none"),
        "ERROR": ("open", "none"),
        "NOT_APPLICABLE": ("notApplicable", "none"),
    }


@pytest.mark.parametrize(
    ("severity", "level", "score"),
    [
        ("critical", "error", "9.5"),
        ("high", "error", "8.0"),
        ("medium", "warning", "5.5"),
        ("low", "note", "3.0"),
        ("info", "note", None),
    ],
)
def test_severity_becomes_level_and_score(
    tmp_path: Path, severity: str, level: str, score: str | None
) -> None:
    run = builder.build(tmp_path / "run", [result("ASC-001", "FAIL", severity=severity)])
    assert _results(run)["ASC-001"]["level"] == level
    (rule,) = _run(run)["tool"]["driver"]["rules"]
    assert rule["defaultConfiguration"]["level"] == level
    assert rule["properties"].get("security-severity") == score
    assert "external/cwe/cwe-130" in rule["properties"]["tags"]


def test_a_result_stands_beside_the_claim_that_was_tested(concluded_run: Run) -> None:
    lines = (concluded_run.folder / "device.toml").read_text("utf-8").splitlines()

    def claim(name: str) -> str:
        physical = _results(concluded_run)[name]["locations"][0]["physicalLocation"]
        assert physical["artifactLocation"]["uri"] == "device.toml"
        line: int = physical["region"]["startLine"]
        return lines[line - 1]

    assert claim("ASC-003") == 'services = ["verification", "storage"]'
    assert claim("TLS-003") == 'profiles = ["b.13"]'
    assert claim("ASC-109") == 'services = ["storage"]'


def test_without_a_profile_a_result_stands_in_the_file_of_its_scenario(sample: Run) -> None:
    places = [
        one["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
        for one in _results(sample).values()
    ]
    assert places[0].startswith("scenarios/association/")
    assert not any(place.startswith(("/", "file:")) for place in places)


def test_a_waived_failure_stays_one_and_says_who_answers_for_it(concluded_run: Run) -> None:
    found = _results(concluded_run)
    assert found["ASC-003"]["kind"] == "fail"
    (suppression,) = found["ASC-003"]["suppressions"]
    assert suppression["status"] == "accepted"
    assert suppression["justification"] == (
        "The next release bounds it. Answered for by =cmd() until 2027-01-01."
    )
    assert "suppressions" not in found["ASC-005"]


def test_fingerprints_outlive_the_run(sample: Run, tmp_path: Path) -> None:
    later = builder.build(
        tmp_path / "later", [result("ASC-003", "PASS")], started="2027-01-01T00:00:00+00:00"
    )
    before, after = _results(sample)["ASC-003"], _results(later)["ASC-003"]
    assert before["partialFingerprints"] == after["partialFingerprints"]
    assert before["guid"] != after["guid"]
    prints = [str(one["partialFingerprints"]) for one in _results(sample).values()]
    assert len(set(prints)) == len(prints)


def test_the_invocation_says_whether_the_run_is_whole(sample: Run, incomplete: Run) -> None:
    (whole,) = _run(with_results(sample, [result("ASC-001", "PASS")]))["invocations"]
    assert whole["executionSuccessful"] is True
    assert whole["startTimeUtc"] == "2026-03-01T09:30:00.000Z"
    (broken,) = _run(incomplete)["invocations"]
    assert broken["executionSuccessful"] is False
    told = [one["message"]["text"] for one in broken["toolExecutionNotifications"]]
    assert "RES-001: selected, and without a result" in told


def test_evidence_is_attached_by_plain_paths_only(hostile_run: Run) -> None:
    for artifact in _run(hostile_run)["artifacts"]:
        uri = artifact["location"]["uri"]
        assert not uri.startswith(("/", "javascript:", "http"))
        assert ".." not in uri.split("/")
        assert set(uri) <= set(
            "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789./%_-~"
        )


def test_hostile_words_are_no_placeholders_and_no_links(hostile_run: Run) -> None:
    for one in _results(hostile_run).values():
        said = one["message"]["text"]
        assert "{{{{ 7*7 }}}}" in said
        assert "](" not in said.replace(r"\](", "")
        assert not set(said) & set("\x00\x1b\u202e\ud800")


def test_another_reader_counts_what_we_count(sample: Run, tmp_path: Path) -> None:
    path = tmp_path / "assay.sarif"
    path.write_bytes(sarif.render(sample))
    read = loader.load_sarif_file(str(path))
    report = read.get_report()
    rows = rows_of(sample)
    warned = [row for row in rows if row.verdict.name == "WARN"]
    failed = [row for row in rows if row.verdict.name == "FAIL"]
    loud, medium = ("critical", "high"), sum(row.severity == "medium" for row in failed)
    assert report.get_issue_count_for_severity("error") == sum(
        row.severity in loud for row in failed
    )
    assert report.get_issue_count_for_severity("warning") == len(warned) + medium
    assert read.get_distinct_tool_names() == ["dicom-assay"]
    assert len(read.get_records()) == len(rows)


def test_output_is_stable(hostile_run: Run) -> None:
    assert sarif.render(hostile_run) == sarif.render(hostile_run)
