"""Objects that are stored at the same time, each on an association of its own."""

from __future__ import annotations

import contextlib
from collections.abc import Sequence
from typing import Final

from harness.stage import Stage
from simulators import hostile, wire
from simulators.marking import Marked, marked, note
from simulators.queries import STORAGE
from simulators.requestor import ANSWER_S, Requestor

SIDE: Final = 256
"""Rows and columns: large enough that several are being written at one time."""

_MOST: Final = 8
_OTHERS: Final = 2
"""Associations that are left to the bystander and the sentinel."""


def several(stage: Stage, *, alike: bool) -> list[Marked]:
    """As many marked objects as the device takes associations, eight at most.

    Args:
        stage: The play.
        alike: They have one SOP Instance UID; otherwise each has its own.

    Raises:
        PreconditionUnmetError: The device claims too few associations.
    """
    acceptor = stage.profile.acceptor
    limit = acceptor.max_associations if acceptor else None
    count = _MOST if limit is None else min(_MOST, limit - _OTHERS)
    stage.require(count > 1, "the device claims too few associations to store at the same time")
    marks = range(1, count + 1)
    return [marked(stage, mark, number=1 if alike else mark, side=SIDE) for mark in marks]


def store_together(stage: Stage, things: Sequence[Marked]) -> int:
    """Stores each object on its own association, all of them fragment by fragment in turn.

    The last fragments are the stimulus. Witnesses ``offered`` for each; returns how many the device
    says it has.

    Raises:
        PreconditionUnmetError: The device does not accept so many associations.
    """
    with contextlib.ExitStack() as stack:
        peers = [stack.enter_context(Requestor(stage)) for _ in things]
        sent = []
        for peer, thing in zip(peers, things, strict=True):
            peer.associate((STORAGE,))
            sent.append(_fragments(peer, thing))
        for step in range(max(map(len, sent))):
            for peer, pdus in zip(peers, sent, strict=True):
                if step < len(pdus):
                    peer.send(pdus[step], stimulus=step == len(pdus) - 1)
        return sum(
            note(stage, thing, peer.actor, peer.wait_for_ending(ANSWER_S))
            for peer, thing in zip(peers, things, strict=True)
        )


def _fragments(peer: Requestor, thing: Marked) -> list[wire.PDataTF]:
    coded = hostile.as_object(thing.content, peer.contexts[STORAGE.id])
    command = wire.c_store_rq(coded.sop_class, coded.sop_instance, peer.next_message_id())
    return wire.p_data(STORAGE.id, command, coded.dataset, peer.max_length or 16384)
