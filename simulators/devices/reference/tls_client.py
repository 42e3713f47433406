"""TLS of the requestor: mutual, 1.2 and 1.3, server and host name verified; and its flaws."""

from __future__ import annotations

import socket
import ssl

from simulators.devices.reference.channel import Stream
from simulators.devices.reference.flaws import FlawName, Flaws
from simulators.devices.reference.options import Credentials, RequestorOptions
from simulators.devices.reference.tls_stream import (
    STRONG_SUITES,
    WEAK_SUITES,
    HandshakeError,
    SslStream,
)

__all__ = ["HandshakeError", "client_stream"]

_CERTIFICATE_FLAWS: tuple[FlawName, ...] = (
    "scu_accepts_self_signed",
    "scu_trusts_subject_name",
    "scu_ignores_validity",
    "scu_ignores_eku",
)
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
    for flaw in _CERTIFICATE_FLAWS:
        if options.flaws.has(flaw):
            return _forgiving_stream(sock, options, options.credentials, flaw, seconds)
    context = _context(options.credentials, options.flaws)
    sock.settimeout(seconds)
    try:
        wrapped = context.wrap_socket(sock, server_hostname=options.host)
    except (ssl.SSLError, ConnectionError, ValueError) as error:
        raise HandshakeError(f"TLS handshake failed: {error}") from None
    if options.flaws.has("FO-5"):
        _check_pin(wrapped, options)
    return SslStream(wrapped)


def _context(credentials: Credentials, flaws: Flaws) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = not (flaws.has("scu_no_host_check") or flaws.has("FO-5"))
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    suites = WEAK_SUITES if flaws.has("scu_weak_suites") else STRONG_SUITES
    if flaws.has("scu_tls_min_1_0"):
        suites = _LEGACY_SUITES
        context.minimum_version = ssl.TLSVersion.TLSv1
    if flaws.has("scu_tls12_only"):
        context.maximum_version = ssl.TLSVersion.TLSv1_2
    context.set_ciphers(suites)
    context.load_cert_chain(credentials.certificate, credentials.key)
    context.load_verify_locations(credentials.authority)
    return context


def _check_pin(wrapped: ssl.SSLSocket, options: RequestorOptions) -> None:
    """Compare the peer's certificate with the pinned one, byte by byte."""
    assert options.pin is not None
    pinned = ssl.PEM_cert_to_DER_cert(_first_certificate(options.pin.read_text("ascii")))
    if wrapped.getpeercert(binary_form=True) != pinned:
        wrapped.close()
        raise HandshakeError("the certificate is not the pinned one")


def _first_certificate(pem: str) -> str:
    end = "-----END CERTIFICATE-----"
    return pem[pem.find("-----BEGIN CERTIFICATE-----") : pem.find(end) + len(end)]


def _forgiving_stream(
    sock: socket.socket,
    options: RequestorOptions,
    credentials: Credentials,
    flaw: FlawName,
    seconds: float | None,
) -> Stream:
    # Loaded for the four flaws that need its verify callback.
    from simulators.devices.reference import tls_verify

    forgive = tls_verify.forgiving(flaw.removeprefix("scu_"), credentials)
    context = tls_verify.forgiving_context(credentials, forgive)
    return tls_verify.wrap(sock, context, seconds, options.host)
