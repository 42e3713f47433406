"""The Upper Layer state machine: PS3.8 Table 9-10 as data.

Source: ``ul_state_table.csv`` is PS3.8 9.2.3 Table 9-10, cell by cell; confidence: read in the
standard's text (2020 edition) and compared with an independent implementation in our tests.
The table tracks both sides and restrains neither: our illegal move is a recorded lie, the
device's illegal move is an observation.
"""

from __future__ import annotations

import csv
from enum import StrEnum
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

STATES: Final = tuple(f"Sta{number}" for number in range(1, 14))
"""All states, ``Sta1`` to ``Sta13``."""

EVENTS: Final = tuple(f"Evt{number}" for number in range(1, 20))
"""All events, ``Evt1`` to ``Evt19``."""


class Event(StrEnum):
    """The events that a received PDU or the transport raises."""

    AC_RECEIVED = "Evt3"
    RJ_RECEIVED = "Evt4"
    RQ_RECEIVED = "Evt6"
    P_DATA_RECEIVED = "Evt10"
    RELEASE_RQ_RECEIVED = "Evt12"
    RELEASE_RP_RECEIVED = "Evt13"
    ABORT_RECEIVED = "Evt16"
    TRANSPORT_CLOSED = "Evt17"
    ARTIM_EXPIRED = "Evt18"
    INVALID_PDU_RECEIVED = "Evt19"


class Transition(NamedTuple):
    """One cell of the table.

    Attributes:
        action: Action name, e.g. ``AA-8``.
        next_states: The state, or the two possible states, that follow.
    """

    action: str
    next_states: tuple[str, ...]


_PDU_EVENTS: Final = {
    1: Event.RQ_RECEIVED,
    2: Event.AC_RECEIVED,
    3: Event.RJ_RECEIVED,
    4: Event.P_DATA_RECEIVED,
    5: Event.RELEASE_RQ_RECEIVED,
    6: Event.RELEASE_RP_RECEIVED,
    7: Event.ABORT_RECEIVED,
}


def _rows() -> Iterator[dict[str, str]]:
    # By its path: the machinery of importlib.resources costs a device that is started a lot 20 ms.
    with (Path(__file__).parent / "ul_state_table.csv").open(encoding="utf-8") as lines:
        yield from csv.DictReader(lines)


def _load() -> tuple[Mapping[tuple[str, str], Transition], Mapping[str, str]]:
    table: dict[tuple[str, str], Transition] = {}
    seen: dict[str, str] = {}
    for row in _rows():
        states = tuple(row["next_state"].split(" or "))
        table[row["state"], row["event"]] = Transition(row["action"], states)
        seen[row["action"]] = row["seen_by_peer"]
    return MappingProxyType(table), MappingProxyType(seen)


TABLE, SEEN_BY_PEER = _load()
"""Transition by (state, event); and what the peer sees of each action, ``""`` for nothing.

A pair that is missing from ``TABLE`` is an empty cell: the event cannot happen in that state.
"""


def event_of(pdu_type: int) -> Event:
    """Return the event that the receipt of a PDU of that type raises; Evt19 for an unknown one."""
    return _PDU_EVENTS.get(pdu_type, Event.INVALID_PDU_RECEIVED)


def expected(state: str, pdu_type: int) -> str | None:
    """Return the action that Table 9-10 asks for when a PDU arrives; None for an empty cell.

    Args:
        state: ``Sta1`` to ``Sta13``, of the receiver.
        pdu_type: PDU type octet; 0 and 8 to 255 are unrecognised.
    """
    cell = TABLE.get((state, event_of(pdu_type)))
    return cell.action if cell else None
