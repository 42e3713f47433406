"""DICOMweb for load: one persistent connection that makes requests which are encoded once.

A success is believed only if the answer names the object: a server that says "200" to everything
has acknowledged nothing.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Final

from harness.model import JSON
from harness.profile_web import web_port
from simulators.load.http1 import Response, Responses
from simulators.load.plan import MOST_OCTETS, Target
from simulators.load.store_response import NOT_NAMED, failure_reason, warning_reason
from simulators.load.stream import Stream
from simulators.load.waiting import CLOSED, INVALID, RESET, LinkError, WaiterFactory
from simulators.load.web_requests import QIDO, STOW, WebRequest, base_url

UNNAMED: Final = "HTTP 200 without the object"
"""The status of an answer whose code says success, and whose body does not."""

_TELLS: Final = (200, 202, 409)
"""Answers to STOW-RS that say what became of each object (PS3.18 10.5.3.1)."""

_KEPT: Final = 65_536
_LONGEST_LIST: Final = 64 * 2**20


class WebLink:
    """One persistent connection to a DICOMweb server.

    A server may close a connection between two requests (RFC 9112 9.3); then it is connected to
    again, and the request is made again, which does no harm: an object has the same name twice.
    Redirections are answers, and never followed: load goes where the scope lets it.

    Attributes:
        received: Octets of the body of the last response.
        connections: How often it connected.
    """

    def __init__(
        self, target: Target, *, timeout_s: float = 30.0, waiter: WaiterFactory | None = None
    ) -> None:
        """Prepares a connection; nothing is sent.

        Args:
            target: Whose `web` is the base URL; of the rest only the TLS files count.
            timeout_s: How long connecting, and each exchange, may take.
            waiter: How to wait for a socket; None: it blocks, as a thread likes it.

        Raises:
            RequestError: The target has no usable base URL.
        """
        base = base_url(target)
        place = {
            "host": target.web_host or base.hostname or "",
            "port": web_port(base),
            "tls": base.scheme == "https",
        }
        self._stream = Stream(target.model_copy(update=place), timeout_s, waiter)
        self._responses = Responses(self._stream)
        self.is_open = False
        self.received = 0
        self.connections = 0

    def open(self) -> None:
        """Connects.

        Raises:
            LinkError: The server could not be reached.
        """
        self._connect()
        self.is_open = True

    def perform(self, request: WebRequest, number: int) -> int | str:
        """Makes one request.

        Returns:
            0 for success; a Warning Reason of an object that was stored (PS3.18 10.5.3); otherwise
            the status in words, such as "HTTP 409".

        Raises:
            LinkError: The connection ended, time is up, or what came is not HTTP.
        """
        response = self._exchange(request, number, _KEPT)
        named = request.sop_instance(number)
        if request.name == STOW and response.status in _TELLS:
            return _stored(response, named)
        if request.name == QIDO and response.status == 204 and not named:
            return 0
        if response.status != 200:
            return f"HTTP {response.status}"
        is_one = request.name != QIDO or response.body.lstrip()[:1] == b"["
        return 0 if is_one and named.encode() in response.body else UNNAMED

    def query(self, request: WebRequest, number: int = 0) -> list[Mapping[str, JSON]]:
        """The rows that a QIDO-RS request finds.

        Raises:
            LinkError: As for :meth:`perform`, or the answer is no list of data sets.
        """
        response = self._exchange(request, number, _LONGEST_LIST)
        if response.status == 204:
            return []
        try:
            rows = json.loads(response.body) if response.status == 200 else None
        except (ValueError, RecursionError):
            rows = None
        if not isinstance(rows, list):
            raise LinkError(INVALID, f"no list of data sets, but HTTP {response.status}")
        return [row for row in rows if isinstance(row, dict)]

    def fetch(self, request: WebRequest, number: int = 0) -> list[bytes]:
        """The Part 10 files that a WADO-RS request brings; none if it is not found.

        Raises:
            LinkError: As for :meth:`perform`, or the answer is not multipart.
        """
        response = self._exchange(request, number, MOST_OCTETS)
        if response.status in (404, 410):
            return []
        parts = _parts(response) if response.status == 200 else None
        if parts is None:
            raise LinkError(INVALID, f"no multipart answer, but HTTP {response.status}")
        return parts

    def close(self) -> None:
        """Closes the connection. Idempotent; HTTP has no other goodbye."""
        self.is_open = False
        self._stream.close()

    release = close
    abort = close

    def interrupt(self) -> None:
        """Ends the connection under whoever waits for it; may be called from another thread."""
        self._stream.interrupt()

    def _connect(self) -> None:
        self._responses.forget()
        self._stream.open()
        self.connections += 1

    def _exchange(self, request: WebRequest, number: int, keep: int) -> Response:
        fresh = not self._stream.is_open
        try:
            try:
                response = self._once(request, number, keep)
            except LinkError as error:
                if fresh or self._stream.heard or error.ending not in (CLOSED, RESET):
                    raise
                self._stream.close()
                response = self._once(request, number, keep)
        except LinkError:
            self.close()
            raise
        self.received = response.octets
        if not response.stays:
            self._stream.close()
        return response

    def _once(self, request: WebRequest, number: int, keep: int) -> Response:
        if not self._stream.is_open:
            self._connect()
        self._stream.send(request.patch(number))
        return self._responses.next(keep)


def _stored(response: Response, sop_instance: str) -> int | str:
    """What an answer to STOW-RS is worth; an empty one leaves everything to the code."""
    told = f"HTTP {response.status}"
    if not response.octets:
        return 0 if response.status == 200 else told
    reason = failure_reason(response.body, sop_instance)
    if reason > 0:
        return f"{told}, failure reason {reason:04X}H"
    if response.status == 200:
        return UNNAMED if reason == NOT_NAMED else 0
    if response.status == 202 and reason != NOT_NAMED:
        return warning_reason(response.body, sop_instance)
    return told


def _parts(response: Response) -> list[bytes] | None:
    """The bodies of a multipart answer; None if it is none."""
    said = re.search(rb'boundary="?([^";]{1,70})', response.content_type, re.I)
    if said is None or not response.content_type.lower().startswith(b"multipart/"):
        return None
    pieces = (b"\r\n" + response.body).split(b"\r\n--" + said[1].strip())
    whole = [piece.partition(b"\r\n\r\n") for piece in pieces[1:] if not piece.startswith(b"--")]
    return [body for _, blank, body in whole if blank]
