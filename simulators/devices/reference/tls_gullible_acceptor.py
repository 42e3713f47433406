"""Flaws of the acceptor that show in its answer to a hello; loaded only when one is on.

OpenSSL commits few of them by itself. Where it can be made to, the flaw chooses another context for
the hellos that it is about; where it cannot, those hellos are answered by hand, as a gullible stack
would answer them. All other hellos go the usual way.
"""

from __future__ import annotations

import os
import socket
import ssl
import time
from collections.abc import Callable, Iterable
from contextlib import suppress

from simulators.devices.reference.channel import Stream
from simulators.devices.reference.flaws import FlawName, Flaws
from simulators.devices.reference.tls_flight import (
    ALPN,
    FFDHE_SUITE,
    HEARTBEAT,
    alert,
    extension,
    flight12,
    flight13,
)
from simulators.devices.reference.tls_hello import Offer, peek, read_offer
from simulators.devices.reference.tls_stream import (
    WEAK_SUITES,
    HandshakeError,
    close_after_refusal,
)

Wrap = Callable[[socket.socket, float], Stream]
Finish = Callable[[socket.socket, ssl.SSLContext, float], Stream]
Fresh = Callable[[], ssl.SSLContext]
Answer = Callable[[Offer, bytes], bytes | None]
Chooser = Callable[[Offer, Fresh], ssl.SSLContext | None]

_TLS12, _TLS13 = 0x0303, 0x0304
_FALLBACK_SCSV, _RENEGOTIATION_SCSV = 0x5600, 0x00FF
_SERVER_NAME, _GROUPS, _SCHEMES, _KEY_SHARE = 0, 10, 13, 51
_RENEGOTIATION_INFO = 0xFF01
_P256, _X25519 = 0x17, 0x1D
_SMALL_CURVES = frozenset({*range(1, 6), *range(15, 20)})
_DHE_SUITES = frozenset({0x33, 0x39, 0x67, 0x6B, 0x9E, 0x9F, 0xCCAA})
_GOOD_SUITES = frozenset({0xC02B, 0xC02C, 0xC02F, 0xC030, 0xCCA8, 0xCCA9})
_OLD_SCHEMES = frozenset({0x0101, 0x0201, 0x0202, 0x0203})
_KNOWN_EXTENSIONS = frozenset(
    {0, 1, 5, 10, 11, 13, 16, 17, 18, 21, 22, 23, 28, 35, 41, 42, 43, 44, 45, 47, 49, 50, 51}
) | {_RENEGOTIATION_INFO}
_LONGEST_RECORD = 1 << 14
_HANDSHAKE_RECORD = 22
# y^2 = x^3 - 3x + b over P-256 (SEC 2, 2.4.2).
_P256_PRIME = 2**256 - 2**224 + 2**192 + 2**96 - 1
_P256_B = 0x5AC635D8AA3A93E7B3EBBD55769886BC651D06B0CC53B0F63BCE3C3E27D2604B


def gullible_wrapper(
    flaws: Flaws, *, leaf: bytes, sound: Wrap, fresh: Fresh, finish: Finish
) -> Wrap:
    """Return a function that makes a stream of an accepted socket, as far as the flaws allow.

    Args:
        flaws: Those that are on.
        leaf: The device's certificate, DER.
        sound: Does the usual handshake.
        fresh: Makes a context as the usual one.
        finish: Does a handshake in another context.
    """
    answers = [make for name, make in _ANSWERS.items() if flaws.has(name)]
    choosers = [choose for name, choose in _CHOOSERS.items() if flaws.has(name)]
    any_record = flaws.has("tolerates_malformed_records")

    def wrap(sock: socket.socket, deadline: float) -> Stream:
        if any_record and _malformed(peek(sock, 5, deadline)):
            return answered_by_hand(sock, flight12(leaf), deadline)
        offer = read_offer(sock, deadline)
        for answer in answers:
            if (flight := answer(offer, leaf)) is not None:
                return answered_by_hand(sock, flight, deadline)
        for choose in choosers:
            if (context := choose(offer, fresh)) is not None:
                return finish(sock, context, deadline)
        return sound(sock, deadline)

    return wrap


def answered_by_hand(sock: socket.socket, flight: bytes, deadline: float) -> Stream:
    """Send a flight that nobody can complete, and listen until the peer has had enough.

    Raises:
        HandshakeError: Always, in the end.
    """
    with suppress(OSError):
        sock.sendall(flight)
        while (left := deadline - time.monotonic()) > 0:
            sock.settimeout(left)
            data = sock.recv(1 << 16)
            if not data:
                break
            _respond(sock, data)
    close_after_refusal(sock)
    raise HandshakeError("the peer did not go on")


def _respond(sock: socket.socket, data: bytes) -> None:
    """Return as many octets as a heartbeat request announces, whatever it has."""
    at = data.find(bytes([HEARTBEAT, 3]))
    request = data[at + 5 :] if at >= 0 else b""
    if request[:1] == b"\x01":
        length = int.from_bytes(request[1:3], "big")
        beyond = os.urandom(1 << 16)
        body = b"\x02" + request[1:3] + (request[3:] + beyond)[:length] + beyond[:16]
        sock.sendall(bytes([HEARTBEAT, 3, 3]) + len(body).to_bytes(2, "big") + body)


def _malformed(head: bytes) -> bool:
    length = int.from_bytes(head[3:5], "big")
    return head[0] != _HANDSHAKE_RECORD or not 0 < length <= _LONGEST_RECORD


def _small_groups(offer: Offer, leaf: bytes) -> bytes | None:
    """A client that names no group leaves the prime to the device."""
    if not offer.groups and _TLS13 not in offer.versions and _DHE_SUITES & {*offer.suites}:
        return flight12(leaf, suite=FFDHE_SUITE, prime_bits=1024)
    if offer.groups and _SMALL_CURVES.issuperset(offer.groups):
        return flight12(leaf, group=offer.groups[-1])
    return None


def _chooses_compression(offer: Offer, leaf: bytes) -> bytes | None:
    methods = offer.compression.strip(b"\x00")
    return flight12(leaf, compression=methods[0]) if methods else None


def _no_secure_renegotiation(offer: Offer, leaf: bytes) -> bytes | None:
    """Our own client announces it by the signalling suite and never misses the extension."""
    asked = _RENEGOTIATION_INFO in offer.extensions and _TLS13 not in offer.versions
    return flight12(leaf, extensions=b"") if asked else None


def _lenient_tls13_hello(offer: Offer, leaf: bytes) -> bytes | None:
    if _TLS13 not in offer.versions or _TLS12 in offer.versions:
        return None
    mandatory = {_GROUPS, _SCHEMES, _KEY_SHARE}
    broken = offer.compression.strip(b"\x00") or not mandatory <= offer.extensions.keys()
    return flight13(offer.session) if broken else None


def _ignores_invalid_point(offer: Offer, leaf: bytes) -> bytes | None:
    bad = any(not _valid_share(group, key) for group, key in offer.shares.items())
    return flight13(offer.session) if bad else None


def _answers_heartbeat(offer: Offer, leaf: bytes) -> bytes | None:
    if 15 not in offer.extensions:
        return None
    return flight12(leaf, extensions=extension(15, b"\x01"))


def _intolerant(offer: Offer, leaf: bytes) -> bytes | None:
    return None if _KNOWN_EXTENSIONS.issuperset(offer.extensions) else alert(40)


def _refuses_server_name(offer: Offer, leaf: bytes) -> bytes | None:
    return alert(112) if _SERVER_NAME in offer.extensions else None


def _ignores_fallback(offer: Offer, fresh: Fresh) -> ssl.SSLContext | None:
    return _only12(fresh()) if _FALLBACK_SCSV in offer.suites else None


def _no_sentinel(offer: Offer, fresh: Fresh) -> ssl.SSLContext | None:
    """A context that has TLS 1.2 only has nothing to mark."""
    return None if _TLS13 in offer.versions else _only12(fresh())


def _no_master_secret(offer: Offer, fresh: Fresh) -> ssl.SSLContext | None:
    context = fresh()
    context.options |= ssl.Options(1)  # SSL_OP_NO_EXTENDED_MASTER_SECRET of OpenSSL 3
    return context


def _signs_with_sha1(offer: Offer, fresh: Fresh) -> ssl.SSLContext | None:
    schemes = _numbers(offer.extensions.get(_SCHEMES, b"")[2:])
    if not schemes or not _OLD_SCHEMES.issuperset(schemes):
        return None
    context = fresh()
    context.set_ciphers("ECDHE+AESGCM:@SECLEVEL=0")
    return context


def _follows_client(offer: Offer, fresh: Fresh) -> ssl.SSLContext | None:
    suites = _real(offer.suites)
    if _GOOD_SUITES.isdisjoint(suites) or suites[0] in _GOOD_SUITES or suites[0] >> 8 == 0x13:
        return None
    context = fresh()
    context.set_ciphers(WEAK_SUITES)
    context.options &= ~ssl.OP_CIPHER_SERVER_PREFERENCE
    return context


def _lacks_p256(offer: Offer, fresh: Fresh) -> ssl.SSLContext | None:
    context = fresh()
    context.set_ecdh_curve("X25519")
    return context


def _selects_any_protocol(offer: Offer, fresh: Fresh) -> ssl.SSLContext | None:
    body = offer.extensions.get(ALPN, b"")
    first = body[3 : 3 + int.from_bytes(body[2:3], "big")].decode("ascii", "ignore")
    if not first:
        return None
    context = fresh()
    context.set_alpn_protocols([first])
    return context


_ANSWERS: dict[FlawName, Answer] = {
    "small_groups": _small_groups,
    "chooses_compression": _chooses_compression,
    "no_secure_renegotiation": _no_secure_renegotiation,
    "lenient_tls13_hello": _lenient_tls13_hello,
    "ignores_invalid_point": _ignores_invalid_point,
    "answers_heartbeat": _answers_heartbeat,
    "intolerant_of_unknown": _intolerant,
    "refuses_server_name": _refuses_server_name,
}
_CHOOSERS: dict[FlawName, Chooser] = {
    "ignores_fallback_scsv": _ignores_fallback,
    "no_downgrade_sentinel": _no_sentinel,
    "no_extended_master_secret": _no_master_secret,
    "signs_with_sha1": _signs_with_sha1,
    "follows_client_order": _follows_client,
    "lacks_mandatory_group": _lacks_p256,
    "selects_any_protocol": _selects_any_protocol,
}


def _only12(context: ssl.SSLContext) -> ssl.SSLContext:
    context.maximum_version = ssl.TLSVersion.TLSv1_2
    return context


def _valid_share(group: int, key: bytes) -> bool:
    """Tell whether a share is a key of its group; of other groups than these two nothing is known.

    RFC 8446 4.2.8.2 for P-256; RFC 7748 6.1 for the all-zero value, whose order is small.
    """
    if group == _X25519:
        return len(key) == 32 and any(key)
    if group != _P256:
        return True
    if len(key) != 65 or key[0] != 4:
        return False
    x, y = int.from_bytes(key[1:33], "big"), int.from_bytes(key[33:], "big")
    return (y * y - (x**3 - 3 * x + _P256_B)) % _P256_PRIME == 0


def _real(suites: Iterable[int]) -> list[int]:
    """The suites without signalling values."""
    return [one for one in suites if one not in (_FALLBACK_SCSV, _RENEGOTIATION_SCSV)]


def _numbers(listed: bytes) -> list[int]:
    return [int.from_bytes(listed[i : i + 2], "big") for i in range(0, len(listed) - 1, 2)]
