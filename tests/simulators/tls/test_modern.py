"""The newest OpenSSL as both sides of a connection: what the standard library has no words for."""

from __future__ import annotations

import contextlib
import socket
import threading
from collections.abc import Callable
from dataclasses import dataclass, field, replace

import pytest

from simulators.pki import Authority
from simulators.tls import (
    Handshake,
    LegacyPolicy,
    ModernChannel,
    ModernPolicy,
    TlsFailureError,
    TlsPolicy,
    TlsPolicyError,
    TlsVersion,
    abilities,
    resumption,
    tickets,
)
from simulators.tls import modern as modern_module
from simulators.tls.modern_policy import build_modern_context

from .peers import TIMEOUT_S, SocketTransport, meet

AUTHORITY = Authority.new("Trusted")
HONEST = AUTHORITY.issue()
CLIENT = ModernPolicy(identity=HONEST, trust=AUTHORITY.certificate_pem, verify=True)
SERVER = ModernPolicy(identity=HONEST, trust=AUTHORITY.certificate_pem, request_certificate=True)
VERSIONS = [TlsVersion.TLS1_2, TlsVersion.TLS1_3]
HYBRID = "X25519MLKEM768"
STAPLE = bytes.fromhex("30030a0106")


def only(policy: ModernPolicy, version: TlsVersion) -> ModernPolicy:
    return replace(policy, minimum=version, maximum=version)


@dataclass(slots=True)
class Talk:
    """A client of ours, and what its server saw."""

    client: ModernChannel
    done: Handshake
    server: ModernChannel
    seen: Handshake = field(default_factory=Handshake)


def talk(
    client: ModernPolicy,
    server: ModernPolicy,
    then: Callable[[Talk], None] = lambda _: None,
) -> Talk:
    """Shake hands, let the test act, and echo what comes until the client parts."""
    here, there = socket.socketpair()
    with here, there:
        ours = ModernChannel(SocketTransport(here), client, False)
        theirs = ModernChannel(SocketTransport(there), server, True)
        seen: list[Handshake] = []

        def serve() -> None:
            seen.append(theirs.handshake(TIMEOUT_S))
            with contextlib.suppress(OSError):
                while data := theirs.receive(TIMEOUT_S):
                    theirs.send(data)
            theirs.close()

        thread = threading.Thread(target=serve)
        thread.start()
        talked = Talk(ours, ours.handshake(TIMEOUT_S), theirs)
        if talked.done.completed and talked.done.alert_received is None:
            ours.send(b"x")
            assert ours.receive(TIMEOUT_S) == b"x"
            then(talked)
            ours.close()
        here.shutdown(socket.SHUT_WR)
        thread.join(TIMEOUT_S)
        talked.seen = seen[0]
    return talked


@pytest.fixture
def lasting(monkeypatch: pytest.MonkeyPatch) -> None:
    """Servers of one policy share their context, so that they know each other's tickets."""
    made: dict[int, object] = {}

    def shared(policy: ModernPolicy, *, server_side: bool) -> object:
        if not server_side:
            return build_modern_context(policy, server_side=False)
        key = hash(policy)
        if key not in made:
            made[key] = build_modern_context(policy, server_side=True)
        return made[key]

    monkeypatch.setattr(modern_module, "build_modern_context", shared)


@pytest.mark.parametrize("version", VERSIONS)
def test_both_sides_prove_what_they_sent(version: TlsVersion) -> None:
    met = meet(only(CLIENT, version), only(SERVER, version))
    assert met.echo == b"x"
    assert met.client.version is version
    assert met.client.hello_sent
    assert met.client.certificate_sent
    assert met.client.certificate_requested
    assert met.client.peer_certificate_der == HONEST.leaf_der
    assert met.server.peer_certificate_der == HONEST.leaf_der
    assert met.server.hello_sent
    assert met.server.client_hello == met.client.client_hello
    assert any(line.startswith(("CLIENT_RANDOM", "CLIENT_TRAFFIC")) for line in met.keys)


@pytest.mark.parametrize("version", VERSIONS)
def test_it_meets_the_other_engines(version: TlsVersion) -> None:
    plain = TlsPolicy(identity=HONEST, minimum=version, maximum=version)
    assert meet(only(CLIENT, version), plain).echo == b"x"
    assert meet(plain, only(SERVER, version)).echo == b"x"


def test_it_meets_the_old_engine() -> None:
    old = LegacyPolicy.version(TlsVersion.TLS1_2, HONEST)
    assert meet(CLIENT, old).client.version is TlsVersion.TLS1_2


def test_a_refused_certificate_is_heard_with_its_alert() -> None:
    stranger = Authority.new("Stranger").issue()
    met = meet(replace(CLIENT, identity=stranger), replace(SERVER, verify=True))
    assert met.client.alert_received is not None
    assert met.client.alert_received.name == "unknown_ca"
    assert met.server.alert_sent == met.client.alert_received


def test_a_post_quantum_group_is_agreed_upon() -> None:
    met = talk(replace(CLIENT, groups=(HYBRID, "x25519")), replace(SERVER, groups=(HYBRID,)))
    assert met.client.group == HYBRID


def test_the_same_peer_in_the_other_engine_has_classic_groups() -> None:
    policy = ModernPolicy.like(TlsPolicy(identity=HONEST, server_name="device"))
    assert policy.identity is HONEST
    assert policy.server_name == "device"
    assert HYBRID not in policy.groups
    assert policy.groups


@pytest.mark.parametrize("asked", [True, False])
def test_a_staple_is_handed_out_to_who_asks(asked: bool) -> None:
    met = talk(replace(CLIENT, ask_staple=asked), replace(SERVER, staple=STAPLE))
    assert met.client.staple == (STAPLE if asked else None)


def test_the_goodbye_of_the_device_is_noted() -> None:
    here, there = socket.socketpair()
    with here, there:
        server = ModernChannel(SocketTransport(there), SERVER, True)
        client = ModernChannel(SocketTransport(here), CLIENT, False)

        def part() -> None:
            server.handshake(TIMEOUT_S)
            server.close()

        thread = threading.Thread(target=part)
        thread.start()
        client.handshake(TIMEOUT_S)
        assert client.receive(TIMEOUT_S) == b""
        thread.join(TIMEOUT_S)
    assert client.state.close_notify


def test_a_cut_connection_ends_without_a_goodbye() -> None:
    here, there = socket.socketpair()
    with here:
        server = ModernChannel(SocketTransport(there), SERVER, True)
        client = ModernChannel(SocketTransport(here), CLIENT, False)

        def cut() -> None:
            server.handshake(TIMEOUT_S)
            there.close()

        thread = threading.Thread(target=cut)
        thread.start()
        client.handshake(TIMEOUT_S)
        with contextlib.suppress(ConnectionError):
            assert client.receive(TIMEOUT_S) == b""
        thread.join(TIMEOUT_S)
    assert not client.state.close_notify


@pytest.mark.parametrize("side", ["client", "server"])
def test_either_side_renegotiates_tls_1_2(side: str) -> None:
    def again(talked: Talk) -> None:
        asking = talked.client if side == "client" else talked.server
        asking.renegotiate()
        with pytest.raises(TimeoutError):
            talked.client.receive(0.5)

    met = talk(only(CLIENT, TlsVersion.TLS1_2), only(SERVER, TlsVersion.TLS1_2), again)
    assert met.client.renegotiations == 1


def test_tls_1_3_has_no_renegotiation() -> None:
    def again(talked: Talk) -> None:
        with pytest.raises(TlsPolicyError, match="no renegotiation"):
            talked.client.renegotiate()

    talk(CLIENT, SERVER, again)


@pytest.mark.usefixtures("lasting")
@pytest.mark.parametrize("version", VERSIONS)
def test_a_session_is_resumed_and_an_altered_ticket_is_not(version: TlsVersion) -> None:
    client, server = only(CLIENT, version), only(SERVER, version)
    first = talk(client, server)
    session = first.client.session
    assert session is not None
    assert not resumption(first.client.messages).resumed
    given = tickets(first.client.messages, version)
    assert session.ticket in [one.ticket for one in given]
    assert all(one.lifetime_s > 0 and one.max_early_data is None for one in given)

    again = resumption(talk(replace(client, session=session), server).client.messages)
    assert again.resumed
    assert again.fresh_keys is (version is TlsVersion.TLS1_3)

    middle = len(session.ticket) // 2
    bad = bytearray(session.ticket)
    bad[middle] ^= 1
    altered = session.with_ticket(bytes(bad))
    assert altered.ticket == bytes(bad)
    met = talk(replace(client, session=altered), server)
    assert bytes(bad) in met.done.client_hello
    assert met.done.completed
    assert not resumption(met.client.messages).resumed


@pytest.mark.usefixtures("lasting")
def test_early_data_goes_out_and_is_taken() -> None:
    server = replace(only(SERVER, TlsVersion.TLS1_3), accept_early_data=1000)
    first = talk(CLIENT, server)
    assert tickets(first.client.messages, TlsVersion.TLS1_3)[0].max_early_data == 1000
    met = talk(replace(CLIENT, session=first.client.session, early_data=b"early"), server)
    assert met.server.early == b"early"
    assert resumption(met.client.messages).early_data


@pytest.mark.usefixtures("lasting")
def test_early_data_that_nobody_allowed_is_skipped() -> None:
    server = only(SERVER, TlsVersion.TLS1_3)
    session = talk(CLIENT, server).client.session
    assert session is not None
    forced = session.allowing_early_data(1000)
    met = talk(replace(CLIENT, session=forced, early_data=b"early"), server)
    assert met.done.completed
    assert not resumption(met.client.messages).early_data


@pytest.mark.parametrize(
    "policy",
    [
        replace(CLIENT, groups=("no such group",)),
        replace(CLIENT, minimum=TlsVersion.SSL3),
        replace(CLIENT, ciphers="NO-SUCH-SUITE"),
        replace(CLIENT, trust=None),
        replace(CLIENT, early_data=b"x"),
    ],
)
def test_what_cannot_be_played_says_so(policy: ModernPolicy) -> None:
    here, there = socket.socketpair()
    with here, there, pytest.raises(TlsPolicyError):
        ModernChannel(SocketTransport(here), policy, False)


def test_a_server_without_identity_fails_by_itself() -> None:
    met = meet(CLIENT, ModernPolicy())
    assert not met.server.completed
    assert met.server.error


def test_nothing_is_sent_before_the_handshake() -> None:
    here, there = socket.socketpair()
    with here, there:
        channel = ModernChannel(SocketTransport(here), CLIENT, False)
        with pytest.raises(TlsFailureError):
            channel.send(b"x")
        with pytest.raises(TlsFailureError):
            channel.receive(0.1)
        channel.close()


def test_the_engines_tell_what_they_can() -> None:
    able = abilities()
    assert able["standard"][-1] == "exact alerts"
    assert {"TLS 1.2", "TLS 1.3"} <= set(able["standard"]) & set(able["modern"])
    assert {HYBRID, "sessions", "early data", "renegotiation", "stapling"} <= set(able["modern"])
    assert able["legacy"] == ("SSL 3.0", "TLS 1.0", "TLS 1.1", "TLS 1.2")
