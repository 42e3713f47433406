"""Oracles on a device that calls us."""

from __future__ import annotations

import pytest

from harness.model import JSON, Observation, Record
from harness.oracles import (
    client_ends,
    client_gives_up,
    client_keeps_to_contexts,
    client_refuses,
    client_succeeds,
    client_survives,
    outcome_in,
)
from harness.verdict import Outcome
from tests.harness.fakes import a_record, outcome, seen
from tests.harness.oracles.table import (
    ACCEPTED,
    CRASH,
    HANG,
    LENIENT,
    PASS,
    UNSEEN,
    WRONG,
    Row,
    check,
)

ABORTED, CLOSED, RELEASED, TIMEOUT, ACCEPTS = (
    outcome(one)
    for one in (
        Outcome.ABORTED, Outcome.CLOSED, Outcome.RELEASED, Outcome.TIMEOUT, Outcome.ACCEPTED,
    )
)  # fmt: skip


def call(exit: int | None = 1, **data: JSON) -> Observation:
    return seen("trigger", "trigger", exit=exit, duration_s=1.5, **data)


FAILED, SUCCEEDED = call(1), call(0)
TOLD = call(0, told_failure=True)
KILLED, STUCK = call(None, signal="SIGSEGV"), call(None, timed_out=True)
BY_HAND = call(None, by_hand=True)


def using(context: int, *calls: Observation) -> Record:
    message = outcome(Outcome.RESPONDED, context=context)
    return a_record(seen("negotiated", usable=[1, 3]), message, *calls)


def answered(status: int, *calls: Observation) -> Record:
    return a_record(outcome(Outcome.RESPONDED, status=status), RELEASED, *calls)


ROWS = [
    Row(client_refuses(), a_record(), UNSEEN),
    Row(client_refuses(), a_record(FAILED), UNSEEN),
    Row(client_refuses(), a_record(ABORTED, FAILED), PASS),
    Row(client_refuses(Outcome.CLOSED), a_record(ABORTED, FAILED), LENIENT),
    Row(client_refuses(), a_record(CLOSED, FAILED), LENIENT),
    Row(client_refuses(), a_record(RELEASED, FAILED), LENIENT, "and reported failure"),
    Row(client_refuses(), a_record(RELEASED), UNSEEN, "nobody saw"),
    Row(client_refuses(), a_record(RELEASED, BY_HAND), UNSEEN),
    Row(client_refuses(), a_record(ABORTED, BY_HAND), PASS),
    Row(client_refuses(), a_record(ABORTED, SUCCEEDED), ACCEPTED, "reported success"),
    Row(client_refuses(), a_record(RELEASED, SUCCEEDED), ACCEPTED),
    Row(client_refuses(), a_record(RELEASED, TOLD), LENIENT, "and reported failure"),
    Row(client_succeeds(), a_record(RELEASED, TOLD), WRONG, "reported failure"),
    Row(client_refuses(), a_record(ACCEPTS, FAILED), ACCEPTED, "went on"),
    Row(client_refuses(), a_record(outcome(Outcome.RESPONDED), FAILED), ACCEPTED),
    Row(client_refuses(), a_record(TIMEOUT, FAILED), HANG),
    Row(client_refuses(), a_record(ABORTED, STUCK), HANG, "ended by us"),
    Row(client_refuses(), a_record(CLOSED, KILLED), CRASH, "SIGSEGV"),
    Row(client_refuses(), a_record(outcome(Outcome.NOT_OFFERED), FAILED), LENIENT),
    Row(client_survives(), a_record(), UNSEEN),
    Row(client_survives(), a_record(ABORTED, FAILED), PASS),
    Row(client_survives(), a_record(ACCEPTS, SUCCEEDED), LENIENT),
    Row(client_survives(), a_record(TIMEOUT, FAILED), HANG),
    Row(client_survives(), a_record(ABORTED, KILLED), CRASH),
    Row(client_survives(), a_record(ACCEPTS, STUCK), HANG),
    Row(client_keeps_to_contexts(), a_record(), UNSEEN),
    Row(client_keeps_to_contexts(), a_record(ABORTED, FAILED), UNSEEN, "with its contexts"),
    Row(client_keeps_to_contexts(), using(3, SUCCEEDED), LENIENT, "used context 3"),
    Row(client_keeps_to_contexts(), using(3, KILLED), CRASH),
    Row(client_keeps_to_contexts(), using(5, FAILED), ACCEPTED, "never proposed"),
    Row(
        client_keeps_to_contexts(), a_record(seen("negotiated", usable=[1]), ABORTED, FAILED), PASS
    ),
    Row(client_ends(), a_record(), PASS, "by hand"),
    Row(client_ends(), a_record(BY_HAND), PASS),
    Row(client_ends(), a_record(SUCCEEDED), PASS, "exit 0 after 1.5 s"),
    Row(client_ends(), a_record(FAILED), PASS),
    Row(client_ends(), a_record(STUCK), HANG),
    Row(client_ends(), a_record(KILLED), CRASH),
    Row(client_gives_up(), a_record(FAILED), PASS, "gave up after 1.5 s (limit 30 s)"),
    Row(client_gives_up(), a_record(ABORTED, FAILED), PASS),
    Row(client_gives_up(), a_record(SUCCEEDED), ACCEPTED),
    Row(client_gives_up(), a_record(STUCK), HANG, "ended by us"),
    Row(client_gives_up(), a_record(KILLED), CRASH),
    Row(client_gives_up(), a_record(ABORTED, BY_HAND), PASS),
    Row(client_gives_up(), a_record(TIMEOUT, BY_HAND), UNSEEN),
    Row(client_gives_up(), a_record(), UNSEEN),
    Row(client_succeeds(), a_record(), UNSEEN),
    Row(client_succeeds(), a_record(RELEASED, SUCCEEDED), PASS),
    Row(client_succeeds(), a_record(RELEASED, BY_HAND), PASS),
    Row(client_succeeds(), a_record(RELEASED, FAILED), WRONG, "reported failure (exit 1)"),
    Row(client_succeeds(), a_record(RELEASED, KILLED), WRONG, "exit SIGSEGV"),
    Row(client_succeeds(), a_record(ABORTED, SUCCEEDED), WRONG, "was not used"),
    Row(client_succeeds(), a_record(TIMEOUT, STUCK), WRONG),
    Row(client_succeeds(), answered(0, SUCCEEDED), PASS),
    Row(client_succeeds(), answered(0x0110, SUCCEEDED), WRONG, "an honest request"),
    Row(outcome_in({Outcome.CLOSED}), a_record(), UNSEEN),
    Row(outcome_in({Outcome.CLOSED}), a_record(ABORTED, CLOSED), PASS),
    Row(outcome_in({Outcome.CLOSED}), a_record(TIMEOUT), HANG),
    Row(outcome_in({Outcome.CLOSED}), a_record(RELEASED), ACCEPTED),
    Row(
        outcome_in({Outcome.CLOSED, Outcome.ABORTED}, {Outcome.ABORTED}), a_record(CLOSED), LENIENT
    ),
]


@pytest.mark.parametrize("row", ROWS, ids=str)
def test_it_says(row: Row) -> None:
    check(row)


def test_what_is_a_refusal() -> None:
    assert client_refuses().refusal
    assert client_keeps_to_contexts().refusal
    assert not client_survives().refusal
    assert not client_succeeds().refusal
