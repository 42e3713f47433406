"""Honest storage, query and retrieve exchanges (PS3.4 B, C), and messages with one lying part.

An honest exchange is read to its final response; what it found is part of the recorded outcome
(``matches``), so that an oracle can tell an answer from an empty one.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping

from harness.model import JSON, Claim
from harness.stage import Stage
from harness.verdict import Outcome
from simulators import wire
from simulators.describe import reaction_of
from simulators.objects import SyntheticObject, synthetic_object
from simulators.peer import GRACE_S
from simulators.requestor import ANSWER_S, Requestor
from simulators.wire import uids

UNCOMPRESSED = (uids.EXPLICIT_LE, uids.IMPLICIT_LE)
STORAGE = wire.Context(1, uids.SECONDARY_CAPTURE, UNCOMPRESSED)
"""The context of an honest C-STORE."""

DEFLATED_STORAGE = wire.Context(1, uids.SECONDARY_CAPTURE, (uids.DEFLATED_LE,))
"""The context of an honest C-STORE of a deflated object."""

QUERY = wire.Context(1, uids.STUDY_ROOT_FIND, UNCOMPRESSED)
"""The context of an honest C-FIND."""

RETRIEVE = (
    wire.Context(1, uids.STUDY_ROOT_GET, UNCOMPRESSED),
    wire.Context(3, uids.SECONDARY_CAPTURE, UNCOMPRESSED),
)
"""The contexts of an honest C-GET: the request, and the objects that come back."""

TAKES_OBJECTS = wire.RoleSelection(uid=uids.SECONDARY_CAPTURE, scu=1, scp=1)
"""The role that a retrieving requestor must ask for (PS3.7 D.3.3.4)."""

_PENDING = frozenset((0xFF00, 0xFF01))
_C_STORE_RQ = 0x0001
_WARNING = 0xB
_TRIES = 3
_MOST_MESSAGES = 4096


def study_keys(study: str, *, retrieve: bool = False) -> tuple[wire.Element, ...]:
    """The identifier that asks for one study, and in a query for its patient (PS3.4 C.6.2)."""
    level = wire.Element(tag=0x00080052, vr="CS", value="STUDY")
    patient = (wire.Element(tag=0x00100010, vr="PN"), wire.Element(tag=0x00100020, vr="LO"))
    unique = wire.Element(tag=0x0020000D, vr="UI", value=study)
    return (level, unique) if retrieve else (level, *patient, unique)


def instance_keys(thing: SyntheticObject, series: str) -> tuple[wire.Element, ...]:
    """The identifier that asks for one instance by its three UIDs."""
    return (
        wire.Element(tag=0x00080018, vr="UI", value=thing.sop_instance),
        wire.Element(tag=0x00080052, vr="CS", value="IMAGE"),
        wire.Element(tag=0x0020000D, vr="UI", value=thing.study),
        wire.Element(tag=0x0020000E, vr="UI", value=series),
    )


def associate_to_retrieve(peer: Requestor) -> None:
    """Establishes an association on which objects may come back.

    Raises:
        PreconditionUnmetError: The device does not accept it.
    """
    peer.associate(RETRIEVE, user_items=(TAKES_OBJECTS,))
    peer.stage.require(RETRIEVE[0].id in peer.contexts, "the C-GET context was not accepted")


def store_honestly(stage: Stage, number: int = 1) -> SyntheticObject:
    """Has a polite peer store one object, so that there is something to find.

    Raises:
        PreconditionUnmetError: The device did not take it, although it was offered again.
    """
    with Requestor(stage, actor="polite") as peer:
        peer.associate((STORAGE,))
        thing = synthetic_object(stage, number, transfer_syntax=peer.contexts[STORAGE.id])
        taken = any(_is_taken(peer, thing) for _ in range(_TRIES))
        stage.require(taken, "an honest object was not stored")
        peer.release()
    return thing


def _is_taken(peer: Requestor, thing: SyntheticObject) -> bool:
    outcome = peer.store(thing)
    seen = peer.stage.record({}).last("outcome", peer.actor)
    status = seen.data.get("status") if seen else None
    taken = isinstance(status, int) and (status == 0 or status >> 12 == _WARNING)
    return outcome is Outcome.RESPONDED and taken


def find(
    peer: Requestor,
    keys: tuple[wire.Element, ...],
    *,
    expected: int = 0,
    context_id: int = QUERY.id,
    stimulus: bool = False,
) -> int:
    """A C-FIND to its final response, recorded as the outcome with its number of ``matches``.

    Args:
        peer: An association on which the context was accepted.
        keys: The identifier.
        expected: How many matches an honest device must find; stands in the record.
        context_id: The context of the query model.
        stimulus: This request is what the play is about.
    """
    identifier = wire.encode_dataset(keys, peer.contexts[context_id])
    command = wire.c_find_rq(message_id=peer.next_message_id())
    peer.invoke(command, identifier, context_id=context_id, stimulus=stimulus)
    matches = 0

    def take(message: wire.Message) -> bool:
        nonlocal matches
        pending = message.command["Status"] in _PENDING
        matches += pending
        return not pending

    outcome, detail = converse(peer, take)
    peer.conclude(outcome, {**detail, "matches": matches, "expected": expected})
    return matches


def get(
    peer: Requestor,
    keys: tuple[wire.Element, ...],
    *,
    expected: int = 0,
    stimulus: bool = False,
) -> int:
    """A C-GET to its final response; every object that comes is taken, and counted.

    Args:
        peer: An association as :func:`associate_to_retrieve` makes it.
        keys: The identifier.
        expected: How many objects an honest device must send; stands in the record.
        stimulus: This request is what the play is about.
    """
    identifier = wire.encode_dataset(keys, peer.contexts[RETRIEVE[0].id])
    command = wire.c_get_rq(message_id=peer.next_message_id())
    peer.invoke(command, identifier, context_id=RETRIEVE[0].id, stimulus=stimulus)
    objects = 0

    def take(message: wire.Message) -> bool:
        nonlocal objects
        if message.command["CommandField"] == _C_STORE_RQ:
            objects += 1
            _confirm(peer, message)
            return False
        return message.command["Status"] not in _PENDING

    outcome, detail = converse(peer, take)
    peer.conclude(outcome, {**detail, "matches": objects, "expected": expected})
    return objects


def read_back(stage: Stage, thing: SyntheticObject, series: str) -> None:
    """Asks, where the device claims Query, whether it holds an object after all.

    Witnesses ``readback`` with ``found``, the number of matches by the object's UIDs.

    Raises:
        PreconditionUnmetError: The device claims Query but did not answer an honest one.
    """
    if Claim.QUERY_SCP not in stage.profile.claims():
        return
    with Requestor(stage, actor="polite") as peer:
        peer.associate((QUERY,))
        found = find(peer, instance_keys(thing, series))
        answered = stage.record({}).last("outcome", "polite")
        final = answered is not None and answered.data.get("status") == 0
        stage.require(final, "an honest query to read back was not answered")
        stage.observe("readback", "polite", found=found, sop_instance=thing.sop_instance)
        peer.release()


def send_lying_command(
    peer: Requestor, command: wire.Command, dataset: bytes | None = None, *, context_id: int = 1
) -> None:
    """Sends a message whose command set deviates; its data set, if any, is honest."""
    if peer.invoke(command, context_id=context_id, lie="pdvs[0].data") and dataset is not None:
        _send_dataset(peer, dataset, context_id, lying=False)


def send_lying_dataset(
    peer: Requestor, command: wire.Command, dataset: bytes, *, context_id: int = 1
) -> None:
    """Sends an honest command set with a data set that deviates."""
    if peer.invoke(command, context_id=context_id):
        _send_dataset(peer, dataset, context_id, lying=True)


def ends_after_answers(peer: Requestor, *, permitted: int) -> Outcome:
    """Waits for the end of an association that may still answer some requests before it.

    Args:
        peer: The association.
        permitted: How many DIMSE responses may come first; one more is the outcome.
    """
    answers = 0

    def take(_message: wire.Message) -> bool:
        nonlocal answers
        answers += 1
        return answers > permitted

    patience = peer.stage.artim_s + GRACE_S
    outcome, detail = converse(peer, take, patience)
    return peer.conclude(outcome, detail)


def _send_dataset(peer: Requestor, dataset: bytes, context_id: int, *, lying: bool) -> None:
    lie = "pdvs[0].data" if lying else ()
    for pdu in wire.p_data(context_id, None, dataset, peer.max_length or 16384):
        if not peer.send(pdu, lie=lie):
            return


def converse(
    peer: Requestor, take: Callable[[wire.Message], bool], patience_s: float = ANSWER_S
) -> tuple[Outcome, Mapping[str, JSON]]:
    """Hands over message after message until one is final, time is up, or the peer ends it."""
    assembler = wire.Reassembler()
    deadline = time.monotonic() + patience_s
    for _ in range(_MOST_MESSAGES):
        pdu = peer.receive(deadline - time.monotonic())
        if pdu is None:
            break
        if not isinstance(pdu, wire.PDataTF):
            return reaction_of(pdu)
        for message in assembler.feed(pdu):
            if take(message):
                return reaction_of(message)
    return peer.ended or Outcome.TIMEOUT, {}


def _confirm(peer: Requestor, asked: wire.Message) -> None:
    """Answers the sub-operation of a C-GET with success."""
    sop_class = asked.command.text("AffectedSOPClassUID") or ""
    sop_instance = asked.command.text("AffectedSOPInstanceUID") or ""
    number = asked.command.integer("MessageID") or 0
    answer = wire.c_store_rsp(sop_class, sop_instance, number)
    peer.invoke(answer, context_id=asked.context_id)
