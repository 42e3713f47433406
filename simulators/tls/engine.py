"""The part of tlslite-ng that is used here, with the types that it does not have itself."""
# ruff: noqa: N802, N815 - the names are tlslite's

from __future__ import annotations

import warnings
from collections.abc import Iterator
from typing import Protocol, cast

from simulators.tls.pipe import Pipe

with warnings.catch_warnings():
    # tlslite imports asyncore, which CPython 3.11 announces to remove; 3.12 does without it.
    warnings.simplefilter("ignore", DeprecationWarning)
    from tlslite.api import HandshakeSettings, TLSConnection, X509CertChain, parsePEMKey
    from tlslite.errors import TLSAbruptCloseError, TLSAlert, TLSLocalAlert, TLSRemoteAlert
    from tlslite.mathtls import FFDHE2048, RFC2409_GROUP1, RFC2409_GROUP2

__all__ = [
    "FFDHE2048",
    "RFC2409_GROUP1",
    "RFC2409_GROUP2",
    "Connection",
    "Session",
    "Settings",
    "TLSAbruptCloseError",
    "TLSAlert",
    "TLSLocalAlert",
    "TLSRemoteAlert",
    "X509CertChain",
    "connection_over",
    "new_settings",
    "parsePEMKey",
]


class Session(Protocol):
    """The secrets of a finished handshake."""

    masterSecret: bytes


class Connection(Protocol):
    """A connection; its generators yield 0 or 1 while they wait for the transport."""

    session: Session | None
    _clientRandom: bytes

    def handshakeServerAsync(self, **options: object) -> Iterator[object]:
        """Shake hands as the server."""
        ...

    def handshakeClientCert(self, **options: object) -> Iterator[object]:
        """Shake hands as a client that authenticates the server."""
        ...

    def handshakeClientAnonymous(self, **options: object) -> Iterator[object]:
        """Shake hands as a client of an anonymous suite."""
        ...

    def readAsync(self, limit: int, least: int, /) -> Iterator[object]:
        """Read application data; the last value yielded is the data."""
        ...

    def writeAsync(self, data: bytes, /) -> Iterator[object]:
        """Write application data."""
        ...

    def closeAsync(self) -> Iterator[object]:
        """Say close_notify."""
        ...


def connection_over(pipe: Pipe) -> Connection:
    """Make a connection whose bytes go through ``pipe``."""
    return cast("Connection", TLSConnection(pipe))


class Settings(Protocol):
    """What a handshake may use; unset attributes keep tlslite's defaults."""

    minVersion: tuple[int, int]
    maxVersion: tuple[int, int]
    versions: list[tuple[int, int]]
    cipherNames: list[str]
    macNames: list[str]
    keyExchangeNames: list[str]
    rsaSigHashes: list[str]
    rsaSchemes: list[str]
    eccCurves: list[str]
    keyShares: list[str]
    minKeySize: int
    dhParams: tuple[int, int] | None
    dhGroups: list[str]
    use_heartbeat_extension: bool
    certificate_compression_send: list[str]
    certificate_compression_receive: list[str]

    def validate(self) -> Settings:
        """Return a checked copy; ValueError for an impossible combination."""
        ...


def new_settings() -> Settings:
    """Settings at tlslite's defaults."""
    return cast("Settings", HandshakeSettings())
