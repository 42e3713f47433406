"""Oracles on C-FINDs that are compared: keys as data, literal values, time, rules of matching."""

from __future__ import annotations

import pytest

from harness.model import JSON, Observation, Record
from harness.oracles import (
    answers_in_proportion,
    finds_literally,
    idle_afterwards,
    keys_are_data,
    matches_by_rule,
)
from tests.harness.fakes import a_record, seen
from tests.harness.oracles.table import (
    HANG,
    LEAK,
    LENIENT,
    LOSS,
    PASS,
    RESOURCE,
    SLOW,
    UNSEEN,
    WARN,
    WRONG,
    Row,
    check,
)


def search(form: str, found: int = 0, status: int | None = 0, **more: JSON) -> Observation:
    data: dict[str, JSON] = {
        "name": "PatientID", "form": form, "text": "Z", "found": found, "answer": f"of {found}",
        "outcome": "RESPONDED", "status": status, "seconds": 0.01, **more,
    }  # fmt: skip
    return seen("search", "attacker", **data)


HONEST = search("honest", 1)
CONTROL = search("control")
REFUSED = 0xC000


def among(*searches: Observation) -> Record:
    return a_record(HONEST, *searches)


def ended(form: str, how: str) -> Observation:
    return search(form, 0, None, outcome=how)


ROWS = [
    Row(keys_are_data(), a_record(), UNSEEN),
    Row(keys_are_data(), a_record(search("honest", 0), CONTROL, search("marker")), UNSEEN),
    Row(keys_are_data(), among(CONTROL, search("marker")), PASS, "3 queries"),
    Row(keys_are_data(), among(CONTROL, search("marker", 5)), LEAK, "not taken as data"),
    Row(keys_are_data(), among(search("control", 1), search("marker", 1)), PASS),
    Row(keys_are_data(), among(search("control", 1), search("marker", 0)), LEAK),
    Row(keys_are_data(), among(CONTROL, search("marker", 0, REFUSED)), LENIENT),
    Row(keys_are_data(), among(CONTROL, ended("marker", "ABORTED")), LENIENT),
    Row(keys_are_data(), among(CONTROL, ended("marker", "TIMEOUT")), HANG),
    Row(keys_are_data(), among(search("control", 0, REFUSED), search("marker")), PASS),
    Row(keys_are_data(), among(search("control", 0, REFUSED), search("marker", 2)), LEAK),
    Row(
        keys_are_data(),
        among(CONTROL, search("lone quote", 0, REFUSED), search("two quotes")),
        WRONG,
        "one quote fails",
    ),
    Row(
        keys_are_data(),
        among(CONTROL, search("lone quote", 0, REFUSED), search("two quotes", 0, REFUSED)),
        LENIENT,
    ),
    Row(keys_are_data(), among(search("letters"), search("pattern", 1)), WARN, "LIKE"),
    Row(keys_are_data(), among(CONTROL, search("marker", 5, name="StudyID")), PASS),
    Row(finds_literally(), a_record(), UNSEEN),
    Row(finds_literally(), among(search("literal", 1), search("other")), PASS),
    Row(finds_literally(), among(search("literal", 0)), LOSS),
    Row(finds_literally(), among(search("literal", 0, REFUSED)), WRONG),
    Row(finds_literally(), among(search("literal", 1), search("other", 1)), LEAK),
    Row(finds_literally(), among(search("literal", 1), search("other", 0, REFUSED)), LENIENT),
    Row(answers_in_proportion(), a_record(), UNSEEN),
    Row(answers_in_proportion(), a_record(HONEST), UNSEEN),
    Row(answers_in_proportion(), a_record(ended("honest", "ABORTED"), CONTROL), UNSEEN),
    Row(answers_in_proportion(), among(search("whatever", seconds=2.9)), PASS),
    Row(answers_in_proportion(), among(search("whatever", seconds=3.1)), SLOW),
    Row(answers_in_proportion(10), among(search("whatever", seconds=3.1)), PASS),
    Row(
        answers_in_proportion(),
        a_record(search("honest", 1, seconds=1.0), search("whatever", seconds=19.0)),
        PASS,
    ),
    Row(answers_in_proportion(), among(ended("whatever", "TIMEOUT")), SLOW, "not answered"),
    Row(answers_in_proportion(), among(ended("whatever", "ABORTED")), PASS),
    Row(matches_by_rule(), a_record(), UNSEEN),
    Row(matches_by_rule(), among(search("found", 1), search("not found")), PASS),
    Row(matches_by_rule(), among(search("found", 0)), WARN),
    Row(matches_by_rule(), among(search("not found", 1)), WARN),
    Row(matches_by_rule(), among(search("found", 0, REFUSED)), LENIENT),
    Row(matches_by_rule(), among(search("whatever", 7), search("whatever", 0, REFUSED)), PASS),
    Row(idle_afterwards(0.25), a_record(), PASS, "not observed"),
    Row(idle_afterwards(0.25), a_record(seen("idle", "process", share=0.1)), PASS),
    Row(idle_afterwards(0.25), a_record(seen("idle", "process", share=0.9)), RESOURCE, "90%"),
]


@pytest.mark.parametrize("row", ROWS, ids=str)
def test_verdict(row: Row) -> None:
    check(row)
