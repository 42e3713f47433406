"""What the requestor retrieves: by C-GET on the same association, or by C-MOVE to itself."""

from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from simulators.devices.reference import command
from simulators.devices.reference.assembly import Message
from simulators.devices.reference.associate import Proposal
from simulators.devices.reference.command import (
    C_GET,
    C_MOVE,
    C_STORE,
    FAILED_COUNT,
    FIELD,
    MESSAGE_ID,
    SOP_CLASS,
    SOP_INSTANCE,
    STATUS,
    CommandSet,
)
from simulators.devices.reference.errors import ServiceError
from simulators.devices.reference.file_format import file_meta
from simulators.devices.reference.flaws import NO_FLAWS, FlawName, Flaws
from simulators.devices.reference.log import Log
from simulators.devices.reference.options import AcceptorOptions, RequestorOptions
from simulators.devices.reference.part10 import FileError, identity_of
from simulators.devices.reference.requestor import Requestor, checked
from simulators.devices.reference.scu import SYNTAXES, StatusError, identifier
from simulators.devices.reference.uids import RETRIEVABLE, STUDY_GET, STUDY_MOVE, is_uid
from simulators.wire.messages import c_get_rq, c_move_rq, c_store_rsp

Mode = Literal["normal", "bit-preserving", "per-study"]

_MOST_OBJECTS = 10_000
_TRUSTING: dict[Mode, FlawName] = {
    "normal": "scu_trusts_uid_it_reads",
    "bit-preserving": "scu_trusts_uid",
}
_PENDING = (command.PENDING, command.PENDING | 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What to retrieve, and where to.

    Attributes:
        study: Study Instance UID; empty for any.
        out: Directory for the objects.
        mode: How they are stored.
    """

    study: str
    out: Path
    mode: Mode = "normal"


def get(options: RequestorOptions, wanted: Wanted) -> int:
    """Retrieve one study by C-GET; return the number of objects written.

    Raises:
        DeviceError: It failed.
    """
    proposals = [
        Proposal(2 * n + 1, uid, SYNTAXES) for n, uid in enumerate((STUDY_GET, *RETRIEVABLE))
    ]
    with Requestor(options, proposals, RETRIEVABLE) as association:
        context_id = association.context_for(STUDY_GET)
        syntax = association.dialogue.contexts[context_id].transfer_syntax
        keys = identifier("STUDY", wanted.study)(syntax)
        association.dialogue.send(context_id, c_get_rq(), keys)
        receiver = _Receiver(association, options, wanted)
        final = receiver.run()
        association.release()
    if receiver.refused:
        raise StatusError(f"{receiver.refused} objects refused")
    _expect_complete(options, final)
    return receiver.written


def move(options: RequestorOptions, wanted: Wanted, listen_port: int) -> None:
    """Have one study moved to ourselves by C-MOVE; raises as :func:`get` does.

    Args:
        options: Whom to ask.
        wanted: What to ask for, and where to.
        listen_port: Where the objects are taken in.
    """
    # Only a device that moves pays for what takes objects in.
    from simulators.devices.reference.server import AcceptorServer

    trusts = options.flaws.has("scu_trusts_uid_that_is_moved")
    server = AcceptorServer(
        AcceptorOptions(
            storage=wanted.out,
            port=listen_port,
            ae_title=options.calling,
            callers={options.called: None},
            flaws=Flaws(frozenset({"raw_file_name"})) if trusts else NO_FLAWS,
        ),
        Log(),
    )
    server.start()
    try:
        with Requestor(options, [Proposal(1, STUDY_MOVE, SYNTAXES)]) as association:
            context_id = association.context_for(STUDY_MOVE)
            syntax = association.dialogue.contexts[context_id].transfer_syntax
            keys = identifier("STUDY", wanted.study)(syntax)
            association.dialogue.send(context_id, c_move_rq(options.calling), keys)
            answer = association.answer(C_MOVE, 1).command
            while answer.word(STATUS) in _PENDING:
                answer = association.answer(C_MOVE, 1).command
            association.release()
    finally:
        server.close(wait=True)
    _expect_complete(options, answer)


def _expect_complete(options: RequestorOptions, final: CommandSet) -> None:
    """Check the last response: everything came only if nothing failed (PS3.4 C.4.2, C.4.3)."""
    status, failed = final.word(STATUS) or 0, final.word(FAILED_COUNT) or 0
    if options.flaws.has("scu_ignores_final_status"):
        return
    if options.flaws.has("scu_believes_counters") and not failed:
        return
    if status != command.SUCCESS or failed:
        raise StatusError(f"status {status:04X}, {failed} sub-operations failed")


class _Receiver:
    """Takes the C-STORE sub-operations of one C-GET."""

    def __init__(self, association: Requestor, options: RequestorOptions, wanted: Wanted) -> None:
        self.written = 0
        self.refused = 0
        self._association = association
        self._flaws = options.flaws
        self._study = wanted.study.encode("ascii")
        self._out = wanted.out
        self._mode = wanted.mode
        trusting = _TRUSTING.get(wanted.mode)
        self._trusting = trusting is not None and self._flaws.has(trusting)

    def run(self) -> CommandSet:
        """Return the final response."""
        while True:
            message = self._association.message()
            if message.command.word(FIELD) == C_STORE and message.data is not None:
                self._take(message)
                continue
            answer = checked(message, C_GET, 1).command
            if answer.word(STATUS) not in _PENDING:
                return answer

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
        sop_class = message.command.uid(SOP_CLASS)
        if sop_class != context.abstract_syntax and not self._flaws.has("scu_takes_any_class"):
            return command.SOP_CLASS_NOT_SUPPORTED
        try:
            _, instance, study = identity_of(data, context.transfer_syntax)
        except FileError:
            return command.CANNOT_UNDERSTAND
        status = self._matches(uid, instance, study)
        if status != command.SUCCESS:
            return status
        meta = file_meta(sop_class, uid, context.transfer_syntax)
        name = uid.decode("latin-1") if self._trusting else f"{uid.decode('ascii')}.dcm"
        try:
            folder = self._folder(study)
            (folder / name).write_bytes(meta + data)
        except (OSError, ValueError):
            return command.OUT_OF_RESOURCES
        return command.SUCCESS

    def _matches(self, uid: bytes, instance: bytes, study: bytes) -> int:
        """Compare what came with its command set and with what was asked for."""
        if instance != uid:
            return command.DOES_NOT_MATCH
        if self._mode == "per-study" and self._flaws.has("scu_trusts_study_uid"):
            return command.SUCCESS
        if self._study and study != self._study and not self._flaws.has("scu_takes_any_object"):
            return command.DOES_NOT_MATCH
        return command.SUCCESS if is_uid(study) else command.DOES_NOT_MATCH

    def _folder(self, study: bytes) -> Path:
        """Return where objects of a study belong; only a flaw lets the peer name another place."""
        if self._mode != "per-study":
            return self._out
        folder = self._out / study.decode("latin-1")
        with suppress(FileExistsError):
            folder.mkdir(parents=True)
        return folder
