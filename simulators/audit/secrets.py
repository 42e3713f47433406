"""Secrets of users that are shown to the device, and looked for in what it writes."""

from __future__ import annotations

import time
from typing import Final

from harness.stage import Stage
from simulators import wire
from simulators.access.callers import BY_PASSCODE, Caller, identity_items
from simulators.access.operations import CONTEXTS, user_items
from simulators.access.users import users_of
from simulators.audit.trail import Trail
from simulators.process import DeviceProcess, LogSlice

_SETTLED_S: Final = 0.3
"""A log may be written after the answer."""


def show_secrets(stage: Stage) -> None:
    """Has each user who has a secret call with it, and with a wrong one of this play.

    What stands in the device's log afterwards, and in its audit trail where it has one, is a
    ``secrets`` observation for each secret and place.
    """
    device = getattr(stage.bench, "device", None)
    stage.require(isinstance(device, DeviceProcess), "the device's log is not ours to read")
    assert isinstance(device, DeviceProcess)
    log = LogSlice(device.log_path)
    mark = log.mark()
    trail = Trail(stage) if stage.profile.audit else None
    shown = _shown(stage)
    until = time.monotonic() + _SETTLED_S
    while not (text := log.since(mark)) and time.monotonic() < until:
        stage.cancelled.wait(0.05)
    stage.cancelled.wait(max(0.0, until - time.monotonic()))
    text = log.since(mark)
    for what, secret in shown.items():
        found = text.count(secret)
        stage.observe(
            "secrets", "process", what=what, where="log", found=found, readable=bool(text)
        )
        if trail is not None:
            holds = trail.holds(secret)
            stage.observe(
                "secrets", "repository", what=what, where="audit trail", found=holds, readable=True
            )


def _shown(stage: Stage) -> dict[str, bytes]:
    """Calls, and gives the secrets by what they are."""
    shown: dict[str, bytes] = {}
    canary = f"canary-{stage.token}".encode()
    for identity, cell in users_of(stage):
        if identity.user is None or not identity.user.secret_key:
            continue
        honest = identity_items(stage, identity)[0]
        assert isinstance(honest, wire.UserIdentityRQ)
        by_passcode = honest.identity_type == BY_PASSCODE
        secret = honest.secondary if by_passcode else honest.primary
        wrong = wire.UserIdentityRQ(
            identity_type=honest.identity_type,
            positive_response=1,
            primary=honest.primary if by_passcode else canary,
            secondary=canary if by_passcode else b"",
        )
        for proof in (honest, wrong):
            with Caller(stage, identity) as peer:
                items = user_items(cell.operation)
                peer.enter(CONTEXTS[cell.operation], user_items=items, identity=(proof,))
                peer.leave()
        shown[f"the secret of {identity.name}"] = (
            secret.encode() if isinstance(secret, str) else secret
        )
        shown["a wrong secret"] = canary
    stage.require(shown, "no user has a secret")
    return shown
