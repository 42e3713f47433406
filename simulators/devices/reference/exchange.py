"""One DIMSE operation on an established association: its request, its responses, its end."""

import struct
from collections.abc import Mapping

from simulators.devices.reference.assembly import Message
from simulators.devices.reference.command import (
    C_CANCEL,
    DATA_SET_TYPE,
    FIELD,
    GROUP_LENGTH,
    MESSAGE_ID,
    NO_DATA_SET,
    PROCESSING_FAILURE,
    RESPONDED_TO,
    RESPONSE,
    SOP_CLASS,
    SOP_INSTANCE,
    STATUS,
    CommandSet,
    Problem,
)
from simulators.devices.reference.dialogue import Accepted, Dialogue
from simulators.devices.reference.errors import ServiceError
from simulators.wire.dimse import Value, command

_HEADER = struct.Struct("<HHI")
_WORD = struct.Struct("<HHIH")
_LONG = struct.Struct("<HHII")
_MOST_DEFERRED = 64
_DATA_SET = 0x0001


class ReleaseAskedError(Exception):
    """The peer asked for release while an operation was running."""


class Exchange:
    """The acceptor's view of one operation."""

    def __init__(self, dialogue: Dialogue, request: Message, field: int) -> None:
        """Begin.

        Args:
            dialogue: The association.
            request: The message that asked for it.
            field: Its command field.
        """
        self.dialogue = dialogue
        self.request = request
        self.field = field
        self.context: Accepted = dialogue.context_of(request)
        self._cancelled = False
        self.others_cancelled = False
        self._deferred: list[Message] = []
        self.status = PROCESSING_FAILURE

    def respond(
        self,
        status: int,
        data: bytes | None = None,
        problem: Problem | None = None,
        counts: Mapping[str, Value] | None = None,
    ) -> None:
        """Send one response.

        Args:
            status: Status.
            data: Identifier, encoded.
            problem: Names the offending element.
            counts: Further command elements by keyword.
        """
        self.status = status
        asked = self.request.command
        if data is None and problem is None and not counts:
            raw = plain_response(asked, self.field, status)
            self.dialogue.send(self.request.context_id, raw)
            return
        values: dict[str, Value] = {
            "CommandField": self.field | RESPONSE,
            "MessageIDBeingRespondedTo": asked.word(MESSAGE_ID) or 0,
            "CommandDataSetType": NO_DATA_SET if data is None else _DATA_SET,
            "Status": status,
            **(counts or {}),
        }
        for keyword, element in (
            ("AffectedSOPClassUID", SOP_CLASS),
            ("AffectedSOPInstanceUID", SOP_INSTANCE),
        ):
            if asked.uid(element):
                values[keyword] = _padded(asked.uid(element))
        if problem is not None:
            values["OffendingElement"] = problem.element
        self.dialogue.send(self.request.context_id, command(**values), data)

    def cancelled(self) -> bool:
        """Look, without waiting, at what the peer sent meanwhile; True after its C-CANCEL.

        Raises:
            ReleaseAskedError: It asked for release.
            ServiceError: It sent far too many requests ahead.
        """
        while self.dialogue.ready():
            self.take(self.dialogue.receive())
        return self._cancelled

    def take(self, message: Message | None) -> None:
        """Note a message that came during the operation; raises as :meth:`cancelled` does."""
        if message is None:
            raise ReleaseAskedError
        asked = message.command
        if asked.word(FIELD) == C_CANCEL:
            mine = asked.word(RESPONDED_TO) == self.request.command.word(MESSAGE_ID)
            self._cancelled = self._cancelled or mine
            self.others_cancelled = self.others_cancelled or not mine
            return
        if len(self._deferred) >= _MOST_DEFERRED:
            raise ServiceError("too many requests ahead of their answers")
        self._deferred.append(message)

    def outcome(self, field: int, number: int) -> int:
        """Wait for the response to a request of ours and return its status.

        Args:
            field: Command field of the request.
            number: Its message id.

        Raises:
            ReleaseAskedError: The peer asked for release instead.
            DeviceError: The association ended.
        """
        while True:
            message = self.dialogue.receive()
            if message is not None:
                answer = message.command
                mine = answer.word(RESPONDED_TO) == number
                if answer.word(FIELD) == field | RESPONSE and mine:
                    status = answer.word(STATUS)
                    return PROCESSING_FAILURE if status is None else status
            self.take(message)

    def finish(self) -> None:
        """Let requests that came meanwhile be served in their turn."""
        self.dialogue.put_back(self._deferred)
        self._deferred = []


def plain_response(asked: CommandSet, field: int, status: int) -> bytes:
    """Return the command set of a response that has only a status, encoded.

    Nearly every response is one, so it is put together by hand.

    Args:
        asked: The request.
        field: Its command field.
        status: Status.
    """
    body = b"".join(
        (
            _uid_element(SOP_CLASS, asked.uid(SOP_CLASS)),
            _WORD.pack(0, FIELD, 2, field | RESPONSE),
            _WORD.pack(0, RESPONDED_TO, 2, asked.word(MESSAGE_ID) or 0),
            _WORD.pack(0, DATA_SET_TYPE, 2, NO_DATA_SET),
            _WORD.pack(0, STATUS, 2, status),
            _uid_element(SOP_INSTANCE, asked.uid(SOP_INSTANCE)),
        )
    )
    return _LONG.pack(0, GROUP_LENGTH, 4, len(body)) + body


def _uid_element(element: int, uid: bytes) -> bytes:
    """Return an element with a UID; nothing without one."""
    padded = _padded(uid)
    return _HEADER.pack(0, element, len(padded)) + padded if uid else b""


def _padded(uid: bytes) -> bytes:
    return uid + b"\0" * (len(uid) % 2)
