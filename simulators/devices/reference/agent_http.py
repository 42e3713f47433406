"""One request of the device as a user agent, by HTTP/1.1 (RFC 9112): strict, bounded, in time.

h11, a sans-IO library, frames the messages; what it lets pass and another reader may read otherwise
is refused here.
"""

from __future__ import annotations

import socket
import time
import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import SplitResult, urljoin, urlsplit

import h11

from simulators.devices.reference.errors import RefusedError
from simulators.devices.reference.options import MIB

_READ: Final = 1 << 16
_GZIP: Final = zlib.MAX_WBITS | 16
_STEP: Final = 1 << 16
REDIRECTS: Final = frozenset({301, 302, 303, 307, 308})


@dataclass(frozen=True, slots=True)
class AgentLimits:
    """Hard bounds of the user agent; nothing that a server declares can exceed them.

    Attributes:
        answer_s: Within how long an answer has to come whole, redirects and all, seconds.
        head: Longest head of an answer, bytes.
        interim: Most interim answers (1xx) before the final one.
        body: Longest body, as sent and as expanded, bytes.
        redirects: Most redirects that are followed.
        matches: Most matches of one search.
        depth: How deep JSON may be nested.
    """

    answer_s: float = 2.0
    head: int = 16 << 10
    interim: int = 8
    body: int = 4 * MIB
    redirects: int = 5
    matches: int = 1000
    depth: int = 32


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """What is asked: an address, and what is sent there."""

    url: str
    method: str = "GET"
    fields: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """A final answer, whole; names of fields in small letters."""

    status: int
    fields: Mapping[str, str]
    body: bytes

    @property
    def kind(self) -> str:
        """Its Content-Type as it came."""
        return self.fields.get("content-type", "")


class Caller:
    """Asks servers; a flawed one overrides what it does worse.

    Args:
        token: Bearer token for the origin that is asked first, and for no other.
        limits: Its bounds.
    """

    def __init__(self, token: str, limits: AgentLimits) -> None:
        self.token = token
        self.limits = limits

    def ask(self, call: Call) -> Answer:
        """Return the answer to a call, after redirects within the origin.

        Raises:
            RefusedError: It is malformed, beyond a bound, or leads elsewhere.
            OSError: There is none.
        """
        home = urlsplit(call.url)
        deadline = time.monotonic() + self.limits.answer_s
        for _ in self.hops():
            answer = self.exchange(call, self.credentials(urlsplit(call.url), home), deadline)
            where = answer.fields.get("location", "")
            if answer.status not in REDIRECTS or not where:
                return answer
            url = urljoin(call.url, where)
            self.check_redirect(urlsplit(url), home)
            call = Call(url=url, method=call.method, fields=call.fields, body=call.body)
        raise RefusedError("redirected too often")

    def hops(self) -> range:
        """Return how often a request may be sent."""
        return range(self.limits.redirects + 1)

    def credentials(self, where: SplitResult, home: SplitResult) -> Mapping[str, str]:
        """Return what shows who asks, to the origin (RFC 6454) that it is meant for."""
        mine = bool(self.token) and _origin(where) == _origin(home)
        return {"Authorization": f"Bearer {self.token}"} if mine else {}

    def check_redirect(self, where: SplitResult, home: SplitResult) -> None:
        """Refuse to be led to another origin."""
        if _origin(where) != _origin(home):
            raise RefusedError("redirected to another origin")

    def exchange(self, call: Call, credentials: Mapping[str, str], deadline: float) -> Answer:
        """Send one request and return its answer; raises as :meth:`ask` does."""
        where = urlsplit(call.url)
        if where.scheme != "http" or not where.hostname:
            raise RefusedError("no address of a web server")
        client = h11.Connection(h11.CLIENT, max_incomplete_event_size=self.limits.head)
        target = f"{where.path or '/'}{f'?{where.query}' if where.query else ''}"
        fields = {"Host": where.netloc, "Connection": "close", "Accept-Encoding": "gzip"}
        fields |= {**call.fields, **credentials}
        if call.body:
            fields["Content-Length"] = str(len(call.body))
        request = h11.Request(method=call.method, target=target, headers=[*fields.items()])
        octets = [client.send(request) or b""]
        octets += [client.send(h11.Data(data=call.body)) or b""] if call.body else []
        octets.append(client.send(h11.EndOfMessage()) or b"")
        address = (where.hostname, where.port or 80)
        with socket.create_connection(address, self.patience(deadline)) as sock:
            sock.sendall(b"".join(octets))
            return self.answer(client, Stream(sock, self, deadline))

    def patience(self, deadline: float) -> float:
        """Return how long to wait for the next octets; raises TimeoutError when it is over."""
        left = deadline - time.monotonic()
        if left <= 0:
            raise TimeoutError("the answer takes too long")
        return left

    def answer(self, client: h11.Connection, stream: Stream) -> Answer:
        """Read the final answer; raises as :meth:`ask` does."""
        head: h11.Response | None = None
        body, interim = bytearray(), 0
        while True:
            try:
                event = client.next_event()
                if event is h11.NEED_DATA:
                    client.receive_data(stream.more())
            except h11.RemoteProtocolError as error:
                return self.broken_off(str(error), head, bytes(body))
            if isinstance(event, h11.InformationalResponse):
                interim += 1
                if interim > self.limits.interim:
                    raise RefusedError("too many interim answers")
            elif isinstance(event, h11.Response):
                head = event
                self.announced(_fields(head))
            elif isinstance(event, h11.Data):
                body += event.data
                self.check_length(len(body))
            elif isinstance(event, h11.EndOfMessage) and head is not None:
                return self.whole(head, bytes(body))

    def announced(self, fields: Mapping[str, str]) -> None:
        """Refuse at once what has two lengths, or will be too long."""
        if "content-length" in fields and "transfer-encoding" in fields:
            raise RefusedError("an answer with two lengths")
        length = fields.get("content-length", "")
        if length.isdecimal():
            self.check_length(int(length))

    def check_length(self, octets: int) -> None:
        """Refuse a body that is too long."""
        if octets > self.limits.body:
            raise RefusedError("the answer is too long")

    def broken_off(self, why: str, head: h11.Response | None, body: bytes) -> Answer:
        """Refuse an answer that does not follow the rules or does not end."""
        del head, body
        raise RefusedError(f"no HTTP: {why}")

    def whole(self, head: h11.Response, body: bytes) -> Answer:
        """Return an answer with its content as it was before it was coded."""
        fields = _fields(head)
        coding = fields.get("content-encoding", "identity").strip().lower()
        if coding == "gzip":
            body = self.expanded(body)
        elif coding != "identity":
            raise RefusedError("a content coding that was not asked for")
        return Answer(status=head.status_code, fields=fields, body=body)

    def expanded(self, body: bytes) -> bytes:
        """Expand a body step by step, up to its bound."""
        engine, out = zlib.decompressobj(_GZIP), bytearray()
        try:
            while not engine.eof:
                piece = engine.decompress(body, _STEP)
                body = engine.unconsumed_tail
                if not piece and not body:
                    break
                out += piece
                self.check_length(len(out))
        except zlib.error:
            raise RefusedError("the compressed answer is broken") from None
        if not engine.eof or engine.unused_data:
            raise RefusedError("the compressed answer does not end where it should")
        return bytes(out)


class Stream:
    """The octets of one connection, as far as there is time."""

    def __init__(self, sock: socket.socket, caller: Caller, deadline: float) -> None:
        self._sock = sock
        self._caller = caller
        self._deadline = deadline

    def more(self) -> bytes:
        """Return the next octets; nothing at the end."""
        self._sock.settimeout(self._caller.patience(self._deadline))
        return self._sock.recv(_READ)


def _origin(where: SplitResult) -> tuple[str, str, int]:
    return where.scheme, where.hostname or "", where.port or 80


def _fields(head: h11.Response) -> dict[str, str]:
    return {name.decode("latin-1"): value.decode("latin-1") for name, value in head.headers}
