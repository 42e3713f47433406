"""What an association asks an archive for: studies, and objects that it fetches in turn."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from simulators import wire
from simulators.load.arrivals import Moves
from simulators.load.encoded import Prepared, prepare_get, prepare_move
from simulators.load.link import Link
from simulators.load.plan import Plan
from simulators.wire import uids

MOST_REFERENCES: Final = 100
"""Objects of one request for storage commitment, and those that one association fetches."""


def asked(plan: Plan, lane: int) -> tuple[str, ...]:
    """The objects that an association asks for in turn."""
    return plan.fetch[lane % len(plan.fetch) :][:MOST_REFERENCES]


def retrieval(plan: Plan, operation: str, context: int, keys: bytes, link: Link) -> Prepared:
    """A C-GET, or a C-MOVE to our destination."""
    if operation == "get":
        return prepare_get(context, uids.STUDY_ROOT_GET, keys, max_pdu=link.max_pdu)
    destination = plan.target.move_destination
    return prepare_move(context, uids.STUDY_ROOT_MOVE, keys, destination, max_pdu=link.max_pdu)


def in_turn(link: Link, many: Sequence[Prepared], number: int) -> int:
    """Performs the request whose turn it is."""
    return link.perform(many[number % len(many)], number)


def moved(
    link: Link, many: Sequence[Prepared], names: Sequence[str], moves: Moves, number: int
) -> int | str:
    """As `in_turn`, and notes what the device says of the object."""
    place = number % len(many)
    moves.ask(names[place])
    status = link.perform(many[place], number)
    return moves.hear(names[place], status, link.moved)


def study_keys(study: str) -> tuple[wire.Element, ...]:
    """The identifier that finds a study, with whose it is."""
    return (
        wire.Element(tag=0x00080052, vr="CS", value="STUDY"),
        wire.Element(tag=0x00100010, vr="PN"),
        wire.Element(tag=0x00100020, vr="LO"),
        wire.Element(tag=0x0020000D, vr="UI", value=study),
    )


def instance_keys(uid: str) -> tuple[wire.Element, ...]:
    """The three UIDs of an object of ours (PS3.4 C.4.3.1.3.1)."""
    study = uid.rsplit(".", 1)[0]
    return (
        wire.Element(tag=0x00080018, vr="UI", value=uid),
        wire.Element(tag=0x00080052, vr="CS", value="IMAGE"),
        wire.Element(tag=0x0020000D, vr="UI", value=study),
        wire.Element(tag=0x0020000E, vr="UI", value=f"{study}.1"),
    )
