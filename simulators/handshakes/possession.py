"""Comes to the device with somebody's certificate but without its key."""

from __future__ import annotations

from dataclasses import replace
from typing import cast

from harness.errors import NotEmittedError
from harness.stage import Stage
from harness.verdict import Outcome
from simulators import tls
from simulators.handshakes.hearing import Overheard, claimed_versions, live
from simulators.handshakes.trials import (
    require_served,
    seek_service,
    witness_certificate,
    witness_hello,
)
from simulators.lab import lab_of
from simulators.peer import GRACE_S
from simulators.requestor import Requestor
from simulators.securing import WitnessedChannel
from simulators.tls.possession import Lapse, UnprovenChannel

LAPSES: tuple[Lapse, ...] = (
    "nothing shown",
    "no proof",
    "altered proof",
    "proof by another key",
)


def try_without_possession(stage: Stage) -> Outcome:
    """Shows a trusted certificate with the lapse of ``stage.case["lapse"]`` and seeks service.

    Raises:
        PreconditionUnmetError: An honest client of the same engine was not served, or the device
            does not claim TLS 1.2, in which alone the lapses can be played.
        NotEmittedError: Our certificate was not asked for, or did not leave.
    """
    lapse = cast("Lapse", stage.case["lapse"])
    lowest, _ = claimed_versions(stage)
    stage.require(lowest <= tls.TlsVersion.TLS1_2, "these lapses can be played in TLS 1.2 only")
    trust = lab_of(stage).trust
    policy = tls.LegacyPolicy.version(tls.TlsVersion.TLS1_2, trust.ours)
    require_served(stage, policy)
    if lapse == "proof by another key":
        stolen = trust.authority.issue(common_name="somebody else")
        policy = replace(policy, identity=replace(trust.ours, key_pem=stolen.key_pem))
    with Requestor(stage, plain_on_tls=True) as peer:
        done = _shake(peer, policy, lapse)
        if not done.certificate_requested:
            raise NotEmittedError("our certificate was not asked for")
        if lapse == "nothing shown":
            witness_hello(peer, done, what="a TLS client that leaves its Certificate message out")
        else:
            witness_certificate(peer, done, trust.ours, "")
        return seek_service(peer)


def _shake(peer: Requestor, policy: tls.LegacyPolicy, lapse: Lapse) -> tls.Handshake:
    connection, stage = live(peer), peer.stage

    def keylog(line: str) -> None:
        stage.witness.keylog(stage.play, line)

    engine = UnprovenChannel(Overheard(connection), policy, lapse, keylog)
    channel = WitnessedChannel(stage, connection, engine)
    peer.channel = channel
    peer.handshake = channel.handshake(stage.artim_s + GRACE_S)
    return peer.handshake
