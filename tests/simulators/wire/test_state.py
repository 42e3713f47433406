"""All 13 x 19 cells of PS3.8 Table 9-10 against an independent implementation."""

from __future__ import annotations

import pytest
from pynetdicom.fsm import ACTIONS, TRANSITION_TABLE

from simulators import wire
from simulators.wire.state import EVENTS, SEEN_BY_PEER, STATES, TABLE


@pytest.mark.parametrize("event", EVENTS)
@pytest.mark.parametrize("state", STATES)
def test_cell(state: str, event: str) -> None:
    judge = TRANSITION_TABLE.get((event, state))
    cell = TABLE.get((state, event))
    assert (cell.action if cell else None) == judge
    if cell:
        assert set(cell.next_states) <= set(STATES)


def test_the_table_has_123_transitions_and_known_actions() -> None:
    assert len(TABLE) == 123
    assert {cell.action for cell in TABLE.values()} == set(ACTIONS) == set(SEEN_BY_PEER)


@pytest.mark.parametrize(
    ("action", "target"), [("AE-6", {"Sta3", "Sta13"}), ("AR-8", {"Sta9", "Sta10"})]
)
def test_two_actions_have_two_ways_out(action: str, target: set[str]) -> None:
    assert {s for c in TABLE.values() if c.action == action for s in c.next_states} == target


@pytest.mark.parametrize(
    ("state", "pdu_type", "action"),
    [
        ("Sta2", 1, "AE-6"),
        ("Sta2", 4, "AA-1"),
        ("Sta2", 9, "AA-1"),
        ("Sta6", 1, "AA-8"),
        ("Sta6", 0, "AA-8"),
        ("Sta6", 5, "AR-2"),
        ("Sta6", 7, "AA-3"),
        ("Sta13", 1, "AA-7"),
        ("Sta13", 4, "AA-6"),
        ("Sta1", 1, None),
    ],
)
def test_what_a_pdu_asks_for(state: str, pdu_type: int, action: str | None) -> None:
    assert wire.expected(state, pdu_type) == action


def test_the_table_takes_plain_strings_and_events() -> None:
    assert TABLE["Sta6", wire.Event.ABORT_RECEIVED] == ("AA-3", ("Sta1",))
    assert SEEN_BY_PEER["AA-3"] == "TCP close"
