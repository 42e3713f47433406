"""Oracles on texts that cannot be read, and on patients that resemble one another."""

from __future__ import annotations

import pytest

from harness.model import JSON, Observation
from harness.oracles import (
    answers_plainly,
    gives_each_their_own,
    keeps_patients_apart,
    returns_values,
)
from harness.verdict import Outcome
from tests.harness.fakes import a_record, seen
from tests.harness.oracles.table import HANG, LENIENT, LOSS, PASS, UNSEEN, WRONG, Row, check

RESPONDED, TIMEOUT = Outcome.RESPONDED.value, Outcome.TIMEOUT.value


def kept(*, taken: bool = True, outcome: str = RESPONDED) -> Observation:
    return seen("kept", taken=taken, outcome=outcome, name="")


def answered(**data: JSON) -> Observation:
    honest: dict[str, JSON] = {
        "outcome": RESPONDED, "status": 0, "studies": 2, "missing": [], "wrong": [],
    }  # fmt: skip
    return seen("answered", **{**honest, **data})


def identity(**data: JSON) -> Observation:
    honest: dict[str, JSON] = {
        "outcome": RESPONDED, "status": 0, "own": 1, "foreign": [], "misnamed": False,
    }  # fmt: skip
    return seen("identity", **{**honest, **data})


def returned(**data: JSON) -> Observation:
    return seen("returned", **{"objects": 1, "changed": [], **data})


PLAINLY, APART = answers_plainly(), keeps_patients_apart()
OWN, TEXT = gives_each_their_own(), returns_values()
ROWS = [
    Row(PLAINLY, a_record(), UNSEEN),
    Row(PLAINLY, a_record(answered()), PASS),
    Row(PLAINLY, a_record(answered(missing=None)), UNSEEN),
    Row(PLAINLY, a_record(answered(missing=["cut"])), LOSS, "cut"),
    Row(PLAINLY, a_record(answered(wrong=["00100020"])), LOSS, "00100020"),
    Row(PLAINLY, a_record(answered(outcome=TIMEOUT, status=None)), HANG),
    Row(PLAINLY, a_record(answered(status=0xC000)), LOSS, "failed"),
    Row(PLAINLY, a_record(answered(outcome=Outcome.ABORTED.value)), LOSS, "ABORTED"),
    Row(APART, a_record(), UNSEEN),
    Row(APART, a_record(kept(), kept()), UNSEEN, "nobody asked"),
    Row(APART, a_record(kept(taken=False)), UNSEEN),
    Row(APART, a_record(kept(), kept(taken=False), identity()), LENIENT, "who was taken"),
    Row(APART, a_record(kept(), kept(taken=False, outcome=TIMEOUT), identity()), HANG),
    Row(APART, a_record(kept(), kept(), identity()), PASS),
    Row(APART, a_record(kept(), kept(), identity(foreign=None)), UNSEEN),
    Row(APART, a_record(kept(), kept(), identity(foreign=["a zero"])), LOSS, "a zero"),
    Row(APART, a_record(kept(), kept(), identity(own=0)), LOSS, "does not give"),
    Row(APART, a_record(kept(), kept(), identity(misnamed=True)), LOSS, "another name"),
    Row(APART, a_record(kept(), kept(), identity(status=0xA900)), LOSS, "failed"),
    Row(OWN, a_record(), UNSEEN),
    Row(OWN, a_record(kept(), kept(taken=False)), WRONG, "not taken"),
    Row(OWN, a_record(kept(), kept(), identity()), PASS),
    Row(TEXT, a_record(), UNSEEN),
    Row(TEXT, a_record(kept(taken=False)), LOSS),
    Row(TEXT, a_record(kept(), returned(objects=0)), LOSS),
    Row(TEXT, a_record(kept(), returned(changed=["00100010"])), LOSS, "otherwise"),
    Row(TEXT, a_record(kept(), returned()), PASS),
]


@pytest.mark.parametrize("row", ROWS, ids=str)
def test_row(row: Row) -> None:
    check(row)
