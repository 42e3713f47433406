"""TLS on the acceptor's port: mutual, 1.2 and 1.3 (PS3.15 B.12), and the flaws of it."""

from __future__ import annotations

import socket
import ssl
import time
from collections.abc import Callable

from simulators.devices.reference.channel import PlainStream, Stream
from simulators.devices.reference.flaws import DressName, FlawName, Flaws
from simulators.devices.reference.options import Credentials
from simulators.devices.reference.tls_hello import offered_versions
from simulators.devices.reference.tls_scrutiny import (
    POLICY_CHECK,
    Scrutiny,
    keep_as_sent,
    verified_chain,
)
from simulators.devices.reference.tls_stream import (
    STRONG_SUITES,
    WEAK_SUITES,
    HandshakeError,
    SslStream,
    close_after_refusal,
    require_current,
)

_PLAIN_ASSOCIATE_RQ, _TLS_HANDSHAKE = b"\x01", b"\x16"
_TLS12, _TLS13 = 0x0303, 0x0304
_OF_RECORDS_AND_SESSIONS: tuple[FlawName, ...] = (
    "ignores_broken_records",
    "no_handshake_timeout",
    "renegotiates_without_limit",
    "resumes_expired_identity",
    "accepts_any_ticket",
    "accepts_early_data",
    "reuses_ephemeral_key",
    "refuses_pqc_offer",
)
_OF_THE_HELLO: tuple[FlawName, ...] = (
    "small_groups",
    "ignores_fallback_scsv",
    "no_downgrade_sentinel",
    "chooses_compression",
    "no_secure_renegotiation",
    "no_extended_master_secret",
    "signs_with_sha1",
    "lenient_tls13_hello",
    "ignores_invalid_point",
    "tolerates_malformed_records",
    "answers_heartbeat",
    "intolerant_of_unknown",
    "selects_any_protocol",
    "refuses_server_name",
    "follows_client_order",
    "lacks_mandatory_group",
)
_OF_THE_POLICY: tuple[FlawName | DressName, ...] = (
    "unlisted_suite",
    "curve_below_256_bits",
    "retired-bcp-195",
    "retired-basic",
)

Wrap = Callable[[socket.socket, float], Stream]


def server_wrapper(credentials: Credentials, flaws: Flaws) -> Wrap:
    """Return a function that makes a stream of an accepted socket.

    It takes the socket and a deadline (monotonic seconds), and raises OSError when the handshake
    fails.
    """
    scrutiny = Scrutiny(credentials=credentials, flaws=flaws, prefix="")
    if scrutiny.callback_flaw:
        return _forgiving_wrapper(credentials, scrutiny)
    context = _context(credentials, flaws)
    if flaws.any_of(*_OF_RECORDS_AND_SESSIONS):
        # Loaded for these flaws only.
        from simulators.devices.reference.tls_lenient import lenient_wrapper

        return lenient_wrapper(lambda: _context(credentials, flaws), credentials, flaws)
    if flaws.has("accepts_replay"):
        # Loaded for this flaw only.
        from simulators.devices.reference.tls_replay import replaying_wrapper

        return replaying_wrapper(context)
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
        return _handshake(sock, chosen, deadline, scrutiny)

    if flaws.has("skips_possession"):
        # Loaded for this flaw only.
        from simulators.devices.reference.tls_unproven import unproven_wrapper

        return unproven_wrapper(credentials, wrap)
    if any(flaws.has(name) for name in _OF_THE_POLICY):
        # Loaded for these flaws and dresses only.
        from simulators.devices.reference.tls_dress import dressed_wrapper

        return dressed_wrapper(
            flaws,
            leaf=_leaf(credentials),
            sound=wrap,
            fresh=lambda: _context(credentials, flaws),
            finish=lambda sock, other, deadline: _handshake(sock, other, deadline, scrutiny),
        )
    if not flaws.any_of(*_OF_THE_HELLO):
        return wrap
    # Loaded for these flaws only.
    from simulators.devices.reference.tls_gullible_acceptor import gullible_wrapper

    return gullible_wrapper(
        flaws,
        leaf=_leaf(credentials),
        sound=wrap,
        fresh=lambda: _context(credentials, flaws),
        finish=lambda sock, other, deadline: _handshake(sock, other, deadline, scrutiny),
    )


def plain_or_tls(secure: Wrap) -> Wrap:
    """Return a function that lets the first byte decide between DICOM in clear and TLS."""

    def wrap(sock: socket.socket, deadline: float) -> Stream:
        spoken = _first_byte(sock, deadline)
        return secure(sock, deadline) if spoken == _TLS_HANDSHAKE else PlainStream(sock)

    return wrap


def _handshake(
    sock: socket.socket, context: ssl.SSLContext, deadline: float, scrutiny: Scrutiny
) -> Stream:
    sock.settimeout(max(0.01, deadline - time.monotonic()))
    try:
        wrapped = context.wrap_socket(sock, server_side=True, do_handshake_on_connect=False)
    except ValueError as error:
        raise HandshakeError(f"TLS handshake impossible: {error}") from None
    try:
        wrapped.do_handshake()
        require_current(wrapped)
        scrutiny(verified_chain(wrapped))
        return SslStream(wrapped)
    except (ssl.SSLError, HandshakeError) as error:
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
    context.verify_flags |= ssl.VERIFY_X509_STRICT | POLICY_CHECK
    keep_as_sent(context)
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


def _forgiving_wrapper(credentials: Credentials, scrutiny: Scrutiny) -> Wrap:
    # Loaded for the flaws that need its verify callback.
    from simulators.devices.reference import tls_verify

    forgive = tls_verify.forgiving(scrutiny.callback_flaw, credentials)
    context = tls_verify.forgiving_context(credentials, forgive)

    def wrap(sock: socket.socket, deadline: float) -> Stream:
        seconds = max(0.01, deadline - time.monotonic())
        return tls_verify.wrap(sock, context, seconds, None, scrutiny)

    return wrap


def _leaf(credentials: Credentials) -> bytes:
    pem = credentials.certificate.read_text("ascii")
    end = "-----END CERTIFICATE-----"
    return ssl.PEM_cert_to_DER_cert(pem[: pem.index(end) + len(end)])


def _first_byte(sock: socket.socket, deadline: float) -> bytes:
    sock.settimeout(max(0.01, deadline - time.monotonic()))
    return sock.recv(1, socket.MSG_PEEK)
