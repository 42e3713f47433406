"""What a device makes of a flight by hand, and which weak parameters it offers by its hello."""

from __future__ import annotations

import socket
from collections.abc import Iterator

import pytest

from harness.profile import ScopeSection, parse
from harness.verdict import Outcome
from simulators import tls
from simulators.connection import Connection
from simulators.handshakes.answers import (
    conclude_reaction,
    flight,
    garbage,
    refused,
    unasked_extension,
    with_heartbeat,
)
from simulators.handshakes.evidence import fatal_alert, joined
from simulators.handshakes.weaknesses import small_group
from simulators.peer import Peer
from simulators.pki import Authority, Identity
from simulators.scope import Guard
from simulators.sentinel import sentinel_stage
from simulators.tls.codes import ContentType, Extension
from simulators.tls.messages import records

HELLO = tls.ClientHello(random=bytes(32), suites=(0xC02F,), groups=(29,))
KEY_EXCHANGE = b"\x16\x03\x03\x00\x04\x10\x00\x00\x00"
CHANGE_CIPHER_SPEC = b"\x14\x03\x03\x00\x01\x01"
WARNING = b"\x15\x03\x03\x00\x02\x01\x5a"
FATAL = joined(fatal_alert(47))
PROFILE = """
schema = 1
[device]
manufacturer = "none"
model = "none"
[requestor]
services = []
"""


@pytest.fixture(scope="module")
def identity() -> Identity:
    return Authority.new("test authority").issue()


@pytest.fixture
def peer() -> Iterator[Peer]:
    stage = sentinel_stage(object(), parse(PROFILE, "device.toml"))
    guard = Guard(ScopeSection())
    guard.opening()
    made = Peer(stage, "attacker")
    with socket.create_server(("127.0.0.1", 0)) as listener:
        caller = socket.create_connection(listener.getsockname()[:2])
        accepted, _ = listener.accept()
    made.connection = Connection(stage, accepted, guard, "attacker")
    with caller:
        yield made
    made.close()


@pytest.mark.parametrize(
    ("heard", "ended", "outcome"),
    [
        (KEY_EXCHANGE, None, Outcome.ACCEPTED),
        (FATAL, Outcome.CLOSED, Outcome.ALERT),
        (FATAL + KEY_EXCHANGE, None, Outcome.ALERT),
        (WARNING + KEY_EXCHANGE, None, Outcome.ACCEPTED),
        (CHANGE_CIPHER_SPEC + FATAL, None, Outcome.ALERT),
        (CHANGE_CIPHER_SPEC + KEY_EXCHANGE, None, Outcome.ACCEPTED),
        (WARNING, Outcome.CLOSED, Outcome.CLOSED),
        (CHANGE_CIPHER_SPEC, None, Outcome.TIMEOUT),
        (b"GET / HTTP", None, Outcome.GARBAGE),
        (b"", Outcome.RESET, Outcome.RESET),
        (b"", None, Outcome.TIMEOUT),
    ],
)
def test_reactions(peer: Peer, heard: bytes, ended: Outcome | None, outcome: Outcome) -> None:
    assert conclude_reaction(peer, heard, ended) is outcome


def test_what_is_a_refusal() -> None:
    assert [one for one in Outcome if refused(one)] == [
        Outcome.CLOSED,
        Outcome.RESET,
        Outcome.ALERT,
    ]


def test_an_unasked_extension_is_one_that_was_not_asked_for(identity: Identity) -> None:
    asked = tls.ClientHello(random=bytes(32), suites=(0xC02F,), extensions=(1, Extension.ALPN))
    for hello in (HELLO, asked):
        answered = tls.parse_server_flight(joined(unasked_extension(hello, identity))).extensions
        assert answered
        assert not set(answered) & set(hello.extensions)


def test_a_heartbeat_comes_before_the_end_of_the_flight(identity: Identity) -> None:
    found, rest = records(joined(with_heartbeat(16, b"a")(HELLO, identity)))
    assert rest == b""
    kinds = [one.type for one in found]
    assert kinds[-2:] == [ContentType.HEARTBEAT, ContentType.HANDSHAKE]
    assert found[-2].body == b"\x01\x00\x10a"


def test_a_heartbeat_is_agreed_on_with_whom_offers_it(identity: Identity) -> None:
    offering = tls.ClientHello(
        random=bytes(32), suites=(0xC02F,), extensions=(Extension.HEARTBEAT,)
    )
    whole = joined(with_heartbeat(16, b"a")(offering, identity))
    assert Extension.HEARTBEAT in tls.parse_server_flight(whole).extensions


def test_garbage_is_no_tls(identity: Identity) -> None:
    assert records(joined(garbage(HELLO, identity)))[0] == []


def test_an_offer_makes_its_flight(identity: Identity) -> None:
    made = flight(tls.ServerOffer(compression=1))(HELLO, identity)
    assert tls.parse_server_flight(joined(made)).compression == 1


@pytest.mark.parametrize(
    ("group", "suites", "groups", "offered", "playable"),
    [
        ("DH 1024", (0xC02F,), (23,), False, False),
        ("DH 1024", (0x009F, 0xC02F), (23,), True, True),
        ("DH 1024", (0x009F,), (23, 0x100), True, False),
        ("secp192r1", (0xC02F,), (23,), False, False),
        ("secp192r1", (0xC02F,), (19, 23), True, True),
    ],
)
def test_who_offers_a_small_group(
    group: str, suites: tuple[int, ...], groups: tuple[int, ...], offered: bool, playable: bool
) -> None:
    hello = tls.ClientHello(random=bytes(32), suites=suites, groups=groups)
    weakness = small_group(group)
    assert (weakness.offered(hello), weakness.playable(hello)) == (offered, playable)


def test_the_suite_that_was_offered_is_chosen(identity: Identity) -> None:
    weakness = small_group("DH 768")
    for suites, chosen in (((0x009F,), 0x009F), ((0xC02F,), 0x009E)):
        hello = tls.ClientHello(random=bytes(32), suites=suites)
        made = tls.server_flight(hello, weakness.offer(hello), identity)
        read = tls.parse_server_flight(joined(made))
        assert (read.suite, read.dh_bits) == (chosen, 768)
