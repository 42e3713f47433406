"""TLS on the device's web port: the server's certificate, 1.2 and 1.3; and the flaws of it."""

from __future__ import annotations

import socket
import ssl
import threading
from collections.abc import Callable
from typing import Final

from simulators.devices.reference.flaws import Flaws
from simulators.devices.reference.options import Credentials

POLICY: Final = b"Strict-Transport-Security: max-age=31536000\r\n"
"""What it says in every answer (RFC 6797 6.1)."""

_HANDSHAKE_S: Final = 5.0
_TLS_HANDSHAKE: Final = b"\x16"

Wrap = Callable[[socket.socket], socket.socket]


def wrapper(credentials: Credentials, flaws: Flaws) -> Wrap:
    """Return what makes a TLS socket of an accepted one; it raises OSError when that fails.

    Raises:
        OSError: A credential cannot be read.
    """
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    if flaws.has("web_tls_min_1_0"):
        context.set_ciphers("ALL:@SECLEVEL=0")
        context.minimum_version = ssl.TLSVersion.TLSv1
    context.load_cert_chain(credentials.certificate, credentials.key)

    def wrap(sock: socket.socket) -> socket.socket:
        sock.settimeout(_HANDSHAKE_S)
        if flaws.has("web_plain_on_tls") and sock.recv(1, socket.MSG_PEEK) != _TLS_HANDSHAKE:
            return sock
        return context.wrap_socket(sock, server_side=True)

    return wrap


def beside(host: str, serve: Callable[[socket.socket, str], None]) -> None:
    """Listen on another port too, and serve whoever comes there as he comes (a flaw)."""
    listener = socket.create_server((host, 0))

    def accept() -> None:
        while True:
            sock, peer = listener.accept()
            threading.Thread(target=serve, args=(sock, peer[0]), daemon=True).start()

    threading.Thread(target=accept, daemon=True).start()
