"""Sessions of the device that are handed in again: as they are, altered, late, with early data.

The sessions come from honest handshakes in which a C-ECHO was answered, so that each of them is
one that the device would honour.
"""

from __future__ import annotations

import time
from dataclasses import replace
from datetime import timedelta

from harness.errors import NotEmittedError
from harness.stage import Stage
from harness.verdict import Outcome
from simulators import tls, wire
from simulators.describe import reaction_of
from simulators.handshakes.evidence import rows
from simulators.handshakes.hearing import claimed_versions, conclude_handshake, shake
from simulators.handshakes.trials import client, client_policy, seek_service, witness_hello
from simulators.lab import lab_of
from simulators.peer import GRACE_S, Peer
from simulators.pki import Identity
from simulators.requestor import Requestor
from simulators.securing import WitnessedChannel
from simulators.tls.codes import ContentType, TlsVersion
from simulators.tls.messages import records

HONEST, ALTERED, EXPIRED = "unaltered ticket", "altered ticket", "session of an expired identity"
EARLY = "early data"

_LIVES_S = 4
_SLACK_S = 1.5
_ANSWERED_S = 1.5
_EARLY_LIMIT = 16384


def alter_ticket(stage: Stage) -> Outcome:
    """Hands in a session as it is, then with one bit of its ticket turned over.

    Raises:
        PreconditionUnmetError: An honest client was not served.
        NotEmittedError: The altered ticket did not leave.
    """
    policy = _policy(stage, lab_of(stage).trust.ours)
    session = _obtain(stage, policy)
    if session is None:
        return _without_session(stage, policy)
    with client(stage, replace(policy, session=session), actor="control") as peer:
        _observe(peer, HONEST)
        stage.require(_done(peer).completed, "an unaltered session was not even answered")
    ticket = session.ticket
    middle = len(ticket) // 2
    altered = ticket[:middle] + bytes([ticket[middle] ^ 1]) + ticket[middle + 1 :]
    with client(stage, replace(policy, session=session.with_ticket(altered))) as peer:
        _witness_ticket(peer, altered, "ClientHello with a ticket of which one bit is turned over")
        if _observe(peer, ALTERED).resumed:
            return peer.conclude(Outcome.ACCEPTED, {"detail": "went on with the session"})
        return seek_service(peer)


def resume_expired(stage: Stage) -> Outcome:
    """Hands in a session when the certificate that began it has expired.

    Raises:
        PreconditionUnmetError: The device still takes the certificate itself: clocks differ, or
            it does not look at the time, which is judged elsewhere.
    """
    begin, end = timedelta(hours=-1), timedelta(seconds=_LIVES_S)
    brief = lab_of(stage).trust.authority.issue(not_before=begin, not_after=end)
    expired_at = time.monotonic() + _LIVES_S + _SLACK_S
    policy = _policy(stage, brief)
    session = _obtain(stage, policy)
    stage.cancelled.wait(max(0.0, expired_at - time.monotonic()))
    with client(stage, policy, actor="control") as peer:
        refused = seek_service(peer) is not Outcome.RESPONDED
        stage.require(refused, "the expired certificate itself is still taken")
    if session is None:
        return _without_session(stage, policy)
    with client(stage, replace(policy, session=session)) as peer:
        _witness_ticket(peer, session.ticket, f"ClientHello with the {EXPIRED}")
        _observe(peer, EXPIRED)
        return seek_service(peer)


def send_early_data(stage: Stage) -> Outcome:
    """Sends an A-ASSOCIATE-RQ as early data, whether the ticket allows it or not.

    Raises:
        NotEmittedError: Our engine cannot, or the early data did not leave.
    """
    policy = _policy(stage, lab_of(stage).trust.ours)
    session = _obtain(stage, policy)
    if session is None:
        return _without_session(stage, policy)
    with Requestor(stage, plain_on_tls=True) as peer:
        request = wire.encode(peer.request())
        early = replace(
            policy, session=session.allowing_early_data(_EARLY_LIMIT), early_data=request
        )
        done, sent = shake(peer, early, stage.artim_s + GRACE_S, server_side=False)
        if not any(one.type == ContentType.APPLICATION_DATA for one in records(sent)[0]):
            raise NotEmittedError(f"the early data did not leave: {done.error}")
        parts = rows([("early data", request)])
        what = "A-ASSOCIATE-RQ as TLS early data"
        peer.witness(
            request, len(request), what=what, parts=parts, lies=["early data"], stimulus=True
        )
        _observe(peer, EARLY)
        if not done.completed:
            return conclude_handshake(peer, done)
        answer = peer.receive(_ANSWERED_S)
        if answer is None:
            return peer.conclude(peer.ended or Outcome.TIMEOUT, {"detail": "no answer, as due"})
        outcome, detail = reaction_of(answer)
        return peer.conclude(outcome, detail)


def _policy(stage: Stage, identity: Identity) -> tls.ModernPolicy:
    """A client with one version only, so that session and version belong together."""
    _, only = claimed_versions(stage)
    policy = tls.ModernPolicy.like(client_policy(stage, identity))
    return replace(policy, minimum=only, maximum=only)


def _obtain(stage: Stage, policy: tls.ModernPolicy) -> tls.Session | None:
    """A session from an honest exchange, None when the device gives none; ``ticket`` tells of it.

    Raises:
        PreconditionUnmetError: The honest exchange failed.
    """
    with client(stage, policy, actor="control") as peer:
        outcome = seek_service(peer)
        stage.require(outcome is Outcome.RESPONDED, f"an honest client got {outcome.value}")
        engine = _engine(peer)
        for one in tls.tickets(engine.messages, engine.state.version):
            stage.observe(
                "ticket", "attacker", version=str(engine.state.version),
                lifetime_s=one.lifetime_s, max_early_data=one.max_early_data,
            )  # fmt: skip
        session = engine.session
    return session if session is not None and session.ticket else None


def _without_session(stage: Stage, policy: tls.ModernPolicy) -> Outcome:
    """A device that gives no session is asked once more: that is all that can be tried."""
    with client(stage, policy) as peer:
        witness_hello(peer, _done(peer), what="ClientHello that asks for a session ticket")
        stage.observe(
            "resumption", peer.actor, what="the device gives no session", completed=False,
            resumed=False, fresh_keys=True, early_data=False, tls13=False,
        )  # fmt: skip
        return peer.conclude(Outcome.NOT_OFFERED, {"detail": "the device gives no session"})


def _witness_ticket(peer: Requestor, ticket: bytes, what: str) -> None:
    hello = _done(peer).client_hello
    at = hello.find(ticket)
    if not _done(peer).hello_sent or at < 0:
        raise NotEmittedError(f"the ticket did not leave: {_done(peer).error}")
    cut = at + len(ticket)
    parts = [("ClientHello", hello[:at]), ("ticket", hello[at:cut]), ("rest", hello[cut:])]
    named = rows([(name, data) for name, data in parts if data])
    peer.witness(hello, len(hello), what=what, parts=named, lies=["ticket"], stimulus=True)


def _observe(peer: Requestor, what: str) -> tls.Resumption:
    engine = _engine(peer)
    state = engine.state
    seen = tls.resumption(engine.messages)
    peer.stage.observe(
        "resumption", "attacker", what=what, completed=state.completed, resumed=seen.resumed,
        fresh_keys=seen.fresh_keys, early_data=seen.early_data,
        tls13=state.version is TlsVersion.TLS1_3,
    )  # fmt: skip
    return seen


def _engine(peer: Peer) -> tls.ModernChannel:
    engine = peer.channel.engine if isinstance(peer.channel, WitnessedChannel) else None
    if not isinstance(engine, tls.ModernChannel):
        raise NotEmittedError("this engine has no sessions")
    return engine


def _done(peer: Requestor) -> tls.Handshake:
    return peer.channel.state if peer.channel is not None else tls.Handshake()
