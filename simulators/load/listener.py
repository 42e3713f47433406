"""Reads what a device sends in full: PDUs, DIMSE messages, requests of its own; total.

This is the way for everything but the plain success that was expected: the first answer of an
association, a failure, several responses, an object of a C-GET, a report, an abort, garbage.
"""

from __future__ import annotations

import math
import time
from collections import deque
from collections.abc import Mapping
from typing import Final

from simulators import wire
from simulators.load import waiting
from simulators.load.arrivals import SubOperations
from simulators.load.encoded import Prepared
from simulators.load.kept import MOST_KEPT, Keeper, named
from simulators.load.transport import Transport
from simulators.load.waiting import LinkError
from simulators.wire import messages as fields

MOST_RESPONSES: Final = 1_000_000
"""Most responses and sub-operations of one request that are listened to."""

LONGEST_PDU: Final = 64 * 1024 * 1024

_READ: Final = 4096
_LARGE_READ: Final = 1 << 18
_LAST_WORDS: Final = 64
_PENDING: Final = (0xFF00, 0xFF01)

Report = tuple[int, bytes]
"""Event type and data set of an N-EVENT-REPORT."""


class Answer:
    """The last response to a request.

    Attributes:
        message_id: Of the request.
        status: DIMSE status.
        about: SOP Instance UID that it is about; empty without.
        raw: The P-DATA-TF that it came in; None if it came in several, or not alone.
        moved: Its counts, for a C-MOVE.
    """

    __slots__ = ("about", "message_id", "moved", "raw", "status")

    def __init__(self, message_id: int, status: int, about: str, raw: bytes | None) -> None:
        self.message_id = message_id
        self.status = status
        self.about = about
        self.raw = raw
        self.moved = SubOperations()


class Listener:
    """Reads one connection.

    Attributes:
        max_pdu: The device's maximum length, in octets, for what it is answered; 0 is no limit.
        reports: The last 1024 storage commitment reports.
    """

    def __init__(self, transport: Transport, reports: deque[Report], max_pdu: int) -> None:
        """Reads from a transport; reports are appended to `reports`."""
        self.max_pdu = max_pdu
        self.reports = reports
        self._transport = transport
        self._stream = wire.PduBuffer(LONGEST_PDU)
        self._assembler = wire.Reassembler()
        self._messages: list[wire.Message] = []
        self._buffer = memoryview(bytearray(_READ))
        self._alone: bytes | None = None

    @property
    def behind(self) -> bool:
        """True while octets are here that nobody has read."""
        return bool(self._messages) or self._assembler.busy or bool(self._stream.pending)

    def feed(self, data: bytes) -> None:
        """Takes octets that were read elsewhere."""
        self._stream.feed(data)

    def pdu(self) -> wire.PDU:
        """Returns the next PDU.

        Raises:
            LinkError: None came, or what came is none.
        """
        begin = time.monotonic()
        while (pdu := self._stream.next()) is None:
            count = self._transport.more(self._buffer)
            self._stream.feed(bytes(self._buffer[:count]))
            if time.monotonic() - begin > self._transport.timeout_s:
                raise LinkError(waiting.TIMEOUT, "the device takes too long over one PDU")
        if isinstance(pdu, (wire.Unparsed, wire.RawPDU)):
            raise LinkError(waiting.INVALID, "the device sent octets that are no PDU")
        return pdu

    def message(self, until: float = math.inf) -> wire.Message:
        """Returns the next DIMSE message.

        Args:
            until: Moment of ``time.monotonic`` from which nothing more is read for it.

        Raises:
            LinkError: None came: the device aborted, released, closed or sent something else.
        """
        pdus = 0
        while not self._messages:
            if time.monotonic() > until:
                raise LinkError(waiting.TIMEOUT, "the device talks, and does not answer")
            pdu = self.pdu()
            if not isinstance(pdu, wire.PDataTF):
                raise ending_by(pdu)
            pdus += 1
            self._messages = self._assembler.feed(pdu)
            if self._assembler.faults:
                raise LinkError(waiting.INVALID, self._assembler.faults[0])
            self._alone = wire.encode(pdu) if pdus == 1 and len(self._messages) == 1 else None
        return self._messages.pop(0)

    def last(
        self, prepared: Prepared, waits: Mapping[int, int], keep: Keeper | None = None
    ) -> Answer:
        """Reads to the last response to one of the requests that wait; serves the device between.

        A single response has the time of one wait, in however many parts it comes.

        Args:
            prepared: What was asked.
            waits: The number asked with, by message id.
            keep: Is given each pending response and each request of the device.

        Raises:
            LinkError: The association ended, or the device does not answer what was asked.
        """
        if prepared.field == fields.C_GET and len(self._buffer) < _LARGE_READ:
            self._buffer = memoryview(bytearray(_LARGE_READ))
        until = math.inf if prepared.multiple else time.monotonic() + self._transport.timeout_s
        kept = 0
        for _ in range(MOST_RESPONSES):
            message = self.message(until)
            if not (message.command.integer("CommandField") or 0) & fields.RESPONSE:
                self.serve(message)
            else:
                answer = _answer(message, prepared, self._alone)
                if answer.message_id not in waits:
                    raise LinkError(waiting.INVALID, f"message {answer.message_id} was not asked")
                if not prepared.multiple or answer.status not in _PENDING:
                    return answer
            kept += keep(message) if keep is not None else 0
            if kept > MOST_KEPT:
                raise LinkError(waiting.INVALID, f"more than {MOST_KEPT} octets of responses")
        raise LinkError(waiting.INVALID, f"more than {MOST_RESPONSES} responses")

    def released(self) -> None:
        """Reads to the A-RELEASE-RP; a device that sends on and on is not listened to for ever.

        Raises:
            LinkError: Something else came, or it did not come in time.
        """
        until = time.monotonic() + self._transport.timeout_s
        while not isinstance(pdu := self.pdu(), wire.ReleaseRP):
            if not isinstance(pdu, wire.PDataTF):
                raise ending_by(pdu)
            if time.monotonic() > until:
                raise LinkError(waiting.TIMEOUT, "the device talks, and does not release")

    def serve(self, message: wire.Message) -> None:
        """Answers a request of the device: an object, a report, or whether we are there.

        Raises:
            LinkError: It asks for something else, or the association ended.
        """
        command = message.command
        field, number = command.integer("CommandField"), command.integer("MessageID") or 0
        sop_class = command.text("AffectedSOPClassUID") or ""
        sop_instance = command.text("AffectedSOPInstanceUID") or ""
        if field == fields.C_STORE:
            answer = wire.c_store_rsp(sop_class, sop_instance, number)
        elif field == fields.N_EVENT_REPORT:
            self.reports.append((command.integer("EventTypeID") or 0, message.dataset or b""))
            answer = wire.n_rsp(field, sop_class, sop_instance, number)
        elif field == fields.C_ECHO:
            answer = wire.c_echo_rsp(number)
        else:
            raise LinkError(waiting.INVALID, f"the device asked for {field}, which is not ours")
        pdus = wire.p_data(message.context_id, answer, None, self.max_pdu)
        data = memoryview(b"".join([wire.encode(pdu) for pdu in pdus]))
        self._transport.send([data], len(data))

    def last_words(self, error: LinkError) -> LinkError:
        """Returns what the device said before it reset the connection: often an A-ABORT."""
        self.feed(self._transport.last_words())
        for _ in range(_LAST_WORDS):
            pdu = self._stream.next()
            if pdu is None or isinstance(pdu, wire.Unparsed):
                break
            if not isinstance(pdu, wire.PDataTF):
                return ending_by(pdu)
        return error


def ending_by(pdu: wire.PDU) -> LinkError:
    """Returns what a PDU means that is no P-DATA-TF, where one was waited for."""
    if isinstance(pdu, wire.Abort):
        return LinkError(waiting.ABORTED, f"A-ABORT, source {pdu.source}, reason {pdu.reason}")
    if isinstance(pdu, wire.ReleaseRQ):
        return LinkError(waiting.RELEASED, "the device released the association")
    if isinstance(pdu, wire.AssociateRJ):
        return LinkError(f"rejected {pdu.result}/{pdu.source}/{pdu.reason}", "A-ASSOCIATE-RJ")
    return LinkError(waiting.INVALID, f"{type(pdu).__name__} is not what was waited for")


def _answer(message: wire.Message, prepared: Prepared, raw: bytes | None) -> Answer:
    command = message.command
    field = command.integer("CommandField")
    if field != prepared.field | fields.RESPONSE:
        raise LinkError(waiting.INVALID, f"command field {field} does not answer {prepared.name}")
    status = command.integer("Status")
    message_id = command.integer("MessageIDBeingRespondedTo")
    if status is None or message_id is None:
        raise LinkError(waiting.INVALID, f"an answer to {prepared.name} without status or id")
    answer = Answer(message_id, status, named(message), raw if message.dataset is None else None)
    if prepared.field == fields.C_MOVE:
        answer.moved = SubOperations(
            completed=command.integer("NumberOfCompletedSuboperations"),
            failed=command.integer("NumberOfFailedSuboperations"),
            warning=command.integer("NumberOfWarningSuboperations"),
        )
    return answer
