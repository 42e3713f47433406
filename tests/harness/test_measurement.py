from __future__ import annotations

import json
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator
from pydantic import ValidationError

from harness import schemas
from harness.load_rows import measured_in, measurement_rows
from harness.measurement import Measurement
from tests.harness.fakes import seen
from tests.harness.loads import a_caller, a_footing, a_ledger, a_load, a_step, measured

SCHEMAS = Path(__file__).parents[2] / "docs" / "schema"


def test_a_measurement_survives_json() -> None:
    one = measured(callers=(a_caller("CT"),), steps=(a_step(5.0, kept=True),), histogram=((9, 1),))
    assert Measurement.model_validate_json(one.model_dump_json()) == one


@pytest.mark.parametrize("wrong", [float("nan"), float("inf"), -float("inf"), "many", None])
def test_what_is_no_number_was_not_measured(wrong: object) -> None:
    with pytest.raises(ValidationError):
        measured(objects_per_s=wrong)


def test_the_run_schema_knows_every_field() -> None:
    schema = json.loads((SCHEMAS / "run.schema.json").read_text("utf-8"))["$defs"]["measurement"]
    fields = set(Measurement.model_fields)
    assert set(schema["properties"]) == fields | {"scenario", "play"}


def test_the_load_schema_explains_every_key() -> None:
    schema = json.loads((SCHEMAS / "load.schema.json").read_text("utf-8"))
    assert schema == schemas.load_schema()
    Draft202012Validator.check_schema(schema)
    for definition in (schema, *schema["$defs"].values()):
        for key, value in definition["properties"].items():
            assert value.get("description"), key
    assert schema["$defs"]["Latency"]["properties"]["p99_9"]["description"].startswith("So many")
    assert schema["properties"]["endings"]["description"].endswith('"TLS", "INVALID".')


def test_a_play_is_put_together_again() -> None:
    observations = [
        a_footing("before"), a_load(count=1), a_load(count=2), a_footing("after", at_s=3.0),
        a_ledger(lost=1), seen("recovery", "load", after_s=0.5, ok=True),
    ]  # fmt: skip
    first, last = measured_in(observations)
    assert (first.count, first.device, first.ledger, first.recovery_s) == (1, (), None, None)
    assert (last.count, len(last.device), last.recovery_s) == (2, 2, 0.5)
    assert last.ledger is not None
    assert last.ledger.lost == 1


def test_a_device_that_did_not_recover_has_no_time_of_recovery() -> None:
    (one,) = measured_in([a_load(), seen("recovery", "load", after_s=9.0, ok=False)])
    assert one.recovery_s is None


def test_what_cannot_be_read_is_left_out() -> None:
    broken = seen("load", "load", operation="store", count="many")
    assert measured_in([broken, seen("ledger", "load", lost="x"), seen("footing")]) == []


def test_rows_name_scenario_and_play() -> None:
    plays = {"LOAD-002": [a_load(count=1)], "LOAD": [a_load(count=2)], "ASC-001": [seen("x")]}
    judged = {"LOAD-503": "LOAD", "LOAD-500": "LOAD", "LOAD-002": "LOAD-002", "ASC-001": "ASC-001"}
    chosen = {scenario: [play] for scenario, play in judged.items()}
    rows = measurement_rows(plays, chosen)
    told = [(row["scenario"], row["play"], row["count"]) for row in rows if isinstance(row, dict)]
    assert told == [("LOAD-002", "LOAD-002", 1), ("LOAD-500", "LOAD", 2)]
