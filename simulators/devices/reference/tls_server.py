"""TLS on the acceptor's port: mutual, 1.2 and 1.3 (PS3.15 B.12), and the flaws of it."""

from __future__ import annotations

import socket
import ssl
import time
from collections.abc import Callable

from simulators.devices.reference.channel import PlainStream, Stream
from simulators.devices.reference.flaws import FlawName, Flaws
from simulators.devices.reference.options import Credentials
from simulators.devices.reference.tls_hello import offered_versions
from simulators.devices.reference.tls_stream import (
    STRONG_SUITES,
    WEAK_SUITES,
    HandshakeError,
    SslStream,
    close_after_refusal,
)

_CERTIFICATE_FLAWS: tuple[FlawName, ...] = (
    "accepts_self_signed",
    "trusts_subject_name",
    "ignores_validity",
    "ignores_eku",
)
_PLAIN_ASSOCIATE_RQ = b"\x01"
_TLS12, _TLS13 = 0x0303, 0x0304

Wrap = Callable[[socket.socket, float], Stream]


def server_wrapper(credentials: Credentials, flaws: Flaws) -> Wrap:
    """Return a function that makes a stream of an accepted socket.

    It takes the socket and a deadline (monotonic seconds), and raises OSError when the handshake
    fails.
    """
    for flaw in _CERTIFICATE_FLAWS:
        if flaws.has(flaw):
            return _forgiving_wrapper(credentials, flaw)
    context = _context(credentials, flaws)
    legacy = _legacy_context(credentials) if flaws.has("tls_min_1_0") else None
    older = _context(credentials, flaws) if flaws.has("prefers_tls12") else None
    if older is not None:
        older.maximum_version = ssl.TLSVersion.TLSv1_2

    def wrap(sock: socket.socket, deadline: float) -> Stream:
        if flaws.has("plain_fallback") and _first_byte(sock, deadline) == _PLAIN_ASSOCIATE_RQ:
            return PlainStream(sock)
        chosen = context
        if legacy is not None and max(offered_versions(sock, deadline), default=0) < _TLS12:
            chosen = legacy
        if older is not None and {_TLS12, _TLS13} <= offered_versions(sock, deadline):
            chosen = older
        return _handshake(sock, chosen, deadline)

    return wrap


def _handshake(sock: socket.socket, context: ssl.SSLContext, deadline: float) -> Stream:
    sock.settimeout(max(0.01, deadline - time.monotonic()))
    try:
        wrapped = context.wrap_socket(sock, server_side=True, do_handshake_on_connect=False)
    except ValueError as error:
        raise HandshakeError(f"TLS handshake impossible: {error}") from None
    try:
        wrapped.do_handshake()
        return SslStream(wrapped)
    except ssl.SSLError as error:
        close_after_refusal(wrapped)
        raise HandshakeError(f"TLS handshake failed: {error}") from None
    except OSError:
        wrapped.close()
        raise


def _context(credentials: Credentials, flaws: Flaws) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    only13 = flaws.has("refuses_tls12")
    context.minimum_version = ssl.TLSVersion.TLSv1_3 if only13 else ssl.TLSVersion.TLSv1_2
    context.options |= ssl.OP_NO_RENEGOTIATION | ssl.OP_CIPHER_SERVER_PREFERENCE
    context.set_ciphers(WEAK_SUITES if flaws.has("weak_suites") else STRONG_SUITES)
    context.load_cert_chain(credentials.certificate, credentials.key)
    context.load_verify_locations(credentials.authority)
    optional = flaws.has("client_certificate_optional")
    context.verify_mode = ssl.CERT_OPTIONAL if optional else ssl.CERT_REQUIRED
    return context


def _legacy_context(credentials: Credentials) -> ssl.SSLContext:
    """Return a context for TLS 1.0 and 1.1 alone, so that newer clients notice nothing."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.set_ciphers("ALL:@SECLEVEL=0")
    context.minimum_version = ssl.TLSVersion.TLSv1
    context.maximum_version = ssl.TLSVersion.TLSv1_1
    context.load_cert_chain(credentials.certificate, credentials.key)
    context.load_verify_locations(credentials.authority)
    context.verify_mode = ssl.CERT_REQUIRED
    return context


def _forgiving_wrapper(credentials: Credentials, flaw: FlawName) -> Wrap:
    # Loaded for the four flaws that need its verify callback.
    from simulators.devices.reference import tls_verify

    forgive = tls_verify.forgiving(flaw, credentials)
    context = tls_verify.forgiving_context(credentials, forgive)

    def wrap(sock: socket.socket, deadline: float) -> Stream:
        return tls_verify.wrap(sock, context, max(0.01, deadline - time.monotonic()), None)

    return wrap


def _first_byte(sock: socket.socket, deadline: float) -> bytes:
    sock.settimeout(max(0.01, deadline - time.monotonic()))
    return sock.recv(1, socket.MSG_PEEK)
