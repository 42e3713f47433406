from __future__ import annotations

import contextlib
import socket
import ssl
import threading
import time
from datetime import timedelta

import pytest

from simulators.pki import Authority, Identity
from simulators.pki.template import Changes
from simulators.tls import (
    Ending,
    Handshake,
    HelloOffer,
    Phase,
    TlsChannel,
    TlsFailureError,
    TlsPolicy,
    TlsPolicyError,
    TlsVersion,
    client_hello,
    parse_client_hello,
)

from .peers import TIMEOUT_S, SocketTransport, meet, strict_context, strict_server

DAY = timedelta(days=1)
AUTHORITY = Authority.new("Trusted")
HONEST = AUTHORITY.issue()
EC = AUTHORITY.issue(key="ec")
VERSIONS = [TlsVersion.TLS1_2, TlsVersion.TLS1_3]

CLIENT_FLAWS: dict[str, tuple[Changes, set[str]]] = {
    "self-signed": (Changes(self_signed=True), {"unknown_ca"}),
    "lookalike": (Changes(issuer=AUTHORITY.lookalike()), {"unknown_ca"}),
    "same key id": (
        Changes(issuer=AUTHORITY.lookalike(same_key_identifier=True)),
        {"unknown_ca", "decrypt_error", "bad_certificate"},
    ),
    "expired": (Changes(not_before=-2 * DAY, not_after=-DAY), {"certificate_expired"}),
    "not yet valid": (Changes(not_before=DAY), {"bad_certificate"}),
    "wrong EKU": (Changes(eku=("server",)), {"unsupported_certificate"}),
    "code signing": (Changes(eku=("code",)), {"unsupported_certificate"}),
    "bad signature": (Changes(tampered_signature=True), {"decrypt_error"}),
    "unknown critical": (Changes(critical_unknown_extension=True), {"certificate_unknown"}),
    "issued by a leaf": (
        Changes(issuer=AUTHORITY.subordinate("not an authority", ca=False)),
        {"unknown_ca", "unsupported_certificate", "certificate_unknown"},
    ),
    "no intermediate": (
        Changes(issuer=AUTHORITY.subordinate("hidden"), chain=False),
        {"unknown_ca"},
    ),
}


def only(version: TlsVersion, identity: Identity | None = None) -> TlsPolicy:
    trust = AUTHORITY.certificate_pem
    return TlsPolicy(minimum=version, maximum=version, trust=trust, identity=identity)


def against_strict_server(
    version: TlsVersion, identity: Identity | None
) -> tuple[Handshake, bytes]:
    """(what the channel saw, the echo) when a strict server meets ``identity``."""
    tls13 = version is TlsVersion.TLS1_3
    context = strict_context(AUTHORITY, HONEST, server_side=True, tls13=tls13)
    with strict_server(context) as connection:
        channel = TlsChannel(SocketTransport(connection), only(version, identity=identity), False)
        done = channel.handshake(TIMEOUT_S)
        if not done.completed or done.alert_received:
            return done, b""
        channel.send(b"echo")
        return channel.state, channel.receive(TIMEOUT_S)


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize(
    "identity",
    [HONEST, EC, AUTHORITY.subordinate("between").issue()],
    ids=["rsa", "ec", "chain"],
)
def test_an_honest_client_certificate_is_accepted(version: TlsVersion, identity: Identity) -> None:
    done, echo = against_strict_server(version, identity)
    assert echo == b"echo"
    assert done.version is version
    assert done.certificate_requested
    assert done.certificate_sent
    assert done.peer_certificate_der is not None
    assert done.ended is None


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize("flaw", CLIENT_FLAWS)
def test_a_flawed_client_certificate_is_sent_and_refused(version: TlsVersion, flaw: str) -> None:
    changes, alerts = CLIENT_FLAWS[flaw]
    done, echo = against_strict_server(version, AUTHORITY.issue(**changes))
    assert echo == b""
    assert done.certificate_sent
    assert done.alert_received is not None
    assert done.alert_received.name in alerts
    late = version is TlsVersion.TLS1_3
    assert done.phase is (Phase.AFTER_HANDSHAKE if late else Phase.HANDSHAKE)


@pytest.mark.parametrize("version", VERSIONS)
def test_no_certificate_is_not_a_certificate_sent(version: TlsVersion) -> None:
    done, _ = against_strict_server(version, None)
    assert done.certificate_requested
    assert not done.certificate_sent
    assert done.alert_received is not None
    assert done.alert_received.name in {"handshake_failure", "certificate_required"}


def test_a_late_alert_of_tls_1_3_is_heard_every_time() -> None:
    heard = [against_strict_server(TlsVersion.TLS1_3, None)[0].alert_received for _ in range(20)]
    assert [alert.number if alert else None for alert in heard] == [116] * 20


class LateVerdict:
    """A strict server in memory: its alert can be read only after a write of ours has failed."""

    def __init__(self) -> None:
        context = strict_context(AUTHORITY, HONEST, server_side=True, tls13=True)
        self._incoming, self._outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
        self._server = context.wrap_bio(self._incoming, self._outgoing, server_side=True)
        self._receives = 0
        self.broken = False

    def send(self, data: bytes, /) -> None:
        if self.broken:
            raise BrokenPipeError("gone")
        self._incoming.write(data)

    def receive(self, timeout: float, /) -> bytes:
        self._receives += 1
        if self._receives == 2:
            raise TimeoutError
        with contextlib.suppress(ssl.SSLError):
            self._server.do_handshake()
        return self._outgoing.read()


def test_a_failed_write_still_reads_the_alert_that_came_before() -> None:
    transport = LateVerdict()
    channel = TlsChannel(transport, only(TlsVersion.TLS1_3), False)
    assert channel.handshake(TIMEOUT_S).alert_received is None
    transport.broken = True
    with pytest.raises(BrokenPipeError):
        channel.send(b"A-ASSOCIATE-RQ")
    assert str(channel.state.alert_received) == "certificate_required(116)"
    assert channel.state.ended is Ending.RST


SERVER_FLAWS: dict[str, tuple[Changes, set[str]]] = {
    "self-signed": (Changes(self_signed=True), {"unknown_ca"}),
    "lookalike": (Changes(issuer=AUTHORITY.lookalike()), {"unknown_ca"}),
    "expired": (Changes(not_before=-2 * DAY, not_after=-DAY), {"certificate_expired"}),
    "wrong name": (Changes(names=("elsewhere.example",)), {"bad_certificate"}),
    "name in CN only": (Changes(names=(), common_name="localhost"), {"bad_certificate"}),
    "wrong EKU": (Changes(eku=("client",)), {"unsupported_certificate"}),
}


def against_strict_client(version: TlsVersion, identity: Identity) -> Handshake:
    """What the channel saw, as the server, when a strict client meets ``identity``."""
    tls13 = version is TlsVersion.TLS1_3
    context = strict_context(AUTHORITY, HONEST, server_side=False, tls13=tls13)
    here, there = socket.socketpair()

    def call() -> None:
        there.settimeout(TIMEOUT_S)
        try:
            with context.wrap_socket(there, server_hostname="localhost") as tls:
                tls.sendall(b"hello")
                tls.recv(1)
        except OSError:
            there.close()

    thread = threading.Thread(target=call)
    thread.start()
    with here:
        policy = only(version, identity=identity)
        channel = TlsChannel(SocketTransport(here), policy, True)
        done = channel.handshake(TIMEOUT_S)
        if done.completed:
            assert channel.receive(TIMEOUT_S) == b"hello"
            channel.close()
    thread.join(TIMEOUT_S)
    return done


@pytest.mark.parametrize("version", VERSIONS)
def test_an_honest_server_certificate_is_accepted(version: TlsVersion) -> None:
    done = against_strict_client(version, HONEST)
    assert done.completed
    assert done.certificate_sent
    assert parse_client_hello(done.client_hello).server_name == "localhost"


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize("flaw", SERVER_FLAWS)
def test_a_flawed_server_certificate_is_sent_and_refused(version: TlsVersion, flaw: str) -> None:
    changes, alerts = SERVER_FLAWS[flaw]
    done = against_strict_client(version, AUTHORITY.issue(**changes))
    assert not done.completed
    assert done.certificate_sent
    assert done.alert_received is not None
    assert done.alert_received.name in alerts
    assert done.phase is Phase.HANDSHAKE


@pytest.mark.parametrize("version", [*VERSIONS, TlsVersion.TLS1_0, TlsVersion.TLS1_1])
def test_two_channels_meet_and_log_their_keys(version: TlsVersion) -> None:
    server = TlsPolicy(
        minimum=version,
        maximum=version,
        identity=HONEST,
        trust=AUTHORITY.certificate_pem,
        verify=True,
    )
    identity = HONEST
    meeting = meet(only(version, identity=identity), server)
    assert meeting.echo == b"x"
    assert meeting.server.peer_certificate_der == identity.leaf_der
    labels = {line.split()[0] for line in meeting.keys}
    expected = "CLIENT_TRAFFIC_SECRET_0" if version is TlsVersion.TLS1_3 else "CLIENT_RANDOM"
    assert expected in labels


def test_when_we_refuse_the_alert_is_ours() -> None:
    strict = TlsPolicy(trust=AUTHORITY.certificate_pem, verify=True, server_name="localhost")
    meeting = meet(strict, TlsPolicy(identity=AUTHORITY.issue(self_signed=True)))
    assert not meeting.client.completed
    assert str(meeting.client.alert_sent) == "unknown_ca(48)"
    assert meeting.client.alert_received is None
    assert str(meeting.server.alert_received) == "unknown_ca(48)"


def test_versions_without_overlap_end_in_the_hello_phase() -> None:
    old = TlsPolicy(minimum=TlsVersion.TLS1_0, maximum=TlsVersion.TLS1_1)
    meeting = meet(old, TlsPolicy(identity=HONEST))
    assert meeting.client.hello_sent
    assert meeting.client.phase is Phase.HELLO
    assert str(meeting.client.alert_received) == "protocol_version(70)"


def test_a_group_and_a_protocol_can_be_chosen() -> None:
    policy = TlsPolicy(groups=("secp384r1",), alpn=("dicom",), maximum=TlsVersion.TLS1_2)
    meeting = meet(policy, TlsPolicy(identity=HONEST))
    hello = parse_client_hello(meeting.server.client_hello)
    assert hello.group_names == ("secp384r1",)
    assert hello.alpn == ("dicom",)


@pytest.mark.parametrize(
    "policy",
    [
        TlsPolicy(ciphers="RC4"),
        TlsPolicy(minimum=TlsVersion.SSL3),
        TlsPolicy(groups=("no such group",)),
        TlsPolicy(groups=("x25519", "secp256r1")),
        TlsPolicy(verify=True),
    ],
)
def test_what_openssl_cannot_play_is_said_before_anything_is_sent(policy: TlsPolicy) -> None:
    here, there = socket.socketpair()
    transport = SocketTransport(here)
    with here, there, pytest.raises(TlsPolicyError):
        TlsChannel(transport, policy, False)
    assert not transport.sent


def test_a_silent_peer_is_a_timeout() -> None:
    here, there = socket.socketpair()
    with here, there:
        started = time.monotonic()
        done = TlsChannel(SocketTransport(here), TlsPolicy(), False).handshake(0.05)
        assert time.monotonic() - started < 1.0
    assert done.ended is Ending.TIMEOUT
    assert done.hello_sent


def test_a_client_that_ends_in_the_handshake_was_not_refused_by_us() -> None:
    """OpenSSL answers the end of the stream by decode_error, to nobody."""
    here, there = socket.socketpair()
    with here, there:
        there.sendall(client_hello(HelloOffer()))
        there.shutdown(socket.SHUT_WR)
        done = TlsChannel(SocketTransport(here), TlsPolicy(identity=HONEST), True).handshake(5.0)
    assert done.ended is Ending.FIN
    assert done.alert_sent is None
    assert not done.completed


@pytest.mark.parametrize("answer", [b"", b"HTTP/1.1 400 Bad Request\r\n\r\n", bytes(100)])
def test_a_peer_that_speaks_no_tls_does_not_break_the_channel(answer: bytes) -> None:
    here, there = socket.socketpair()
    with here, there:
        there.sendall(answer)
        there.shutdown(socket.SHUT_WR)
        channel = TlsChannel(SocketTransport(here), TlsPolicy(), False)
        done = channel.handshake(TIMEOUT_S)
        assert not done.completed
        assert done.phase is Phase.HELLO
        assert done.alert_received is None
        with pytest.raises(TlsFailureError):
            channel.send(b"data")
        with pytest.raises(TlsFailureError):
            channel.receive(0.01)
