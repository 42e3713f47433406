"""A C-GET whose objects nobody reads for a while: what the device does meanwhile is measured."""

from __future__ import annotations

import time
from typing import Final

from harness.stage import Stage
from simulators import hostile, wire
from simulators.objects import SyntheticObject
from simulators.process import Tree
from simulators.process.wanting import busiest, wants
from simulators.queries import STORAGE, TAKES_OBJECTS, UNCOMPRESSED
from simulators.requestor import ANSWER_S, Requestor
from simulators.retrieving import receive_study
from simulators.wire import uids

OCTETS: Final = 6 << 20
"""Pixel data of the object: more than the kernel buffers of both sides hold (Linux, default)."""

_ROWS, _COLUMNS = 2048, 3072
_MAX_LENGTH = 1 << 18
_SETTLE_S = 0.4


def store_large(stage: Stage, context: wire.Context = STORAGE) -> SyntheticObject:
    """Has a polite peer store a large object that deflating does not make smaller.

    Args:
        stage: The play.
        context: How it is stored: plainly, or as :data:`DEFLATED_STORAGE`.

    Raises:
        PreconditionUnmetError: The device did not take it.
    """
    content = hostile.elements(stage)
    for tag, number in ((0x00280010, _ROWS), (0x00280011, _COLUMNS)):
        content = hostile.replacing(content, tag, number.to_bytes(2, "little"))
    content = hostile.replacing(content, hostile.PIXEL_DATA, stage.rng.randbytes(OCTETS))
    with Requestor(stage, actor="polite") as peer:
        peer.associate((context,))
        thing = hostile.as_object(content, peer.contexts[context.id])
        command = wire.c_store_rq(thing.sop_class, thing.sop_instance, peer.next_message_id())
        pdus = wire.p_data(context.id, command, thing.dataset, peer.max_length or 16384)
        peer.send(b"".join(map(wire.encode, pdus)), what="C-STORE-RQ of a large object")
        peer.wait_for_ending(ANSWER_S)
        seen = stage.record({}).last("outcome", "polite")
        stored = seen is not None and seen.data.get("status") == 0
        stage.require(stored, "a large object was not stored")
        peer.release()
    return thing


def retrieve_slowly(stage: Stage, thing: SyntheticObject, pause_s: float) -> None:
    """Asks for an object, reads nothing for a while, then all of it; witnesses ``waiting``.

    ``share`` is how much its busiest thread wanted a processor meanwhile, of one core;
    ``came`` tells whether the object came in the end.

    Raises:
        PreconditionUnmetError: The association was not accepted, or the device is not ours.
    """
    tree: Tree | None = getattr(stage.bench, "device", None)
    stage.require(tree, "the processor of a device that is not ours cannot be measured")
    assert tree is not None
    contexts = (
        wire.Context(1, uids.STUDY_ROOT_GET, UNCOMPRESSED),
        wire.Context(3, uids.SECONDARY_CAPTURE, (thing.transfer_syntax,)),
    )
    with Requestor(stage) as attacker:
        attacker.associate(contexts, max_length=_MAX_LENGTH, user_items=(TAKES_OBJECTS,))
        stage.require(1 in attacker.contexts and 3 in attacker.contexts, "no context for C-GET")
        found = receive_study(
            attacker, thing.study, stimulus=True, before=lambda: _rest(stage, tree, pause_s)
        )
        stage.observe("retrieved", came=len(found.objects))
        if attacker.ended is None:
            attacker.release()


def _rest(stage: Stage, tree: Tree, pause_s: float) -> None:
    """Lets the device fill the buffers, then measures it while it can send no more."""
    stage.cancelled.wait(_SETTLE_S)
    before, began = wants(tree), time.monotonic()
    stage.cancelled.wait(pause_s)
    window_s = time.monotonic() - began
    share = busiest(before, wants(tree)) / window_s
    stage.observe("waiting", "process", share=round(share, 4), window_s=window_s)
