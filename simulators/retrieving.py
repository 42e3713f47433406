"""An honest C-GET whose objects and counts are kept, so that they can be compared (PS3.4 C.4.3)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from harness.model import JSON
from harness.stage import Stage
from simulators import wire
from simulators.objects import SyntheticObject
from simulators.queries import TAKES_OBJECTS, UNCOMPRESSED, converse, study_keys
from simulators.requestor import Requestor
from simulators.wire import uids
from simulators.wire.messages import C_STORE

_MOST_OBJECTS = 256
_PENDING = frozenset((0xFF00, 0xFF01))
_GET, _STORE = 1, 3
_COUNTS = {
    "remaining": "NumberOfRemainingSuboperations",
    "completed": "NumberOfCompletedSuboperations",
    "failed": "NumberOfFailedSuboperations",
    "warning": "NumberOfWarningSuboperations",
}


@dataclass(frozen=True, slots=True)
class Arrived:
    """One object that came back.

    Attributes:
        sop_instance: As the C-STORE names it.
        transfer_syntax: In which the data set is encoded.
        dataset: As it came.
    """

    sop_instance: str
    transfer_syntax: str
    dataset: bytes


@dataclass(slots=True)
class Retrieved:
    """What one C-GET brought.

    Attributes:
        objects: In order of arrival.
        counts: Of each response that has any: the four numbers by their short names, and "status".
        status: Of the final response; None when there was none.
    """

    objects: list[Arrived] = field(default_factory=list[Arrived])
    counts: list[dict[str, int]] = field(default_factory=list[dict[str, int]])
    status: int | None = None


def retrieve(
    stage: Stage,
    study: str,
    *,
    syntaxes: Sequence[str] = UNCOMPRESSED,
    actor: str = "attacker",
    stimulus: bool = False,
    answer: Callable[[int], int] = lambda _number: 0x0000,
) -> Retrieved:
    """Retrieves a study on an association of its own; its end is recorded as the outcome.

    Args:
        stage: The play.
        study: Study Instance UID.
        syntaxes: Transfer syntaxes in which objects are taken.
        actor: Under which name this stands.
        stimulus: This request is what the play is about.
        answer: With which status the object of that number, from 0, is answered.

    Raises:
        PreconditionUnmetError: The association or the context of the request was not accepted.
    """
    contexts = (
        wire.Context(_GET, uids.STUDY_ROOT_GET, UNCOMPRESSED),
        wire.Context(_STORE, uids.SECONDARY_CAPTURE, tuple(syntaxes)),
    )
    with Requestor(stage, actor=actor) as peer:
        peer.associate(contexts, user_items=(TAKES_OBJECTS,))
        stage.require(_GET in peer.contexts, "the C-GET context was not accepted")
        found = receive_study(peer, study, stimulus=stimulus, answer=answer)
        if peer.ended is None:
            peer.release()
    return found


def receive_study(
    peer: Requestor,
    study: str,
    *,
    stimulus: bool = False,
    answer: Callable[[int], int] = lambda _number: 0x0000,
    before: Callable[[], None] = lambda: None,
) -> Retrieved:
    """Asks for a study on an association that was made for it, and takes what comes.

    Args:
        peer: The association.
        study: Study Instance UID.
        stimulus: This request is what the play is about.
        answer: With which status the object of that number, from 0, is answered.
        before: Called between the request and the first look at its answers.
    """
    identifier = wire.encode_dataset(study_keys(study, retrieve=True), peer.contexts[_GET])
    command = wire.c_get_rq(message_id=peer.next_message_id())
    peer.invoke(command, identifier, context_id=_GET, stimulus=stimulus)
    before()
    found = Retrieved()

    def take(message: wire.Message) -> bool:
        if message.command["CommandField"] == C_STORE:
            _keep(peer, message, found, answer(len(found.objects)))
            return False
        status = message.command.integer("Status")
        numbers = {name: message.command.integer(key) for name, key in _COUNTS.items()}
        given = {name: number for name, number in numbers.items() if number is not None}
        if given:
            found.counts.append({**given, "status": -1 if status is None else status})
        if status in _PENDING:
            return False
        found.status = status
        return True

    outcome, detail = converse(peer, take)
    peer.conclude(outcome, {**detail, "matches": len(found.objects)})
    return found


def only(found: Retrieved, thing: SyntheticObject) -> Arrived | None:
    """The object among those that came; None if it did not."""
    return next((one for one in found.objects if one.sop_instance == thing.sop_instance), None)


def _keep(peer: Requestor, message: wire.Message, found: Retrieved, status: int) -> None:
    sop_class = message.command.text("AffectedSOPClassUID") or ""
    sop_instance = message.command.text("AffectedSOPInstanceUID") or ""
    if len(found.objects) < _MOST_OBJECTS:
        syntax = peer.contexts.get(message.context_id, "")
        found.objects.append(Arrived(sop_instance, syntax, message.dataset or b""))
    number = message.command.integer("MessageID") or 0
    answer = wire.c_store_rsp(sop_class, sop_instance, number, status)
    peer.invoke(answer, context_id=message.context_id)


def witness_counts(stage: Stage, found: Retrieved, *, total: int, confirmed: int) -> None:
    """Witnesses ``counts``: the four numbers of every response that has any.

    Args:
        stage: The play.
        found: What was retrieved.
        total: How many objects there are to retrieve.
        confirmed: How many we took, with or without a warning.
    """
    order = ("status", *_COUNTS)
    rows: list[JSON] = [[row.get(name) for name in order] for row in found.counts]
    stage.observe("counts", total=total, confirmed=confirmed, rows=rows)
