"""Takes something out of a ClientHello that passes; sans-IO.

What is left is a well-formed hello that the client never sent, which only the transcript of the
handshake betrays (RFC 8446 4.4.4, RFC 5246 7.4.9).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from simulators import tls
from simulators.relay.framing import HEADER_BYTES
from simulators.tls.codes import Extension, MessageType
from simulators.tls.messages import Reader, extensions

VERSIONS = "versions"
SUITES = "suites"
MASTER_SECRET = "extended_master_secret"

_TLS_1_1 = b"\x03\x02"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Hello:
    """The fields of a ClientHello (RFC 8446 4.1.2) as they stand."""

    record: bytes
    version: bytes
    random: bytes
    session_id: bytes
    suites: bytes
    compression: bytes
    extensions: tuple[tuple[int, bytes], ...]

    def encoded(self) -> bytes:
        """The record, with all lengths anew."""
        block = b"".join(kind.to_bytes(2, "big") + _vector(body) for kind, body in self.extensions)
        body = (
            self.version + self.random + _vector(self.session_id, 1) + _vector(self.suites)
            + _vector(self.compression, 1) + _vector(block)
        )  # fmt: skip
        return self.record + _vector(bytes([MessageType.CLIENT_HELLO]) + _vector(body, 3))


def without(data: bytes, what: str) -> tuple[bytes, str] | None:
    """A ClientHello record that offers less.

    Args:
        data: One record with a whole ClientHello.
        what: ``versions`` leaves TLS 1.2 (or 1.1, where that is all there was), ``suites`` the
            last one of TLS 1.3 and the last one below, ``extended_master_secret`` that extension.

    Returns:
        The record, and which part of it deviates; None when the record holds no whole ClientHello
        or nothing is there to be taken out.
    """
    hello = _read(data)
    if hello is None:
        return None
    if what == VERSIONS:
        less, part = _fewer_versions(hello), "extensions"
    elif what == SUITES:
        less, part = replace(hello, suites=_last_suites(hello.suites)), "cipher_suites"
    else:
        less, part = _dropped(hello, Extension.EXTENDED_MASTER_SECRET), "extensions"
    if less.version != hello.version:
        part = "client_version"
    changed = less.encoded()
    return None if changed == hello.encoded() else (changed, part)


def _read(data: bytes) -> _Hello | None:
    message = Reader(data[HEADER_BYTES:])
    kind, reader = message.number(1), Reader(message.vector(3))
    if kind != MessageType.CLIENT_HELLO or message.short or message.left:
        return None
    hello = _Hello(
        record=data[: HEADER_BYTES - 2],
        version=reader.take(2),
        random=reader.take(32),
        session_id=reader.vector(1),
        suites=reader.vector(2),
        compression=reader.vector(1),
        extensions=tuple(extensions(reader.vector(2) if reader.left else b"")),
    )
    return None if reader.short else hello


def _fewer_versions(hello: _Hello) -> _Hello:
    if any(kind == Extension.SUPPORTED_VERSIONS for kind, _ in hello.extensions):
        return _dropped(hello, Extension.SUPPORTED_VERSIONS)
    return replace(hello, version=_TLS_1_1)


def _dropped(hello: _Hello, unwanted: Extension) -> _Hello:
    return replace(hello, extensions=tuple(one for one in hello.extensions if one[0] != unwanted))


def _last_suites(listed: bytes) -> bytes:
    """The suite that the client likes least, of TLS 1.3 and of what is below; signals stay."""
    pairs = [listed[at : at + 2] for at in range(0, len(listed) - 1, 2)]
    newer = [pair for pair in pairs if _kind(pair) == "tls13"]
    signals = [pair for pair in pairs if _kind(pair) == "signal"]
    older = [pair for pair in pairs if pair not in newer and pair not in signals]
    return b"".join([*newer[-1:], *older[-1:], *signals])


def _kind(pair: bytes) -> str:
    known = tls.suite(int.from_bytes(pair, "big"))
    return "" if known is None else known.weakness


def _vector(content: Sequence[int], width: int = 2) -> bytes:
    return len(content).to_bytes(width, "big") + bytes(content)
