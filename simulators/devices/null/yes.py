"""A device that says yes: an A-ASSOCIATE-AC or a success response to whatever arrives."""

from simulators.wire import (
    ApplicationContext,
    AssociateAC,
    AssociateRQ,
    ImplementationClassUID,
    MaximumLength,
    PDataTF,
    PresentationContextAC,
    PresentationContextRQ,
    ReleaseRP,
    RoleSelection,
    UserInformation,
    decode,
    encode,
    uids,
    user_items_of,
)
from simulators.wire.dimse import NO_DATA_SET, Command, Value, command, decode_command
from simulators.wire.pdata import PDV
from simulators.wire.transfer import p_data

_HEADER = 6
_RQ, _P_DATA, _RELEASE_RQ, _ABORT = 1, 4, 5, 7
_CANCEL = 0x0FFF
# More than this is not gathered: the answer comes early instead.
_PATIENCE = 1 << 24


class YesSayer:
    """Turns the bytes of one connection into agreeable answers.

    Attributes:
        done: True once the peer has aborted.
    """

    def __init__(self) -> None:
        self.done = False
        self._buffer = bytearray()
        self._associated = False
        self._command = b""

    @property
    def unfinished(self) -> bool:
        """True while bytes wait for the rest of their PDU, or a command for its last fragment."""
        return bool(self._buffer or self._command)

    def feed(self, data: bytes) -> bytes:
        """Take bytes; return the answers to every PDU that is complete now."""
        self._buffer += data
        answers: list[bytes] = []
        while len(self._buffer) >= _HEADER:
            length = int.from_bytes(self._buffer[2:6], "big")
            if length > _PATIENCE:
                answers.append(self.answer_the_rest())
                break
            if len(self._buffer) < _HEADER + length:
                break
            pdu = bytes(self._buffer[: _HEADER + length])
            del self._buffer[: _HEADER + length]
            answers.append(self._answer(pdu))
        return b"".join(answers)

    def answer_the_rest(self) -> bytes:
        """Answer bytes that never became a PDU, or a command that never became a message."""
        if not self._buffer and self._command:
            command, self._command = self._command, b""
            return _success(1, command)
        pdu = bytes(self._buffer)
        self._buffer.clear()
        return self._answer(pdu)

    def _answer(self, pdu: bytes) -> bytes:
        kind = pdu[0] if pdu else 0
        if kind == _ABORT:
            self.done = True
            return b""
        if kind == _RELEASE_RQ:
            return encode(ReleaseRP())
        if kind == _P_DATA:
            decoded = decode(pdu)
            return self._answer_data(decoded) if isinstance(decoded, PDataTF) else _success(1, b"")
        if kind == _RQ or not self._associated:
            self._associated = True
            decoded = decode(pdu)
            return _acceptance(decoded if isinstance(decoded, AssociateRQ) else AssociateRQ())
        return _success(1, b"")

    def _answer_data(self, pdu: PDataTF) -> bytes:
        answers: list[bytes] = []
        for pdv in pdu.pdvs:
            if isinstance(pdv, PDV):
                if pdv.command:
                    self._command += pdv.data
                if pdv.last and (not pdv.command or not _has_data(self._command)):
                    answers.append(_success(pdv.context_id, self._command))
                    self._command = b""
        return b"".join(answers)


def _has_data(raw: bytes) -> bool:
    announced = decode_command(raw)["CommandDataSetType"]
    return announced is not None and announced != NO_DATA_SET


def _acceptance(request: AssociateRQ) -> bytes:
    contexts = [item for item in request.items if isinstance(item, PresentationContextRQ)]
    roles = [item for item in user_items_of(request) if isinstance(item, RoleSelection)]
    answers = tuple(
        PresentationContextAC(
            id=item.id,
            result=0,
            transfer_syntax=next(iter(item.transfer_syntaxes), uids.IMPLICIT_LE),
        )
        for item in contexts
    ) or (PresentationContextAC(id=1, result=0, transfer_syntax=uids.IMPLICIT_LE),)
    user = UserInformation(
        items=(
            MaximumLength(value=0),
            ImplementationClassUID(uid=uids.IMPLEMENTATION_CLASS_UID),
            *roles,
        )
    )
    return encode(
        AssociateAC(
            called=request.called,
            calling=request.calling,
            items=(ApplicationContext(), *answers, user),
        )
    )


def _success(context_id: int, raw: bytes) -> bytes:
    asked = decode_command(raw)
    field = _number(asked, "CommandField", 0x0030)
    if field == _CANCEL:
        return b""
    values: dict[str, Value] = {
        "AffectedSOPClassUID": asked["AffectedSOPClassUID"] or uids.VERIFICATION,
        "CommandField": field | 0x8000,
        "MessageIDBeingRespondedTo": _number(asked, "MessageID", 1),
        "CommandDataSetType": NO_DATA_SET,
        "Status": 0,
    }
    instance = asked["AffectedSOPInstanceUID"]
    if instance:
        values["AffectedSOPInstanceUID"] = instance
    return b"".join(encode(pdu) for pdu in p_data(context_id, command(**values)))


def _number(asked: Command, keyword: str, default: int) -> int:
    value = asked.integer(keyword)
    return default if value is None else value
