"""Other TLS profiles for the acceptor, and flaws against profiles; loaded only when one is on.

A *dress* has the device keep to profiles of old that contradict those of today, so that what
judges them can be proved as well: ``retired-bcp-195`` keeps to B.9, B.10, B.11 and the floor of TLS
1.2 of IHE ITI-19, ``retired-basic`` to B.1 and B.3. OpenSSL has no 3DES any more: a hello that
leaves nothing else is answered by hand.
"""

from __future__ import annotations

import socket
import ssl
import time
from collections.abc import Callable
from pathlib import Path

from simulators.devices.reference.channel import Stream
from simulators.devices.reference.flaws import Flaws
from simulators.devices.reference.tls_flight import flight_rsa
from simulators.devices.reference.tls_hello import Offer, read_offer
from simulators.devices.reference.tls_stream import (
    STRONG_SUITES,
    HandshakeError,
    close_after_refusal,
)

UNLISTED_SUITES = "ECDHE-ARIA128-GCM-SHA256:ECDHE-RSA-AES128-SHA256"
RETIRED_SUITES = (
    "ECDHE-RSA-AES256-GCM-SHA384:ECDHE-RSA-AES128-GCM-SHA256:"
    "ECDHE-ECDSA-AES256-GCM-SHA384:ECDHE-ECDSA-AES128-GCM-SHA256:"
    "DHE-RSA-AES256-GCM-SHA384:DHE-RSA-AES128-GCM-SHA256"
)
"""The suites of B.10 and B.11 that OpenSSL has."""

_Wrap = Callable[[socket.socket, float], Stream]
_Finish = Callable[[socket.socket, ssl.SSLContext, float], Stream]
_Fresh = Callable[[], ssl.SSLContext]
_PRIME = Path(__file__).with_name("ffdhe2048.pem")
_TLS10, _TLS12 = 0x0301, 0x0303
_AES_128_CBC, _TRIPLE_DES = 0x002F, 0x000A
_P224 = 0x0015
_OWN_CURVES = frozenset({0x17, 0x18, 0x19, 0x1D, 0x1E})


def dressed_wrapper(
    flaws: Flaws, *, leaf: bytes, sound: _Wrap, fresh: _Fresh, finish: _Finish
) -> _Wrap:
    """Return a function that makes a stream of an accepted socket, by the dress and the flaws.

    Args:
        flaws: What is on.
        leaf: The device's certificate, DER.
        sound: Does the usual handshake.
        fresh: Makes a context as the usual one.
        finish: Does a handshake in another context.
    """
    basic = flaws.has("retired-basic")
    old = _old_context(fresh) if basic else None
    modern = _modern_context(fresh, flaws)

    def wrap(sock: socket.socket, deadline: float) -> Stream:
        offer = read_offer(sock, deadline)
        if max(offer.versions, default=0) >= _TLS12:
            small = flaws.has("curve_below_256_bits") and _needs_p224(offer)
            return finish(sock, _small_context(fresh) if small else modern, deadline)
        if old is None or _TLS10 not in offer.versions:
            return sound(sock, deadline)
        if _AES_128_CBC in offer.suites:
            return finish(sock, old, deadline)
        if _TRIPLE_DES in offer.suites and not flaws.has("refuses_3des"):
            return _by_hand(sock, flight_rsa(leaf, suite=_TRIPLE_DES, version=_TLS10), deadline)
        return finish(sock, old, deadline)

    return wrap


def _modern_context(fresh: _Fresh, flaws: Flaws) -> ssl.SSLContext:
    """For TLS 1.2 and newer."""
    context = fresh()
    suites = STRONG_SUITES
    if flaws.has("retired-bcp-195"):
        suites = RETIRED_SUITES
        context.maximum_version = ssl.TLSVersion.TLSv1_2
        context.load_dh_params(str(_PRIME))
    if flaws.has("unlisted_suite"):
        suites += f":{UNLISTED_SUITES}"
    if not flaws.has("weak_suites"):
        context.set_ciphers(suites)
    return context


def _old_context(fresh: _Fresh) -> ssl.SSLContext:
    """TLS 1.0 with AES alone; Python warns of it, and there is nobody to be warned here."""
    context = fresh()
    context.set_ciphers("AES128-SHA:@SECLEVEL=0")
    context.minimum_version = ssl.TLSVersion.TLSv1
    context.maximum_version = ssl.TLSVersion.TLSv1
    return context


def _small_context(fresh: _Fresh) -> ssl.SSLContext:
    context = fresh()
    context.set_ecdh_curve("secp224r1")
    return context


def _needs_p224(offer: Offer) -> bool:
    return _P224 in offer.groups and not _OWN_CURVES & set(offer.groups)


def _by_hand(sock: socket.socket, flight: bytes, deadline: float) -> Stream:
    """Answer as a stack of old would; nobody completes this handshake."""
    sock.settimeout(max(0.01, deadline - time.monotonic()))
    sock.sendall(flight)
    close_after_refusal(sock)
    raise HandshakeError("a suite of old was negotiated, and cannot be gone on with")
