"""C-MOVE to a destination of ours that the device has set up for TLS (PS3.4 C.4.2)."""

from __future__ import annotations

import select
import socket
import time
from collections.abc import Callable

from harness.stage import Stage
from harness.verdict import Outcome
from simulators import wire
from simulators.connection import Connection
from simulators.handshakes.evidence import fatal_alert, joined, rows
from simulators.handshakes.hearing import hear, shake
from simulators.lab import lab_of
from simulators.negotiation import honest_results
from simulators.peer import Peer
from simulators.queries import store_honestly, study_keys
from simulators.requestor import ANSWER_S, Requestor
from simulators.tls.codes import ContentType
from simulators.wire import uids

ACCEPTS, REFUSES = "does TLS", "refuses TLS"
"""What our side does with the connections of the device."""

_MOVE = wire.Context(1, uids.STUDY_ROOT_MOVE, (uids.EXPLICIT_LE, uids.IMPLICIT_LE))
_CALLED_S = 10.0
_AGAIN_S = 3.0
_MOST_CONNECTIONS = 8
_MOST_OBJECTS = 8
_HANDSHAKE_FAILURE = 40

Host = Callable[[Peer, bytes], None]


def retrieve_to_us(stage: Stage, manner: str) -> None:
    """Has the device send an object to us; ``arrived`` tells how each of its connections began.

    Args:
        stage: The play.
        manner: :data:`ACCEPTS` or :data:`REFUSES`.

    Raises:
        PreconditionUnmetError: The device took no object, or no retrieve.
    """
    section, lab = stage.profile.tls, lab_of(stage)
    title = section.move_destination if section else None
    stage.require(title, "the profile names no tls.move_destination")
    thing = store_honestly(stage)
    port = int(lab.values["move_port"])
    with (
        socket.create_server(("127.0.0.1", port), backlog=16) as listener,
        Requestor(stage) as peer,
    ):
        peer.associate((_MOVE,))
        keys = wire.encode_dataset(study_keys(thing.study, retrieve=True), peer.contexts[_MOVE.id])
        command = wire.c_move_rq(str(title), message_id=peer.next_message_id())
        peer.invoke(command, keys, context_id=_MOVE.id, stimulus=True)
        _receive_all(stage, listener, _serve if manner == ACCEPTS else _refuse)
        peer.wait_for_ending(ANSWER_S)


def _receive_all(stage: Stage, listener: socket.socket, host: Host) -> None:
    patience = _CALLED_S
    for _ in range(_MOST_CONNECTIONS):
        connection = _accepted(stage, listener, patience)
        if connection is None:
            return
        patience = _AGAIN_S
        with Peer(stage, "destination") as server:
            server.connection = connection
            head, _ = hear(server, _CALLED_S, lambda heard: len(heard) > 0)
            secure = head[:1] == bytes([ContentType.HANDSHAKE])
            stage.observe("arrived", "attacker", secure=secure, head=head[:16].hex())
            host(server, head)
            if host is _serve and secure:
                return


def _accepted(stage: Stage, listener: socket.socket, patience_s: float) -> Connection | None:
    """The device's next connection, None when there is none in that time."""
    poll = select.poll()
    poll.register(listener, select.POLLIN)
    deadline = time.monotonic() + patience_s
    while (rest := deadline - time.monotonic()) > 0 and not stage.cancelled.is_set():
        if poll.poll(min(rest, 0.2) * 1000):
            sock, _ = listener.accept()
            guard = lab_of(stage).guard
            guard.opening()
            return Connection(stage, sock, guard, "destination", accepted=True)
    return None


def _serve(server: Peer, head: bytes) -> None:
    """Takes the objects over TLS; a connection in clear is left to itself."""
    if head[:1] != bytes([ContentType.HANDSHAKE]):
        return
    policy = lab_of(server.stage).trust.server
    done, _ = shake(server, policy, _CALLED_S, server_side=True, ahead=head)
    request = server.receive(ANSWER_S) if done.completed else None
    if not isinstance(request, wire.AssociateRQ):
        server.conclude(server.ended or Outcome.TIMEOUT, {"detail": done.error})
        return
    server.send(wire.associate_ac(request, honest_results(request), max_length=16384))
    for _ in range(_MOST_OBJECTS):
        message = server.message(ANSWER_S)
        if message is None:
            break
        answer = wire.c_store_rsp(
            message.command.text("AffectedSOPClassUID") or "",
            message.command.text("AffectedSOPInstanceUID") or "",
            message.command.integer("MessageID") or 0,
        )
        for pdu in wire.p_data(message.context_id, answer):
            server.send(pdu)
    server.send(wire.ReleaseRP())
    server.receive(1.0)


def _refuse(server: Peer, head: bytes) -> None:
    """Refuses TLS by an alert in clear, and hears what the device says to that."""
    if head[:1] != bytes([ContentType.HANDSHAKE]):
        return
    parts = fatal_alert(_HANDSHAKE_FAILURE)
    data = joined(parts)
    left = server.connection.send(data) if server.connection is not None else 0
    server.witness(data, left, what="TLS is refused", parts=rows(parts), stimulus=True)
    hear(server, _AGAIN_S, lambda heard: False)
