"""TLS trials of a device that listens: what it answers to a hello, whom it serves after one.

Two depths. *Hello*: one ClientHello of our own making, judged by the flight that comes back; it
never depends on what the host's OpenSSL still speaks. *Echo*: a whole handshake and then a
C-ECHO, because nothing less than an answered request is acceptance.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

from harness.errors import NotEmittedError
from harness.stage import Stage
from harness.verdict import Outcome
from simulators import tls, wire
from simulators.describe import reaction_of
from simulators.handshakes.evidence import certificate_parts, client_hello_parts, rows
from simulators.handshakes.hearing import (
    claimed_versions,
    conclude_alert,
    conclude_disagreement,
    conclude_end,
    conclude_handshake,
    emit,
    hear,
    live,
    observe_hello,
    shake,
)
from simulators.lab import lab_of
from simulators.peer import GRACE_S, Peer
from simulators.pki import Identity
from simulators.requestor import ANSWER_S, Requestor
from simulators.tls.messages import records
from simulators.tls.suites import all_suites

# A common name beside the alternative names is no flaw, but has the certificate made by the same
# builder as the flawed ones.
_HONEST_NAME = "dicom-assay client"


def offer_hello(
    stage: Stage, offer: tls.HelloOffer, *, what: str, lies: list[str]
) -> tls.ServerFlight:
    """Sends one ClientHello as the stimulus; the device's first flight becomes the outcome.

    ACCEPTED is a ServerHello (or a request to retry) without an alert; its version and suite are
    in the ``handshake`` observation.
    """
    raw = tls.client_hello(offer)
    with Requestor(stage, plain_on_tls=True) as peer:
        observe_hello(stage, tls.parse_client_hello(raw), by="us")
        emit(peer, tls.named_hello_parts(offer), what=what, lies=lies)
        heard, ended = hear(peer, stage.artim_s + GRACE_S, _flight_is_whole)
        flight = tls.parse_server_flight(heard)
        _observe_flight(stage, peer, flight, ended)
        _conclude_flight(peer, flight, ended)
    return flight


def every_suite() -> tuple[int, ...]:
    """Every suite that is known, good or weak, for hellos that are about something else."""
    return tuple(one.code_point for one in all_suites() if one.weakness != "signal")


def require_hello_answered(stage: Stage) -> None:
    """A hello of the same making that offers every version and suite in use must be answered.

    Raises:
        PreconditionUnmetError: It was not, so that a refusal of the weak one proves nothing.
    """
    offer = tls.HelloOffer(suites=every_suite())
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


def client_policy(stage: Stage, identity: Identity | None) -> tls.TlsPolicy:
    """A client of ours with the versions of this case, and with that certificate or none."""
    lowest, highest = claimed_versions(stage)
    honest = lab_of(stage).trust.client
    return replace(honest, minimum=lowest, maximum=highest, identity=identity)


def try_identity(stage: Stage, identity: Identity, lie: str) -> Outcome:
    """Shows the device a flawed client certificate, and seeks service with it.

    An honest client is served first, with the same versions, by the same engine and with a
    certificate of the same making, so that a refusal can only mean the one deviation.

    Args:
        stage: The play.
        identity: What to show.
        lie: Which part of the certificate is wrong, by the names of :func:`certificate_parts`.

    Raises:
        NotEmittedError: Our certificate was not asked for, or did not leave.
    """
    honest = lab_of(stage).trust.authority.issue(common_name=_HONEST_NAME)
    require_served(stage, client_policy(stage, honest))
    with client(stage, client_policy(stage, identity)) as peer:
        witness_certificate(peer, peer.handshake, identity, lie)
        return seek_service(peer)


def try_without_certificate(stage: Stage) -> Outcome:
    """Comes to a device that claims mutual authentication without any certificate.

    Raises:
        NotEmittedError: The handshake ended before a certificate was due.
    """
    require_served(stage, client_policy(stage, lab_of(stage).trust.ours))
    with client(stage, client_policy(stage, None)) as peer:
        done = peer.handshake or tls.Handshake()
        if not (done.certificate_requested or done.completed):
            raise NotEmittedError(f"no certificate was due yet: {done.error or done.ended}")
        witness_hello(peer, done, what="a TLS client that shows no certificate")
        return seek_service(peer)


def witness_certificate(
    peer: Peer, done: tls.Handshake | None, identity: Identity, lie: str
) -> None:
    """Records our certificate as the stimulus.

    Raises:
        NotEmittedError: There is no proof that it left our side.
    """
    if done is None or not done.certificate_sent:
        asked = "it was asked for" if done and done.certificate_requested else "nobody asked"
        why = done.alert_received or done.error or "no reason given" if done else "no handshake"
        raise NotEmittedError(f"our certificate did not leave ({asked}): {why}")
    leaf = identity.leaf_der
    peer.witness(
        leaf,
        len(leaf),
        what=f"Certificate: {identity.description}",
        parts=rows(certificate_parts(leaf)),
        lies=[lie] if lie else [],
        stimulus=True,
    )


def witness_hello(peer: Peer, done: tls.Handshake, *, what: str) -> None:
    """Records the ClientHello that our engine sent as the stimulus.

    Raises:
        NotEmittedError: It did not leave our side.
    """
    if not done.hello_sent:
        raise NotEmittedError(f"our ClientHello did not leave: {done.error}")
    hello = done.client_hello
    peer.witness(hello, len(hello), what=what, parts=rows(client_hello_parts(hello)), stimulus=True)


def try_honestly(stage: Stage, policy: tls.TlsPolicy) -> Outcome:
    """An honest client of that policy seeks service: the twin of all others."""
    with client(stage, policy) as peer:
        done = peer.handshake or tls.Handshake()
        what = f"ClientHello of an honest client, {policy.minimum} to {policy.maximum}"
        witness_hello(peer, done, what=what)
        return seek_service(peer) if done.completed else conclude_disagreement(peer, done)


def hear_refusal_in_clear(peer: Requestor) -> Outcome:
    """Records what a device answers to DICOM in clear: DICOM, a TLS alert, or the end."""
    heard, ended = hear(peer, peer.stage.artim_s + GRACE_S, _is_one_message)
    alert = tls.parse_server_flight(heard).alert
    if alert is not None:
        return conclude_alert(peer, alert)
    if not heard:
        return peer.conclude(ended or Outcome.TIMEOUT)
    outcome, detail = reaction_of(wire.decode(heard))
    return peer.conclude(outcome, detail)


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


def _is_one_message(heard: bytes) -> bool:
    record = bool(records(heard)[0])
    return record or not isinstance(wire.decode(heard), wire.Unparsed)


def _flight_is_whole(heard: bytes) -> bool:
    flight = tls.parse_server_flight(heard)
    if flight.alert is not None or flight.not_tls or flight.done:
        return True
    return flight.version is tls.TlsVersion.TLS1_3


def _conclude_flight(peer: Requestor, flight: tls.ServerFlight, ended: Outcome | None) -> Outcome:
    if flight.alert is not None:
        return conclude_alert(peer, flight.alert)
    if flight.accepted:
        suite = "" if flight.suite is None else tls.suite_name(flight.suite)
        detail = f"ServerHello: {flight.version or 'unknown version'}, {suite}"
        return peer.conclude(Outcome.ACCEPTED, {"detail": detail})
    if flight.not_tls:
        return peer.conclude(Outcome.GARBAGE, {"detail": "bytes that are no TLS"})
    return peer.conclude(ended or Outcome.TIMEOUT, {"detail": "no ServerHello"})


def _observe_flight(
    stage: Stage, peer: Requestor, flight: tls.ServerFlight, ended: Outcome | None
) -> None:
    """What the device's flight tells, in the words of a ``handshake`` observation."""
    phase = tls.Phase.HELLO if flight.server_hello is None else tls.Phase.HANDSHAKE
    stage.observe(
        "handshake",
        peer.actor,
        connection=live(peer).number,
        completed=False,
        version=str(flight.version) if flight.version else None,
        cipher=tls.suite_name(flight.suite) if flight.suite is not None else None,
        phase=phase.value,
        ended=ended.value if ended else None,
        alert_received=flight.alert.number if flight.alert else None,
        alert_received_name=str(flight.alert) if flight.alert else None,
        certificate_requested=flight.certificate_requested,
        retry_request=flight.hello_retry_request,
        hello_sent=True,
    )
