"""TLS of the requestor: mutual, 1.2 and 1.3, server and host name verified; and its flaws."""

from __future__ import annotations

import socket
import ssl
import time

from simulators.devices.reference.channel import Stream
from simulators.devices.reference.flaws import FlawName, Flaws
from simulators.devices.reference.options import Credentials, RequestorOptions
from simulators.devices.reference.tls_handshake import shake_hands
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
    first_certificate,
)

__all__ = ["HandshakeError", "client_stream"]

_OWN_MATCHING: tuple[FlawName, ...] = ("scu_matches_common_name", "scu_loose_wildcards")
_NO_EXTENDED_MASTER_SECRET = 0x1
_LEGACY_SERVER_CONNECT = 0x4
_LEGACY_SUITES = f"{STRONG_SUITES}:ECDHE+AES:RSA+AES:@SECLEVEL=0"


def client_stream(sock: socket.socket, options: RequestorOptions, seconds: float | None) -> Stream:
    """Do a handshake on a connected socket.

    Args:
        sock: The socket; closed when the handshake fails.
        options: Credentials, host name, pin and flaws.
        seconds: Time limit; None waits for ever.

    Raises:
        HandshakeError: The handshake failed or the peer is somebody else.
        TimeoutError: The peer is silent.
    """
    assert options.credentials is not None
    if options.flaws.has("retired-basic"):
        # Loaded for this dress only.
        from simulators.devices.reference.tls_basic import basic_stream

        return basic_stream(sock, options, seconds)
    scrutiny = Scrutiny(credentials=options.credentials, flaws=options.flaws, prefix="scu_")
    if scrutiny.callback_flaw:
        return _forgiving_stream(sock, options.host, scrutiny, seconds)
    context = _context(options.credentials, options.flaws)
    if options.flaws.has("scu_ignores_broken_records"):
        # Loaded for this flaw only.
        from simulators.devices.reference.tls_mender import mended

        deadline = None if seconds is None else time.monotonic() + seconds
        return mended(sock, context, deadline, host=options.host)
    wrapped = shake_hands(sock, context, options, seconds)
    try:
        chain = verified_chain(wrapped)
        scrutiny(chain)
        _check_identity(chain[0] if chain else b"", options)
    except HandshakeError:
        close_after_refusal(wrapped)
        raise
    return SslStream(wrapped)


def _context(credentials: Credentials, flaws: Flaws) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    unchecked = flaws.any_of("scu_no_host_check", *_OWN_MATCHING) or flaws.has("FO-5")
    context.check_hostname = not unchecked
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    suites = WEAK_SUITES if flaws.has("scu_weak_suites") else STRONG_SUITES
    if flaws.has("scu_tls_min_1_0"):
        suites = _LEGACY_SUITES
        context.minimum_version = ssl.TLSVersion.TLSv1
    if flaws.has("scu_tls12_only"):
        context.maximum_version = ssl.TLSVersion.TLSv1_2
    if flaws.has("retired-bcp-195"):
        # Loaded for this dress only.
        from simulators.devices.reference.tls_dress import RETIRED_SUITES

        suites = suites if flaws.has("scu_weak_suites") else RETIRED_SUITES
        context.maximum_version = ssl.TLSVersion.TLSv1_2
    if flaws.has("scu_unlisted_suite"):
        from simulators.devices.reference.tls_dress import UNLISTED_SUITES

        suites += f":{UNLISTED_SUITES}"
    if flaws.has("scu_small_groups"):
        suites = f"{STRONG_SUITES}:DHE+AESGCM:@SECLEVEL=0"
    if flaws.has("scu_offers_one_group"):
        context.set_ecdh_curve("X25519")
    if flaws.has("scu_hello_lacks_ems"):
        context.options |= _NO_EXTENDED_MASTER_SECRET
    if flaws.has("scu_ignores_missing_renegotiation_info"):
        context.options |= _LEGACY_SERVER_CONNECT
    context.set_ciphers(suites)
    context.load_cert_chain(credentials.certificate, credentials.key)
    context.load_verify_locations(credentials.authority)
    context.verify_flags |= ssl.VERIFY_X509_STRICT | POLICY_CHECK
    keep_as_sent(context)
    if not flaws.has("scu_renegotiates_without_limit"):
        context.options |= ssl.OP_NO_RENEGOTIATION
    return context


def _check_identity(leaf: bytes, options: RequestorOptions) -> None:
    """Compare the peer's certificate with the pinned one, or with the host where flaws say how."""
    if options.flaws.has("FO-5"):
        assert options.pin is not None
        if leaf != first_certificate(options.pin):
            raise HandshakeError("the certificate is not the pinned one")
    if options.flaws.any_of(*_OWN_MATCHING):
        # Only flaws compare names here: otherwise OpenSSL does.
        from simulators.devices.reference import tls_names

        by_common_name = options.flaws.has("scu_matches_common_name")
        also = tls_names.common_name_matches if by_common_name else tls_names.loosely_matches
        if not (tls_names.names_host(leaf, options.host) or also(leaf, options.host)):
            raise HandshakeError("the certificate is for another host")


def _forgiving_stream(
    sock: socket.socket, host: str, scrutiny: Scrutiny, seconds: float | None
) -> Stream:
    # Loaded for the flaws that need its verify callback.
    from simulators.devices.reference import tls_verify

    forgive = tls_verify.forgiving(scrutiny.callback_flaw, scrutiny.credentials)
    context = tls_verify.forgiving_context(scrutiny.credentials, forgive)
    return tls_verify.wrap(sock, context, seconds, host, scrutiny)
