"""Flights of a server by hand, for the flaws that OpenSSL cannot be made to commit.

They are whole in form and false in content: nobody can complete a handshake with them.
"""

from __future__ import annotations

import hashlib
import os

HEARTBEAT, ALPN = 24, 16
FFDHE_SUITE = 0x009E
"""TLS_DHE_RSA_WITH_AES_128_GCM_SHA256 (RFC 5288)."""

_ECDHE_SUITE, _TLS13_SUITE = 0xC02F, 0x1301
_HANDSHAKE, _CHANGE_CIPHER_SPEC, _ALERT, _DATA = 22, 20, 21, 23
_HELLO, _CERTIFICATE, _KEY_EXCHANGE, _DONE = 2, 11, 12, 14
_RSA_PSS_SHA256 = b"\x08\x04"
_RENEGOTIATION = b"\xff\x01\x00\x01\x00"
_X25519 = 0x1D


def flight12(
    leaf: bytes,
    *,
    suite: int = _ECDHE_SUITE,
    compression: int = 0,
    extensions: bytes = _RENEGOTIATION,
    group: int = _X25519,
    prime_bits: int | None = None,
    public: bytes = b"",
) -> bytes:
    """Return the first flight of a server of TLS 1.2 (RFC 5246 7.3).

    Args:
        leaf: Certificate, DER.
        suite: The suite that it chooses.
        compression: The method that it chooses.
        extensions: What its ServerHello holds.
        group: The curve of its key exchange.
        prime_bits: The size of a prime of its own instead of a curve.
        public: Its public value on the curve, 32 octets; a new one when left out.
    """
    hello = b"\x03\x03" + os.urandom(32) + b"\x00" + suite.to_bytes(2, "big")
    hello += bytes([compression]) + (_vector(extensions, 2) if extensions else b"")
    key = b"\x03" + group.to_bytes(2, "big") + _vector(public or os.urandom(32), 1)
    if prime_bits is not None:
        size = prime_bits // 8
        prime = b"\xff" + os.urandom(size - 2) + b"\x01"
        key = _vector(prime, 2) + _vector(b"\x02", 2) + _vector(os.urandom(size), 2)
    signature = _RSA_PSS_SHA256 + _vector(os.urandom(256), 2)
    return (
        _message(_HELLO, hello)
        + _message(_CERTIFICATE, _vector(_vector(leaf, 3), 3))
        + _message(_KEY_EXCHANGE, key + signature)
        + _message(_DONE, b"")
    )


def flight_rsa(leaf: bytes, *, suite: int, version: int) -> bytes:
    """Return the first flight of an old server with RSA key exchange (RFC 2246 7.3).

    Args:
        leaf: Certificate, DER.
        suite: The suite that it chooses.
        version: The version that it chooses, as on the wire.
    """
    hello = version.to_bytes(2, "big") + os.urandom(32) + b"\x00" + suite.to_bytes(2, "big")
    hello += b"\x00" + _vector(_RENEGOTIATION, 2)
    return (
        _message(_HELLO, hello)
        + _message(_CERTIFICATE, _vector(_vector(leaf, 3), 3))
        + _message(_DONE, b"")
    )


def flight13(session: bytes, *, key: bytes = b"", more: bytes = b"") -> bytes:
    """Return the first flight of a server of TLS 1.3 that chose x25519 (RFC 8446 4.1.3).

    Args:
        session: The client's legacy session identifier.
        key: Its public value, 32 octets; a new one when left out.
        more: Further extensions of its ServerHello.
    """
    public = key or hashlib.sha256(os.urandom(32)).digest()
    share = _X25519.to_bytes(2, "big") + _vector(public, 2)
    extensions = extension(43, b"\x03\x04") + extension(51, share) + more
    hello = b"\x03\x03" + os.urandom(32) + _vector(session, 1)
    hello += _TLS13_SUITE.to_bytes(2, "big") + b"\x00" + _vector(extensions, 2)
    unread = _record(_CHANGE_CIPHER_SPEC, b"\x01") + _record(_DATA, os.urandom(1024))
    return _message(_HELLO, hello) + unread


def alert(number: int) -> bytes:
    """Return a fatal alert."""
    return _record(_ALERT, bytes([2, number]))


def extension(kind: int, body: bytes) -> bytes:
    """Return one extension of a hello."""
    return kind.to_bytes(2, "big") + _vector(body, 2)


def _message(kind: int, body: bytes) -> bytes:
    return _record(_HANDSHAKE, bytes([kind]) + _vector(body, 3))


def _record(kind: int, body: bytes) -> bytes:
    return bytes([kind, 3, 3]) + _vector(body, 2)


def _vector(content: bytes, width: int) -> bytes:
    return len(content).to_bytes(width, "big") + content
