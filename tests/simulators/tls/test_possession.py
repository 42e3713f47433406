"""Each lapse leaves our side as named, and a sound server refuses it."""

from __future__ import annotations

import socket
import ssl
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from simulators.pki import Authority
from simulators.tls import LegacyPolicy, TlsVersion
from simulators.tls.possession import Lapse, UnprovenChannel

AUTHORITY = Authority.new("possession tests")


class Wire:
    """One end of a socket pair as a transport."""

    def __init__(self, sock: socket.socket) -> None:
        self._sock = sock

    def send(self, data: bytes, /) -> None:
        self._sock.sendall(data)

    def receive(self, timeout: float, /) -> bytes:
        self._sock.settimeout(max(0.01, timeout))
        return self._sock.recv(65536)


@pytest.fixture
def ours(tmp_path: Path) -> Iterator[socket.socket]:
    files = AUTHORITY.issue().write(tmp_path, "server")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(files.cert, files.key)
    context.load_verify_locations(AUTHORITY.write(tmp_path))
    context.verify_mode = ssl.CERT_REQUIRED
    here, there = socket.socketpair()

    def serve() -> None:
        there.settimeout(5)
        try:
            context.wrap_socket(there, server_side=True).close()
        except OSError:
            there.close()

    thread = threading.Thread(target=serve)
    thread.start()
    with here:
        yield here
    thread.join(5)


@pytest.mark.parametrize(
    ("lapse", "alert", "shown"),
    [
        ("nothing shown", 10, False),
        ("no proof", 10, True),
        ("altered proof", 51, True),
        ("proof by another key", 51, True),
    ],
)
def test_lapse_is_refused(lapse: Lapse, alert: int, shown: bool, ours: socket.socket) -> None:
    identity = AUTHORITY.issue(common_name="client")
    if lapse == "proof by another key":
        identity = replace(identity, key_pem=AUTHORITY.issue().key_pem)
    policy = LegacyPolicy.version(TlsVersion.TLS1_2, identity)
    done = UnprovenChannel(Wire(ours), policy, lapse).handshake(5.0)
    assert done.certificate_requested
    assert done.certificate_sent == shown
    assert not done.completed
    assert done.alert_received is not None
    assert done.alert_received.number == alert
