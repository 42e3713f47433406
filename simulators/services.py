"""An honest service loop for devices that call us, until they release the association."""

from __future__ import annotations

from collections.abc import Mapping
from io import BytesIO

from pydicom.filereader import read_dataset

from harness.verdict import Outcome
from simulators import wire
from simulators.acceptor import Acceptor
from simulators.answers import match, move_one_object, query_response
from simulators.describe import reaction_of
from simulators.objects import synthetic_object
from simulators.reporting import commit_honestly
from simulators.requestor import ANSWER_S
from simulators.wire import uids
from simulators.wire.messages import C_ECHO, C_FIND, C_GET, C_MOVE, C_STORE, N_ACTION

_MOST_REQUESTS = 64
_UNIQUE_KEYS = ("PatientID", "StudyInstanceUID", "SeriesInstanceUID")
_OPEN = frozenset("*?\\")
"""What makes a key match more than one value (PS3.4 C.2.2.2)."""


def serve(peer: Acceptor) -> Outcome:
    """Accepts the association and answers requests until the device releases or ends it.

    A C-ECHO or C-STORE is answered with success; a query or a retrieval finds one synthetic object,
    and what is to be committed is reported as kept. Our answers count as the stimulus.

    Returns:
        How the device ended the association, recorded as the outcome.

    Raises:
        PreconditionUnmetError: The device asked for something else.
    """
    peer.establish()
    for _ in range(_MOST_REQUESTS):
        message = peer.message(ANSWER_S)
        if message is None:
            break
        _answer(peer, message)
    return part(peer)


def storage_context(peer: Acceptor, sop_class: str) -> tuple[int, str]:
    """Id and transfer syntax of the context on which the device takes objects of that class.

    Raises:
        PreconditionUnmetError: The device proposed none that we accept.
    """
    accepted = wire.accepted_contexts(peer.accept())
    proposed = wire.proposed_contexts(peer.request) if peer.request is not None else []
    for context in proposed:
        if context.abstract_syntax == sop_class and context.id in accepted:
            return context.id, accepted[context.id]
    peer.stage.require(False, f"the device proposed no context to take objects of {sop_class}")
    raise AssertionError("unreachable")


def asked_for(peer: Acceptor, asked: wire.Message) -> dict[str, str]:
    """Which patient, study and series a C-GET names, by keyword; what it leaves open is left out.

    Raises:
        PreconditionUnmetError: Its identifier cannot be read.
    """
    syntax = wire.accepted_contexts(peer.accept()).get(asked.context_id)
    source = BytesIO(asked.dataset or b"")
    try:
        identifier = read_dataset(source, syntax == uids.IMPLICIT_LE, is_little_endian=True)
        values = {keyword: str(identifier.get(keyword, "")) for keyword in _UNIQUE_KEYS}
    except Exception as error:  # whatever pydicom says of a device's bytes
        peer.stage.require(False, f"the identifier of the device cannot be read: {error}")
        raise AssertionError("unreachable") from error
    return {key: value for key, value in values.items() if value and not _OPEN & set(value)}


def finish_retrieve(
    peer: Acceptor,
    asked: wire.Message,
    *,
    completed: int,
    failed: int,
    status: int | None = None,
    stimulus: bool = False,
) -> None:
    """The final response to a C-GET or C-MOVE (PS3.4 C.4.2, C.4.3).

    Args:
        peer: Who was asked.
        asked: The request.
        completed: Sub-operations that succeeded.
        failed: Those that did not.
        status: Left out: success, or a warning (B000H) when something failed.
        stimulus: This response is what the scenario is about.
    """
    final = (0xB000 if failed else 0x0000) if status is None else status
    peer.invoke(
        asked.context_id,
        retrieve_response(asked, final, completed=completed, failed=failed),
        stimulus=stimulus,
    )


def retrieve_response(
    asked: wire.Message,
    status: int,
    *,
    remaining: int | None = None,
    completed: int = 0,
    failed: int = 0,
) -> wire.Command:
    """A response to a C-GET or C-MOVE with its counts, ready to be sent or made a lie."""
    make = wire.c_move_rsp if asked.command.integer("CommandField") == C_MOVE else wire.c_get_rsp
    return make(
        asked.command.text("AffectedSOPClassUID") or uids.STUDY_ROOT_GET,
        asked.command.integer("MessageID") or 0,
        status,
        remaining=remaining,
        completed=completed,
        failed=failed,
    )


def part(peer: Acceptor) -> Outcome:
    """Records how the device ends it, or has just ended it, and grants a release."""
    if not isinstance(peer.latest, wire.ReleaseRQ | wire.Abort):
        return peer.see_out()
    outcome, detail = reaction_of(peer.latest)
    peer.conclude(outcome, detail)
    if outcome is Outcome.RELEASED:
        peer.grant_release()
    return outcome


def _answer(peer: Acceptor, asked: wire.Message) -> None:
    command = asked.command
    number = command.integer("MessageID") or 0
    field = command.integer("CommandField")
    if field == C_ECHO:
        peer.invoke(asked.context_id, wire.c_echo_rsp(number), stimulus=True)
    elif field == C_STORE:
        sop_class = command.text("AffectedSOPClassUID") or ""
        sop_instance = command.text("AffectedSOPInstanceUID") or ""
        answer = wire.c_store_rsp(sop_class, sop_instance, number)
        peer.invoke(asked.context_id, answer, stimulus=True)
    elif field == C_GET:
        completed = _send_one_object(peer, asked_for(peer, asked))
        finish_retrieve(peer, asked, completed=completed, failed=1 - completed)
    elif field == C_MOVE:
        completed = move_one_object(peer, asked, asked_for(peer, asked))
        finish_retrieve(peer, asked, completed=completed, failed=1 - completed)
    elif field == C_FIND:
        peer.invoke(*match(peer, asked, 1, asked_for(peer, asked)), stimulus=True)
        peer.invoke(asked.context_id, query_response(asked, 0x0000))
    elif field == N_ACTION:
        commit_honestly(peer, asked)
    else:
        peer.stage.require(False, f"the device asked for command {field}, which was not due")


def _send_one_object(peer: Acceptor, keys: Mapping[str, str]) -> int:
    """One C-STORE sub-operation, its answer recorded; returns 1 when the device confirmed it."""
    context_id, syntax = storage_context(peer, uids.SECONDARY_CAPTURE)
    thing = synthetic_object(peer.stage, 1, transfer_syntax=syntax, **keys)
    command = wire.c_store_rq(thing.sop_class, thing.sop_instance)
    peer.invoke(context_id, command, thing.dataset, stimulus=True)
    return int(peer.wait_for_ending(ANSWER_S) is Outcome.RESPONDED)
