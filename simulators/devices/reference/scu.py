"""The services of the requestor: one association, one operation, a clear answer."""

from collections.abc import Sequence
from pathlib import Path

from simulators.devices.reference import command
from simulators.devices.reference.assembly import Message
from simulators.devices.reference.associate import Proposal
from simulators.devices.reference.command import (
    C_ECHO,
    C_FIND,
    C_GET,
    C_STORE,
    FIELD,
    MESSAGE_ID,
    SOP_CLASS,
    SOP_INSTANCE,
    STATUS,
)
from simulators.devices.reference.errors import DeviceError, ServiceError
from simulators.devices.reference.file_format import file_meta
from simulators.devices.reference.options import RequestorOptions
from simulators.devices.reference.part10 import FileError, StoredObject, identity_of
from simulators.devices.reference.requestor import Requestor, checked
from simulators.devices.reference.uids import (
    EXPLICIT_LE,
    IMPLICIT_LE,
    RETRIEVABLE,
    STUDY_FIND,
    STUDY_GET,
    VERIFICATION,
    is_uid,
)
from simulators.wire.dataset import Element, encode_dataset
from simulators.wire.messages import c_echo_rq, c_find_rq, c_get_rq, c_store_rsp

_MOST_MATCHES = 10_000
_MOST_OBJECTS = 10_000
_SYNTAXES = (EXPLICIT_LE, IMPLICIT_LE)


class StatusError(DeviceError):
    """The peer answered with a failure status; the association itself is sound."""


def echo(options: RequestorOptions) -> None:
    """Verify the peer by C-ECHO.

    Raises:
        DeviceError: It failed.
    """
    with Requestor(options, [Proposal(1, VERIFICATION, (IMPLICIT_LE,))]) as association:
        association.dialogue.send(association.context_for(VERIFICATION), c_echo_rq())
        status = association.answer(C_ECHO, 1).command.word(STATUS)
        association.release()
    _expect_success(status)


def store(options: RequestorOptions, item: StoredObject) -> None:
    """Send one object by C-STORE; raises as :func:`echo` does."""
    proposal = Proposal(1, item.sop_class, (item.transfer_syntax,))
    with Requestor(options, [proposal]) as association:
        status = association.store(
            item.sop_class, item.sop_instance, item.transfer_syntax, item.data
        )
        association.release()
    _expect_success(status)


def find(options: RequestorOptions) -> int:
    """Ask for all studies by C-FIND; return how many there are. Raises as :func:`echo` does."""
    keys = _identifier("STUDY", study="", more=[Element(tag=0x00100020, vr="LO", value="")])
    with Requestor(options, [Proposal(1, STUDY_FIND, _SYNTAXES)]) as association:
        context_id = association.context_for(STUDY_FIND)
        syntax = association.dialogue.contexts[context_id].transfer_syntax
        association.dialogue.send(context_id, c_find_rq(), keys(syntax))
        status, matches = command.PENDING, 0
        while status in (command.PENDING, command.PENDING | 1):
            answer = association.answer(C_FIND, 1)
            status = answer.command.word(STATUS) or 0
            matches += answer.data is not None
            if matches > _MOST_MATCHES:
                raise ServiceError("the peer does not stop answering")
        association.release()
    _expect_success(status)
    return matches


def get(options: RequestorOptions, study: str, out: Path, *, bit_preserving: bool) -> int:
    """Retrieve one study by C-GET.

    Args:
        options: Whom to call.
        study: Study Instance UID.
        out: Directory for the objects.
        bit_preserving: Write what came without looking inside.

    Returns:
        Number of objects written.

    Raises:
        DeviceError: It failed.
    """
    proposals = [
        Proposal(2 * n + 1, uid, _SYNTAXES) for n, uid in enumerate((STUDY_GET, *RETRIEVABLE))
    ]
    with Requestor(options, proposals, RETRIEVABLE) as association:
        context_id = association.context_for(STUDY_GET)
        syntax = association.dialogue.contexts[context_id].transfer_syntax
        keys = _identifier("STUDY", study)(syntax)
        association.dialogue.send(context_id, c_get_rq(), keys)
        receiver = _Receiver(association, options, study, out, bit_preserving=bit_preserving)
        status = receiver.run()
        association.release()
    if receiver.refused:
        raise StatusError(f"{receiver.refused} objects refused")
    _expect_success(status)
    return receiver.written


class _Receiver:
    """Takes the C-STORE sub-operations of one C-GET."""

    def __init__(
        self,
        association: Requestor,
        options: RequestorOptions,
        study: str,
        out: Path,
        *,
        bit_preserving: bool,
    ) -> None:
        self.written = 0
        self.refused = 0
        self._association = association
        self._study = study.encode("ascii")
        self._out = out
        self._bit_preserving = bit_preserving
        self._trusting = bit_preserving and options.flaws.has("scu_trusts_uid")

    def run(self) -> int:
        """Return the status of the final response."""
        while True:
            message = self._association.message()
            if message.command.word(FIELD) == C_STORE and message.data is not None:
                self._take(message)
                continue
            status = checked(message, C_GET, 1).command.word(STATUS) or 0
            if status not in (command.PENDING, command.PENDING | 1):
                return status

    def _take(self, message: Message) -> None:
        asked = message.command
        status = self._keep(message)
        if status == command.SUCCESS:
            self.written += 1
        else:
            self.refused += 1
        if self.written + self.refused > _MOST_OBJECTS:
            raise ServiceError("the peer does not stop sending")
        response = c_store_rsp(
            asked.uid(SOP_CLASS).decode("latin-1"),
            asked.uid(SOP_INSTANCE).decode("latin-1"),
            asked.word(MESSAGE_ID) or 0,
            status,
        )
        self._association.dialogue.send(message.context_id, response)

    def _keep(self, message: Message) -> int:
        """Write one object under a name that is safe, and return the status for the peer."""
        uid, data = message.command.uid(SOP_INSTANCE), message.data or b""
        context = self._association.dialogue.context_of(message)
        if not is_uid(uid) and not self._trusting:
            return command.INVALID_INSTANCE
        if message.command.uid(SOP_CLASS) != context.abstract_syntax:
            return command.SOP_CLASS_NOT_SUPPORTED
        if not self._bit_preserving:
            status = self._look_inside(uid, data, context.transfer_syntax)
            if status != command.SUCCESS:
                return status
        meta = file_meta(context.abstract_syntax, uid, context.transfer_syntax)
        name = uid.decode("latin-1") if self._trusting else f"{uid.decode('ascii')}.dcm"
        try:
            (self._out / name).write_bytes(meta + data)
        except (OSError, ValueError):
            return command.OUT_OF_RESOURCES
        return command.SUCCESS

    def _look_inside(self, uid: bytes, data: bytes, transfer_syntax: bytes) -> int:
        try:
            _, instance, study = identity_of(data, transfer_syntax)
        except FileError:
            return command.CANNOT_UNDERSTAND
        asked_for = study in (b"", self._study) or not self._study
        return command.SUCCESS if instance == uid and asked_for else command.DOES_NOT_MATCH


class _Identifier:
    """An identifier that is encoded once the transfer syntax is known."""

    def __init__(self, elements: Sequence[Element]) -> None:
        self._elements = elements

    def __call__(self, transfer_syntax: bytes) -> bytes:
        return encode_dataset(self._elements, transfer_syntax.decode("ascii"))


def _identifier(level: str, study: str, more: Sequence[Element] = ()) -> _Identifier:
    return _Identifier(
        [
            Element(tag=0x00080052, vr="CS", value=level),
            *more,
            Element(tag=0x0020000D, vr="UI", value=study),
        ]
    )


def _expect_success(status: int | None) -> None:
    if status is None or (status != command.SUCCESS and status >> 12 != 0xB):
        raise StatusError(f"status {status or 0:04X}")
