"""Conversations as an eavesdropper sees them, made of parts."""

from __future__ import annotations

from collections.abc import Iterable

from simulators import tls
from simulators.relay.framing import Side, Unit
from simulators.relay.transcript import Transcript
from simulators.tls.codes import Extension

REQUESTOR, ACCEPTOR = Side.REQUESTOR, Side.ACCEPTOR
CHANGE, ALERT, HANDSHAKE, DATA = 20, 21, 22, 23
SUITE_13, SUITE_12 = 0x1302, 0xC030


def unit(kind: int, body: bytes) -> Unit:
    return Unit(type=kind, data=bytes([kind, 3, 3]) + len(body).to_bytes(2, "big") + body)


def sealed(size: int) -> Unit:
    return unit(DATA, bytes(size))


def hello(*versions: tls.TlsVersion) -> Unit:
    """A ClientHello of our own emitter."""
    offer = tls.HelloOffer(versions=versions or (tls.TlsVersion.TLS1_3, tls.TlsVersion.TLS1_2))
    return Unit(type=HANDSHAKE, data=tls.client_hello(offer))


def server_hello(
    version: tls.TlsVersion, random: bytes = bytes(32), *more: tuple[int, bytes]
) -> Unit:
    """A ServerHello of TLS 1.2 or 1.3."""
    newer = version is tls.TlsVersion.TLS1_3
    listed = [*more]
    if newer:
        listed += [(Extension.SUPPORTED_VERSIONS, b"\x03\x04"), (Extension.KEY_SHARE, _SHARE)]
    block = b"".join(_two(kind) + _two(len(body)) + body for kind, body in listed)
    suite = SUITE_13 if newer else SUITE_12
    body = b"\x03\x03" + random + b"\x00" + _two(suite) + b"\x00" + _two(len(block)) + block
    return unit(HANDSHAKE, b"\x02" + len(body).to_bytes(3, "big") + body)


def talk(*said: tuple[Side, Unit]) -> Transcript:
    """What was said, in this order."""
    return noted(Transcript(), said)


def noted(transcript: Transcript, said: Iterable[tuple[Side, Unit]]) -> Transcript:
    for side, one in said:
        transcript.note(side, one)
    return transcript


def begun(version: tls.TlsVersion) -> Transcript:
    """A handshake that both have finished."""
    if version is tls.TlsVersion.TLS1_3:
        return talk(
            (REQUESTOR, hello()), (ACCEPTOR, server_hello(version)), (ACCEPTOR, sealed(900)),
            (REQUESTOR, sealed(69)), (ACCEPTOR, sealed(1226)),
        )  # fmt: skip
    return talk(
        (REQUESTOR, hello()), (ACCEPTOR, server_hello(version)),
        (REQUESTOR, unit(CHANGE, b"\1")), (REQUESTOR, unit(HANDSHAKE, bytes(40))),
        (ACCEPTOR, unit(CHANGE, b"\1")), (ACCEPTOR, unit(HANDSHAKE, bytes(40))),
    )  # fmt: skip


def _two(number: int) -> bytes:
    return number.to_bytes(2, "big")


_SHARE = _two(0x001D) + _two(32) + bytes(32)
