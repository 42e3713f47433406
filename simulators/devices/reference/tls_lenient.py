"""TLS of the acceptor with the flaws of records, sessions and time; loaded for these flaws only."""

from __future__ import annotations

import os
import socket
import ssl
import time
from collections.abc import Callable

from simulators.devices.reference.channel import FOREVER, Stream
from simulators.devices.reference.flaws import Flaws
from simulators.devices.reference.options import Credentials
from simulators.devices.reference.tls_flight import alert, extension, flight12, flight13
from simulators.devices.reference.tls_gullible_acceptor import answered_by_hand
from simulators.devices.reference.tls_hello import peek, read_offer
from simulators.devices.reference.tls_stream import (
    HandshakeError,
    SslStream,
    close_after_refusal,
    first_certificate,
    require_current,
)

_ALLOW_CLIENT_RENEGOTIATION = 1 << 8  # SSL_OP_ALLOW_CLIENT_RENEGOTIATION of OpenSSL 3
_SESSION_TICKET, _PRE_SHARED_KEY = 35, 41
_TLS13 = 0x0304
_HANDSHAKE, _NEW_TICKET = 22, 4
_DECODE_ERROR = 50
_SHORT_HELLO = 1400

Wrap = Callable[[socket.socket, float], Stream]


def lenient_wrapper(
    make: Callable[[], ssl.SSLContext], credentials: Credentials, flaws: Flaws
) -> Wrap:
    """Return what makes a stream of an accepted socket, as ``tls_server.server_wrapper`` does.

    Args:
        make: Makes the sound context of the device.
        credentials: Key, certificate and authority.
        flaws: At least one of those that are asked for here.
    """
    context = make()
    if flaws.has("renegotiates_without_limit"):
        context.options &= ~ssl.OP_NO_RENEGOTIATION
        context.options |= _ALLOW_CLIENT_RENEGOTIATION
    if flaws.has("ignores_broken_records"):
        from simulators.devices.reference.tls_mender import mended

        # A context of its own for each connection: the keys are logged by context.
        return lambda sock, deadline: mended(sock, make(), deadline, host=None)
    if flaws.has("accepts_early_data"):
        from simulators.devices.reference.tls_early import early_wrapper

        return early_wrapper(credentials)
    patience = FOREVER if flaws.has("no_handshake_timeout") else None
    checked = not flaws.has("resumes_expired_identity")
    by_hand = flaws.any_of("accepts_any_ticket", "reuses_ephemeral_key", "refuses_pqc_offer")
    answer = _Gullible(context, credentials, flaws) if by_hand else None

    def wrap(sock: socket.socket, deadline: float) -> Stream:
        flight = answer.flight(sock, deadline) if answer is not None else None
        if flight is not None:
            return answered_by_hand(sock, flight, deadline)
        return _handshake(sock, context, patience or deadline, checked=checked)

    return wrap


class _Gullible:
    """Answers by hand where OpenSSL would not commit the flaw."""

    def __init__(self, context: ssl.SSLContext, credentials: Credentials, flaws: Flaws) -> None:
        self._flaws = flaws
        self._issued: set[bytes] = set()
        self._leaf = first_certificate(credentials.certificate)
        self._public = os.urandom(32)
        # The one way to see the tickets that are given away.
        context._msg_callback = self._note  # type: ignore[attr-defined]

    def flight(self, sock: socket.socket, deadline: float) -> bytes | None:
        """Return what is said to this ClientHello, or None where OpenSSL may speak."""
        if self._flaws.has("refuses_pqc_offer"):
            length = int.from_bytes(peek(sock, 5, deadline)[3:5], "big")
            return alert(_DECODE_ERROR) if length > _SHORT_HELLO else None
        offer = read_offer(sock, deadline)
        if self._flaws.has("reuses_ephemeral_key"):
            if _SESSION_TICKET in offer.extensions:
                return None
            if _TLS13 in offer.versions:
                return flight13(offer.session, key=self._public)
            return flight12(self._leaf, public=self._public)
        ticket = _ticket(offer.extensions.get(_PRE_SHARED_KEY, b""))
        if not ticket or ticket in self._issued:
            return None
        return flight13(offer.session, more=extension(_PRE_SHARED_KEY, b"\0\0"))

    def _note(
        self,
        _connection: object,
        direction: str,
        _version: int,
        content_type: int,
        message_type: int,
        data: bytes,
    ) -> None:
        if direction == "write" and content_type == _HANDSHAKE and message_type == _NEW_TICKET:
            nonce = 12 + 1 + data[12]
            self._issued.add(data[nonce + 2 : nonce + 2 + _number(data, nonce)])


def _number(data: bytes, at: int) -> int:
    return int.from_bytes(data[at : at + 2], "big")


def _ticket(pre_shared_key: bytes) -> bytes:
    """Return the first identity in the extension of a ClientHello (RFC 8446 4.2.11)."""
    return pre_shared_key[4 : 4 + int.from_bytes(pre_shared_key[2:4], "big")]


def _handshake(
    sock: socket.socket, context: ssl.SSLContext, deadline: float, *, checked: bool
) -> Stream:
    left = deadline - time.monotonic()
    sock.settimeout(None if deadline == FOREVER else max(0.01, left))
    wrapped = context.wrap_socket(sock, server_side=True, do_handshake_on_connect=False)
    try:
        wrapped.do_handshake()
        if checked:
            require_current(wrapped)
    except (ssl.SSLError, HandshakeError) as error:
        close_after_refusal(wrapped)
        raise HandshakeError(f"TLS handshake failed: {error}") from None
    except OSError:
        wrapped.close()
        raise
    return SslStream(wrapped)
