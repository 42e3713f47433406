"""Storage commitment as an honest modality asks for it (PS3.4 J.3), and what the device reports.

The report comes on the association that asked, or on a new one to us: PS3.4 J.3.3 permits both.
Where the profile names ``integrity.commitment_ae``, we ask under that title and listen for it too.
"""

from __future__ import annotations

import io
import select
import socket
import threading
import time
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field

from pydicom import Dataset
from pydicom.filereader import read_dataset

from harness.stage import Stage
from harness.verdict import Outcome
from simulators import wire
from simulators.connection import Connection
from simulators.lab import lab_of
from simulators.negotiation import answered_roles, honest_results
from simulators.peer import Peer
from simulators.queries import UNCOMPRESSED
from simulators.requestor import ANSWER_S, Requestor
from simulators.wire import uids
from simulators.wire.messages import N_EVENT_REPORT

COMMITMENT = wire.Context(1, uids.STORAGE_COMMITMENT_PUSH, UNCOMPRESSED)
"""The context of an honest request for storage commitment."""

REPORT_S: float = 10.0
"""How long a report may take; PS3.4 sets no time, and a device may have to look at its disk."""

_SLICE_S = 0.1
_REQUEST = 1
_MOST_REFERENCES = 4096
_LISTENING = threading.Lock()
"""One listener at a time: the device knows one port of ours."""

Reference = tuple[str, str]
"""SOP Class and SOP Instance UID of one object."""


@dataclass(slots=True)
class Report:
    """What a device has said of the objects that it was asked to keep.

    Attributes:
        heard: True once a report on our transaction came.
        committed: The objects that it committed.
        failed: Failure Reason (PS3.3 C.14.1.1) of each that it did not; -1 where it gives none.
        reports: How many reports on our transaction came.
    """

    heard: bool = False
    committed: set[Reference] = field(default_factory=set[Reference])
    failed: dict[Reference, int] = field(default_factory=dict[Reference, int])
    reports: int = 0


def ask(
    peer: Requestor, references: Sequence[Reference], transaction: str, *, stimulus: bool = False
) -> Outcome:
    """Sends the N-ACTION and reads its answer, which is recorded as the outcome."""
    data = requested(references, transaction, peer.contexts[COMMITMENT.id])
    peer.invoke(action(peer), data, stimulus=stimulus)
    return peer.wait_for_ending(ANSWER_S)


def action(peer: Requestor) -> wire.Command:
    """The command set of an honest request, to be sent or first turned into a lie."""
    return wire.n_action_rq(
        uids.STORAGE_COMMITMENT_PUSH,
        uids.STORAGE_COMMITMENT_PUSH_INSTANCE,
        _REQUEST,
        peer.next_message_id(),
    )


def requested(references: Sequence[Reference], transaction: str, syntax: str) -> bytes:
    """The action information that names those objects (PS3.4 J.3.2.1.1), encoded."""
    items = tuple(
        wire.DataItem(
            elements=(
                wire.Element(tag=0x00081150, vr="UI", value=sop_class),
                wire.Element(tag=0x00081155, vr="UI", value=sop_instance),
            )
        )
        for sop_class, sop_instance in references
    )
    elements = (
        wire.Element(tag=0x00081195, vr="UI", value=transaction),
        wire.Element(tag=0x00081199, vr="SQ", value=items),
    )
    return wire.encode_dataset(elements, syntax)


def commit(
    stage: Stage,
    references: Sequence[Reference],
    transaction: str,
    *,
    stimulus: bool = True,
    actor: str = "attacker",
) -> Report:
    """Asks for commitment on an association of its own and waits for the report.

    Raises:
        PreconditionUnmetError: The association or its context was not accepted.
    """
    report = Report()
    with (
        reporters(stage) as listener,
        Requestor(stage, actor=actor, calling=calling(stage)) as peer,
    ):
        peer.associate((COMMITMENT,))
        outcome = ask(peer, references, transaction, stimulus=stimulus)
        if outcome is Outcome.RESPONDED and _status(stage, actor) == 0:
            await_report(peer, transaction, report, listener)
        if peer.ended is None:
            peer.release()
    return report


def calling(stage: Stage) -> str | None:
    """Under which title we ask, so that the report finds us; None for the usual one."""
    section = stage.profile.integrity
    return section.commitment_ae if section else None


def witness_report(
    stage: Stage,
    report: Report,
    *,
    known: Collection[Reference],
    unknown: Collection[Reference],
    actor: str = "attacker",
) -> None:
    """Witnesses ``commitment``: what the report says of objects that are there, and of others.

    Args:
        stage: The play.
        report: What the device said.
        known: Objects that it was asked for and holds.
        unknown: Objects that it was asked for and does not hold.
        actor: Under which name this stands.
    """
    falsely = report.committed.intersection(unknown)
    named = falsely | report.failed.keys()
    stage.observe(
        "commitment", actor, reported=report.heard, stored=len(known), unknown=len(unknown),
        committed=len(report.committed.intersection(known)), falsely=len(falsely),
        unnamed=len(set(unknown) - named),
        reasons=[report.failed[one] for one in unknown if one in report.failed],
    )  # fmt: skip


def await_report(
    peer: Requestor,
    transaction: str,
    report: Report,
    listener: socket.socket | None = None,
) -> None:
    """Waits until a report on the transaction has come, on the association or to the listener."""
    deadline = time.monotonic() + REPORT_S
    before = report.reports
    while report.reports == before and (rest := deadline - time.monotonic()) > 0:
        if peer.ended is None:
            message = peer.message(rest if listener is None else _SLICE_S)
            if message is not None:
                _take(peer, message, peer.contexts[COMMITMENT.id], transaction, report)
        elif listener is None:
            return
        if listener is not None:
            _serve_caller(peer.stage, listener, transaction, report)


@contextmanager
def reporters(stage: Stage) -> Iterator[socket.socket | None]:
    """Where the device may call to report; None where it is told of no such place."""
    port = lab_of(stage).values.get("commitment_port")
    if port is None:
        yield None
        return
    with _LISTENING, socket.create_server(("127.0.0.1", int(port)), backlog=16) as listener:
        yield listener


def _serve_caller(stage: Stage, listener: socket.socket, transaction: str, report: Report) -> None:
    """Takes the reports that come on one new association, if there is one."""
    if not select.select([listener], [], [], _SLICE_S)[0]:
        return
    sock, _ = listener.accept()
    guard = lab_of(stage).guard
    guard.opening()
    with Peer(stage, "archive") as server:
        server.connection = Connection(stage, sock, guard, "archive", accepted=True)
        request = server.receive(ANSWER_S)
        if not isinstance(request, wire.AssociateRQ):
            return
        results, roles = honest_results(request), answered_roles(request)
        server.send(wire.associate_ac(request, results, max_length=16384, user_items=roles))
        while (message := server.message(ANSWER_S)) is not None:
            syntax = results.get(message.context_id, (0, uids.IMPLICIT_LE))[1]
            _take(server, message, syntax, transaction, report)
        server.send(wire.ReleaseRP())


def _take(peer: Peer, message: wire.Message, syntax: str, transaction: str, report: Report) -> None:
    """Answers an N-EVENT-REPORT, and notes it when it is about our transaction."""
    command = message.command
    if command.integer("CommandField") != N_EVENT_REPORT:
        return
    answer = wire.n_rsp(
        N_EVENT_REPORT,
        uids.STORAGE_COMMITMENT_PUSH,
        uids.STORAGE_COMMITMENT_PUSH_INSTANCE,
        command.integer("MessageID") or 0,
        EventTypeID=command.integer("EventTypeID") or 0,
    )
    for pdu in wire.p_data(message.context_id, answer):
        peer.send(pdu)
    told = _read(message.dataset or b"", syntax)
    if str(told.get("TransactionUID", "")) != transaction:
        return
    report.heard = True
    report.reports += 1
    report.committed |= {name for name, _ in _named(told, "ReferencedSOPSequence")}
    report.failed |= dict(_named(told, "FailedSOPSequence"))


def _read(raw: bytes, syntax: str) -> Dataset:
    """A data set of the device; an empty one where pydicom cannot read it."""
    try:
        return read_dataset(io.BytesIO(raw), syntax == uids.IMPLICIT_LE, is_little_endian=True)
    except Exception:  # whatever pydicom says of a device's octets
        return Dataset()


def _named(told: Dataset, keyword: str) -> Collection[tuple[Reference, int]]:
    """The objects in a sequence, each with its Failure Reason."""
    try:
        items: list[Dataset] = list(told.get(keyword) or [])[:_MOST_REFERENCES]
        return [
            (
                (
                    str(item.get("ReferencedSOPClassUID", "")),
                    str(item.get("ReferencedSOPInstanceUID", "")),
                ),
                int(item.get("FailureReason", -1)),
            )
            for item in items
        ]
    except Exception:  # whatever pydicom says of a device's values
        return []


def _status(stage: Stage, actor: str) -> object:
    seen = stage.record({}).last("outcome", actor)
    return seen.data.get("status") if seen else None
