"""TLS trials of a device that listens: whom it serves after a handshake.

A whole handshake and then a C-ECHO, because nothing less than an answered request is acceptance.
What a single hello tells is in :mod:`simulators.handshakes.hellos`.
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
    conclude_disagreement,
    conclude_end,
    conclude_handshake,
    shake,
)
from simulators.lab import lab_of
from simulators.peer import GRACE_S, Peer
from simulators.pki import Identity
from simulators.requestor import ANSWER_S, Requestor

# A common name beside the alternative names is no flaw, but has the certificate made by the same
# builder as the flawed ones.
_HONEST_NAME = "dicom-assay client"


@contextmanager
def client(stage: Stage, policy: tls.AnyPolicy, *, actor: str = "attacker") -> Iterator[Requestor]:
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


def require_served(stage: Stage, policy: tls.AnyPolicy) -> None:
    """An honest client of the same engine and version must be served, just now.

    Raises:
        PreconditionUnmetError: It was not, so that a refusal of the flawed one proves nothing.
    """
    with client(stage, policy, actor="control") as peer:
        outcome = seek_service(peer)
    stage.require(
        outcome is Outcome.RESPONDED, f"an honest client with {policy.maximum} got {outcome.value}"
    )
