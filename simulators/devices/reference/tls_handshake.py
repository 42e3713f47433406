"""The requestor's handshake on a connected socket, and the flaws of how it goes about it."""

from __future__ import annotations

import socket
import ssl
import time
from typing import TYPE_CHECKING

from simulators.devices.reference.flaws import FlawName, Flaws
from simulators.devices.reference.options import RequestorOptions
from simulators.devices.reference.tls_stream import HandshakeError

if TYPE_CHECKING:
    from simulators.devices.reference.tls_gullible_requestor import Gullible

GULLIBLE: tuple[FlawName, ...] = (
    "scu_small_groups",
    "scu_ignores_sentinel",
    "scu_ignores_unsolicited_extension",
    "scu_takes_compression",
    "scu_ignores_foreign_protocol",
    "scu_accepts_weak_signature",
    "scu_tolerates_malformed_flight",
    "scu_answers_heartbeat",
)
"""Flaws that go on where OpenSSL would not."""

_TLS_1_1_SUITES = "ECDHE+AES:RSA+AES:@SECLEVEL=0"


def shake_hands(
    sock: socket.socket,
    context: ssl.SSLContext,
    options: RequestorOptions,
    seconds: float | None,
) -> ssl.SSLSocket:
    """Do the handshake.

    Args:
        sock: Connected; closed when the handshake fails.
        context: Of a client.
        options: Host name and flaws.
        seconds: Time limit of the whole handshake; None waits for ever.

    Raises:
        HandshakeError: It failed.
        TimeoutError: The peer is silent.
    """
    if options.flaws.has("scu_waits_forever_in_tls"):
        seconds = None
    try:
        return _shake(sock, context, options, seconds)
    except (ssl.SSLError, ConnectionError, ValueError) as error:
        if not options.flaws.has("scu_falls_back_in_version"):
            raise HandshakeError(f"TLS handshake failed: {error}") from None
    return _shake_in_tls_1_1(context, options, seconds)


def _shake(
    sock: socket.socket,
    context: ssl.SSLContext,
    options: RequestorOptions,
    seconds: float | None,
) -> ssl.SSLSocket:
    end = None if seconds is None else time.monotonic() + seconds
    sock.settimeout(seconds)
    gullible = _gullible(options.flaws)
    if gullible is not None:
        wrapped = gullible.say_hello(sock, context, options.host)
    else:
        wrapped = context.wrap_socket(
            sock, server_hostname=options.host, do_handshake_on_connect=False
        )
    try:
        if gullible is not None and gullible.go_along(wrapped, seconds):
            raise HandshakeError("the peer did not finish what it began")
        wrapped.settimeout(None if end is None else max(0.01, end - time.monotonic()))
        wrapped.do_handshake()
    except BaseException:
        wrapped.close()
        raise
    return wrapped


def _gullible(flaws: Flaws) -> Gullible | None:
    if not flaws.any_of(*GULLIBLE):
        return None
    # Loaded for the flaws that go on where OpenSSL would not.
    from simulators.devices.reference.tls_gullible_requestor import Gullible

    return Gullible(flaws)


def _shake_in_tls_1_1(
    context: ssl.SSLContext, options: RequestorOptions, seconds: float | None
) -> ssl.SSLSocket:
    """Try once more on a new connection, and offer TLS 1.1 only."""
    context.set_ciphers(_TLS_1_1_SUITES)
    context.minimum_version = context.maximum_version = ssl.TLSVersion.TLSv1_1
    again = socket.create_connection((options.host, options.port), seconds)
    try:
        return _shake(again, context, options, seconds)
    except (ssl.SSLError, ConnectionError, ValueError) as error:
        raise HandshakeError(f"TLS handshake failed: {error}") from None
