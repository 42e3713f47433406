"""Handshakes begun several times, or with the newest groups: what the device's key shares tell."""

from __future__ import annotations

from dataclasses import replace

from harness.stage import Stage
from harness.verdict import Outcome
from simulators import tls
from simulators.handshakes.hearing import claimed_versions, conclude_handshake
from simulators.handshakes.hellos import offer_hello, require_hello_answered, tls12, tls13
from simulators.handshakes.tampering import shake_over_line
from simulators.handshakes.trials import (
    client,
    client_policy,
    require_served,
    seek_service,
    witness_hello,
)
from simulators.lab import lab_of
from simulators.peer import GRACE_S
from simulators.requestor import Requestor
from simulators.securing import WitnessedChannel
from simulators.tls.codes import ContentType, TlsVersion
from simulators.tls.messages import records
from simulators.tls.modern_policy import CLASSIC_GROUPS

KEYS, NONCES = "ephemeral keys", "record nonces"
"""What must be fresh each time."""

_HANDSHAKES = 4
_ECHOES = 8
_GCM = "AESGCM:@SECLEVEL=0"
_HYBRID = "X25519MLKEM768"


def collect_ephemeral_keys(stage: Stage) -> None:
    """Begins four handshakes in one version; ``ephemeral`` tells the device's public values."""
    require_hello_answered(stage)
    _, version = claimed_versions(stage)
    offer = tls13() if version is TlsVersion.TLS1_3 else tls12()
    for number in range(1, _HANDSHAKES + 1):
        what = f"ClientHello of {version}, number {number}"
        flight = offer_hello(stage, offer, what=what, lies=[])
        if flight.hello_retry_request and flight.key_exchange_group is not None:
            # It wants a share of another group, and gives none of its own before.
            offer = replace(offer, groups=(flight.key_exchange_group,))
            flight = offer_hello(stage, offer, what=f"{what}, again", lies=[])
        _observe(stage, KEYS, flight.public_value)


def collect_nonces(stage: Stage) -> None:
    """Reads the explicit nonces of the device's records in one session of TLS 1.2 with AES-GCM.

    Raises:
        PreconditionUnmetError: The device does not speak TLS 1.2, or no AES-GCM.
        NotEmittedError: The ClientHello did not leave.
    """
    lowest, _ = claimed_versions(stage)
    stage.require(lowest is TlsVersion.TLS1_2, "only TLS 1.2 shows its nonces")
    honest = client_policy(stage, lab_of(stage).trust.ours)
    policy = replace(honest, maximum=lowest, ciphers=_GCM)
    with Requestor(stage, plain_on_tls=True) as peer:
        line, done = shake_over_line(peer, policy, stage.artim_s + GRACE_S, server_side=False)
        stage.require(done.completed, f"no handshake with AES-GCM: {done.error}")
        witness_hello(peer, done, what="ClientHello of an honest client with AES-GCM only")
        peer.associate()
        for _ in range(_ECHOES):
            peer.echo()
        peer.release()
        for record in records(bytes(line.heard))[0]:
            if record.type == ContentType.APPLICATION_DATA:
                _observe(stage, NONCES, record.body[:8])


def _observe(stage: Stage, what: str, value: bytes) -> None:
    stage.observe("ephemeral", "attacker", what=what, value=value.hex())


def offer_post_quantum(stage: Stage) -> Outcome:
    """An honest client that prefers a post-quantum group; ``group`` tells what was chosen.

    Raises:
        PreconditionUnmetError: The same client without that group was not served just before.
        NotEmittedError: The ClientHello did not leave.
    """
    policy = tls.ModernPolicy.like(client_policy(stage, lab_of(stage).trust.ours))
    require_served(stage, policy)
    with client(stage, replace(policy, groups=(_HYBRID, *CLASSIC_GROUPS))) as peer:
        done = peer.handshake or tls.Handshake()
        witness_hello(peer, done, what=f"ClientHello that prefers {_HYBRID}")
        if not done.completed:
            return conclude_handshake(peer, done)
        engine = peer.channel.engine if isinstance(peer.channel, WitnessedChannel) else None
        if isinstance(engine, tls.ModernChannel):
            stage.observe("group", peer.actor, name=engine.group)
        return seek_service(peer)
