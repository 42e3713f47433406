"""One HTTP connection (RFC 9112): requests within bounds of size and time, answers in order.

h11 reads heads and bodies. What it lets pass and a front end may read otherwise is refused before.
"""

from __future__ import annotations

import re
import socket
import time
from contextlib import suppress
from urllib.parse import urlsplit

import h11

from simulators.devices.reference.channel import touch
from simulators.devices.reference.flaws import FlawName, Flaws
from simulators.devices.reference.options import MIB
from simulators.devices.reference.web_message import (
    PHRASES,
    Answer,
    RefusedError,
    Request,
    WebLimits,
)

_PIECE = 1 << 16
_FLAW_CAP = 512 * MIB
_RESERVE_CAP = 192 * MIB
_FOREVER_S = 3600.0
_LAST_WORDS_S = 1.0
_LEFT_OVER = MIB
_END_OF_HEAD = re.compile(rb"\r?\n\r?\n")
_BARE_LF = re.compile(rb"(?<!\r)\n")
_LENIENCIES: tuple[FlawName, ...] = ("web_both_lengths", "web_two_lengths", "web_obs_fold")


class GoneError(Exception):
    """The peer is gone, or sent nothing more in its time."""


class Connection:
    """A connection and what came on it that is not read yet."""

    def __init__(self, sock: socket.socket, limits: WebLimits, flaws: Flaws) -> None:
        self._sock = sock
        self._limits = limits
        self._flaws = flaws
        self._held = b""
        self._deadline = 0.0
        self._http = h11.Connection(h11.SERVER)
        self._is_head = False
        self._most_body = _FLAW_CAP if flaws.has("web_body_unbounded") else limits.body

    def receive(self) -> Request:
        """Return the next request.

        Raises:
            GoneError: There is none.
            RefusedError: It is none that is read; the connection is to be closed.
        """
        patience = self._limits.request_s
        if self._flaws.has("web_no_request_timeout"):
            patience = _FOREVER_S
        self._deadline = time.monotonic() + patience
        self._http = h11.Connection(h11.SERVER, max_incomplete_event_size=self._limits.head)
        self._is_head = False
        head = self._head()
        if self._flaws.any_of(*_LENIENCIES, "web_lenient_chunks"):
            from simulators.devices.reference import web_lenient

            head = web_lenient.mended(head, self._flaws)
            if self._flaws.has("web_lenient_chunks"):
                head, self._held = web_lenient.unchunked(head, self._held, self._more)
        self._refuse_ambiguous(head)
        try:
            return self._request(head)
        except h11.RemoteProtocolError as error:
            raise RefusedError(error.error_status_hint, str(error)) from None

    def send(self, answer: Answer, *, last: bool, raw_fields: bytes = b"") -> bool:
        """Send an answer; tell whether the connection can be used again.

        Args:
            answer: What is sent.
            last: The connection is to be closed after it.
            raw_fields: What is put into the head as it is (a flaw).
        """
        fields = [("Content-Type", answer.kind), ("Content-Length", str(len(answer.body)))]
        fields += answer.fields.items()
        if last:
            fields.append(("Connection", "close"))
        response = h11.Response(
            status_code=answer.status, reason=PHRASES[answer.status], headers=fields
        )
        out = (self._http.send(response) or b"").replace(b"\r\n", b"\r\n" + raw_fields, 1)
        if not self._is_head:
            out += self._http.send(h11.Data(data=answer.body)) or b""
        out += self._http.send(h11.EndOfMessage()) or b""
        self.write(out)
        return not last and self._http.our_state is h11.DONE

    def write(self, octets: bytes) -> None:
        """Send octets as they are; raises OSError when they are not taken in time."""
        self._sock.settimeout(self._limits.request_s)
        self._sock.sendall(octets)

    def close(self) -> None:
        """Close so that the last answer arrives: what is still coming must not reset it."""
        with suppress(OSError):
            self._sock.shutdown(socket.SHUT_WR)
            until, left = time.monotonic() + _LAST_WORDS_S, _LEFT_OVER
            while left > 0 and (wait := until - time.monotonic()) > 0:
                self._sock.settimeout(wait)
                came = len(self._sock.recv(_PIECE))
                left -= came or left
        self._sock.close()

    def _head(self) -> bytes:
        """Return the head of the next request, up to and with its empty line."""
        bounded = not self._flaws.has("web_headers_unbounded")
        most = self._limits.head if bounded else _FLAW_CAP
        looked = 0
        while True:
            self._held = self._held if looked else self._held.lstrip(b"\r\n")
            if found := _END_OF_HEAD.search(self._held, max(0, looked - 4)):
                break
            if len(self._held) > most:
                raise RefusedError(431, "head too long")
            looked = len(self._held)
            self._held += self._more(begun=bool(self._held))
        head, self._held = self._held[: found.end()], self._held[found.end() :]
        if bounded and (len(head) > most or head.count(b"\n") > self._limits.fields + 2):
            raise RefusedError(431, "head too long")
        return head

    def _more(self, *, begun: bool = True) -> bytes:
        """Return what comes next."""
        try:
            self._sock.settimeout(max(0.001, self._deadline - time.monotonic()))
            came = self._sock.recv(_PIECE)
        except TimeoutError:
            if begun:
                raise RefusedError(408, "request not complete in time") from None
            raise GoneError from None
        except OSError:
            raise GoneError from None
        if not came:
            raise GoneError
        return came

    def _refuse_ambiguous(self, head: bytes) -> None:
        """Refuse what two servers may read in two ways (RFC 9112 11.2)."""
        lines = head.lower().split(b"\r\n")[1:]
        lengths = [line for line in lines if line.startswith(b"content-length")]
        codings = [line for line in lines if line.startswith(b"transfer-encoding")]
        if lengths and codings:
            raise RefusedError(400, "both Content-Length and Transfer-Encoding")
        if len(lengths) > 1 or len(codings) > 1:
            raise RefusedError(400, "length given twice")
        if any(line[:1] in (b" ", b"\t") for line in lines) or _BARE_LF.search(head):
            raise RefusedError(400, "folded or bare line")

    def _request(self, head: bytes) -> Request:
        self._http.receive_data(head)
        begun = self._http.next_event()
        if not isinstance(begun, h11.Request):
            raise RefusedError(400, "no request")
        self._is_head = begun.method == b"HEAD"
        fields = [
            (name.decode("latin-1"), value.decode("latin-1")) for name, value in begun.headers
        ]
        body = self._body(dict(fields).get("content-length", "0"))
        target = begun.target.decode("latin-1")
        try:
            parts = urlsplit(target if target.startswith("/") else target.replace("*", "/", 1))
        except ValueError:
            raise RefusedError(400, "target is no URL") from None
        return Request(
            method=begun.method.decode("latin-1"),
            path=parts.path,
            query=parts.query,
            fields=fields,
            head=head,
            body=body,
        )

    def _body(self, declared: str) -> bytes:
        # h11 has made sure that it is a number; one of many digits need not be converted.
        if self._flaws.has("web_allocates_content_length"):
            room = touch(min(int(declared[:18]), _RESERVE_CAP))
            del room
        elif len(declared) > 18 or int(declared) > self._most_body:
            raise RefusedError(413, "body too long")
        if self._http.they_are_waiting_for_100_continue:
            self.write(
                self._http.send(h11.InformationalResponse(status_code=100, headers=[])) or b""
            )
        if self._held:
            self._http.receive_data(self._held)
        pieces: list[bytes] = []
        size = 0
        while not isinstance(event := self._http.next_event(), h11.EndOfMessage):
            if event is h11.NEED_DATA:
                self._http.receive_data(self._more())
            elif isinstance(event, h11.Data):
                pieces.append(bytes(event.data))
                size += len(event.data)
                if size > self._most_body:
                    raise RefusedError(413, "body too long")
        self._held = self._http.trailing_data[0]
        return b"".join(pieces)
