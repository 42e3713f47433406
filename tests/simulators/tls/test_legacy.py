from __future__ import annotations

import dataclasses
import socket
import threading
import time

import pytest

from simulators.pki import Authority
from simulators.tls import (
    Ending,
    LegacyChannel,
    LegacyClass,
    LegacyPolicy,
    Phase,
    TlsFailureError,
    TlsPolicy,
    TlsPolicyError,
    TlsVersion,
    open_channel,
    suites,
)
from simulators.tls.suites import all_suites

from .peers import TIMEOUT_S, SocketTransport, meet

AUTHORITY = Authority.new("Trusted")
RSA = AUTHORITY.issue()
EC = AUTHORITY.issue(key="ec")
OLD = [TlsVersion.SSL3, TlsVersion.TLS1_0, TlsVersion.TLS1_1, TlsVersion.TLS1_2]
CODE_POINTS = {suite.name: suite.code_point for suite in all_suites()}
WEAK: list[LegacyClass] = ["null", "anon", "rc4", "3des", "no-pfs", "cbc-sha1"]


@pytest.mark.parametrize("version", OLD)
def test_each_old_version_completes_and_carries_data(version: TlsVersion) -> None:
    policy = LegacyPolicy.version(version, RSA)
    meeting = meet(policy, policy)
    assert meeting.echo == b"x"
    assert meeting.client.version is meeting.server.version is version
    assert meeting.server.certificate_sent
    assert meeting.client.peer_certificate_der == RSA.leaf_der
    assert [line.split()[0] for line in meeting.keys] == ["CLIENT_RANDOM"]


@pytest.mark.parametrize("weakness", WEAK)
def test_each_weak_class_negotiates_a_suite_of_that_class(weakness: LegacyClass) -> None:
    policy = LegacyPolicy.weak(weakness, RSA)
    meeting = meet(policy, policy)
    assert meeting.echo == b"x"
    assert meeting.client.cipher is not None
    assert CODE_POINTS[meeting.client.cipher] in suites(weakness)


@pytest.mark.parametrize("version", OLD[1:])
def test_openssl_accepts_our_old_server_and_our_old_client(version: TlsVersion) -> None:
    old = LegacyPolicy.version(version, RSA)
    modern = TlsPolicy(
        minimum=TlsVersion.TLS1_0,
        identity=EC,
        trust=AUTHORITY.certificate_pem,
        verify=True,
        server_name="localhost",
    )
    as_server = meet(modern, dataclasses.replace(old, request_certificate=True))
    assert as_server.client.version is version
    assert as_server.client.certificate_sent
    assert as_server.server.certificate_requested
    assert as_server.server.peer_certificate_der == EC.leaf_der
    assert as_server.echo == b"x"
    as_client = meet(old, modern)
    assert as_client.client.version is version
    assert as_client.client.certificate_sent
    assert as_client.client.certificate_requested
    assert as_client.echo == b"x"


@pytest.mark.parametrize("version", [TlsVersion.SSL3, TlsVersion.TLS1_0, TlsVersion.TLS1_1])
def test_a_server_of_one_old_version_never_goes_higher(version: TlsVersion) -> None:
    # tlslite answers supported_versions from another setting than its maximum version.
    meeting = meet(TlsPolicy(), LegacyPolicy.version(version, RSA))
    assert not meeting.client.completed
    assert str(meeting.server.alert_sent) == "protocol_version(70)"


def test_a_modern_server_refuses_weak_suites_with_an_alert() -> None:
    meeting = meet(LegacyPolicy.weak("rc4"), TlsPolicy(identity=RSA))
    assert meeting.client.hello_sent
    assert meeting.client.phase is Phase.HELLO
    assert str(meeting.client.alert_received) == "handshake_failure(40)"


def test_a_refused_certificate_was_really_sent() -> None:
    strict = TlsPolicy(identity=RSA, trust=Authority.new("Other").certificate_pem, verify=True)
    meeting = meet(LegacyPolicy.version(TlsVersion.TLS1_2, RSA), strict)
    assert meeting.client.certificate_sent
    assert str(meeting.client.alert_received) == "unknown_ca(48)"
    assert meeting.client.phase is Phase.HANDSHAKE


def test_a_small_group_is_the_one_that_the_server_uses() -> None:
    server = LegacyPolicy(identity=RSA, key_exchanges=("dhe_rsa",), dh_bits=768)
    client = TlsPolicy(maximum=TlsVersion.TLS1_2, ciphers="DHE:@SECLEVEL=0")
    meeting = meet(client, server)
    # OpenSSL 3 has a floor of 1024 bits that no setting lowers.
    assert "DH_KEY_TOO_SMALL" in meeting.client.error.upper().replace(" ", "_")


@pytest.mark.parametrize(
    "policy",
    [
        LegacyPolicy(),
        LegacyPolicy.weak("no-pfs", EC),
        LegacyPolicy(maximum=TlsVersion.TLS1_3, identity=RSA),
        LegacyPolicy(ciphers=("no such cipher",), identity=RSA),
    ],
)
def test_what_tlslite_cannot_play_is_said_before_anything_is_sent(policy: LegacyPolicy) -> None:
    here, there = socket.socketpair()
    with here, there, pytest.raises(TlsPolicyError):
        LegacyChannel(SocketTransport(here), policy, True)


def test_a_silent_peer_is_a_timeout() -> None:
    here, there = socket.socketpair()
    with here, there:
        channel = LegacyChannel(SocketTransport(here), LegacyPolicy(), False)
        started = time.monotonic()
        done = channel.handshake(0.05)
        assert time.monotonic() - started < 1.0
    assert done.ended is Ending.TIMEOUT
    assert done.hello_sent


@pytest.mark.parametrize(
    "answer",
    [b"", b"HTTP/1.1 400 Bad Request\r\n\r\n", bytes(100), b"\x16\x03\x01\x00\x05\x02abcd"],
)
def test_a_peer_that_speaks_no_tls_does_not_break_the_channel(answer: bytes) -> None:
    here, there = socket.socketpair()
    with here, there:
        there.sendall(answer)
        there.shutdown(socket.SHUT_WR)
        channel = LegacyChannel(SocketTransport(here), LegacyPolicy(), False)
        done = channel.handshake(TIMEOUT_S)
        assert not done.completed
        assert done.alert_received is None
        with pytest.raises(TlsFailureError):
            channel.receive(0.01)


def test_a_read_that_times_out_goes_on_later() -> None:
    here, there = socket.socketpair()
    policy = LegacyPolicy.version(TlsVersion.TLS1_2, RSA)
    server = LegacyChannel(SocketTransport(there), policy, True)
    thread = threading.Thread(target=server.handshake, args=(TIMEOUT_S,))
    with here, there:
        thread.start()
        channel = LegacyChannel(SocketTransport(here), policy, False)
        assert channel.handshake(TIMEOUT_S).completed
        thread.join(TIMEOUT_S)
        with pytest.raises(TimeoutError):
            channel.receive(0.02)
        server.send(b"late")
        assert channel.receive(TIMEOUT_S) == b"late"
        there.shutdown(socket.SHUT_RDWR)
        assert channel.receive(TIMEOUT_S) == b""
        assert channel.state.ended is Ending.FIN


@pytest.mark.parametrize("policy", [LegacyPolicy(), TlsPolicy()])
def test_a_reset_before_the_answer_is_a_reset(policy: LegacyPolicy | TlsPolicy) -> None:
    listener = socket.create_server(("127.0.0.1", 0))
    with listener, socket.create_connection(listener.getsockname()) as here:
        there, _ = listener.accept()
        there.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\x01\0\0\0\0\0\0\0")
        there.close()
        done = open_channel(SocketTransport(here), policy, False).handshake(TIMEOUT_S)
    assert done.ended is Ending.RST
    assert not done.completed
