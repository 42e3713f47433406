"""One DIMSE operation on an established association: its request, its responses, its end."""

from collections.abc import Mapping

from simulators.devices.reference.assembly import Message
from simulators.devices.reference.command import (
    C_CANCEL,
    FIELD,
    MESSAGE_ID,
    NO_DATA_SET,
    RESPONDED_TO,
    RESPONSE,
    SOP_CLASS,
    SOP_INSTANCE,
    Problem,
)
from simulators.devices.reference.dialogue import Accepted, Dialogue
from simulators.devices.reference.errors import ServiceError
from simulators.wire.dimse import Value, command

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
        self._deferred: list[Message] = []

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
        asked = self.request.command
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
            return
        if len(self._deferred) >= _MOST_DEFERRED:
            raise ServiceError("too many requests ahead of their answers")
        self._deferred.append(message)

    def finish(self) -> None:
        """Let requests that came meanwhile be served in their turn."""
        self.dialogue.put_back(self._deferred)
        self._deferred = []


def _padded(uid: bytes) -> bytes:
    return uid + b"\0" * (len(uid) % 2)
