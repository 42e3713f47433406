"""The TLS peers against DCMTK: ``storescp`` as the device that listens, ``echoscu`` that calls."""

from __future__ import annotations

import contextlib
import socket
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

import psutil
import pytest

from harness import programs
from simulators import wire
from simulators.pki import Authority
from simulators.pki.template import Changes
from simulators.tls import (
    Handshake,
    HelloOffer,
    LegacyPolicy,
    ServerFlight,
    SuiteClass,
    TlsFailureError,
    TlsPolicy,
    TlsVersion,
    client_hello,
    open_channel,
    parse_client_hello,
    parse_server_flight,
    suites,
)
from simulators.wire import uids

from .peers import TIMEOUT_S, SocketTransport

pytestmark = pytest.mark.interop

DAY = timedelta(days=1)
VERSIONS = [TlsVersion.TLS1_2, TlsVersion.TLS1_3]
FLAWS: dict[str, Changes] = {
    "self-signed": Changes(self_signed=True),
    "expired": Changes(not_before=-2 * DAY, not_after=-DAY),
    "not yet valid": Changes(not_before=DAY),
    "code signing": Changes(eku=("code",)),
    "bad signature": Changes(tampered_signature=True),
    "unknown critical": Changes(critical_unknown_extension=True),
}
VERIFICATION = wire.Context(id=1, abstract_syntax=uids.VERIFICATION)
ASSOCIATE_RQ = wire.encode(wire.associate_rq("ANY-SCP", "ASSAY", [VERIFICATION]))


def program(name: str) -> str:
    """Path of a DCMTK program; a missing one is a failure, since nothing would be proved."""
    path = programs.locate(name)
    if path is None:
        pytest.fail(f"{name} is not installed: install DCMTK (Debian package dcmtk)")
    return path


@dataclass(frozen=True, slots=True, kw_only=True)
class Bench:
    """An authority that DCMTK trusts, and files for its command lines."""

    authority: Authority
    trust: Path
    cert: Path
    key: Path
    port: int = 0

    @property
    def tls_options(self) -> list[str]:
        return ["+tls", str(self.key), str(self.cert), "+cf", str(self.trust)]


@pytest.fixture(scope="module")
def bench(tmp_path_factory: pytest.TempPathFactory) -> Bench:
    folder = tmp_path_factory.mktemp("dcmtk")
    authority = Authority.new("Bench")
    files = authority.issue().write(folder, "device")
    trust = authority.write(folder)
    return Bench(authority=authority, trust=trust, cert=files.cert, key=files.key)


@contextlib.contextmanager
def listening_storescp(bench: Bench, folder: Path, *options: str) -> Iterator[Bench]:
    """``storescp`` with TLS on a port of its own, while the context lasts."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = int(free.getsockname()[1])
    command = [program("storescp"), *bench.tls_options, *options]
    command += ["--output-directory", str(folder), str(port)]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        _wait_for_listening(process, port)
        yield replace(bench, port=port)
    finally:
        process.terminate()
        process.wait(TIMEOUT_S)


@pytest.fixture(scope="module")
def storescp(bench: Bench, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bench]:
    with listening_storescp(bench, tmp_path_factory.mktemp("stored")) as device:
        yield device


def _wait_for_listening(process: subprocess.Popen[bytes], port: int) -> None:
    """Wait by the socket table: a connection would be a stimulus already."""
    deadline = time.monotonic() + TIMEOUT_S
    while time.monotonic() < deadline and process.poll() is None:
        listening = psutil.Process(process.pid).net_connections("tcp")
        if any(one.status == psutil.CONN_LISTEN and one.laddr.port == port for one in listening):
            return
        time.sleep(0.02)
    pytest.fail("storescp does not listen")


def call(device: Bench, policy: TlsPolicy | LegacyPolicy) -> tuple[Handshake, bytes]:
    """(handshake, first bytes of DICOM) when we call ``storescp``."""
    with socket.create_connection(("127.0.0.1", device.port), TIMEOUT_S) as connection:
        channel = open_channel(SocketTransport(connection), policy, False)
        done = channel.handshake(TIMEOUT_S)
        if not done.completed or done.alert_received:
            return done, b""
        channel.send(ASSOCIATE_RQ)
        with contextlib.suppress(TimeoutError, TlsFailureError):
            return channel.state, channel.receive(TIMEOUT_S)
        return channel.state, b""


def policy_of(device: Bench, version: TlsVersion, changes: Changes) -> TlsPolicy:
    identity = device.authority.issue(**changes)
    return TlsPolicy(
        minimum=version,
        maximum=version,
        identity=identity,
        trust=device.authority.certificate_pem,
        verify=True,
        server_name="localhost",
    )


@pytest.mark.parametrize("version", VERSIONS)
def test_storescp_accepts_an_honest_certificate(storescp: Bench, version: TlsVersion) -> None:
    done, answer = call(storescp, policy_of(storescp, version, Changes()))
    assert done.certificate_requested
    assert done.certificate_sent
    assert done.version is version
    assert isinstance(wire.decode(answer), wire.AssociateAC)


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize("flaw", FLAWS)
def test_storescp_refuses_a_flawed_certificate(
    storescp: Bench, version: TlsVersion, flaw: str
) -> None:
    done, answer = call(storescp, policy_of(storescp, version, FLAWS[flaw]))
    assert done.certificate_sent
    assert done.alert_received is not None
    assert answer == b""


def test_storescp_s_late_alert_is_heard_every_time(storescp: Bench) -> None:
    policy = TlsPolicy(minimum=TlsVersion.TLS1_3)
    heard = [call(storescp, policy)[0].alert_received for _ in range(20)]
    assert [alert.name if alert else "" for alert in heard] == ["certificate_required"] * 20


@pytest.mark.parametrize("version", [TlsVersion.SSL3, TlsVersion.TLS1_0, TlsVersion.TLS1_1])
def test_storescp_refuses_old_versions(storescp: Bench, version: TlsVersion) -> None:
    identity = storescp.authority.issue()
    done, _ = call(storescp, LegacyPolicy.version(version, identity))
    assert done.hello_sent
    assert done.alert_received is not None
    assert offered(storescp, HelloOffer(versions=(version,))).alert is not None


@pytest.mark.parametrize("weakness", ["null", "export", "anon", "rc4", "3des", "cbc-sha1"])
def test_storescp_refuses_weak_suites(storescp: Bench, weakness: SuiteClass) -> None:
    offer = HelloOffer(versions=(TlsVersion.TLS1_2,), suites=suites(weakness))
    assert str(offered(storescp, offer).alert) == "handshake_failure(40)"


def test_storescp_takes_an_honest_hand_made_hello(storescp: Bench) -> None:
    assert offered(storescp, HelloOffer()).version is TlsVersion.TLS1_3
    flight = offered(storescp, HelloOffer(versions=(TlsVersion.TLS1_2,)))
    assert flight.version is TlsVersion.TLS1_2
    assert flight.certificate_seen


def offered(device: Bench, offer: HelloOffer) -> ServerFlight:
    """What ``storescp`` says to a hand-made hello."""
    with socket.create_connection(("127.0.0.1", device.port), TIMEOUT_S) as connection:
        connection.sendall(client_hello(offer))
        connection.settimeout(TIMEOUT_S)
        received = b""
        while not (parse_server_flight(received).accepted or parse_server_flight(received).alert):
            chunk = connection.recv(65536)
            if not chunk:
                break
            received += chunk
        flight = parse_server_flight(received)
        while flight.version is TlsVersion.TLS1_2 and not flight.done and flight.accepted:
            received += connection.recv(65536)
            flight = parse_server_flight(received)
        return flight


def answer_echoscu(bench: Bench, policy: TlsPolicy | LegacyPolicy) -> Handshake:
    """What we saw when ``echoscu`` called us."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(TIMEOUT_S)
        port = str(listener.getsockname()[1])
        command = [program("echoscu"), *bench.tls_options, "127.0.0.1", port]
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            connection, _ = listener.accept()
            with connection:
                channel = open_channel(SocketTransport(connection), policy, True)
                done = channel.handshake(TIMEOUT_S)
                if done.completed:
                    assert channel.receive(TIMEOUT_S)[:1] == b"\x01"  # A-ASSOCIATE-RQ
                    channel.close()
            return done
        finally:
            process.wait(TIMEOUT_S)


@pytest.mark.parametrize("version", VERSIONS)
def test_echoscu_accepts_an_honest_server(bench: Bench, version: TlsVersion) -> None:
    policy = TlsPolicy(
        minimum=version,
        maximum=version,
        identity=bench.authority.issue(),
        trust=bench.authority.certificate_pem,
        verify=True,
    )
    done = answer_echoscu(bench, policy)
    assert done.completed
    assert done.peer_certificate_der is not None
    hello = parse_client_hello(done.client_hello)
    assert hello.problem == ""
    assert TlsVersion.TLS1_3 in hello.versions


@pytest.mark.parametrize("flaw", FLAWS)
def test_echoscu_refuses_a_flawed_server(bench: Bench, flaw: str) -> None:
    done = answer_echoscu(bench, TlsPolicy(identity=bench.authority.issue(**FLAWS[flaw])))
    assert done.certificate_sent
    assert done.alert_received is not None
    assert not done.completed


@pytest.mark.parametrize("version", [TlsVersion.SSL3, TlsVersion.TLS1_1])
def test_echoscu_does_not_follow_a_server_of_the_past(bench: Bench, version: TlsVersion) -> None:
    identity = bench.authority.issue()
    done = answer_echoscu(bench, LegacyPolicy.version(version, identity))
    assert not done.completed
    assert version not in parse_client_hello(done.client_hello).versions


def test_storescp_that_ignores_certificates_is_seen_through(bench: Bench, tmp_path: Path) -> None:
    """The control: with ``-ic`` nothing is requested, and so nothing was proved by acceptance."""
    with listening_storescp(bench, tmp_path, "-ic") as device:
        done, answer = call(device, TlsPolicy(identity=device.authority.issue(self_signed=True)))
    assert isinstance(wire.decode(answer), wire.AssociateAC)
    assert not done.certificate_requested
    assert not done.certificate_sent
