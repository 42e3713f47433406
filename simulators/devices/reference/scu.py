"""The services of the requestor: one association, one operation, a clear answer."""

from collections.abc import Sequence

from simulators.devices.reference import command
from simulators.devices.reference.associate import Proposal
from simulators.devices.reference.command import (
    C_ECHO,
    C_FIND,
    STATUS,
)
from simulators.devices.reference.errors import DeviceError, ServiceError
from simulators.devices.reference.options import RequestorOptions
from simulators.devices.reference.part10 import StoredObject
from simulators.devices.reference.requestor import Requestor
from simulators.devices.reference.uids import (
    EXPLICIT_LE,
    IMPLICIT_LE,
    STUDY_FIND,
    VERIFICATION,
)
from simulators.wire.dataset import Element, encode_dataset
from simulators.wire.messages import c_echo_rq, c_find_rq

SYNTAXES = (EXPLICIT_LE, IMPLICIT_LE)


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
    """Ask for all studies by C-FIND; return how many there are.

    Raises:
        DeviceError: It failed, or the peer has more matches than are taken.
    """
    unlimited = options.flaws.has("scu_collects_pending_without_limit")
    collected: list[bytes] = []
    keys = identifier("STUDY", study="", more=[Element(tag=0x00100020, vr="LO", value="")])
    with Requestor(options, [Proposal(1, STUDY_FIND, SYNTAXES)]) as association:
        context_id = association.context_for(STUDY_FIND)
        syntax = association.dialogue.contexts[context_id].transfer_syntax
        association.dialogue.send(context_id, c_find_rq(), keys(syntax))
        status, matches = command.PENDING, 0
        while status in (command.PENDING, command.PENDING | 1):
            answer = association.answer(C_FIND, 1)
            status = answer.command.word(STATUS) or 0
            matches += answer.data is not None
            if unlimited:
                collected.append(answer.data or b"")
            elif matches > options.matches:
                raise ServiceError("the peer does not stop answering")
        association.release()
    if not options.flaws.has("scu_ignores_final_status"):
        _expect_success(status)
    return matches


class Identifier:
    """Keys of a query: an identifier that is encoded once the transfer syntax is known."""

    def __init__(self, elements: Sequence[Element]) -> None:
        self._elements = elements

    def __call__(self, transfer_syntax: bytes) -> bytes:
        """Return the identifier, encoded."""
        return encode_dataset(self._elements, transfer_syntax.decode("ascii"))


def identifier(level: str, study: str, more: Sequence[Element] = ()) -> Identifier:
    """Return the keys that ask for one study, or for all where it is empty."""
    return Identifier(
        [
            Element(tag=0x00080052, vr="CS", value=level),
            *more,
            Element(tag=0x0020000D, vr="UI", value=study),
        ]
    )


def _expect_success(status: int | None) -> None:
    """Check the status of a response: success, or a warning.

    Raises:
        StatusError: It is another one, or there is none.
    """
    if status is None or (status != command.SUCCESS and status >> 12 != 0xB):
        raise StatusError(f"status {status or 0:04X}")
