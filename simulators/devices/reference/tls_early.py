"""The flaw ``accepts_early_data``: what comes before the handshake is taken like all the rest."""

from __future__ import annotations

import socket
import time
from collections.abc import Callable
from typing import Any

from cryptography.hazmat.bindings.openssl.binding import Binding
from OpenSSL import SSL

from simulators.devices.reference.channel import Stream
from simulators.devices.reference.options import Credentials
from simulators.devices.reference.tls_stream import (
    HandshakeError,
    OpenSslStream,
    close_after_refusal,
)
from simulators.devices.reference.tls_verify import forgiving_context

_LIMIT = 16384
_FINISHED = 2

Wrap = Callable[[socket.socket, float], Stream]

# The private functions of OpenSSL have no types.
_binding: Any = Binding()
_lib, _ffi = _binding.lib, _binding.ffi


def early_wrapper(credentials: Credentials) -> Wrap:
    """Return what makes a stream of an accepted socket, as ``tls_server.server_wrapper`` does."""
    context: Any = forgiving_context(credentials, lambda _certificate, _error: False)
    _lib.SSL_CTX_set_max_early_data(context._context, _LIMIT)

    def wrap(sock: socket.socket, deadline: float) -> Stream:
        connection = SSL.Connection(context, sock)
        connection.set_accept_state()
        stream = _EarlyStream(connection, sock)
        stream.settimeout(max(0.01, deadline - time.monotonic()))
        try:
            stream.handshake()
        except TimeoutError:
            sock.close()
            raise
        except (OSError, SSL.Error) as error:
            close_after_refusal(sock)
            raise HandshakeError(f"TLS handshake failed: {error}") from None
        return stream

    return wrap


class _EarlyStream(OpenSslStream):
    """A stream that begins with the early data."""

    def __init__(self, connection: SSL.Connection, sock: socket.socket) -> None:
        super().__init__(connection, sock)
        self._raw: Any = connection
        self._early = bytearray()

    def handshake(self) -> None:
        """Read the early data, then do the handshake.

        Raises:
            OSError: It failed.
        """
        while self._retry(self._read_early) != _FINISHED:
            pass
        super().handshake()

    def recv(self, size: int, /) -> bytes:
        """Return what has arrived, the early data first."""
        if self._early:
            data = bytes(self._early[:size])
            del self._early[:size]
            return data
        return super().recv(size)

    def _read_early(self) -> int:
        buffer, count = _ffi.new("char[]", _LIMIT), _ffi.new("size_t *")
        result: int = _lib.SSL_read_early_data(self._raw._ssl, buffer, _LIMIT, count)
        self._early += _ffi.buffer(buffer, count[0])[:]
        if result == 0:
            self._raw._raise_ssl_error(self._raw._ssl, 0)
        return result
