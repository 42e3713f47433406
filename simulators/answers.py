"""Answers of an archive to a device that queries it, or has objects moved to itself."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from harness.verdict import Outcome
from simulators import wire
from simulators.acceptor import Acceptor
from simulators.objects import PATIENT_NAME, SyntheticObject, synthetic_object, uid
from simulators.requestor import Requestor
from simulators.wire import uids
from simulators.wire.messages import PENDING

PATIENT_COMMENTS = 0x00104000
MOVER = "mover"
"""Under which name the observations of a C-MOVE's own association stand."""

_LONGEST_TEXT = 10240
"""Most characters of an LT value (PS3.5 6.2)."""


def query_response(asked: wire.Message, status: int) -> wire.Command:
    """A response to a C-FIND, ready to be sent or made a lie."""
    return wire.c_find_rsp(
        asked.command.text("AffectedSOPClassUID") or uids.STUDY_ROOT_FIND,
        asked.command.integer("MessageID") or 0,
        status,
    )


def match(
    peer: Acceptor,
    asked: wire.Message,
    number: int,
    keys: Mapping[str, str] | None = None,
    *,
    size: int = 0,
) -> tuple[int, wire.Command, bytes]:
    """One pending match of a C-FIND: context id, command set, identifier.

    Args:
        peer: Who was asked.
        asked: The C-FIND.
        number: Distinguishes matches of one play.
        keys: Unique keys that the query names.
        size: Length of a comment in the identifier, which makes it as large, in characters.
    """
    syntax = wire.accepted_contexts(peer.accept())[asked.context_id]
    named = keys or {}
    elements = [
        wire.Element(tag=0x00080020, vr="DA", value="20200101"),
        wire.Element(tag=0x00080052, vr="CS", value="STUDY"),
        wire.Element(tag=0x00100010, vr="PN", value=PATIENT_NAME),
        wire.Element(tag=0x00100020, vr="LO", value=f"SYN{peer.stage.token[:12]}"),
        wire.Element(tag=PATIENT_COMMENTS, vr="LT", value="x" * min(size, _LONGEST_TEXT)),
        wire.Element(
            tag=0x0020000D,
            vr="UI",
            value=named.get("StudyInstanceUID", uid(peer.stage, 2, number)),
        ),
    ]
    identifier = wire.encode_dataset(elements, syntax)
    return asked.context_id, query_response(asked, PENDING), identifier


def move_one_object(peer: Acceptor, asked: wire.Message, keys: Mapping[str, str]) -> int:
    """Sends one object to the destination of a C-MOVE; 1 when it was confirmed, else 0."""
    thing = synthetic_object(peer.stage, 1, transfer_syntax=uids.EXPLICIT_LE, **keys)
    outcomes = deliver(peer, asked, [thing], stimulus=True)
    return int(outcomes == [Outcome.RESPONDED])


def deliver(
    peer: Acceptor,
    asked: wire.Message,
    things: Sequence[SyntheticObject],
    *,
    stimulus: bool = False,
) -> list[Outcome]:
    """The sub-operations of a C-MOVE, on an association with the device's own listener.

    Args:
        peer: Who was asked.
        asked: The C-MOVE; its destination is the AE title that is called.
        things: What to send, in this order.
        stimulus: The objects are what the scenario is about.

    Returns:
        How each object was answered; empty when the device does not listen.

    Raises:
        PreconditionUnmetError: The device does not take part in an honest association.
    """
    port = int(peer.callback.values["listen_port"])
    classes = list(dict.fromkeys(thing.sop_class for thing in things))
    contexts = {
        sop_class: wire.Context(2 * number + 1, sop_class, (uids.EXPLICIT_LE,))
        for number, sop_class in enumerate(classes)
    }
    with Requestor(
        peer.stage,
        actor=MOVER,
        plain_on_tls=True,
        calling=peer.called_ae,
        called=(asked.command.text("MoveDestination") or "").strip(),
        address=("127.0.0.1", port),
    ) as mover:
        if mover.connection is None:
            return []
        mover.associate(tuple(contexts.values()))
        outcomes = [
            mover.store(thing, context_id=contexts[thing.sop_class].id, stimulus=stimulus)
            for thing in things
        ]
        mover.release()
    return outcomes
