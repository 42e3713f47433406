"""Oracles on how an exchange ended."""

from __future__ import annotations

import pytest

from harness.model import Record
from harness.oracles import (
    REFUSALS,
    ends,
    is_failure,
    never,
    refuses,
    refuses_operation,
    succeeds,
)
from harness.oracles.outcomes import TIMER_GRACE_S
from harness.verdict import FailKind, Outcome
from tests.harness.fakes import a_record, outcome
from tests.harness.oracles.table import (
    ACCEPTED,
    HANG,
    LEAK,
    LENIENT,
    PASS,
    SLOW,
    UNSEEN,
    WRONG,
    Row,
    check,
)

NOTHING = a_record()
LIMIT = 30.0 + TIMER_GRACE_S


def ended(*outcomes: Outcome, after_s: float = 0.1, artim_s: float | None = None) -> Record:
    facts = {} if artim_s is None else {"artim_s": artim_s}
    return a_record(*(outcome(one, after_s=after_s) for one in outcomes), facts=facts)


def responded(*statuses: int) -> Record:
    return a_record(*(outcome(Outcome.RESPONDED, status=one) for one in statuses))


ABORTS = refuses(Outcome.ABORTED)
ROWS = [
    Row(ABORTS, NOTHING, UNSEEN, "no outcome"),
    Row(ABORTS, a_record(outcome(Outcome.ABORTED, "polite")), UNSEEN),
    Row(ABORTS, ended(Outcome.ABORTED), PASS, "ABORTED after 0.10 s"),
    *(Row(ABORTS, ended(one), LENIENT) for one in REFUSALS - {Outcome.ABORTED}),
    *(Row(refuses(), ended(one), PASS) for one in REFUSALS),
    Row(ABORTS, ended(Outcome.ABORTED, Outcome.CLOSED), LENIENT),
    Row(ABORTS, ended(Outcome.CLOSED, Outcome.ABORTED), LENIENT),
    Row(ABORTS, ended(Outcome.ABORTED, Outcome.ACCEPTED), ACCEPTED),
    Row(ABORTS, ended(Outcome.ACCEPTED, Outcome.ABORTED), ACCEPTED, "had to refuse"),
    Row(ABORTS, ended(Outcome.RESPONDED), ACCEPTED),
    Row(ABORTS, ended(Outcome.TIMEOUT), HANG, "still open"),
    *(
        Row(ABORTS, ended(one), WRONG, "is permitted")
        for one in (Outcome.GARBAGE, Outcome.RELEASED, Outcome.REFUSED, Outcome.NOT_CALLED)
    ),
    # Time: the device's own timer, and a grace.
    Row(ABORTS, ended(Outcome.ABORTED, after_s=LIMIT), PASS),
    Row(ABORTS, ended(Outcome.ABORTED, after_s=LIMIT + 0.1), SLOW, "the limit is 30 s"),
    Row(ABORTS, ended(Outcome.CLOSED, after_s=LIMIT + 0.1), SLOW),
    Row(ABORTS, ended(Outcome.ABORTED, after_s=8, artim_s=2), SLOW, "the limit is 2 s"),
    Row(ABORTS, ended(Outcome.ABORTED, after_s=40, artim_s=60), PASS),
    Row(refuses(within=1), ended(Outcome.CLOSED, after_s=6.5), SLOW, "the limit is 1 s"),
    Row(refuses(within=1), ended(Outcome.CLOSED, after_s=5.5), PASS),
    Row(ABORTS, a_record(outcome(Outcome.ABORTED)), PASS),
    # A chosen actor, and nothing tolerated.
    Row(ends({Outcome.CLOSED}, actor="other"), ended(Outcome.CLOSED), UNSEEN),
    Row(
        ends({Outcome.CLOSED}, actor="other"), a_record(outcome(Outcome.CLOSED, "other")), PASS
    ),
    Row(ends({Outcome.CLOSED}), ended(Outcome.ABORTED), WRONG),
    Row(ends({Outcome.RESPONDED}), responded(0), PASS),
    # Success.
    Row(succeeds(), NOTHING, UNSEEN),
    Row(succeeds(), responded(0), PASS),
    Row(succeeds(), ended(Outcome.RELEASED), PASS),
    Row(succeeds(), ended(Outcome.ACCEPTED, Outcome.RESPONDED, Outcome.RELEASED), PASS),
    Row(succeeds(), responded(0, 0x0110), WRONG, "an honest exchange failed"),
    Row(succeeds(), responded(0xB000), WRONG),
    Row(succeeds(), ended(Outcome.REJECTED), WRONG),
    Row(succeeds(), ended(Outcome.TIMEOUT), WRONG),
    # Refusal of an operation.
    Row(refuses_operation(), NOTHING, UNSEEN),
    Row(refuses_operation(), responded(0x0110), PASS),
    Row(refuses_operation(0xA900), responded(0xA900), PASS),
    Row(refuses_operation(0xA900), responded(0x0110), LENIENT),
    Row(refuses_operation(0xA900), responded(0xA900, 0x0110), LENIENT),
    *(
        Row(refuses_operation(), responded(one), ACCEPTED, f"status {one:04X}H")
        for one in (0x0000, 0x0001, 0x0107, 0x0116, 0xB000, 0xB007, 0xFF00, 0xFF01)
    ),
    Row(refuses_operation(), responded(0x0110, 0), ACCEPTED),
    Row(refuses_operation(0xA900), ended(Outcome.ABORTED), PASS),
    Row(refuses_operation(0xA900), ended(Outcome.CLOSED), LENIENT),
    Row(refuses_operation(), ended(Outcome.TIMEOUT), HANG),
    Row(refuses_operation(), ended(Outcome.RESPONDED), ACCEPTED),
    Row(refuses_operation(), ended(Outcome.ACCEPTED), ACCEPTED),
    Row(refuses_operation(), ended(Outcome.RELEASED), ACCEPTED),
    # What must never be.
    Row(never(Outcome.GARBAGE, FailKind.LEAK, "leaks"), NOTHING, UNSEEN),
    Row(never(Outcome.GARBAGE, FailKind.LEAK, "leaks"), ended(Outcome.TIMEOUT), PASS),
    Row(
        never(Outcome.GARBAGE, FailKind.LEAK, "leaks"),
        ended(Outcome.GARBAGE, Outcome.CLOSED), LEAK, "leaks: GARBAGE",
    ),
]  # fmt: skip


@pytest.mark.parametrize("row", ROWS, ids=str)
def test_it_says(row: Row) -> None:
    check(row)


def test_only_refusals_are_marked_as_refusals() -> None:
    assert ABORTS.refusal
    assert refuses_operation().refusal
    assert not succeeds().refusal
    assert not never(Outcome.GARBAGE, FailKind.LEAK, "leaks").refusal


def test_names_tell_the_parameters() -> None:
    assert ends({Outcome.CLOSED}, {Outcome.ABORTED}, within=2.5).name == (
        "ends(ABORTED, CLOSED; 2.5 s)"
    )
    assert refuses_operation(0xA900, 0x0110).name == "refuses_operation(A900H, 0110H)"


@pytest.mark.parametrize("status", [0x0105, 0x0110, 0x0122, 0x0211, 0xA700, 0xC000, 0xFE00])
def test_failures_and_cancel_are_failures(status: int) -> None:
    assert is_failure(status)
