"""One operation on one object, tried honestly, and what became of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from harness.model import JSON
from harness.profile import Operation
from harness.stage import Stage
from harness.verdict import Outcome
from simulators import queries, wire
from simulators.access.callers import Caller, Ending
from simulators.access.canary import Canary
from simulators.objects import SyntheticObject, uid
from simulators.promises import requested
from simulators.queries import TAKES_OBJECTS, UNCOMPRESSED
from simulators.wire import uids
from simulators.wire.messages import N_EVENT_REPORT

SERVED, HIDDEN, REFUSED, SILENT, BUSY, UNTRIED = (
    "served", "hidden", "refused", "silent", "busy", "untried",
)  # fmt: skip
"""What became of a cell: hidden is an answer as if nothing were there, silent none at all, busy a
transient rejection, untried nothing that we could ask for."""

STORAGE_ID: Final = 3
MAIN_ID: Final = 1

_STORAGE = wire.Context(STORAGE_ID, uids.SECONDARY_CAPTURE, UNCOMPRESSED)
_PENDING = frozenset((0xFF00, 0xFF01))
_TRANSIENT = 2
_WARNING = 0xB
_REQUEST = 1
_UNUSUAL_S = 3.0
"""How long an answer may take to what hardly any device knows, and many leave without one."""


def _main(sop_class: str) -> wire.Context:
    return wire.Context(MAIN_ID, sop_class, UNCOMPRESSED)


CONTEXTS: Final[Mapping[Operation, tuple[wire.Context, ...]]] = {
    "echo": (_main(uids.VERIFICATION),),
    "store": (_STORAGE,),
    "find": (_main(uids.STUDY_ROOT_FIND),),
    "get": (_main(uids.STUDY_ROOT_GET), _STORAGE),
    "move": (_main(uids.STUDY_ROOT_MOVE),),
    "commit": (_main(uids.STORAGE_COMMITMENT_PUSH),),
    "delete": (_STORAGE,),
}
"""What each operation proposes; the first context is the one that it needs."""


def user_items(operation: Operation) -> tuple[wire.ItemLike, ...]:
    """The further user information that the operation needs."""
    return (TAKES_OBJECTS,) if operation == "get" else ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """What an operation is tried on.

    Attributes:
        thing: The object; None where the operation touches none.
        series: Its Series Instance UID.
        destination: Where a C-MOVE is to send.
        canary: Who listens there.
        keys: The identifier of a query or retrieve; left out: the study.
    """

    thing: SyntheticObject | None = None
    series: str = ""
    destination: str = ""
    canary: Canary | None = None
    keys: tuple[wire.Element, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Tried:
    """What became of one try.

    Attributes:
        result: SERVED, HIDDEN, REFUSED, SILENT, BUSY or UNTRIED.
        detail: In words.
        status: DIMSE status, if one came.
        objects: How many matches or objects came.
        outcome: How the exchange ended.
        source: Source of an A-ASSOCIATE-RJ or A-ABORT, if one came.
    """

    result: str
    detail: str = ""
    status: int | None = None
    objects: int | None = None
    outcome: Outcome | None = None
    source: int | None = None

    def data(self) -> dict[str, JSON]:
        """As it stands in the record."""
        return {
            "result": self.result,
            "detail": self.detail,
            "status": self.status,
            "objects": self.objects,
            "outcome": self.outcome.value if self.outcome else None,
            "source": self.source,
        }


def of_refusal(ending: Ending) -> Tried:
    """What a request for an association came to that was not accepted."""
    result = REFUSED
    if ending.outcome is Outcome.TIMEOUT:
        result = SILENT
    elif ending.outcome is Outcome.REJECTED and ending.number("result") == _TRANSIENT:
        result = BUSY
    return Tried(
        result=result,
        detail=_words(ending),
        outcome=ending.outcome,
        source=ending.number("source"),
    )


def try_once(peer: Caller, operation: Operation, target: Target) -> Tried:
    """Tries an operation on an association that has its context."""
    return _TRIES[operation](peer, target)


def _echo(peer: Caller, _target: Target) -> Tried:
    peer.echo(context_id=MAIN_ID, stimulus=True)
    return _by_status(peer.ending)


def _store(peer: Caller, target: Target) -> Tried:
    assert target.thing is not None
    peer.store(target.thing, context_id=STORAGE_ID, stimulus=True)
    return _by_status(peer.ending)


def _find(peer: Caller, target: Target) -> Tried:
    queries.find(peer, _keys(target, retrieve=False), context_id=MAIN_ID, stimulus=True)
    return _by_count(peer.ending, peer.ending.number("matches") or 0)


def _get(peer: Caller, target: Target) -> Tried:
    if STORAGE_ID not in peer.contexts:
        return Tried(result=REFUSED, detail="no context on which objects could come")
    queries.get(peer, _keys(target, retrieve=True), stimulus=True)
    return _by_count(peer.ending, peer.ending.number("matches") or 0)


def _move(peer: Caller, target: Target) -> Tried:
    assert target.thing is not None
    assert target.canary is not None
    before = target.canary.arrived(target.thing.sop_instance)
    identifier = wire.encode_dataset(_keys(target, retrieve=True), peer.contexts[MAIN_ID])
    command = wire.c_move_rq(target.destination, message_id=peer.next_message_id())
    peer.invoke(command, identifier, context_id=MAIN_ID, stimulus=True)
    counts: dict[str, JSON] = {}

    def final(message: wire.Message) -> bool:
        for name in ("Completed", "Failed", "Warning"):
            value = message.command.integer(f"NumberOf{name}Suboperations")
            counts[name.lower()] = value
        return message.command["Status"] not in _PENDING

    outcome, detail = queries.converse(peer, final)
    arrived = target.canary.arrived(target.thing.sop_instance) - before
    peer.conclude(outcome, {**detail, **counts, "matches": arrived})
    if not arrived and peer.ending.number("completed"):
        words = f"{_words(peer.ending)}, says that it sent what did not come to us"
        status = peer.ending.number("status")
        return Tried(result=SERVED, detail=words, status=status, objects=0, outcome=outcome)
    return _by_count(peer.ending, arrived)


def _commit(peer: Caller, target: Target) -> Tried:
    assert target.thing is not None
    stage = peer.stage
    reference = (target.thing.sop_class, target.thing.sop_instance)
    transaction = uid(stage, 9, stage.next_connection())
    data = requested([reference], transaction, peer.contexts[MAIN_ID])
    command = wire.n_action_rq(
        uids.STORAGE_COMMITMENT_PUSH,
        uids.STORAGE_COMMITMENT_PUSH_INSTANCE,
        _REQUEST,
        peer.next_message_id(),
    )
    peer.invoke(command, data, context_id=MAIN_ID, stimulus=True)

    def final(message: wire.Message) -> bool:
        if message.command["CommandField"] != N_EVENT_REPORT:
            return True
        _confirm_report(peer, message)  # of an earlier request on this association
        return False

    peer.conclude(*queries.converse(peer, final))
    return _by_status(peer.ending)


def _confirm_report(peer: Caller, report: wire.Message) -> None:
    number = report.command.integer("MessageID") or 0
    answer = wire.n_rsp(
        N_EVENT_REPORT,
        uids.STORAGE_COMMITMENT_PUSH,
        uids.STORAGE_COMMITMENT_PUSH_INSTANCE,
        number,
        EventTypeID=report.command.integer("EventTypeID") or _REQUEST,
    )
    peer.invoke(answer, context_id=report.context_id)


def _delete(peer: Caller, target: Target) -> Tried:
    """N-DELETE of a stored object: no Storage SCP offers it, so that serving it is a surprise."""
    assert target.thing is not None
    command = wire.n_delete_rq(
        target.thing.sop_class, target.thing.sop_instance, peer.next_message_id()
    )
    peer.invoke(command, context_id=STORAGE_ID, stimulus=True)
    peer.wait_for_ending(_UNUSUAL_S)
    return _by_status(peer.ending)


_TRIES: Mapping[Operation, Callable[[Caller, Target], Tried]] = {
    "echo": _echo,
    "store": _store,
    "find": _find,
    "get": _get,
    "move": _move,
    "commit": _commit,
    "delete": _delete,
}


def _keys(target: Target, *, retrieve: bool) -> tuple[wire.Element, ...]:
    if target.keys:
        return target.keys
    assert target.thing is not None
    return queries.study_keys(target.thing.study, retrieve=retrieve)


def _by_status(ending: Ending) -> Tried:
    """Served by a status of success or warning; for operations that bring nothing back."""
    status = ending.number("status")
    served = ending.outcome is Outcome.RESPONDED and status is not None
    served = served and (status == 0 or (status or 0) >> 12 == _WARNING)
    return _tried(SERVED if served else REFUSED, ending, None)


def _by_count(ending: Ending, objects: int) -> Tried:
    """Served when something came, whatever the status says; hidden by a success with nothing."""
    if objects:
        return _tried(SERVED, ending, objects)
    hidden = ending.outcome is Outcome.RESPONDED and ending.number("status") == 0
    return _tried(HIDDEN if hidden else REFUSED, ending, objects)


def _tried(result: str, ending: Ending, objects: int | None) -> Tried:
    if result == REFUSED and ending.outcome is Outcome.TIMEOUT:
        result = SILENT
    words = _words(ending)
    if objects is not None and result == SERVED:
        words = f"{words}, {objects} object{'s' if objects != 1 else ''}"
    return Tried(
        result=result,
        detail=words,
        status=ending.number("status"),
        objects=objects,
        outcome=ending.outcome,
    )


def _words(ending: Ending) -> str:
    detail = ending.detail.get("detail")
    return str(detail) if detail else ending.outcome.value


def series_of(stage: Stage, number: int) -> str:
    """Series Instance UID of the object with that number."""
    return uid(stage, 3, number)
