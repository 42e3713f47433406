"""Bodies that come compressed (RFC 9110 8.4), expanded within a bound."""

from __future__ import annotations

import zlib

from simulators.devices.reference.flaws import Flaws
from simulators.devices.reference.options import MIB
from simulators.devices.reference.web_message import RefusedError, Request, WebLimits

_GZIP = zlib.MAX_WBITS | 16
_STEP = 1 << 16
_FLAW_CAP = 512 * MIB


class Expander:
    """Expands gzip, piece by piece."""

    def __init__(self, limits: WebLimits, flaws: Flaws) -> None:
        unlimited = flaws.has("web_inflates_without_limit")
        self._most = _FLAW_CAP if unlimited else limits.body
        self._refuses = flaws.has("web_refuses_gzip")

    def __call__(self, request: Request) -> bytes:
        """Return the body as it was before it was compressed.

        Raises:
            RefusedError: It cannot be, or would be too long.
        """
        codings = ",".join(request.every("content-encoding")).strip().lower()
        if codings in ("", "identity"):
            return request.body
        if codings not in ("gzip", "x-gzip") or self._refuses:
            raise RefusedError(415, "content coding unknown", Accept_Encoding="gzip")
        return self._expanded(request.body)

    def _expanded(self, rest: bytes) -> bytes:
        engine = zlib.decompressobj(_GZIP)
        out = bytearray()
        try:
            while not engine.eof:
                piece = engine.decompress(rest, _STEP)
                rest = engine.unconsumed_tail
                if not piece and not rest:
                    break
                out += piece
                if len(out) > self._most:
                    raise RefusedError(413, "body expands too far")
        except zlib.error as error:
            raise RefusedError(400, f"compressed body broken: {error}") from None
        if not engine.eof or engine.unused_data:
            raise RefusedError(400, "compressed body unfinished, or followed by something")
        return bytes(out)
