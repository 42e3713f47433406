"""Oracles on what follows a TLS handshake."""

from __future__ import annotations

import pytest

from harness.model import JSON, Record
from harness.oracles import (
    ends_on_broken_record,
    limits_tickets,
    makes_fresh_keys,
    not_confirmed,
    renegotiates_within_bounds,
    resumes_nothing,
    resumes_with_fresh_keys,
    serves_the_new_group,
    takes_no_early_data,
    uses_tls_for_suboperations,
)
from harness.verdict import Outcome
from tests.harness.fakes import a_record, outcome, seen
from tests.harness.oracles.table import (
    ACCEPTED,
    HANG,
    LENIENT,
    PASS,
    UNSEEN,
    WARN,
    WRONG,
    Row,
    check,
)

WEEK_S = 604800


def renegotiated(tried: int, granted: int) -> Record:
    return a_record(seen("renegotiated", tried=tried, granted=granted))


def resumed(resumed: bool, **data: JSON) -> Record:
    return a_record(seen("resumption", what="altered ticket", resumed=resumed, **data))


def ticket(lifetime_s: int, early: int | None = None) -> Record:
    return a_record(seen("ticket", lifetime_s=lifetime_s, max_early_data=early))


def keys(*values: str) -> Record:
    return a_record(*(seen("ephemeral", what="keys", value=value) for value in values))


def arrived(*secure: bool) -> Record:
    return a_record(*(seen("arrived", secure=one) for one in secure))


def early(last: Outcome | None = None, **data: JSON) -> Record:
    tried = seen("resumption", what="early data", **data)
    return a_record(tried, outcome(last)) if last else a_record(tried)


GROUP = seen("group", name="X25519MLKEM768")
ROWS = [
    Row(ends_on_broken_record(), a_record(), UNSEEN),
    Row(ends_on_broken_record(), a_record(outcome(Outcome.ALERT, alert=20)), PASS),
    Row(ends_on_broken_record(), a_record(outcome(Outcome.CLOSED)), LENIENT),
    Row(ends_on_broken_record(), a_record(outcome(Outcome.ACCEPTED)), ACCEPTED),
    Row(ends_on_broken_record(), a_record(outcome(Outcome.TIMEOUT)), HANG),
    Row(not_confirmed(), a_record(), UNSEEN),
    Row(not_confirmed(), a_record(outcome(Outcome.ALERT)), PASS),
    Row(not_confirmed(), a_record(outcome(Outcome.CLOSED)), PASS),
    Row(not_confirmed(), a_record(outcome(Outcome.RESPONDED, status=0xA700)), PASS),
    Row(not_confirmed(), a_record(outcome(Outcome.RESPONDED, status=0)), ACCEPTED, "did not"),
    Row(not_confirmed(), a_record(outcome(Outcome.RESPONDED)), ACCEPTED),
    Row(not_confirmed(), a_record(outcome(Outcome.TIMEOUT)), HANG),
    Row(renegotiates_within_bounds(), a_record(), UNSEEN),
    Row(renegotiates_within_bounds(), renegotiated(1, 0), PASS, "0 of 1"),
    Row(renegotiates_within_bounds(), renegotiated(3, 2), LENIENT),
    Row(renegotiates_within_bounds(), renegotiated(3, 3), ACCEPTED, "3 of 3"),
    Row(resumes_nothing(), a_record(), UNSEEN),
    Row(resumes_nothing("altered ticket"), resumed(False, completed=True), PASS, "full handshake"),
    Row(resumes_nothing("altered ticket"), resumed(False, completed=False), PASS, "refused"),
    Row(resumes_nothing("altered ticket"), resumed(True), ACCEPTED, "altered ticket"),
    Row(resumes_nothing("another"), resumed(True), UNSEEN),
    Row(resumes_nothing(), resumed(True), ACCEPTED),
    Row(limits_tickets(), a_record(), PASS, "no tickets"),
    Row(limits_tickets(), ticket(WEEK_S), PASS),
    Row(limits_tickets(), ticket(WEEK_S + 1), WARN, "more than a week"),
    Row(resumes_with_fresh_keys(), a_record(), PASS),
    Row(resumes_with_fresh_keys(), resumed(True, tls13=True, fresh_keys=True), PASS),
    Row(resumes_with_fresh_keys(), resumed(True, tls13=False, fresh_keys=False), PASS),
    Row(resumes_with_fresh_keys(), resumed(True, tls13=True, fresh_keys=False), WARN),
    Row(takes_no_early_data(), a_record(), UNSEEN),
    Row(takes_no_early_data(), early(Outcome.TIMEOUT, early_data=False), PASS),
    Row(takes_no_early_data(), early(early_data=True), ACCEPTED, "was accepted"),
    Row(takes_no_early_data(), early(Outcome.ACCEPTED, early_data=False), ACCEPTED, "acted"),
    Row(takes_no_early_data(), ticket(60, 16384), ACCEPTED, "16384 bytes"),
    Row(makes_fresh_keys(), a_record(), UNSEEN),
    Row(makes_fresh_keys(), keys("aa", ""), UNSEEN),
    Row(makes_fresh_keys(), keys("aa", "bb", "cc"), PASS, "3 different"),
    Row(makes_fresh_keys(), keys("aa", "bb", "aa"), ACCEPTED, "2 different"),
    Row(uses_tls_for_suboperations(), a_record(), UNSEEN),
    Row(uses_tls_for_suboperations(), arrived(True, True), PASS, "all 2"),
    Row(uses_tls_for_suboperations(), arrived(True, False), ACCEPTED, "1 of 2"),
    Row(serves_the_new_group(), a_record(), UNSEEN),
    Row(serves_the_new_group(), a_record(GROUP, outcome(Outcome.RESPONDED)), PASS, "MLKEM"),
    Row(serves_the_new_group(), a_record(outcome(Outcome.RESPONDED)), PASS),
    Row(serves_the_new_group(), a_record(outcome(Outcome.ALERT)), WRONG),
]


@pytest.mark.parametrize("row", ROWS, ids=str)
def test_verdict(row: Row) -> None:
    check(row)
