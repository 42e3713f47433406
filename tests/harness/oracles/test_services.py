"""Oracles on DIMSE services: carried out, refused, or merely answered."""

from __future__ import annotations

import pytest

from harness.model import JSON, Observation, Record
from harness.oracles import (
    no_effect,
    not_carried_out,
    not_served,
    reacts,
    refuses_or_warns,
    returns_matches,
)
from harness.verdict import Outcome
from tests.harness.fakes import a_record, outcome, seen
from tests.harness.oracles.table import (
    ACCEPTED,
    HANG,
    LENIENT,
    LOSS,
    PASS,
    UNSEEN,
    WRONG,
    Row,
    check,
)

ABORTED, CLOSED, TIMEOUT, RELEASED = (
    a_record(outcome(one))
    for one in (Outcome.ABORTED, Outcome.CLOSED, Outcome.TIMEOUT, Outcome.RELEASED)
)
UNKNOWN_AE = not_served(source=1, reason=3)


def answer(status: int, **data: JSON) -> Observation:
    return outcome(Outcome.RESPONDED, status=status, **data)


def answered(status: int, **data: JSON) -> Record:
    return a_record(answer(status, **data))


def read_back(found: int | None, *claims: str) -> Record:
    looked = () if found is None else (seen("readback", "polite", found=found),)
    return a_record(*looked, facts={"claims": list(claims)})


ROWS = [
    Row(UNKNOWN_AE, a_record(), UNSEEN),
    Row(UNKNOWN_AE, a_record(outcome(Outcome.REJECTED, source=1, reason=3)), PASS),
    Row(UNKNOWN_AE, a_record(outcome(Outcome.REJECTED, source=1, reason=1)), LENIENT),
    Row(not_served(), a_record(outcome(Outcome.REJECTED, source=3, reason=1)), PASS),
    Row(UNKNOWN_AE, ABORTED, LENIENT),
    Row(UNKNOWN_AE, CLOSED, LENIENT),
    Row(UNKNOWN_AE, answered(0x0124), LENIENT),
    Row(UNKNOWN_AE, answered(0, matches=0), LENIENT),
    Row(UNKNOWN_AE, a_record(outcome(Outcome.RELEASED, contexts=0)), LENIENT),
    Row(UNKNOWN_AE, answered(0), ACCEPTED, "served: RESPONDED"),
    Row(UNKNOWN_AE, answered(0, matches=1), ACCEPTED),
    Row(UNKNOWN_AE, RELEASED, ACCEPTED),
    Row(UNKNOWN_AE, a_record(outcome(Outcome.RELEASED, contexts=1)), ACCEPTED),
    Row(UNKNOWN_AE, a_record(outcome(Outcome.ACCEPTED)), ACCEPTED),
    Row(UNKNOWN_AE, TIMEOUT, HANG),
    Row(UNKNOWN_AE, a_record(answer(0x0124), answer(0)), ACCEPTED),
    Row(not_carried_out(), a_record(), UNSEEN),
    Row(not_carried_out(), answered(0x0211), PASS),
    Row(not_carried_out(), ABORTED, PASS),
    Row(not_carried_out(), CLOSED, LENIENT),
    Row(not_carried_out(), TIMEOUT, LENIENT),
    Row(not_carried_out(), answered(0), ACCEPTED, "nobody asked for"),
    Row(not_carried_out(), RELEASED, ACCEPTED),
    Row(reacts(), a_record(), UNSEEN),
    Row(reacts(), answered(0), PASS),
    Row(reacts(), answered(0x0110), PASS),
    Row(reacts(prefers_refusal=True), answered(0x0110), PASS),
    Row(reacts(prefers_refusal=True), answered(0), LENIENT),
    Row(reacts(), ABORTED, PASS),
    Row(reacts(), CLOSED, LENIENT),
    Row(reacts(), TIMEOUT, HANG),
    Row(reacts(), RELEASED, WRONG, "no DIMSE answer"),
    Row(refuses_or_warns(), a_record(), UNSEEN),
    Row(refuses_or_warns(), answered(0xA900), PASS),
    Row(refuses_or_warns(0xA900), answered(0xA900), PASS),
    Row(refuses_or_warns(0xA900), answered(0x0110), LENIENT),
    Row(refuses_or_warns(), answered(0xB000), LENIENT),
    Row(refuses_or_warns(), answered(0), ACCEPTED, "without a word"),
    Row(refuses_or_warns(), answered(0x0107), ACCEPTED),
    Row(refuses_or_warns(), CLOSED, LENIENT),
    Row(refuses_or_warns(), TIMEOUT, HANG),
    Row(no_effect(), read_back(0, "query-scp"), PASS),
    Row(no_effect(), read_back(1, "query-scp"), ACCEPTED, "should not have been stored"),
    Row(no_effect(), read_back(None, "query-scp"), UNSEEN),
    Row(no_effect(), read_back(None), PASS, "claims no Query"),
    Row(no_effect(), read_back(1), ACCEPTED),
    Row(returns_matches(), a_record(), UNSEEN),
    Row(returns_matches(), answered(0), UNSEEN, "nobody counted"),
    Row(returns_matches(), answered(0, matches=1, expected=1), PASS),
    Row(returns_matches(), answered(0, matches=3, expected=1), PASS),
    Row(returns_matches(), answered(0, matches=0, expected=1), LOSS, "0 match(es)"),
]


@pytest.mark.parametrize("row", ROWS, ids=str)
def test_it_says(row: Row) -> None:
    check(row)


def test_what_is_a_refusal() -> None:
    assert UNKNOWN_AE.refusal
    assert not_carried_out().refusal
    assert refuses_or_warns().refusal
    assert not reacts().refusal
    assert UNKNOWN_AE.name == "not_served(RJ source 1 reason 3)"
