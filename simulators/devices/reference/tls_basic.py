"""The calling side of the dress ``retired-basic``: 3DES and AES-CBC beside what is used today.

OpenSSL has no 3DES any more, so that tlslite does the handshake; loaded for this dress only.
"""

from __future__ import annotations

import socket
from contextlib import suppress
from typing import Protocol, cast

from OpenSSL import crypto
from tlslite.api import TLSConnection
from tlslite.errors import BaseTLSException

from simulators.devices.reference.channel import Stream
from simulators.devices.reference.options import Credentials, RequestorOptions
from simulators.devices.reference.tls_names import names_host
from simulators.devices.reference.tls_stream import HandshakeError
from simulators.tls.engine import X509CertChain, new_settings, parsePEMKey

_MODERN, _OLD, _TRIPLE_DES = "aes128gcm", "aes128", "3des"
_TLS10, _TLS12 = (3, 1), (3, 3)


class _Certificate(Protocol):
    bytes: bytes


class _Chain(Protocol):
    x509List: list[_Certificate]  # noqa: N815 - the name is tlslite's


class _Session(Protocol):
    serverCertChain: _Chain  # noqa: N815 - the name is tlslite's


class _Connection(Protocol):
    session: _Session

    def handshakeClientCert(self, **options: object) -> None: ...  # noqa: N802

    def recv(self, size: int, /) -> bytearray: ...

    def sendall(self, data: bytes, /) -> None: ...

    def close(self) -> None: ...


def basic_stream(sock: socket.socket, options: RequestorOptions, seconds: float | None) -> Stream:
    """Do a handshake on a connected socket.

    Args:
        sock: The socket; closed when the handshake fails.
        options: Credentials, host name and flaws.
        seconds: Time limit; None waits for ever.

    Raises:
        HandshakeError: The handshake failed or the peer is somebody else.
    """
    assert options.credentials is not None
    sock.settimeout(seconds)
    connection = cast(_Connection, TLSConnection(sock))
    try:
        _shake(connection, options, options.credentials)
        _verify(connection, options.host, options.credentials)
    except (BaseTLSException, crypto.Error, crypto.X509StoreContextError, ConnectionError) as error:
        sock.close()
        raise HandshakeError(f"TLS handshake failed: {error!r}") from None
    except HandshakeError:
        sock.close()
        raise
    return BasicStream(connection, sock)


class BasicStream:
    """A tlslite connection as a stream."""

    def __init__(self, connection: _Connection, sock: socket.socket) -> None:
        self._connection = connection
        self._sock = sock
        self.settimeout = sock.settimeout
        self.fileno = sock.fileno

    def recv(self, size: int, /) -> bytes:
        """Return what has arrived; empty at the end."""
        return bytes(self._connection.recv(size))

    def sendall(self, data: bytes, /) -> None:
        """Send everything."""
        self._connection.sendall(data)

    def pending(self) -> int:
        """Nothing is read ahead."""
        return 0

    def peer_certificate(self) -> bytes:
        """Return the server's certificate, DER."""
        return bytes(self._connection.session.serverCertChain.x509List[0].bytes)

    def interrupt(self) -> None:
        """End both directions at once."""
        self._sock.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        """Send close_notify and close."""
        with suppress(OSError, BaseTLSException):
            self._connection.close()
        self._sock.close()


def _shake(connection: _Connection, options: RequestorOptions, credentials: Credentials) -> None:
    settings = new_settings()
    settings.minVersion, settings.maxVersion = _TLS10, _TLS12
    lacking = options.flaws.has("scu_lacks_3des")
    settings.cipherNames = [_MODERN, _OLD] if lacking else [_MODERN, _OLD, _TRIPLE_DES]
    chain = X509CertChain()
    chain.parsePemList(credentials.certificate.read_text("ascii"))
    key = parsePEMKey(credentials.key.read_text("ascii"), private=True)
    connection.handshakeClientCert(certChain=chain, privateKey=key, settings=settings)


def _verify(connection: _Connection, host: str, credentials: Credentials) -> None:
    """Check chain, dates and name, which tlslite does for nobody."""
    listed = connection.session.serverCertChain.x509List
    shown = [_certificate(bytes(one.bytes)) for one in listed]
    store = crypto.X509Store()
    store.load_locations(str(credentials.authority))
    crypto.X509StoreContext(store, shown[0], shown[1:]).verify_certificate()
    if not names_host(bytes(listed[0].bytes), host):
        raise HandshakeError("the certificate is for another host")


def _certificate(der: bytes) -> crypto.X509:
    return crypto.load_certificate(crypto.FILETYPE_ASN1, der)
