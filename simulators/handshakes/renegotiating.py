"""Further handshakes on one connection of TLS 1.2, asked for by us in both roles."""

from __future__ import annotations

import contextlib
import time
from dataclasses import replace

from harness.errors import NotEmittedError
from harness.stage import Stage
from harness.verdict import Outcome
from simulators import tls, wire
from simulators.acceptor import Acceptor
from simulators.handshakes.evidence import rows
from simulators.handshakes.hearing import conclude_disagreement, conclude_end, conclude_handshake
from simulators.handshakes.traps import receive_client
from simulators.handshakes.trials import client, require_served
from simulators.lab import lab_of
from simulators.peer import Peer
from simulators.requestor import ANSWER_S
from simulators.securing import WitnessedChannel
from simulators.tls.codes import MessageType

MOST_TRIED = 3
"""How many further handshakes are asked for: a device that grants them all has no limit."""

_GRANTED_S = 2.0
_AGAIN_S = 10.0
"""Patience with a device that granted one before: when it is slow it does not refuse."""

_HELLO_REQUEST = 0
_STEP_S = 0.2


def renegotiate_as_client(stage: Stage) -> None:
    """Asks for further handshakes on an honest connection; ``renegotiated`` counts the granted.

    Raises:
        PreconditionUnmetError: An honest client of the same engine was not served just before.
        NotEmittedError: The further ClientHello did not leave.
    """
    policy = tls.ModernPolicy.like(lab_of(stage).trust.client)
    policy = replace(policy, maximum=tls.TlsVersion.TLS1_2)
    require_served(stage, policy)
    with client(stage, policy) as peer:
        done = peer.handshake or tls.Handshake()
        if not done.completed:
            conclude_handshake(peer, done)
            return
        _ask_again(peer, MessageType.CLIENT_HELLO, "ClientHello for a further handshake")
        conclude_end(peer)


def renegotiate_as_server(server: Acceptor) -> None:
    """Sends HelloRequests on an honest connection; ``renegotiated`` counts what the device did.

    Args:
        server: Entered with ``hello_only=True``.

    Raises:
        NotEmittedError: The HelloRequest did not leave.
    """
    policy = tls.ModernPolicy.like(lab_of(server.stage).trust.server)
    done = receive_client(server, replace(policy, maximum=tls.TlsVersion.TLS1_2))
    if not done.completed:
        conclude_disagreement(server, done)
        return
    request = server.receive(ANSWER_S)
    server.stage.require(isinstance(request, wire.AssociateRQ), "no A-ASSOCIATE-RQ came")
    _ask_again(server, _HELLO_REQUEST, "HelloRequest, while the device waits for its answer")
    conclude_end(server)


def _ask_again(peer: Peer, kind: int, what: str) -> None:
    """Asks up to three times, until one is not granted."""
    engine = peer.channel.engine if isinstance(peer.channel, WitnessedChannel) else None
    if not isinstance(engine, tls.ModernChannel):
        raise NotEmittedError("this engine cannot renegotiate")
    tried = 0
    with contextlib.suppress(ConnectionError):
        while tried < MOST_TRIED and engine.renegotiations == tried:
            engine.renegotiate()
            tried += 1
            _witness(peer, engine, kind, what)
            _wait_for_grant(peer, engine, tried)
    granted = engine.renegotiations
    peer.stage.observe("renegotiated", peer.actor, tried=tried, granted=granted)


def _wait_for_grant(peer: Peer, engine: tls.ModernChannel, wanted: int) -> None:
    """Listens until the handshake is done, refused by an alert, or not going to happen."""
    deadline = time.monotonic() + (_GRANTED_S if wanted == 1 else _AGAIN_S)
    while engine.renegotiations < wanted and engine.state.alert_received is None:
        if time.monotonic() >= deadline:
            return
        with contextlib.suppress(TimeoutError):
            if not engine.receive(_STEP_S):
                peer.ended = Outcome.CLOSED
                return


def _witness(peer: Peer, engine: tls.ModernChannel, kind: int, what: str) -> None:
    sent = [one for one in engine.messages if one.sent and one.kind == kind]
    if not sent:
        raise NotEmittedError("the request for a further handshake did not leave")
    data = sent[-1].data
    parts = rows([("handshake.type", data[:1]), ("rest of the message", data[1:])])
    peer.witness(data, len(data), what=what, parts=parts, lies=["handshake.type"], stimulus=True)
