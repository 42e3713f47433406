"""C-GET and C-MOVE: objects leave on this association, or on a new one (PS3.4 C.4.2, C.4.3)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from simulators.devices.reference import command
from simulators.devices.reference.command import C_STORE, DESTINATION, MESSAGE_ID
from simulators.devices.reference.dialogue import Dialogue
from simulators.devices.reference.errors import CannotDecodeError, DeviceError
from simulators.devices.reference.exchange import Exchange
from simulators.devices.reference.flaws import Flaws
from simulators.devices.reference.index import Instance
from simulators.devices.reference.negotiation import Grant
from simulators.devices.reference.options import AcceptorOptions, RequestorOptions
from simulators.devices.reference.uids import DECODED, EXPLICIT_LE
from simulators.wire.dimse import Value
from simulators.wire.messages import c_store_rq

if TYPE_CHECKING:
    from simulators.devices.reference.requestor import Requestor

_WARNING_CLASS = 0xB
_SUB_OPERATION_S = 10.0
_FORGOTTEN = b"7"


@dataclass(slots=True)
class Counts:
    """Sub-operations of one retrieve; ``surplus`` is what a flaw adds to the completed ones."""

    remaining: int
    completed: int = 0
    failed: int = 0
    warning: int = 0
    surplus: int = 0

    def note(self, status: int | None) -> None:
        """Count the outcome of one sub-operation; None is one that could not be made."""
        self.remaining -= 1
        if status == command.SUCCESS:
            self.completed += 1
        elif status is not None and status >> 12 == _WARNING_CLASS:
            self.warning += 1
        else:
            self.failed += 1

    def elements(self, *, with_remaining: bool) -> dict[str, Value]:
        """Return the counts as command elements by keyword."""
        values: dict[str, Value] = {
            "NumberOfCompletedSuboperations": self.completed + self.surplus,
            "NumberOfFailedSuboperations": self.failed,
            "NumberOfWarningSuboperations": self.warning,
        }
        if with_remaining:
            values["NumberOfRemainingSuboperations"] = self.remaining
        return values

    def final_status(self) -> int:
        """Return the status of the last response."""
        if self.completed + self.warning == 0 and self.failed:
            return command.UNABLE_TO_PERFORM
        return command.COERCED if self.failed or self.warning else command.SUCCESS


def get(exchange: Exchange, instances: Sequence[Instance], grant: Grant, flaws: Flaws) -> None:
    """Send the objects on the same association, where the peer agreed to be SCP."""

    def send(instance: Instance, number: int) -> int | None:
        ready = _prepared(exchange.dialogue, instance, grant, flaws)
        if ready is None:
            return None
        context_id, data = ready
        request = c_store_rq(_text(instance.sop_class), _text(instance.sop_instance), number)
        exchange.dialogue.send(context_id, request, data)
        return exchange.outcome(C_STORE, number)

    _retrieve(exchange, instances, send, flaws)


def move(
    exchange: Exchange, instances: Sequence[Instance], options: AcceptorOptions, grant: Grant
) -> None:
    """Send the objects to a configured destination on an association of its own."""
    # The requestor is loaded for the one service that needs it.
    from simulators.devices.reference.requestor import Requestor, proposals_for

    asked = exchange.request.command
    destination = options.destinations.get(asked.title(DESTINATION))
    warrant = grant.warrant
    if warrant is not None and not warrant.may_send_to(asked.title(DESTINATION)):
        destination = None
    if destination is None:
        untrue = options.flaws.has("moves_nowhere_with_success")
        exchange.respond(command.SUCCESS if untrue else command.DESTINATION_UNKNOWN)
        return
    if not instances:
        _retrieve(exchange, instances, lambda _instance, _number: None, options.flaws)
        return
    title = asked.title(DESTINATION)
    secure = title in options.secure_destinations and not options.flaws.has("moves_in_clear")
    call = RequestorOptions(
        host=destination[0],
        port=destination[1],
        called=title,
        calling=options.ae_title,
        timeout_s=_SUB_OPERATION_S,
        credentials=options.credentials if secure else None,
    )
    pairs = [(i.sop_class, i.transfer_syntax) for i in instances]
    try:
        association = Requestor(call, proposals_for(pairs))
    except DeviceError:
        exchange.respond(command.UNABLE_TO_PERFORM)
        return
    originator = (grant.calling, asked.word(MESSAGE_ID) or 0)
    with association:
        send = partial(_store, association, originator)
        forgets = options.flaws.has("moves_less_than_it_says")
        chosen = partial(_forget, send) if forgets else send
        _retrieve(exchange, instances, chosen, options.flaws)
        with suppress(DeviceError):
            association.release()


def _forget(
    send: Callable[[Instance, int], int | None], instance: Instance, number: int
) -> int | None:
    """Call one of ten objects sent: those whose number ends like that of no other nine."""
    if instance.sop_instance.rstrip(b"\0 ").endswith(_FORGOTTEN):
        return command.SUCCESS
    return send(instance, number)


def _store(
    association: Requestor, originator: tuple[str, int], instance: Instance, number: int
) -> int | None:
    with suppress(DeviceError):
        return association.store(
            instance.sop_class,
            instance.sop_instance,
            instance.transfer_syntax,
            instance.data_set(),
            number,
            originator=originator,
        )
    return None


def _retrieve(
    exchange: Exchange,
    instances: Sequence[Instance],
    send: Callable[[Instance, int], int | None],
    flaws: Flaws,
) -> None:
    wrongly = flaws.has("counts_sub_operations_wrongly") and len(instances) > 1
    counts = Counts(len(instances), surplus=int(wrongly))
    for number, instance in enumerate(instances, 1):
        if exchange.cancelled():
            exchange.respond(command.CANCELLED, counts=counts.elements(with_remaining=True))
            return
        try:
            status = send(instance, number)
        except OSError:
            status = None
        counts.note(status)
        if counts.remaining:
            exchange.respond(command.PENDING, counts=counts.elements(with_remaining=True))
    exchange.cancelled()
    exchange.respond(counts.final_status(), counts=counts.elements(with_remaining=False))


def _prepared(
    dialogue: Dialogue, instance: Instance, grant: Grant, flaws: Flaws
) -> tuple[int, bytes] | None:
    """Return the context on which the peer takes this object, and the data set for it.

    Only what is compressed is converted, and only for a peer that does not take it so.
    """
    if not grant.roles.get(instance.sop_class, (1, 0))[1]:
        return None
    taken = {
        accepted.transfer_syntax: number
        for number, accepted in reversed(dialogue.contexts.items())
        if accepted.abstract_syntax == instance.sop_class
    }
    if instance.transfer_syntax in taken:
        return taken[instance.transfer_syntax], _kept(instance, flaws)
    if instance.transfer_syntax not in DECODED or EXPLICIT_LE not in taken:
        return None
    data = _decoded(instance, flaws)
    return None if data is None else (taken[EXPLICIT_LE], data)


def _kept(instance: Instance, flaws: Flaws) -> bytes:
    """Return the data set as it is stored."""
    if flaws.has("evens_out_pictures"):
        from simulators.devices.reference.transcode_flaws import evened_out

        return evened_out(instance.data_set(), instance.transfer_syntax)
    return instance.data_set()


def _decoded(instance: Instance, flaws: Flaws) -> bytes | None:
    """Return the data set with its pixels decoded; None where that cannot be done."""
    # Codecs are loaded by a device that needs them.
    from simulators.devices.reference.transcode import decoder_for

    if flaws.has("cannot_decode"):
        return None
    with suppress(CannotDecodeError):
        return decoder_for(flaws).decoded(instance.data_set(), instance.transfer_syntax)
    return None


def _text(uid: bytes) -> str:
    return uid.decode("latin-1")
