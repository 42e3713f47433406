"""A ServerHello for whatever comes: saying yes where OpenSSL says no."""

from __future__ import annotations

import socket
import ssl
import time
from contextlib import suppress

from simulators.devices.reference.tls_flight import FFDHE_SUITE, flight12, flight13
from simulators.tls import ClientHello, TlsVersion, parse_client_hello, suite_name

_LONGEST = 1 << 17
# How long an unfinished hello may pause before it is taken for all that comes.
_PAUSE_S = 0.2
_SMALL_PRIME = 1024


def refused(sock: socket.socket, context: ssl.SSLContext) -> bytes:
    """Return the first bytes of a peer if OpenSSL would refuse them, else nothing.

    Nothing is taken off the socket, so that a hello that OpenSSL likes can go the usual way.
    """
    seen, until = b"", time.monotonic() + _PAUSE_S
    while time.monotonic() < until:
        heard = sock.recv(_LONGEST, socket.MSG_PEEK)
        if len(heard) == len(seen):
            time.sleep(_PAUSE_S / 20)
            continue
        seen = heard
        incoming, outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
        incoming.write(seen)
        try:
            context.wrap_bio(incoming, outgoing, server_side=True).do_handshake()
        except ssl.SSLWantReadError:
            if outgoing.pending:
                return b""
        except ssl.SSLError:
            return seen
    return b""


def agree(sock: socket.socket, leaf: bytes, heard: bytes) -> None:
    """Answer by a flight that goes along with the hello, and wait for the peer to have enough.

    Args:
        sock: The connection.
        leaf: A certificate, DER.
        heard: The peer's first bytes.
    """
    hello = parse_client_hello(heard)
    sock.sendall(_flight13(hello) if _only13(hello) else _flight12(hello, leaf))
    with suppress(OSError):
        while sock.recv(_LONGEST):
            pass


def _only13(hello: ClientHello) -> bool:
    return TlsVersion.TLS1_3 in hello.versions and TlsVersion.TLS1_2 not in hello.versions


def _flight13(hello: ClientHello) -> bytes:
    return flight13(hello.session_id)


def _flight12(hello: ClientHello, leaf: bytes) -> bytes:
    ephemeral = [one for one in hello.suites if suite_name(one).startswith("TLS_DHE")]
    if hello.suites and not hello.groups and ephemeral:
        return flight12(leaf, suite=FFDHE_SUITE, prime_bits=_SMALL_PRIME)
    return flight12(leaf, group=hello.groups[-1]) if hello.groups else flight12(leaf)
