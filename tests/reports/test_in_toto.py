"""The statement, read by in-toto's own library."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

import pytest
from google.protobuf import json_format
from in_toto_attestation.predicates.test_result.v0 import test_result_pb2
from in_toto_attestation.v1 import statement_pb2
from in_toto_attestation.v1.statement import Statement

from harness.run import Run
from reports import in_toto
from tests.reports import builder
from tests.reports.rows import result

RUNS = ("sample", "incomplete", "concluded_run", "hostile_run", "hostile_concluded_run")


@pytest.mark.parametrize("name", RUNS)
def test_in_toto_takes_it(name: str, request: pytest.FixtureRequest) -> None:
    data = in_toto.render(request.getfixturevalue(name))
    read = json_format.Parse(data, _message(statement_pb2, "Statement"))
    Statement.copy_from_pb(read).validate()
    told = json_format.ParseDict(
        json.loads(data)["predicate"], _message(test_result_pb2, "TestResult")
    )
    assert told.result == "FAILED"
    assert told.failed_tests


def test_the_subjects_are_the_evidence_and_no_reports(tmp_path: Path) -> None:
    run = builder.build(tmp_path / "run", [result("ASC-001", "PASS")])
    (run.folder / "wire").mkdir()
    (run.folder / "wire" / "ASC-001.pcapng").write_bytes(b"seen")
    (run.folder / "report.html").write_text("a report")
    (run.folder / "wire" / "outside").symlink_to("/etc/hostname")
    subjects = json.loads(in_toto.render(run))["subject"]
    assert [one["name"] for one in subjects] == ["record.jsonl", "wire/ASC-001.pcapng"]
    assert subjects[1]["digest"]["sha256"] == hashlib.sha256(b"seen").hexdigest()


def test_output_is_stable(hostile_run: Run) -> None:
    assert in_toto.render(hostile_run) == in_toto.render(hostile_run)


def _message(module: object, name: str) -> Any:
    """An empty message; its class is made at run time, where no type checker sees it."""
    return vars(module)[name]()
