"""TLS trials of a device that listens: what it answers to a hello, whom it serves after one.

Two depths. *Hello*: one ClientHello of our own making, judged by the flight that comes back; it
never depends on what the host's OpenSSL still speaks. *Echo*: a whole handshake and then a
C-ECHO, because nothing less than an answered request is acceptance.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

from harness.errors import NotEmittedError, PreconditionUnmetError
from harness.stage import Stage
from harness.verdict import Outcome
from simulators import tls, wire
from simulators.describe import reaction_of
from simulators.peer import GRACE_S
from simulators.pki import Identity
from simulators.requestor import ANSWER_S, Requestor
from simulators.tls.suites import all_suites
from simulators.tls_evidence import Parts, certificate_parts, rows
from simulators.tls_hearing import (
    claimed_version,
    conclude_alert,
    conclude_end,
    conclude_handshake,
    emit,
    hear,
    live,
    observe_hello,
    shake,
)

_CLIENT_HELLO_PARTS = (
    ("handshake.type", 1),
    ("handshake.length", 3),
    ("client_version", 2),
    ("random", 32),
)


def offer_hello(
    stage: Stage, offer: tls.HelloOffer, *, what: str, lies: list[str], actor: str = "attacker"
) -> tls.ServerFlight:
    """Sends one ClientHello as the stimulus; the device's first flight becomes the outcome.

    ACCEPTED is a ServerHello (or a request to retry) without an alert; its version and suite are
    in the ``handshake`` observation.
    """
    raw = tls.client_hello(offer)
    with Requestor(stage, actor=actor, plain_on_tls=True) as peer:
        observe_hello(stage, tls.parse_client_hello(raw), by="us")
        emit(peer, tls.named_hello_parts(offer), what=what, lies=lies)
        heard, ended = hear(peer, stage.artim_s + GRACE_S, _flight_is_whole)
        flight = tls.parse_server_flight(heard)
        _observe_flight(stage, peer, flight, ended)
        _conclude_flight(peer, flight, ended)
    return flight


def require_hello_answered(stage: Stage) -> None:
    """A hello of the same making that offers every version and suite in use must be answered.

    Raises:
        PreconditionUnmetError: It was not, so that a refusal of the weak one proves nothing.
    """
    known = tuple(one.code_point for one in all_suites() if one.weakness != "signal")
    offer = tls.HelloOffer(suites=known)
    with Requestor(stage, actor="control", plain_on_tls=True) as peer:
        live(peer).send(tls.client_hello(offer))
        heard, ended = hear(peer, ANSWER_S, _flight_is_whole)
        flight = tls.parse_server_flight(heard)
        outcome = _conclude_flight(peer, flight, ended)
    seen = f"{outcome.value} {flight.alert or ''}".strip()
    stage.require(flight.accepted, f"a hello that offers everything was not answered: {seen}")


@contextmanager
def client(stage: Stage, policy: tls.TlsPolicy, *, actor: str = "attacker") -> Iterator[Requestor]:
    """A requestor on the TLS port that has tried its handshake; it may have failed."""
    with Requestor(stage, actor=actor, plain_on_tls=True) as peer:
        peer.handshake, _ = shake(peer, policy, stage.artim_s + GRACE_S, server_side=False)
        yield peer


def honest_policy(stage: Stage, peer: Requestor | None = None) -> tls.TlsPolicy:
    """How an honest client of ours speaks, at the one version of this case."""
    del peer
    raise NotImplementedError(stage)


def seek_service(peer: Requestor) -> Outcome:
    """Goes on to a C-ECHO as far as the device lets us; where that ends is the outcome.

    Raises:
        PreconditionUnmetError: We ended the handshake ourselves.
    """
    done = peer.handshake or tls.Handshake()
    if not done.completed or done.alert_received is not None:
        return conclude_handshake(peer, done)
    peer.send(peer.request())
    answer = peer.receive(ANSWER_S)
    if answer is None:
        return conclude_end(peer)
    if not isinstance(answer, wire.AssociateAC) or not wire.accepted_contexts(answer):
        outcome, detail = reaction_of(answer)
        return peer.conclude(outcome, detail)
    peer.max_length = wire.max_length_of(answer) or 0
    outcome = peer.echo()
    if outcome is Outcome.RESPONDED:
        peer.release()
    return outcome


def require_served(stage: Stage, policy: tls.TlsPolicy) -> None:
    """An honest client of the same engine and version must be served, just now.

    Raises:
        PreconditionUnmetError: It was not, so that a refusal of the flawed one proves nothing.
    """
    with client(stage, policy, actor="control") as peer:
        outcome = seek_service(peer)
    stage.require(
        outcome is Outcome.RESPONDED, f"an honest client with {policy.maximum} got {outcome.value}"
    )
