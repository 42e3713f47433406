"""Oracles on guesses of passwords, and on answers to requests for too much."""

from __future__ import annotations

import pytest

from harness.model import JSON, Observation
from harness.oracles.web_bounds import (
    answers_in_order,
    answers_no_more_than,
    lets_in_after_a_mistake,
    slows_down_guesses,
    takes_as_long,
)
from harness.verdict import Outcome
from tests.harness.fakes import a_record, outcome, seen
from tests.harness.oracles.table import (
    ACCEPTED,
    HANG,
    LENIENT,
    PASS,
    RESOURCE,
    UNSEEN,
    WARN,
    WRONG,
    Row,
    check,
)


def said(code: int, octets: int = 10, after_s: float = 0.1) -> Observation:
    told: dict[str, JSON] = {"code": code, "octets": octets, "detail": f"HTTP {code}"}
    return outcome(Outcome.RESPONDED, after_s=after_s, **told)


def honest(octets: int) -> Observation:
    return outcome(Outcome.RESPONDED, "polite", code=200, octets=octets)


OPEN = seen("opened", "polite", at_once=True, again=True)
LOCKED = seen("opened", "polite", at_once=False, again=True)
GUESSES = slows_down_guesses()
MISTAKE = lets_in_after_a_mistake()
LONG = takes_as_long()
SILENT = outcome(Outcome.TIMEOUT)
ROWS = [
    Row(GUESSES, a_record(), UNSEEN),
    Row(GUESSES, a_record(said(401)), UNSEEN),
    Row(GUESSES, a_record(said(429), OPEN), UNSEEN),
    Row(GUESSES, a_record(said(401), said(200), OPEN), ACCEPTED),
    Row(GUESSES, a_record(said(401), said(401), OPEN), ACCEPTED),
    Row(GUESSES, a_record(said(401), said(429), OPEN), PASS),
    Row(GUESSES, a_record(said(401), said(401, after_s=2.0), OPEN), PASS),
    Row(GUESSES, a_record(said(401), said(401), LOCKED), LENIENT),
    Row(MISTAKE, a_record(), UNSEEN),
    Row(MISTAKE, a_record(said(401), OPEN), PASS),
    Row(MISTAKE, a_record(said(200), OPEN), ACCEPTED),
    Row(MISTAKE, a_record(said(401), LOCKED), WRONG),
    Row(LONG, a_record(*[said(401)] * 5), UNSEEN),
    Row(LONG, a_record(*[said(401)] * 6), PASS),
    Row(LONG, a_record(*[said(401, after_s=0.9), said(401, after_s=0.1)] * 3), WARN),
    Row(answers_no_more_than(4), a_record(said(200)), UNSEEN),
    Row(answers_no_more_than(4), a_record(honest(100)), UNSEEN),
    Row(answers_no_more_than(4), a_record(honest(100), said(206, 400)), PASS),
    Row(answers_no_more_than(4), a_record(honest(100), said(206, 401)), RESOURCE),
    Row(answers_no_more_than(4), a_record(honest(100), SILENT), HANG),
    Row(answers_in_order(), a_record(), UNSEEN),
    Row(answers_in_order(), a_record(said(200), said(400)), PASS),
    Row(answers_in_order(), a_record(said(500)), WARN),
    Row(answers_in_order(), a_record(said(200), SILENT), HANG),
    Row(answers_in_order(), a_record(outcome(Outcome.GARBAGE)), WRONG),
]


@pytest.mark.parametrize("row", ROWS, ids=str)
def test_findings(row: Row) -> None:
    check(row)
