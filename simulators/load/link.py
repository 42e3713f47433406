"""One association of a load: encoded requests out, statuses back, as fast as Python allows."""

from __future__ import annotations

import contextlib
import time
from collections import deque
from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import Final

from simulators import wire
from simulators.load import waiting
from simulators.load.arrivals import SubOperations
from simulators.load.association import ABORT, RELEASE_RP, RELEASE_RQ, check, negotiated, request
from simulators.load.encoded import Prepared
from simulators.load.kept import Keeper, Reader, matches_into, objects_into, whole
from simulators.load.listener import Listener, Report, ending_by
from simulators.load.plan import Target
from simulators.load.replies import likeness
from simulators.load.secure import connect
from simulators.load.transport import Transport
from simulators.load.waiting import LinkError, WaiterFactory
from simulators.wire import messages as fields

_READ: Final = 4096
"""Octets of a link's buffer: many times an answer without a data set."""

_MOST_REPORTS: Final = 1024
_MOST_IDS: Final = 0xFFFF
_PARTS: Final = 8
"""How many parts an answer may come in before the slow way is taken, which keeps the time."""

_GOODBYE_S: Final = 0.05
_RELEASE: Final = memoryview(RELEASE_RQ)


class Link:
    """An association with the device under load.

    Attributes:
        accepted: Transfer syntax UID of each accepted presentation context, by its id.
        max_pdu: The device's maximum length, in octets; 0 is no limit.
        window: How many requests may be unanswered at a time, as negotiated.
        status: DIMSE status of the last `query` or `fetch`.
        moved: Counts of the last answer to a C-MOVE.
        reports: Storage commitment reports (N-EVENT-REPORT) that came on this association: event
            type and data set; the last 1024.
    """

    def __init__(
        self,
        target: Target,
        calling_ae: str,
        contexts: Sequence[wire.Context],
        *,
        window: int = 1,
        timeout_s: float = 30.0,
        waiter: WaiterFactory | None = None,
        receives: Collection[str] = (),
    ) -> None:
        """Prepares an association; nothing is sent.

        Args:
            target: Whom to load.
            calling_ae: Our AE title.
            contexts: The presentation contexts to propose.
            window: Most requests in flight; above 1 it is negotiated (PS3.7 D.3.3.3).
            timeout_s: How long an answer may take, and likewise each of its parts.
            waiter: How to wait for a socket; None: it blocks, as a thread likes it.
            receives: SOP Classes whose objects shall come back in a C-GET.
        """
        self._target = target
        self._timeout_s = timeout_s
        self._waiter = waiter
        self._asked = window
        self._request = memoryview(
            request(target.called_ae, calling_ae, contexts, receives=receives, window=window)
        )
        self._transport: Transport | None = None
        self._listener: Listener | None = None
        self._buffer = bytearray(_READ)
        self._view = memoryview(self._buffer)
        self._message_id = 0
        self._behind = False
        self._at = self._have = 0
        self.accepted: dict[int, str] = {}
        self.max_pdu = 0
        self.window = 1
        self.status = 0
        self.moved = SubOperations()
        self.reports: deque[Report] = deque(maxlen=_MOST_REPORTS)

    @property
    def is_open(self) -> bool:
        """True between `open` and whatever ends the association."""
        return self._transport is not None

    def open(self) -> None:
        """Connects and associates.

        Raises:
            LinkError: The device refused, rejected, or did not answer.
        """
        self.abort()
        self._transport = connect(self._target, self._timeout_s, self._waiter)
        self._message_id, self._behind = 0, False
        self._at = self._have = 0
        try:
            self._transport.send([self._request], len(self._request))
            self._take(self._transport.receive(self._view))
        except LinkError as error:
            raise self._ended(error) from None

    def _take(self, count: int) -> None:
        """Takes the answer to the A-ASSOCIATE-RQ, of which so many octets are in the buffer."""
        raw = bytes(self._view[:count])
        granted = None
        if count - 6 == int.from_bytes(raw[2:6], "big"):
            granted = negotiated(raw, self._asked)
        if granted is None:
            listener = self._listening()
            listener.feed(raw)
            pdu = listener.pdu()
            granted = negotiated(wire.encode(pdu), self._asked)
            if granted is None:
                raise ending_by(pdu)
            self._behind = listener.behind
        check(granted)
        self.accepted = dict(granted.accepted)
        self.max_pdu, self.window = granted.max_pdu, granted.window
        if self._listener is not None:
            self._listener.max_pdu = self.max_pdu

    def perform(self, prepared: Prepared, number: int) -> int:
        """Performs one operation and waits for its (last) response.

        Objects that come in a C-GET are taken and dropped; see `fetch`.

        Args:
            prepared: What to do.
            number: Which object.

        Returns:
            The DIMSE status.

        Raises:
            LinkError: The association ended instead; it is closed.
        """
        transport = self._transport
        if transport is None:
            raise LinkError(waiting.CLOSED, "the association is not open")
        message_id = self._message_id = self._message_id % _MOST_IDS + 1
        try:
            transport.send(prepared.patch(number, message_id), prepared.size)
            alike = prepared.alike
            if alike is None or self._behind:
                return self._listen(prepared, {message_id: number})[1]
            expected = alike.expect(number, message_id)
            count = transport.receive(self._view)
            if self._buffer[:count] == expected:
                return 0
            return self._assemble(prepared, number, message_id, expected, count)
        except LinkError as error:
            raise self._ended(error) from None

    def pipeline(self, prepared: Prepared, numbers: Iterable[int]) -> Iterator[tuple[int, int]]:
        """Performs operations with as many in flight as were negotiated.

        An iterator that is left before its end aborts the association if requests are unanswered.

        Args:
            prepared: What to do; an operation with a single response.
            numbers: Which objects. The next one is taken at the moment at which it is sent, so
                whoever measures notes the time there.

        Yields:
            Number and DIMSE status of each answered request, in the order of the answers.

        Raises:
            LinkError: The association ended; it is closed.
            ValueError: The operation may have several responses.
        """
        if prepared.multiple:
            raise ValueError(f"{prepared.name} has pending responses: perform it")
        transport = self._speaking()
        waits: dict[int, int] = {}
        rest = iter(numbers)
        try:
            while True:
                while len(waits) < self.window and (number := next(rest, -1)) >= 0:
                    message_id = self._message_id = self._message_id % _MOST_IDS + 1
                    transport.send(prepared.patch(number, message_id), prepared.size)
                    waits[message_id] = number
                if not waits:
                    return self._set_aside()
                message_id, status = self._next(prepared, waits)
                yield waits.pop(message_id), status
        except LinkError as error:
            raise self._ended(error) from None
        finally:
            if waits:
                self.abort()

    def query(self, prepared: Prepared, number: int = 0) -> list[bytes]:
        """Performs a C-FIND; `status` tells how it ended.

        Returns:
            The identifiers of all matches, in the transfer syntax of the context.

        Raises:
            LinkError: The association ended; it is closed.
        """
        found: list[bytes] = []
        self._collect(prepared, number, matches_into(found))
        return found

    def fetch(
        self, prepared: Prepared, number: int = 0, read: Reader = whole
    ) -> list[tuple[str, bytes]]:
        """Performs a C-GET; `status` tells how it ended.

        Returns:
            SOP Instance UID (of the command set) of each object, and what `read` keeps of it.

        Raises:
            LinkError: The association ended; it is closed.
        """
        objects: list[tuple[str, bytes]] = []
        self._collect(prepared, number, objects_into(objects, read))
        return objects

    def await_report(self, timeout_s: float) -> bool:
        """Waits for a storage commitment report, which then stands in `reports`.

        Returns:
            False when none came in that time; the association goes on.

        Raises:
            LinkError: The association ended; it is closed.
        """
        transport, count = self._speaking(), len(self.reports)
        transport.patience(timeout_s)
        try:
            until = time.monotonic() + timeout_s
            while len(self.reports) == count:
                self._listening().serve(self._listening().message(until))
            self._behind = self._listening().behind
        except LinkError as error:
            self._behind = True
            if error.ending != waiting.TIMEOUT:
                raise self._ended(error) from None
            return False
        finally:
            transport.patience(self._timeout_s)
        return True

    def release(self) -> None:
        """Releases the association and closes the connection.

        Raises:
            LinkError: The device did not answer the A-RELEASE-RQ; the connection is closed.
        """
        transport = self._speaking()
        try:
            transport.send([_RELEASE], len(_RELEASE))
            if not self._behind:
                raw = bytes(self._view[: transport.receive(self._view)])
                if raw == RELEASE_RP:
                    return self.close()
                self._listening().feed(raw)
            self._listening().released()
        except LinkError as error:
            raise self._ended(error) from None
        return self.close()

    def abort(self) -> None:
        """Aborts the association, if one is open, and closes the connection."""
        if self._transport is not None:
            self._say(ABORT)
            self.close()

    def close(self) -> None:
        """Closes the connection without a word, if one is open."""
        transport, self._transport, self._listener = self._transport, None, None
        if transport is not None:
            transport.close()

    def is_ended(self) -> bool:
        """Whether the device ended the association while nothing was asked."""
        return self._transport is not None and self._transport.is_ended()

    def interrupt(self) -> None:
        """Ends the connection under whoever waits on it; may be called from another thread."""
        transport = self._transport
        if transport is not None:
            transport.interrupt()

    def _assemble(
        self, prepared: Prepared, number: int, message_id: int, expected: bytearray, count: int
    ) -> int:
        """Returns the status of an answer that came in parts, or is not what was expected."""
        for _ in range(_PARTS):
            seen = self._buffer[:count]
            if seen == expected:
                return 0
            if not expected.startswith(seen):
                break
            count += self._speaking().more(self._view[count:])
        return self._listen(prepared, {message_id: number}, self._buffer[:count])[1]

    def _next(self, prepared: Prepared, waits: dict[int, int]) -> tuple[int, int]:
        """Returns message id and status of the next answer to one of several requests."""
        alike = prepared.alike
        if alike is None or self._behind:
            return self._listen(prepared, waits)
        message_id = next(iter(waits))
        expected, size = alike.expect(waits[message_id], message_id), alike.size
        for _ in range(_PARTS):
            seen = self._buffer[self._at : min(self._have, self._at + size)]
            if seen == expected:
                self._at += size
                return message_id, 0
            if not expected.startswith(seen):
                break
            self._buffer[: len(seen)] = seen
            self._at = 0
            self._have = len(seen) + self._speaking().receive(self._view[len(seen) :])
        raw = self._buffer[self._at : self._have]
        self._at = self._have = 0
        return self._listen(prepared, waits, raw)

    def _set_aside(self) -> None:
        """Keeps what came after the last answer of a pipeline for whoever reads next."""
        if self._at != self._have:
            self._listening().feed(bytes(self._view[self._at : self._have]))
            self._at = self._have = 0
            self._behind = True

    def _collect(self, prepared: Prepared, number: int, keep: Keeper) -> None:
        transport = self._speaking()
        message_id = self._message_id = self._message_id % _MOST_IDS + 1
        try:
            transport.send(prepared.patch(number, message_id), prepared.size)
            self.status = self._listen(prepared, {message_id: number}, keep=keep)[1]
        except LinkError as error:
            raise self._ended(error) from None

    def _listen(
        self,
        prepared: Prepared,
        waits: dict[int, int],
        raw: bytes | bytearray = b"",
        keep: Keeper | None = None,
    ) -> tuple[int, int]:
        """Reads in full to the last response to one request; returns message id and status."""
        listener = self._listening()
        listener.feed(bytes(raw))
        answer = listener.last(prepared, waits, keep)
        number = waits[answer.message_id]
        name = prepared.sop_instance(number)
        if answer.about and name and answer.about != name:
            raise LinkError(waiting.INVALID, f"an answer about {answer.about[:64]} to {name}")
        if answer.status == fields.SUCCESS and answer.raw is not None and not prepared.multiple:
            prepared.alike = likeness(answer.raw, name)
        self._behind = listener.behind
        self.moved = answer.moved
        return answer.message_id, answer.status

    def _ended(self, error: LinkError) -> LinkError:
        """Closes the connection after an error; returns what the device said at the last."""
        transport = self._transport
        if transport is None:
            return LinkError(waiting.CLOSED, "we closed the connection")
        if error.ending == waiting.RESET:
            error = self._listening().last_words(error)
        elif error.ending == waiting.RELEASED:
            self._say(RELEASE_RP)
        elif error.ending in (waiting.INVALID, waiting.TIMEOUT):
            self._say(ABORT)
        self.close()
        return error

    def _say(self, data: bytes) -> None:
        if self._transport is not None:
            self._transport.patience(_GOODBYE_S)
            with contextlib.suppress(LinkError):
                self._transport.send([memoryview(data)], len(data))

    def _speaking(self) -> Transport:
        if self._transport is None:
            raise LinkError(waiting.CLOSED, "the association is not open")
        return self._transport

    def _listening(self) -> Listener:
        if self._listener is None:
            self._listener = Listener(self._speaking(), self.reports, self.max_pdu)
        return self._listener
