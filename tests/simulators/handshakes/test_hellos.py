"""Trials by one hello against scripted devices: what is sent, witnessed and concluded."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from types import SimpleNamespace
from typing import cast

import pytest

from harness.errors import PreconditionUnmetError
from harness.model import Observation
from harness.profile import parse
from harness.stage import Stage
from simulators.devices.reference.tls_flight import alert, extension, flight12, flight13
from simulators.handshakes.hellos import (
    lie_in_a_heartbeat,
    name_of_the_device,
    offer_hello,
    offer_on_the_plain_port,
    offer_parts,
    require_hello_answered,
    tls12,
    tls13,
)
from simulators.lab import Lab
from simulators.pki import Authority
from simulators.sentinel import sentinel_stage
from simulators.tls import HelloOffer, ServerFlight, client_hello, parse_server_flight
from simulators.tls.strange import ssl2_hello

IDENTITY = Authority.new("Test").issue(names=("pacs.example", "127.0.0.1"))
LEAF = IDENTITY.leaf_der
A_ABORT = bytes.fromhex("07000000000400000000")
PROFILE = """
schema = 1
[device]
manufacturer = "none"
model = "none"
[acceptor]
host = "127.0.0.1"
port = {port}
tls_port = {port}
ae_title = "NONE"
artim_s = 1.0
services = ["verification"]
[tls]
versions = ["1.2", "1.3"]
"""
Script = Callable[[socket.socket, bytes], None]


class Device:
    """Runs its script on each connection, with the first bytes that came."""

    def __init__(self, listener: socket.socket, lab: Lab) -> None:
        self.lab = lab
        self.script: Script = lambda sock, heard: None
        threading.Thread(target=self._serve, args=(listener,), daemon=True).start()

    def plays(self, script: Script) -> Stage:
        """A stage of its own; from now on the device does this."""
        self.script = script
        return sentinel_stage(SimpleNamespace(lab=self.lab), self.lab.profile)

    def says(self, flight: bytes) -> Stage:
        """A stage whose device says so much, and then ends its side."""

        def script(sock: socket.socket, _heard: bytes) -> None:
            sock.sendall(flight)
            sock.shutdown(socket.SHUT_WR)
            while sock.recv(1 << 16):
                pass

        return self.plays(script)

    def _serve(self, listener: socket.socket) -> None:
        with suppress(OSError):
            while True:
                accepted, _ = listener.accept()
                with accepted, suppress(OSError):
                    self.script(accepted, accepted.recv(1 << 16))


@pytest.fixture(scope="module")
def device(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Device]:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        profile = parse(PROFILE.format(port=listener.getsockname()[1]), "device.toml")
        lab = Lab.equip(profile, tmp_path_factory.mktemp("run"), lambda _: None)
        try:
            yield Device(listener, lab)
        finally:
            lab.close()


def found(stage: Stage, kind: str) -> Observation:
    last = stage.record({}).last(kind)
    assert last is not None
    return last


def concluded(stage: Stage) -> object:
    return found(stage, "outcome").data["outcome"]


def offered(device: Device, flight: bytes) -> tuple[object, Observation, ServerFlight]:
    stage = device.says(flight)
    seen = offer_hello(stage, tls12(), what="a hello", lies=["client_version"])
    return concluded(stage), found(stage, "handshake"), seen


def test_a_server_hello_is_acceptance_and_its_choices_are_observed(device: Device) -> None:
    flight = flight12(LEAF, compression=1, group=0x13, extensions=extension(4, b""))
    outcome, hands, seen = offered(device, flight)
    assert outcome == "ACCEPTED"
    assert seen.done
    chosen = {key: hands.data[key] for key in ("compression", "group", "group_bits", "signature")}
    assert chosen == {
        "compression": 1,
        "group": "secp192r1",
        "group_bits": 192,
        "signature": "rsa_pss_rsae_sha256",
    }
    assert hands.data["extensions"] == [4]
    assert hands.data["suite_class"] == "aead-pfs"
    assert hands.data["downgrade_mark"] == ""


def test_a_prime_of_its_own_is_measured(device: Device) -> None:
    _, hands, _ = offered(device, flight12(LEAF, suite=0x9E, prime_bits=1024))
    assert hands.data["dh_bits"] == 1024
    assert hands.data["group"] is None


@pytest.mark.parametrize(
    ("flight", "outcome"),
    [
        (alert(40), "ALERT"),
        (b"", "CLOSED"),
        (b"HTTP/1.1 400 Bad Request\r\n", "GARBAGE"),
        (flight13(b""), "ACCEPTED"),
        # A refusal after the ServerHello of TLS 1.3 is encrypted: an alert is all it has room for.
        (flight13(b"")[:-1029] + b"\x17\x03\x03\x00\x13" + bytes(19), "CLOSED"),
    ],
)
def test_the_answer_is_the_outcome(flight: bytes, outcome: str, device: Device) -> None:
    assert offered(device, flight)[0] == outcome


def test_the_stimulus_is_witnessed_in_named_parts(device: Device) -> None:
    stage = device.says(alert(70))
    offer_parts(stage, ssl2_hello(), what="SSL 2.0", lies=["version"])
    sent = found(stage, "emitted").data
    assert sent["stimulus"]
    assert sent["lies"] == ["version"]
    assert sent["bytes"] == sent["sent"] == 45
    assert ["version", 3, 2] in cast("list[object]", sent["parts"])


def test_a_hello_in_segments_arrives_whole(device: Device) -> None:
    got: list[bytes] = []

    def script(sock: socket.socket, heard: bytes) -> None:
        while len(heard) < len(client_hello(tls12())):
            heard += sock.recv(1 << 16)
        got.append(heard)
        sock.sendall(flight12(LEAF))

    stage = device.plays(script)
    offer_hello(stage, tls12(), what="a hello", lies=[], segment=20)
    assert concluded(stage) == "ACCEPTED"
    assert found(stage, "emitted").data["stimulus"]
    assert got == [client_hello(tls12())]


def test_a_control_that_is_refused_ends_the_play(device: Device) -> None:
    stage = device.says(alert(40))
    with pytest.raises(PreconditionUnmetError, match=r"the other one was not .*40"):
        require_hello_answered(stage, tls13(), than="the other one")
    assert stage.record({}).last("outcome", "attacker") is None


def test_the_name_of_the_device_is_in_its_certificate(device: Device) -> None:
    stage = device.says(flight12(LEAF))
    flight = require_hello_answered(stage)
    assert name_of_the_device(stage, flight) == "pacs.example"
    with pytest.raises(PreconditionUnmetError, match="no DNS name"):
        name_of_the_device(stage, parse_server_flight(b""))


@pytest.mark.parametrize(
    ("reply", "octets"),
    [(b"\x18\x03\x03\x00\x05\x02\x00\x02ab", 5), (alert(10), None), (b"", None)],
)
def test_a_heartbeat_response_is_told_from_its_absence(
    reply: bytes, octets: int | None, device: Device
) -> None:
    def script(sock: socket.socket, heard: bytes) -> None:
        sock.sendall(flight12(LEAF, extensions=extension(15, b"\x01")))
        assert sock.recv(1 << 16)[:1] == b"\x18"
        sock.sendall(reply)

    stage = device.plays(script)
    lie_in_a_heartbeat(stage, tls12(), more=16)
    beat = found(stage, "heartbeat").data
    assert found(stage, "emitted").data["lies"] == ["heartbeat.payload_length"]
    assert beat == {"announced": True, "octets": octets}


@pytest.mark.parametrize(
    ("reply", "outcome"),
    [
        (flight12(LEAF), "ACCEPTED"),
        (alert(40), "ALERT"),
        (A_ABORT + A_ABORT, "ABORTED"),
        (b"", "CLOSED"),
    ],
)
def test_what_the_plain_port_says(reply: bytes, outcome: str, device: Device) -> None:
    stage = device.says(reply)
    assert offer_on_the_plain_port(stage, HelloOffer()).value == outcome
