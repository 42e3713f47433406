"""What the flaws share that call addresses: they ask loopback only, and nobody else."""

from __future__ import annotations

import http.client
from collections.abc import Mapping
from urllib.parse import urlsplit

_MOST = 1 << 16
_PATIENCE_S = 2.0
_LOOPBACK = ("127.0.0.1", "localhost", "::1")


def fetch_keys(header: Mapping[str, object]) -> None:
    """Ask where the header of a token says that its key is (RFC 7515 4.1)."""
    for name in ("kid", "jku", "x5u"):
        if isinstance(address := header.get(name), str):
            fetch(address)


def fetch(address: str) -> bytes:
    """Return what loopback gives; nothing for anybody else: the flaw is that it asks."""
    try:
        url = urlsplit(address)
        if url.scheme != "http" or url.hostname not in _LOOPBACK:
            return b""
        connection = http.client.HTTPConnection(url.hostname, url.port, timeout=_PATIENCE_S)
        connection.request("GET", url.path or "/")
        found = connection.getresponse().read(_MOST)
        connection.close()
    except (OSError, ValueError, http.client.HTTPException):
        return b""
    return found
