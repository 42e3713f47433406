"""Objects that a peer leaves and asks for again: what became of them, without judging it.

Witnesses ``kept`` (how the C-STORE ended) and ``returned`` (what a C-GET brought back), so that an
oracle can compare what came with what was sent.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from harness.model import JSON
from harness.stage import Stage
from harness.verdict import Outcome
from simulators import wire
from simulators.describe import reaction_of
from simulators.objects import SyntheticObject, uid
from simulators.queries import (
    QUERY,
    RETRIEVE,
    TAKES_OBJECTS,
    UNCOMPRESSED,
    converse,
    instance_keys,
    send_lying_dataset,
)
from simulators.requestor import ANSWER_S, Requestor
from simulators.wire import uids
from simulators.wire.pixels import PIXEL_DATA, fragments_in

_C_STORE_RQ = 0x0001
_PENDING = frozenset((0xFF00, 0xFF01))
_WARNING = 0xB
_MOST_OBJECTS = 16
_MOST_OCTETS = 16 << 20
_IGNORED = b" \0"


@dataclass(frozen=True, slots=True, kw_only=True)
class Returned:
    """One object that came back by C-GET.

    Attributes:
        sop_instance: SOP Instance UID of its C-STORE.
        transfer_syntax: How it is encoded.
        dataset: Its data set.
    """

    sop_instance: str
    transfer_syntax: str
    dataset: bytes

    def identity(self) -> str:
        """The SOP Instance UID that stands in the data set."""
        found = self.values().get(0x00080018, b"")
        return found.rstrip(b"\0 ").decode("latin-1")

    def stream(self) -> bytes:
        """The fragments of encapsulated Pixel Data, joined, without padding; empty without them."""
        read = wire.read_elements(self.dataset, self.transfer_syntax)
        whole = next((e.value for e in read.elements if e.tag == PIXEL_DATA and e.undefined), b"")
        return b"".join(fragments_in(whole)[1:]).rstrip(_IGNORED)

    def values(self) -> dict[int, bytes]:
        """The octets of its top-level elements of defined length by tag."""
        return _values(self.dataset, self.transfer_syntax)


def leave(stage: Stage, thing: SyntheticObject, *, name: str = "") -> bool:
    """Stores an object that deviates, as the stimulus; True when the device says it has it.

    Args:
        stage: The play.
        thing: The object; its transfer syntax is the only one that is proposed.
        name: Which object of the play it is, where there are several.
    """
    context = wire.Context(1, thing.sop_class, (thing.transfer_syntax,))
    with Requestor(stage) as attacker:
        attacker.associate((context,))
        command = wire.c_store_rq(thing.sop_class, thing.sop_instance, attacker.next_message_id())
        send_lying_dataset(attacker, command, thing.dataset)
        outcome, detail = converse(attacker, lambda _message: True)
        attacker.conclude(outcome, detail)
        taken = outcome is Outcome.RESPONDED and _taken(detail.get("status"))
        stage.observe("kept", outcome=outcome.value, taken=taken, name=name, **detail)
        if taken:
            attacker.release()
        return taken


def bring_back(
    stage: Stage,
    thing: SyntheticObject,
    *,
    syntaxes: Sequence[str] = UNCOMPRESSED,
    series: str = "",
    patience_s: float = ANSWER_S,
) -> tuple[list[Returned], dict[str, JSON]]:
    """Asks for an object by C-GET on an association of its own.

    Args:
        stage: The play.
        thing: The object.
        syntaxes: The transfer syntaxes in which it may come.
        series: Its Series Instance UID, where it is not the third UID of the play.
        patience_s: How long the device may take.

    Returns:
        What came, and how the request ended: ``outcome``, ``objects``, ``status``, ``failures`` (of
        sub-operations, as the device counts them), ``detail`` and ``after_s``.

    Raises:
        PreconditionUnmetError: The device does not accept the association.
    """
    storage = wire.Context(3, thing.sop_class, tuple(syntaxes))
    came: list[Returned] = []
    with Requestor(stage) as attacker:
        attacker.associate((RETRIEVE[0], storage), user_items=(TAKES_OBJECTS,))
        stage.require(RETRIEVE[0].id in attacker.contexts, "the C-GET context was not accepted")
        stage.require(storage.id in attacker.contexts, "no context for what is to come back")
        began = stage.observe("asked-back").at_s
        outcome, detail, failures = _get(
            attacker, instance_keys(thing, series or uid(stage, 3)), came, patience_s
        )
        after = stage.observe("came-back").at_s - began
        attacker.conclude(outcome, {**detail, "matches": len(came), "expected": 1})
        if attacker.ended is None and outcome is Outcome.RESPONDED:
            attacker.release()
    ending: dict[str, JSON] = {
        "outcome": outcome.value, "objects": len(came), "after_s": round(after, 3),
        "status": detail.get("status"), "failures": failures, "detail": detail.get("detail"),
    }  # fmt: skip
    return came, ending


def compare(
    stage: Stage,
    thing: SyntheticObject,
    *,
    name: str = "",
    series: str = "",
    syntaxes: Sequence[str] = UNCOMPRESSED,
) -> None:
    """Asks for an object and witnesses ``returned`` with ``changed``, the tags of other values.

    Args:
        stage: The play.
        thing: The object.
        name: Which object of the play it is, where there are several.
        series: As for :func:`bring_back`.
        syntaxes: Likewise.
    """
    came, ending = bring_back(stage, thing, series=series, syntaxes=syntaxes)
    found: dict[str, JSON] = {}
    if came:
        found["another"] = came[0].identity() != thing.sop_instance
        found["changed"] = differing(thing, came[0])
    stage.observe("returned", name=name, **ending, **found)


def differing(thing: SyntheticObject, came: Returned) -> list[JSON]:
    """Tags of the object whose value is another one, or missing; padding does not count.

    Of encapsulated Pixel Data the streams are compared, however they are divided into fragments.
    """
    sent = Returned(
        sop_instance=thing.sop_instance,
        transfer_syntax=thing.transfer_syntax,
        dataset=thing.dataset,
    )
    values = came.values()
    changed: list[JSON] = [
        f"{tag:08X}"
        for tag, value in sent.values().items()
        if values.get(tag, b"\1").rstrip(_IGNORED) != value.rstrip(_IGNORED)
    ]
    return changed if sent.stream() == came.stream() else [*changed, f"{PIXEL_DATA:08X}"]


def answers_of(
    peer: Requestor, keys: tuple[wire.Element, ...]
) -> tuple[list[dict[int, bytes]], Outcome, int | None]:
    """A C-FIND to its final response: what each match holds, how it ended, the final status.

    Args:
        peer: An association with :data:`~simulators.queries.QUERY`.
        keys: The identifier.
    """
    syntax = peer.contexts[QUERY.id]
    identifier = wire.encode_dataset(keys, syntax)
    peer.invoke(wire.c_find_rq(message_id=peer.next_message_id()), identifier, context_id=QUERY.id)
    found: list[dict[int, bytes]] = []

    def take(message: wire.Message) -> bool:
        pending = message.command["Status"] in _PENDING
        if pending:
            found.append(_values(message.dataset or b"", syntax))
        return not pending

    outcome, detail = converse(peer, take)
    peer.conclude(outcome, {**detail, "matches": len(found)})
    status = detail.get("status")
    return found, outcome, status if isinstance(status, int) else None


def _get(
    peer: Requestor, keys: tuple[wire.Element, ...], came: list[Returned], patience_s: float
) -> tuple[Outcome, Mapping[str, JSON], int]:
    identifier = wire.encode_dataset(keys, peer.contexts[RETRIEVE[0].id])
    command = wire.c_get_rq(message_id=peer.next_message_id())
    peer.invoke(command, identifier, context_id=RETRIEVE[0].id)

    failures = 0

    def take(message: wire.Message) -> bool:
        nonlocal failures
        if message.command["CommandField"] == _C_STORE_RQ:
            _receive(peer, message, came)
            return False
        failures = message.command.integer("NumberOfFailedSuboperations") or 0
        return message.command["Status"] not in _PENDING

    outcome, detail = _listen(peer, take, patience_s)
    return outcome, detail, failures


def _listen(
    peer: Requestor, take: Callable[[wire.Message], bool], patience_s: float
) -> tuple[Outcome, Mapping[str, JSON]]:
    """Hands over messages until one is final; ACCEPTED when far more comes than was ever sent."""
    assembler = wire.Reassembler(_MOST_OCTETS)
    deadline = time.monotonic() + patience_s
    octets = 0
    while octets < _MOST_OCTETS:
        pdu = peer.receive(deadline - time.monotonic())
        if pdu is None:
            return peer.ended or Outcome.TIMEOUT, {}
        if not isinstance(pdu, wire.PDataTF):
            return reaction_of(pdu)
        octets += sum(len(pdv) if isinstance(pdv, bytes) else len(pdv.data) for pdv in pdu.pdvs)
        for message in assembler.feed(pdu):
            if take(message):
                return reaction_of(message)
    return Outcome.ACCEPTED, {"detail": f"more than {_MOST_OCTETS >> 20} MiB came"}


def _receive(peer: Requestor, message: wire.Message, came: list[Returned]) -> None:
    """Keeps an object, and confirms the sub-operation."""
    told = message.command
    instance = told.text("AffectedSOPInstanceUID") or ""
    syntax = peer.contexts.get(message.context_id, uids.IMPLICIT_LE)
    if len(came) < _MOST_OBJECTS:
        data = message.dataset or b""
        came.append(Returned(sop_instance=instance, transfer_syntax=syntax, dataset=data))
    sop_class, number = told.text("AffectedSOPClassUID") or "", told.integer("MessageID") or 0
    answer = wire.c_store_rsp(sop_class, instance, number)
    peer.invoke(answer, context_id=message.context_id)


def _values(dataset: bytes, syntax: str) -> dict[int, bytes]:
    read = wire.read_elements(dataset, syntax)
    return {each.tag: each.value for each in read.elements if not each.undefined}


def _taken(status: JSON) -> bool:
    return isinstance(status, int) and (status == 0 or status >> 12 == _WARNING)
