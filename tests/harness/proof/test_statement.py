"""The Statement says what the run says, and never more."""

from __future__ import annotations

import json
from typing import Any

import pytest
from google.protobuf import json_format
from in_toto_attestation.predicates.test_result.v0 import test_result_pb2
from in_toto_attestation.v1.statement import Statement

from harness.errors import SignatureError
from harness.model import JSON
from harness.proof.statement import PREDICATE, STATEMENT, predicate, statement

DIGEST = "ab" * 32
RESULTS: Any = test_result_pb2
"""Its classes are made at run time, where no type checker sees them."""


def document(
    *verdicts: str, complete: bool = True, missing: tuple[str, ...] = ()
) -> dict[str, Any]:
    return {
        "tool": {"name": "dicom-assay", "version": "0.1.0", "catalogue": f"sha256:{DIGEST}"},
        "device": {
            "manufacturer": "M",
            "model": "X",
            "version": "1",
            "profile": f"sha256:{DIGEST}",
        },
        "complete": complete,
        "not_finished": list(missing),
        "results": [{"id": f"A-{n}", "verdict": verdict} for n, verdict in enumerate(verdicts)],
    }


@pytest.mark.parametrize(
    ("verdicts", "result"),
    [
        (("PASS",), "PASSED"),
        (("PASS", "NOT_APPLICABLE"), "PASSED"),
        (("PASS", "WARN"), "WARNED"),
        (("PASS", "REVIEW"), "WARNED"),
        (("PASS", "INCONCLUSIVE"), "WARNED"),
        (("PASS", "FAIL"), "FAILED"),
        (("PASS", "ERROR"), "FAILED"),
        (("INCONCLUSIVE",), "FAILED"),
        (("NOT_APPLICABLE",), "FAILED"),
        ((), "FAILED"),
    ],
)
def test_only_what_passed_is_called_passed(verdicts: tuple[str, ...], result: str) -> None:
    assert predicate(document(*verdicts))["result"] == result


def test_an_unfinished_run_never_passes() -> None:
    assert predicate(document("PASS", complete=False))["result"] == "FAILED"
    cut = predicate(document("PASS", complete=False, missing=("Z-1",)))
    assert cut["failedTests"] == ["Z-1"]


def test_the_official_reader_takes_the_statement_whole() -> None:
    made = statement(document("PASS", "WARN", "FAIL"), {"run.json": DIGEST, "a.txt": "00" * 32})
    empty = Statement([], "", {})
    read: Any = Statement.copy_from_pb(json_format.Parse(json.dumps(made), empty.pb))
    read.validate()
    assert (made["_type"], made["predicateType"]) == (STATEMENT, PREDICATE)
    body: JSON = made["predicate"]
    parsed = json_format.Parse(json.dumps(body), RESULTS.TestResult())
    assert list(parsed.passed_tests) == ["A-0"]
    assert [one.name for one in parsed.configuration] == ["dicom-assay", "device profile"]
    assert [row["name"] for row in made["subject"]] == ["a.txt", "run.json"]  # type: ignore


def test_a_statement_about_nothing_is_refused() -> None:
    with pytest.raises(SignatureError, match="at least one file"):
        statement(document("PASS"), {})
