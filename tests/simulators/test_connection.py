"""A connection that the device opened, and one that we half close, look so in the capture."""

from __future__ import annotations

import socket
from collections.abc import Iterator

import pytest

from harness.model import Observation
from harness.profile import Profile, ScopeSection, parse
from harness.stage import Packet, Stage
from simulators.connection import Connection
from simulators.scope import Guard
from simulators.sentinel import sentinel_stage


class Keeper:
    """A witness that keeps the packets."""

    def __init__(self) -> None:
        self.packets: list[Packet] = []

    def observed(self, play: str, seen: Observation) -> None:
        """Drops it."""

    def packet(self, play: str, packet: Packet) -> None:
        self.packets.append(packet)

    def keylog(self, play: str, line: str) -> None:
        """Drops it."""


@pytest.fixture
def profile() -> Profile:
    text = """
        schema = 1
        [device]
        manufacturer = "none"
        model = "none"
        [acceptor]
        host = "127.0.0.1"
        port = 104
        ae_title = "NOBODY"
        services = ["verification"]
    """
    return parse(text, "device.toml")


@pytest.fixture
def stage(profile: Profile) -> Stage:
    stage = sentinel_stage(object(), profile)
    stage.witness = Keeper()
    return stage


@pytest.fixture
def pair() -> Iterator[tuple[socket.socket, socket.socket]]:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        caller = socket.create_connection(listener.getsockname()[:2])
        accepted, _ = listener.accept()
    with caller, accepted:
        yield caller, accepted


@pytest.mark.parametrize("accepted", [False, True])
def test_the_opening_is_credited_to_who_opened(
    stage: Stage, pair: tuple[socket.socket, socket.socket], accepted: bool
) -> None:
    connection = Connection(stage, pair[accepted], _guard(), "attacker", accepted=accepted)
    connection.close()
    assert _events(stage) == [("open", not accepted), ("fin", True)]


def test_half_closing_is_captured_and_still_reads(
    stage: Stage, pair: tuple[socket.socket, socket.socket]
) -> None:
    connection = Connection(stage, pair[0], _guard(), "attacker")
    connection.half_close()
    assert pair[1].recv(1) == b""
    pair[1].sendall(b"late")
    assert connection.receive(5.0) == b"late"
    connection.close()
    assert _events(stage)[:3] == [("open", True), ("fin", True), ("data", False)]


def _guard() -> Guard:
    guard = Guard(ScopeSection())
    guard.opening()
    return guard


def _events(stage: Stage) -> list[tuple[str, bool]]:
    assert isinstance(stage.witness, Keeper)
    return [(packet.event, packet.sent) for packet in stage.witness.packets]
