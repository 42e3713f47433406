"""A repository that is away, or is somebody else, for as long as a block lasts."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Final

from harness.stage import Stage
from simulators.audit.repository import Repository
from simulators.audit.trail import repository_of
from simulators.pki import Identity

_TLS_HANDSHAKE: Final = b"\x16"
_ENOUGH: Final = 2
_LONG_ENOUGH_S: Final = 0.75


@contextmanager
def away(stage: Stage, *, until_tried: bool = False) -> Iterator[None]:
    """Nobody listens where the repository was.

    Args:
        stage: The play.
        until_tried: It stays away until the device has tried to report, or had time to.
    """
    repository = repository_of(stage)
    repository.close()
    try:
        yield
        if until_tried:
            _stay_away(stage, repository)
    finally:
        repository.open()


@contextmanager
def impostor(stage: Stage, identity: Identity | None) -> Iterator[None]:
    """Somebody else listens; at the end ``impostor`` says what he was told.

    Args:
        stage: The play.
        identity: What he shows; None has him speak no TLS at all.
    """
    repository = repository_of(stage)
    repository.close()
    mark, refused, begun = repository.mark, repository.refused, len(repository.openings)
    policy = None if identity is None else replace(repository.policy, identity=identity)
    repository.open(policy, plain=identity is None)
    try:
        yield
        _wait_for_a_call(stage, repository, mark, refused, begun)
    finally:
        repository.close()
        openings = repository.openings[begun:]
        plain = [head for head in openings if head and not head.startswith(_TLS_HANDSHAKE)]
        tried = repository.refused - refused + len(openings)
        stage.observe(
            "impostor",
            "repository",
            messages=repository.mark - mark,
            plain=len(plain),
            turned_away=tried,
        )
        repository.open()


def _stay_away(stage: Stage, repository: Repository) -> None:
    """Waits for an attempt; only a handshake can be seen without taking what comes."""
    heard, until = len(repository.openings), time.monotonic() + _LONG_ENOUGH_S
    if repository.transport != "tls":
        stage.cancelled.wait(_LONG_ENOUGH_S)
        return
    repository.open(plain=True)
    while len(repository.openings) == heard and repository.wait(until):
        pass
    repository.close()


def _wait_for_a_call(
    stage: Stage, repository: Repository, mark: int, refused: int, begun: int
) -> None:
    """Waits until the device has called often enough to show what it does after a failure."""
    section = stage.profile.audit
    until = time.monotonic() + (section.wait_s if section else 0.0)
    while repository.mark == mark and time.monotonic() < until:
        tries = repository.refused - refused + len(repository.openings) - begun
        if tries >= _ENOUGH or not repository.wait(until):
            break
