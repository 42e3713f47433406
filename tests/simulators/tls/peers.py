"""Both ends of a connection in one process, for tests of the channels."""

from __future__ import annotations

import socket
import ssl
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from simulators.pki import Authority, Identity
from simulators.tls import (
    AnyPolicy,
    Handshake,
    open_channel,
)

TIMEOUT_S = 10.0


class SocketTransport:
    """The plainest transport over a socket; counts what passes."""

    def __init__(self, connection: socket.socket) -> None:
        self._connection = connection
        self.sent = bytearray()

    def send(self, data: bytes, /) -> None:
        self._connection.sendall(data)
        self.sent += data

    def receive(self, timeout: float, /) -> bytes:
        self._connection.settimeout(timeout)
        return self._connection.recv(65536)


@dataclass(slots=True)
class Meeting:
    """What both sides saw; ``echo`` is what the client got back."""

    client: Handshake = field(default_factory=Handshake)
    server: Handshake = field(default_factory=Handshake)
    echo: bytes = b""
    keys: list[str] = field(default_factory=list)


def meet(client: AnyPolicy, server: AnyPolicy) -> Meeting:
    """Let the two shake hands, echo one line, and part."""
    meeting = Meeting()
    here, there = socket.socketpair()
    channel = open_channel(SocketTransport(here), client, False, meeting.keys.append)
    peer = open_channel(SocketTransport(there), server, True)

    def serve() -> None:
        with there:
            meeting.server = peer.handshake(TIMEOUT_S)
            if meeting.server.completed:
                peer.send(peer.receive(TIMEOUT_S))
                peer.close()

    thread = threading.Thread(target=serve)
    thread.start()
    with here:
        meeting.client = channel.handshake(TIMEOUT_S)
        if meeting.client.completed and meeting.client.alert_received is None:
            channel.send(b"x")
            meeting.echo = channel.receive(TIMEOUT_S)
            channel.close()
    thread.join(TIMEOUT_S)
    return meeting


def strict_context(
    authority: Authority, identity: Identity, *, server_side: bool, tls13: bool
) -> ssl.SSLContext:
    """A peer of the plain standard library that verifies as it should."""
    protocol = ssl.PROTOCOL_TLS_SERVER if server_side else ssl.PROTOCOL_TLS_CLIENT
    context = ssl.SSLContext(protocol)
    version = ssl.TLSVersion.TLSv1_3 if tls13 else ssl.TLSVersion.TLSv1_2
    context.minimum_version = context.maximum_version = version
    context.verify_mode = ssl.CERT_REQUIRED
    if not server_side:
        context.hostname_checks_common_name = False
    context.load_verify_locations(cadata=authority.certificate_pem.decode())
    with tempfile.TemporaryDirectory() as folder:
        files = identity.write(Path(folder), "peer")
        context.load_cert_chain(files.cert, files.key)
    return context


@contextmanager
def strict_server(context: ssl.SSLContext) -> Iterator[socket.socket]:
    """A strict server at the other end of the yielded socket; echoes once."""
    here, there = socket.socketpair()

    def serve() -> None:
        there.settimeout(TIMEOUT_S)
        try:
            with context.wrap_socket(there, server_side=True) as tls:
                tls.sendall(tls.recv(100))
        except OSError:
            there.close()

    thread = threading.Thread(target=serve)
    thread.start()
    with here:
        yield here
    thread.join(TIMEOUT_S)
