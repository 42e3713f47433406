"""A server of TLS 1.2 that does not verify CertificateVerify (flaw ``skips_possession``).

OpenSSL always does. tlslite is told to take every RSA signature for good; the path of the
certificate, which tlslite does not look at, is verified as ever.
"""

from __future__ import annotations

import socket
import time
from collections.abc import Callable
from contextlib import suppress
from typing import Protocol, cast

from OpenSSL import crypto
from tlslite.api import HandshakeSettings, TLSConnection, X509CertChain, parsePEMKey
from tlslite.errors import BaseTLSException, TLSError
from tlslite.utils.rsakey import RSAKey

from simulators.devices.reference.channel import Stream
from simulators.devices.reference.options import Credentials
from simulators.devices.reference.tls_hello import offered_versions
from simulators.devices.reference.tls_stream import HandshakeError

_TLS12, _TLS13 = (3, 3), 0x0304


class _Shown(Protocol):
    def writeBytes(self) -> bytearray: ...  # noqa: N802 - tlslite's name


class _Settings(Protocol):
    minVersion: tuple[int, int]  # noqa: N815 - tlslite's name
    maxVersion: tuple[int, int]  # noqa: N815 - tlslite's name
    versions: list[tuple[int, int]]

    def validate(self) -> _Settings: ...


class _Connection(Protocol):
    def handshakeServer(self, **options: object) -> None: ...  # noqa: N802 - tlslite's name
    def recv(self, size: int, /) -> bytes: ...
    def sendall(self, data: bytes, /) -> None: ...
    def close(self) -> None: ...


class UnprovenStream:
    """A tlslite connection as a stream."""

    def __init__(self, connection: _Connection, sock: socket.socket, certificate: bytes) -> None:
        self._connection = connection
        self._sock = sock
        self._certificate = certificate
        self.sendall = connection.sendall
        self.settimeout = sock.settimeout
        self.fileno = sock.fileno

    def recv(self, size: int, /) -> bytes:
        """Return what has arrived; empty at the end.

        Raises:
            OSError: The connection is lost.
        """
        try:
            return bytes(self._connection.recv(size))
        except BaseTLSException as error:
            raise OSError(f"TLS: {error!r}") from None

    def pending(self) -> int:
        """Return 0: what is decrypted is given out at once."""
        return 0

    def peer_certificate(self) -> bytes:
        """Return the certificate (DER) that was shown."""
        return self._certificate

    def interrupt(self) -> None:
        """End both directions at once."""
        self._sock.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        """Close; never raises."""
        with suppress(OSError, BaseTLSException):
            self._connection.close()
        self._sock.close()


def unproven_wrapper(
    credentials: Credentials, sound: Callable[[socket.socket, float], Stream]
) -> Callable[[socket.socket, float], Stream]:
    """Return what makes streams: as ever, but without proof where TLS 1.3 is not offered."""
    RSAKey.verify = _take_for_good
    settings = cast("_Settings", HandshakeSettings())
    settings.minVersion = settings.maxVersion = _TLS12
    settings.versions = [_TLS12]
    settings = settings.validate()
    chain = X509CertChain()
    chain.parsePemList(credentials.certificate.read_text("ascii"))
    key = parsePEMKey(credentials.key.read_text("ascii"), private=True)

    def wrap(sock: socket.socket, deadline: float) -> Stream:
        if _TLS13 in offered_versions(sock, deadline):
            return sound(sock, deadline)
        sock.settimeout(max(0.01, deadline - time.monotonic()))
        connection = cast("_Connection", TLSConnection(sock))
        try:
            connection.handshakeServer(
                certChain=chain, privateKey=key, reqCert=True, settings=settings
            )
        except (TLSError, BaseTLSException) as error:
            raise HandshakeError(f"TLS handshake failed: {error!r}") from None
        return UnprovenStream(connection, sock, _verified(connection, credentials))

    return wrap


def _take_for_good(*_arguments: object, **_options: object) -> bool:
    return True


def _verified(connection: _Connection, credentials: Credentials) -> bytes:
    """Return the certificate that was shown, once its path was found good."""
    session = getattr(connection, "session", None)
    shown = getattr(getattr(session, "clientCertChain", None), "x509List", None) or []
    found = [bytes(cast("_Shown", one).writeBytes()) for one in shown]
    if not found:
        raise HandshakeError("no client certificate")
    store = crypto.X509Store()
    store.load_locations(str(credentials.authority))
    leaf, *more = (crypto.load_certificate(crypto.FILETYPE_ASN1, one) for one in found)
    try:
        crypto.X509StoreContext(store, leaf, more).verify_certificate()
    except crypto.X509StoreContextError as error:
        raise HandshakeError(f"the path is not good: {error}") from None
    return found[0]
