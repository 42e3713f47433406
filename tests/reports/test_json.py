from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator, ValidationError

from harness.run import Run, load
from harness.verdict import FailKind, InconclusiveReason, Outcome, Verdict
from reports import json as scribe

SCHEMA = json.loads(
    (Path(__file__).parents[2] / "docs" / "schema" / "run.schema.json").read_text("utf-8")
)
Document = dict[str, Any]


def _validate(document: Document) -> None:
    Draft202012Validator(SCHEMA).validate(document)


def test_the_schema_is_a_schema() -> None:
    Draft202012Validator.check_schema(SCHEMA)


def test_documents_validate(sample: Run, incomplete: Run) -> None:
    for run in (sample, incomplete, load(sample.folder)):
        _validate(json.loads(scribe.render(run)))


def test_hostile_documents_validate_and_survive(hostile_run: Run) -> None:
    read = json.loads(scribe.render(hostile_run))
    _validate(read)
    assert read == hostile_run.document


def test_output_is_canonical(sample: Run) -> None:
    written = scribe.render(sample)
    assert written == scribe.render(sample)
    assert written.count(b"\n") == 1
    assert written.isascii()
    assert b'": ' not in written


def test_the_schema_knows_the_vocabulary() -> None:
    known = SCHEMA["$defs"]
    assert known["verdict"]["enum"] == [verdict.name for verdict in Verdict]
    assert set(known["outcome"]["enum"]) == {"", *Outcome}
    assert set(known["kind"]["enum"]) == {"", *FailKind}
    assert set(known["code"]["enum"]) == {"", *InconclusiveReason}


def _wrong_key(document: Document) -> None:
    document["results"][0]["severty"] = "high"


def _wrong_top_key(document: Document) -> None:
    document["complet"] = True


def _missing_key(document: Document) -> None:
    del document["results"][0]["reason"]


def _wrong_verdict(document: Document) -> None:
    document["results"][0]["verdict"] = "OK"


def _fail_without_kind(document: Document) -> None:
    next(row for row in document["results"] if row["verdict"] == "FAIL")["kind"] = ""


def _pass_with_kind(document: Document) -> None:
    next(row for row in document["results"] if row["verdict"] == "PASS")["kind"] = "crash"


def _inconclusive_without_code(document: Document) -> None:
    next(row for row in document["results"] if row["verdict"] == "INCONCLUSIVE")["code"] = ""


def _wrong_count(document: Document) -> None:
    document["summary"]["verdicts"]["GOOD"] = 3


def _wrong_case_key(document: Document) -> None:
    next(row for row in document["results"] if row["cases"])["cases"][0]["varied"] = {}


def _wrong_scope_key(document: Document) -> None:
    document["scope"]["network"] = []


@pytest.mark.parametrize(
    "spoil",
    [
        _wrong_key,
        _wrong_top_key,
        _missing_key,
        _wrong_verdict,
        _fail_without_kind,
        _pass_with_kind,
        _inconclusive_without_code,
        _wrong_count,
        _wrong_case_key,
        _wrong_scope_key,
    ],
)
def test_a_wrong_document_is_refused(sample: Run, spoil: Callable[[Document], None]) -> None:
    document = json.loads(scribe.render(sample))
    spoil(document)
    with pytest.raises(ValidationError):
        _validate(document)
