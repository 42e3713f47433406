"""TLS messages in named parts, and flights that no library would send, against real clients."""

from __future__ import annotations

import socket
import ssl
import threading
import warnings
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.profile import ScopeSection, parse
from harness.stage import Stage
from harness.verdict import Outcome
from simulators import tls
from simulators.connection import Connection
from simulators.handshakes.evidence import (
    certificate_parts,
    client_hello_parts,
    fatal_alert,
    joined,
    rows,
    server_flight_parts,
)
from simulators.handshakes.hearing import hear
from simulators.handshakes.traps import conclude_clear
from simulators.peer import Peer
from simulators.pki import Authority, Identity
from simulators.scope import Guard
from simulators.sentinel import sentinel_stage

RSA_AES = 0x002F
PROTOCOL_VERSION = 70
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
def stage() -> Stage:
    return sentinel_stage(object(), parse(PROFILE, "device.toml"))


@pytest.fixture
def pair() -> Iterator[tuple[socket.socket, socket.socket]]:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        caller = socket.create_connection(listener.getsockname()[:2])
        accepted, _ = listener.accept()
    with caller, accepted:
        yield caller, accepted


def client_context(minimum: ssl.TLSVersion, ciphers: str) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    context.set_ciphers(ciphers)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        context.minimum_version = minimum
    return context


def answered(
    stage: Stage,
    pair: tuple[socket.socket, socket.socket],
    context: ssl.SSLContext,
    identity: Identity,
    version: tls.TlsVersion,
) -> Outcome:
    """What a real client does when this version is chosen with RSA key exchange."""

    def call() -> None:
        pair[0].settimeout(5.0)
        try:
            context.wrap_socket(pair[0]).close()
        except OSError:
            pair[0].close()

    thread = threading.Thread(target=call)
    thread.start()
    peer = peer_over(stage, pair[1])
    assert peer.connection is not None
    heard, _ = hear(peer, 5.0, lambda data: not tls.parse_client_hello(data).problem)
    hello = tls.parse_client_hello(heard)
    offer = tls.ServerOffer(version=version, suite=RSA_AES)
    peer.connection.send(joined(tls.server_flight(hello, offer, identity)))
    outcome = conclude_clear(peer, *hear(peer, 5.0, lambda data: len(data) > 6))
    peer.close()
    thread.join(5.0)
    return outcome


def peer_over(stage: Stage, sock: socket.socket) -> Peer:
    guard = Guard(ScopeSection())
    guard.opening()
    peer = Peer(stage, "attacker")
    peer.connection = Connection(stage, sock, guard, "attacker")
    return peer


def test_a_version_that_was_not_offered_is_refused_by_a_good_client(
    stage: Stage, pair: tuple[socket.socket, socket.socket], identity: Identity
) -> None:
    context = client_context(ssl.TLSVersion.TLSv1_2, "DEFAULT")
    assert answered(stage, pair, context, identity, tls.TlsVersion.TLS1_1) is Outcome.ALERT


@pytest.mark.parametrize("version", [tls.TlsVersion.TLS1_0, tls.TlsVersion.TLS1_2])
def test_the_flight_is_whole_for_a_client_that_goes_along(
    stage: Stage,
    pair: tuple[socket.socket, socket.socket],
    identity: Identity,
    version: tls.TlsVersion,
) -> None:
    """With RSA key exchange nothing else is missing: the client sends its ClientKeyExchange."""
    context = client_context(ssl.TLSVersion.TLSv1, "AES128-SHA:@SECLEVEL=0")
    context.maximum_version = ssl.TLSVersion.TLSv1_2
    assert answered(stage, pair, context, identity, version) is Outcome.ACCEPTED


@pytest.mark.parametrize(
    ("heard", "ended", "outcome"),
    [
        (joined(fatal_alert(PROTOCOL_VERSION)), None, Outcome.ALERT),
        (b"\x01\x00\x00\x00\x00\x04", None, Outcome.ACCEPTED),
        (b"\x16\x03\x01\x00\x01\x10", None, Outcome.ACCEPTED),
        (b"GET /", None, Outcome.GARBAGE),
        (b"", Outcome.RESET, Outcome.RESET),
        (b"", None, Outcome.TIMEOUT),
    ],
)
def test_what_is_said_in_clear(
    stage: Stage,
    pair: tuple[socket.socket, socket.socket],
    heard: bytes,
    ended: Outcome | None,
    outcome: Outcome,
) -> None:
    assert conclude_clear(peer_over(stage, pair[0]), heard, ended) is outcome


def test_the_parts_of_a_certificate_are_the_certificate(identity: Identity) -> None:
    parts = certificate_parts(identity.leaf_der)
    assert joined(parts) == identity.leaf_der
    names = [name for name, _ in parts]
    assert {"issuer", "validity", "signature_value"} <= set(names)
    assert "extensions.extended_key_usage" in names
    assert "extensions.subject_alt_name" in names


def test_the_parts_of_a_hello_are_the_hello() -> None:
    record = tls.client_hello(tls.HelloOffer())
    parts = client_hello_parts(record[5:])
    assert joined(parts) == record[5:]
    named = dict(parts)
    assert named["client_version"] == b"\x03\x03"
    assert len(named["random"]) == 32
    assert named["cipher_suites"][2:4] == b"\x13\x01"


def test_the_parts_of_a_flight_are_the_flight(identity: Identity) -> None:
    hello = tls.ClientHello(random=bytes(32), extensions=(0xFF01,))
    offer = tls.ServerOffer(version=tls.TlsVersion.TLS1_1, suite=RSA_AES)
    made = tls.server_flight(hello, offer, identity)
    flight = tls.parse_server_flight(joined(made))
    assert (flight.version, flight.suite, flight.done) == (tls.TlsVersion.TLS1_1, RSA_AES, True)
    assert flight.certificate_der == identity.leaf_der
    again = dict(server_flight_parts(joined(made)))
    assert again["server_version"] == dict(made)["server_version"]
    assert again["cipher_suite"] == b"\x00\x2f"
    assert list(again)[-2:] == ["certificate", "server_hello_done"]
    assert joined(server_flight_parts(joined(made))) == joined(made)


@given(st.binary(max_size=200))
def test_naming_parts_is_total(data: bytes) -> None:
    """Whatever it is, no byte is lost and nothing is raised."""
    for parts in (client_hello_parts(data), server_flight_parts(data)):
        assert joined(parts)[: len(data)] == data[: len(joined(parts))]
    assert joined(server_flight_parts(b"\x16\x03\x03\x00\x10\x02" + data)).startswith(b"\x16\x03")


def test_rows_tell_offsets() -> None:
    assert rows([("a", b"xx"), ("b", b"y")]) == [["a", 0, 2], ["b", 2, 1]]
