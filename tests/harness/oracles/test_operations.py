"""Oracles on operations: cancelled by others, cancelled by their caller, asked for ahead."""

from __future__ import annotations

import pytest

from harness.model import JSON, Observation
from harness.oracles import answers_each_once, goes_on_undisturbed, stops_when_cancelled
from tests.harness.fakes import a_record, seen
from tests.harness.oracles.table import (
    ACCEPTED,
    HANG,
    LENIENT,
    LOSS,
    PASS,
    RESOURCE,
    UNSEEN,
    WRONG,
    Row,
    check,
)

CANCELLED = 0xFE00


def search(form: str, found: int, status: int | None = 0, **more: JSON) -> Observation:
    data: dict[str, JSON] = {
        "form": form, "found": found, "answer": f"of {found}", "outcome": "RESPONDED",
        "status": status, "rest_s": 0.5, **more,
    }  # fmt: skip
    return seen("search", "attacker", **data)


def tally(*answered: tuple[int, int], **more: JSON) -> Observation:
    data: dict[str, JSON] = {
        "sent": [[1, 1], [2, 1]], "answered": [list(pair) for pair in answered], "strange": 0,
        "outcome": "RESPONDED", "quiet_s": 0.0, **more,
    }  # fmt: skip
    return seen("tally", "attacker", **data)


HONEST = search("honest", 60)
MANY = search("honest", 120)
ALONE, STOPS, ONCE = goes_on_undisturbed(), stops_when_cancelled(60), answers_each_once()
ROWS = [
    Row(ALONE, a_record(), UNSEEN),
    Row(ALONE, a_record(HONEST), UNSEEN),
    Row(ALONE, a_record(search("honest", 0), search("unknown", 0)), UNSEEN),
    Row(ALONE, a_record(HONEST, search("unknown", 60)), PASS, "60 of 60"),
    Row(ALONE, a_record(HONEST, search("elsewhere", 60)), PASS),
    Row(ALONE, a_record(HONEST, search("unknown", 3, CANCELLED)), ACCEPTED),
    Row(ALONE, a_record(HONEST, search("elsewhere", 59)), LOSS),
    Row(ALONE, a_record(HONEST, search("unknown", 0, None, outcome="ABORTED")), LENIENT),
    Row(ALONE, a_record(HONEST, search("elsewhere", 0, None, outcome="ABORTED")), WRONG),
    Row(ALONE, a_record(HONEST, search("unknown", 0, None, outcome="TIMEOUT")), HANG),
    Row(STOPS, a_record(), UNSEEN),
    Row(STOPS, a_record(HONEST, search("cancelled", 0, CANCELLED)), PASS),
    Row(STOPS, a_record(search("honest", 59), search("cancelled", 59)), UNSEEN, "too few"),
    Row(STOPS, a_record(MANY, search("cancelled", 120)), RESOURCE, "every match"),
    Row(STOPS, a_record(MANY, search("cancelled", 120, rest_s=0.001)), LENIENT, "too soon"),
    Row(STOPS, a_record(MANY, search("cancelled", 7)), LENIENT),
    Row(STOPS, a_record(MANY, search("cancelled", 7, CANCELLED)), PASS),
    Row(STOPS, a_record(MANY, search("cancelled", 7, None, outcome="ABORTED")), LENIENT),
    Row(STOPS, a_record(MANY, search("cancelled", 7, None, outcome="TIMEOUT")), HANG),
    Row(ONCE, a_record(), UNSEEN),
    Row(ONCE, a_record(tally(sent=[])), UNSEEN),
    Row(ONCE, a_record(tally((1, 1), (2, 1))), PASS, "2 answers to 2 requests"),
    Row(ONCE, a_record(tally((1, 1), outcome="TIMEOUT")), LOSS, "none to message 2"),
    Row(ONCE, a_record(tally((1, 1), (2, 2))), LOSS, "too many to message 2"),
    Row(ONCE, a_record(tally((1, 1), (2, 1), strange=1)), LOSS, "strange"),
    Row(ONCE, a_record(tally((1, 1), outcome="ABORTED")), LENIENT),
    Row(ONCE, a_record(tally((1, 1), outcome="ABORTED", quiet_s=4.0)), LOSS),
    Row(ONCE, a_record(tally((1, 1), (2, 1), outcome="ABORTED", quiet_s=4.0)), LENIENT),
    Row(ONCE, a_record(tally((7, 2), sent=[[7, 2]])), PASS),
]


@pytest.mark.parametrize("row", ROWS, ids=str)
def test_verdict(row: Row) -> None:
    check(row)
