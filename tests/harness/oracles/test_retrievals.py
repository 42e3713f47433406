"""Oracles on devices that query and retrieve."""

from __future__ import annotations

import dataclasses

import pytest

from harness.model import JSON, Observation, Record
from harness.oracles import (
    client_tells_failure,
    deletes_its_copy,
    keeps_its_copy,
    stops_at_its_limit,
    takes_only_what_it_asked_for,
)
from harness.verdict import Outcome
from tests.harness.fakes import a_record, outcome, seen
from tests.harness.oracles.table import (
    ACCEPTED,
    CRASH,
    HANG,
    LENIENT,
    LOSS,
    PASS,
    RESOURCE,
    UNSEEN,
    WARN,
    WRONG,
    Row,
    check,
)

ABORTED, RELEASED, TIMEOUT = (
    outcome(one) for one in (Outcome.ABORTED, Outcome.RELEASED, Outcome.TIMEOUT)
)


def call(exit: int | None = 1, **data: JSON) -> Observation:
    return seen("trigger", "trigger", exit=exit, duration_s=1.5, **data)


def offered(name: Outcome, *, foreign: bool = True, **data: JSON) -> Observation:
    return seen("offered", foreign=foreign, outcome=name.value, instance="1.2.3", **data)


def kept(asked_for: int, foreign: int) -> Observation:
    return seen("taken-in", asked_for=asked_for, foreign=foreign)


def claiming(*observations: Observation) -> Record:
    return dataclasses.replace(a_record(*observations), facts={"claims": ["checks-retrieved"]})


def limited(*observations: Observation) -> Record:
    return dataclasses.replace(a_record(*observations), facts={"max_matches": 100})


def matches(sent: int, by: str = "") -> Observation:
    return seen("matches", sent=sent, stopped=bool(by), by=by)


def copy(*, exists: bool) -> Observation:
    return seen("local-copy", exists=exists)


TOLD, SILENT = call(0, told_failure=True), call(0, told_failure=False)
TAKEN = offered(Outcome.RESPONDED, status=0)
WARNED = offered(Outcome.RESPONDED, status=0xB000)
REFUSED = offered(Outcome.RESPONDED, status=0xA900)
OWN = offered(Outcome.RESPONDED, foreign=False, status=0)
REPORTED = outcome(Outcome.RESPONDED, "reporter", status=0)

ROWS = [
    Row(client_tells_failure(), a_record(), UNSEEN),
    Row(client_tells_failure(), a_record(RELEASED, call(1)), PASS, "reported failure"),
    Row(client_tells_failure(), a_record(RELEASED, SILENT), ACCEPTED, "reported success"),
    Row(client_tells_failure(), a_record(RELEASED, TOLD), PASS),
    Row(client_tells_failure(), a_record(ABORTED, SILENT), ACCEPTED),
    Row(client_tells_failure(), a_record(TIMEOUT, call(1)), HANG),
    Row(client_tells_failure(), a_record(RELEASED, call(None, timed_out=True)), HANG),
    Row(client_tells_failure(), a_record(RELEASED, call(None, signal="SIGSEGV")), CRASH),
    Row(client_tells_failure(), a_record(RELEASED), UNSEEN, "nobody saw"),
    Row(client_tells_failure(), a_record(RELEASED, call(None, by_hand=True)), UNSEEN),
    Row(client_tells_failure(), a_record(ABORTED, call(None, by_hand=True)), PASS),
    Row(takes_only_what_it_asked_for(), a_record(), UNSEEN),
    Row(takes_only_what_it_asked_for(), a_record(OWN), UNSEEN),
    Row(takes_only_what_it_asked_for(), a_record(OWN, REFUSED), PASS, "was refused"),
    Row(takes_only_what_it_asked_for(), a_record(offered(Outcome.ABORTED)), PASS),
    Row(takes_only_what_it_asked_for(), a_record(offered(Outcome.TIMEOUT)), LENIENT, "no answer"),
    Row(takes_only_what_it_asked_for(), a_record(OWN, TAKEN), WARN, "no such check is claimed"),
    Row(takes_only_what_it_asked_for(), claiming(OWN, TAKEN), ACCEPTED, "was not asked for"),
    Row(takes_only_what_it_asked_for(), claiming(OWN, WARNED), ACCEPTED),
    Row(takes_only_what_it_asked_for(), claiming(OWN, TAKEN, kept(1, 1)), ACCEPTED),
    Row(takes_only_what_it_asked_for(), claiming(OWN, TAKEN, kept(1, 0)), LENIENT, "not keep it"),
    Row(takes_only_what_it_asked_for(), claiming(TAKEN, kept(0, 0)), ACCEPTED),
    Row(takes_only_what_it_asked_for(must=True), a_record(TAKEN), ACCEPTED, "not negotiated"),
    Row(takes_only_what_it_asked_for(must=True), a_record(REFUSED), PASS),
    Row(takes_only_what_it_asked_for(must=True), a_record(REFUSED, TAKEN), ACCEPTED),
    Row(stops_at_its_limit(), limited(), UNSEEN),
    Row(stops_at_its_limit(), a_record(matches(200)), UNSEEN, "no limit"),
    Row(stops_at_its_limit(), limited(matches(150, "cancelled")), PASS, "cancelled after 150"),
    Row(stops_at_its_limit(), limited(matches(150)), RESOURCE, "took 150 matches"),
    Row(stops_at_its_limit(), limited(matches(100)), UNSEEN, "only 100"),
    Row(keeps_its_copy(), a_record(), UNSEEN),
    Row(keeps_its_copy(), a_record(copy(exists=True)), UNSEEN, "no report was made"),
    Row(keeps_its_copy(), a_record(REPORTED, copy(exists=True)), PASS, "still there"),
    Row(keeps_its_copy(), a_record(REPORTED, copy(exists=False)), LOSS, "gone"),
    Row(deletes_its_copy(), a_record(), UNSEEN),
    Row(deletes_its_copy(), a_record(copy(exists=False)), PASS),
    Row(deletes_its_copy(), a_record(copy(exists=True)), WRONG),
]


@pytest.mark.parametrize("row", ROWS, ids=str)
def test_every_row(row: Row) -> None:
    check(row)
