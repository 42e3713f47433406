"""TLS for a link, and the choice between plain and secure.

Octets are encrypted and decrypted in memory by the standard library, so that waiting stays the
business of the plain transport below: the same code serves threads and greenlets.
"""

from __future__ import annotations

import contextlib
import ssl
from functools import lru_cache
from typing import Final

from simulators.load import waiting
from simulators.load.plan import Target
from simulators.load.transport import Plain, Transport, address_of
from simulators.load.waiting import LinkError, WaiterFactory

_RECORD: Final = 1 << 18
_ENDS: Final = (-1, 21)
"""Its end, or an alert (RFC 8446 5.1)."""


class Secure:
    """TLS on a TCP connection."""

    def __init__(self, below: Plain, context: ssl.SSLContext, server_name: str) -> None:
        """Handshakes.

        Raises:
            LinkError: The handshake failed; "TLS" with the reason.
        """
        self._below = below
        self._in, self._out = ssl.MemoryBIO(), ssl.MemoryBIO()
        self._tls = context.wrap_bio(self._in, self._out, server_hostname=server_name or None)
        self._buffer = memoryview(bytearray(_RECORD))
        try:
            self._shake()
        except LinkError:
            below.close()
            raise

    def _shake(self) -> None:
        while True:
            try:
                self._tls.do_handshake()
            except ssl.SSLWantReadError:
                self._flush()
                self._fill()
            except ssl.SSLError as error:
                with contextlib.suppress(LinkError):
                    self._flush()
                raise _tls_ending(error) from error
            else:
                self._flush()
                return

    @property
    def timeout_s(self) -> float:
        """See `Transport.timeout_s`."""
        return self._below.timeout_s

    def send(self, buffers: list[memoryview], size: int, /) -> None:
        """See `Transport.send`."""
        for buffer in buffers:
            for at in range(0, len(buffer), _RECORD):
                try:
                    self._tls.write(buffer[at : at + _RECORD])
                except ssl.SSLError as error:
                    raise _tls_ending(error) from error
                self._flush()

    def receive(self, into: memoryview, /) -> int:
        """See `Transport.receive`."""
        while True:
            try:
                count = self._tls.read(len(into), into)
            except ssl.SSLWantReadError:
                self._flush()
                self._fill()
            except ssl.SSLError as error:
                raise _tls_ending(error) from error
            else:
                if not count:
                    raise LinkError(waiting.CLOSED, "the device closed the connection")
                return int(count)

    more = receive

    def patience(self, timeout_s: float, /) -> None:
        """See `Transport.patience`."""
        self._below.patience(timeout_s)

    def last_words(self) -> bytes:
        """See `Transport.last_words`; what came in TLS is not read any more."""
        return b""

    def is_ended(self) -> bool:
        """See `Transport.is_ended`; what is encrypted may be a ticket, and ends nothing."""
        return self._below.next_octet() in _ENDS

    def close(self) -> None:
        """See `Transport.close`; says goodbye in TLS first."""
        with contextlib.suppress(ssl.SSLError, LinkError):
            self._tls.unwrap()
        with contextlib.suppress(LinkError):
            self._flush()
        self._below.close()

    def interrupt(self) -> None:
        """See `Transport.interrupt`."""
        self._below.interrupt()

    def _fill(self) -> None:
        count = self._below.more(self._buffer)
        self._in.write(self._buffer[:count])

    def _flush(self) -> None:
        if self._out.pending:
            data = memoryview(self._out.read())
            self._below.send([data], len(data))


def connect(target: Target, timeout_s: float, waiters: WaiterFactory | None) -> Transport:
    """Connects to a target.

    Raises:
        LinkError: Nobody answers, or the TLS handshake failed.
    """
    below = Plain(address_of(target.host, target.port), timeout_s, waiters)
    if not target.tls:
        return below
    try:
        context = _context(target.ca, target.cert, target.key, bool(target.server_name))
    except (OSError, ssl.SSLError) as error:
        below.close()
        raise LinkError(waiting.TLS, f"our own key, certificate or CA: {error}") from error
    return Secure(below, context, target.server_name)


@lru_cache(maxsize=16)
def _context(ca: str, cert: str, key: str, named: bool) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = named
    context.verify_mode = ssl.CERT_REQUIRED if ca else ssl.CERT_NONE
    if ca:
        context.load_verify_locations(ca)
    if cert:
        context.load_cert_chain(cert, key or None)
    return context


def _tls_ending(error: ssl.SSLError) -> LinkError:
    return LinkError(waiting.TLS, error.reason or str(error))
