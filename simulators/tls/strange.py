"""Hellos, records and keys that no TLS library sends, as (name, bytes) pairs in wire order.

They stand beside :mod:`simulators.tls.hello`, which makes the sound hellos that these are put in
front of, behind of, or in place of.
"""

from __future__ import annotations

import hashlib
from dataclasses import replace

from simulators.tls.codes import FATAL, ContentType, Extension, TlsVersion
from simulators.tls.hello import HelloOffer, Parts, named_hello_parts

_SSL2_CLIENT_HELLO, _SSL2_VERSION = 1, 0x0002
_SSL2_SUITES = (0x010080, 0x020080, 0x030080, 0x040080, 0x060040, 0x0700C0)
_HEARTBEAT_REQUEST = 1
_UNKNOWN_RECORD = 0x40
_HANDSHAKE_FAILURE = 40
_LONGEST_RECORD = 1 << 14
# OpenSSL skips 32 in a row before it takes them for an attack.
_EMPTY_RECORDS = 40
_MLKEM_Q = 3329
_MLKEM768_COEFFICIENTS = 3 * 256


def ssl2_hello() -> Parts:
    """A ClientHello of SSL 2.0 with every suite of its time.

    Its form is that of RFC 5246 appendix E.2, with the version 0x0002 that names SSL 2.0 itself.
    """
    challenge = hashlib.sha256(b"challenge").digest()[:16]
    suites = b"".join(suite.to_bytes(3, "big") for suite in _SSL2_SUITES)
    message: Parts = [
        ("msg_type", bytes([_SSL2_CLIENT_HELLO])),
        ("version", _SSL2_VERSION.to_bytes(2, "big")),
        ("cipher_spec_length", len(suites).to_bytes(2, "big")),
        ("session_id_length", b"\x00\x00"),
        ("challenge_length", len(challenge).to_bytes(2, "big")),
        ("cipher_specs", suites),
        ("challenge", challenge),
    ]
    size = sum(len(part) for _, part in message)
    return [("msg_length", (0x8000 | size).to_bytes(2, "big")), *message]


def heartbeat_request(payload: bytes, *, more: int) -> Parts:
    """A heartbeat request (RFC 6520 4) that announces ``more`` octets than it has, at most 16.

    Sixteen octets show that a device reads beyond what came, and reveal next to nothing.

    Raises:
        ValueError: ``more`` is out of bounds.
    """
    if not 0 <= more <= 16:
        raise ValueError("a heartbeat lies by at most 16 octets")
    size = 3 + len(payload)
    return [
        ("record.type", bytes([ContentType.HEARTBEAT])),
        ("record.version", TlsVersion.TLS1_2.to_bytes(2, "big")),
        ("record.length", size.to_bytes(2, "big")),
        ("heartbeat.type", bytes([_HEARTBEAT_REQUEST])),
        ("heartbeat.payload_length", (len(payload) + more).to_bytes(2, "big")),
        ("heartbeat.payload", payload),
    ]


def hybrid_share(seed: bytes = b"") -> bytes:
    """A key share of X25519MLKEM768: an ML-KEM-768 encapsulation key, then a point of x25519.

    FIPS 203 7.2 asks of a key only that its coefficients are below q; that nobody knows the
    secret does not show. 1216 octets, so that a hello no longer fits into one segment.
    """
    stream = hashlib.shake_128(b"ML-KEM-768" + seed).digest(4 * _MLKEM768_COEFFICIENTS)
    numbers = [
        int.from_bytes(stream[at : at + 4], "big") % _MLKEM_Q for at in range(0, len(stream), 4)
    ]
    packed = b"".join(
        (low | high << 12).to_bytes(3, "little")
        for low, high in zip(numbers[::2], numbers[1::2], strict=True)
    )
    rho = hashlib.sha256(b"rho" + seed).digest()
    return packed + rho + hashlib.sha256(b"x25519" + seed).digest()


MALFORMED = (
    "above 2^14 octets",
    "empty handshake records",
    "cut off, then silence",
    "a message length that is too short",
    "an extensions length that is too long",
    "application data first",
    "a fatal alert first",
    "an unknown record type first",
    "a ServerHello instead",
)
"""What :func:`malformed_hello` can do."""


def malformed_hello(deviation: str) -> tuple[Parts, list[str]]:
    """A sound hello that deviates in one of the ways of ``MALFORMED``, and the parts that do.

    Raises:
        ValueError: There is no such deviation.
    """
    offer = HelloOffer()
    sound = named_hello_parts(offer)
    match deviation:
        case "above 2^14 octets":
            # Padded (RFC 7685), so that nothing but the size of the record is wrong.
            padding = ((Extension.PADDING, bytes(_LONGEST_RECORD)),)
            return named_hello_parts(replace(offer, extra_extensions=padding)), ["record.length"]
        case "empty handshake records":
            empty = [
                _alone(ContentType.HANDSHAKE, b"", f"empty {n}") for n in range(_EMPTY_RECORDS)
            ]
            return [*(part for one in empty for part in one), *sound], ["empty 0.length"]
        case "cut off, then silence":
            return _first(sound, sum(len(part) for _, part in sound) // 2), ["record.length"]
        case "a message length that is too short":
            size = int.from_bytes(dict(sound)["handshake.length"], "big") - 16
            return named_hello_parts(replace(offer, handshake_length=size)), ["handshake.length"]
        case "an extensions length that is too long":
            size = int.from_bytes(dict(sound)["extensions.length"], "big") + 16
            return named_hello_parts(replace(offer, extensions_length=size)), ["extensions.length"]
        case "application data first":
            early = _alone(ContentType.APPLICATION_DATA, bytes(16), "early")
            return [*early, *sound], ["early.type"]
        case "a fatal alert first":
            early = _alone(ContentType.ALERT, bytes([FATAL, _HANDSHAKE_FAILURE]), "early")
            return [*early, *sound], ["early.type"]
        case "an unknown record type first":
            return [*_alone(_UNKNOWN_RECORD, bytes(16), "early"), *sound], ["early.type"]
        case "a ServerHello instead":
            named = [(name, b"\x02" if name == "handshake.type" else part) for name, part in sound]
            return named, ["handshake.type"]
        case _:
            raise ValueError(f"no malformed hello {deviation!r}")


def _first(parts: Parts, octets: int) -> Parts:
    """The parts up to that many octets; the last one may be cut."""
    kept: Parts = []
    for name, part in parts:
        if taken := part[:octets]:
            kept.append((name, taken))
        octets -= len(taken)
    return kept


def _alone(kind: int, body: bytes, name: str) -> Parts:
    """One record of any type with any body; its parts are ``name.type`` and so on."""
    return [
        (f"{name}.type", bytes([kind])),
        (f"{name}.version", TlsVersion.TLS1_0.to_bytes(2, "big")),
        (f"{name}.length", len(body).to_bytes(2, "big")),
        *([(f"{name}.body", body)] if body else []),
    ]
