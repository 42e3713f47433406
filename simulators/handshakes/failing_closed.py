"""Starts a second instance of the device without what its TLS rests on, and asks it for service."""

from __future__ import annotations

from harness.stage import Stage
from harness.verdict import Outcome
from simulators.handshakes.hearing import shake
from simulators.handshakes.hellos import hear_tls_or_dicom
from simulators.handshakes.trials import client_policy, seek_service
from simulators.lab import lab_of
from simulators.peer import GRACE_S
from simulators.pki import Identity
from simulators.requestor import Requestor
from simulators.second import SecondInstance

SPOILT = {
    "key missing": ("key", None),
    "key corrupt": ("key", b"-----BEGIN PRIVATE KEY-----\nbm8ga2V5\n-----END PRIVATE KEY-----\n"),
    "certificate missing": ("cert", None),
    "certificate empty": ("cert", b""),
    "trust missing": ("ca", None),
    "trust empty": ("ca", b""),
}
"""What is wrong with which file: None removes it, bytes replace what is in it."""

_GONE = "nobody listens any more"


def start_without(stage: Stage, what: str) -> None:
    """Starts a second instance with spoilt files and seeks service at its TLS port in three ways.

    Intact it has to serve first, so that a closed port means what it seems to mean.

    Args:
        stage: The play.
        what: A key of :data:`SPOILT`.

    Raises:
        PreconditionUnmetError: The intact second instance did not serve.
        BenchError: It cannot be started.
    """
    lab = lab_of(stage)
    second = SecondInstance(lab, what.replace(" ", "-"))
    with second.running() as listens:
        stage.require(listens, "an intact second instance does not start beside the first")
        outcome = _seek(stage, second, lab.trust.ours, actor="control")
        stage.require(outcome is Outcome.RESPONDED, f"an intact second instance: {outcome}")
    kind, content = SPOILT[what]
    second.file(kind).unlink()
    if content is not None:
        second.file(kind).write_bytes(content)
    with second.running() as listens:
        _mark(stage, f"the device started with its {what}")
        if not listens:
            detail = "its TLS port is closed"
            stage.observe("outcome", "attacker", outcome=Outcome.CLOSED.value, detail=detail)
            return
        _seek(stage, second, lab.trust.ours)
        _seek(stage, second, None)
        _seek_in_clear(stage, second)


def _mark(stage: Stage, what: str) -> None:
    """Records the start as the stimulus: what was left out is the deviation."""
    stage.observe(
        "emitted", "attacker", connection=0, what=what, bytes=0, sent=0, sha256="", head="",
        parts=[], lies=[], stimulus=True,
    )  # fmt: skip
    stage.stimulated.set()


def _seek_in_clear(stage: Stage, second: SecondInstance) -> None:
    with Requestor(stage, plain_on_tls=True, address=second.tls_address) as peer:
        if peer.connection is None:
            # Some open their port first, and look for their key afterwards.
            peer.conclude(Outcome.CLOSED, {"detail": _GONE})
            return
        peer.send(peer.request())
        hear_tls_or_dicom(peer)


def _seek(
    stage: Stage, second: SecondInstance, identity: Identity | None, *, actor: str = "attacker"
) -> Outcome:
    policy = client_policy(stage, identity)
    with Requestor(stage, actor=actor, plain_on_tls=True, address=second.tls_address) as peer:
        if peer.connection is None:
            return peer.conclude(Outcome.CLOSED, {"detail": _GONE})
        peer.handshake, _ = shake(peer, policy, stage.artim_s + GRACE_S, server_side=False)
        done = peer.handshake
        if not done.completed and done.alert_received is None and done.ended is None:
            # Whatever speaks there is no TLS; the plain attempt tells what it is.
            return peer.conclude(Outcome.CLOSED, {"detail": f"no TLS: {done.error}"})
        return seek_service(peer)
