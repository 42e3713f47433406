"""Data sets offered by C-STORE, and what the device makes of those that it acknowledges.

What a device says of an object later, by C-FIND and by C-GET, is compared with what the object was
when it was sent; a device that gives back the octets that it got has nothing to answer for.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field, replace

from harness.model import JSON, Claim
from harness.stage import Stage
from harness.verdict import Outcome
from simulators import hostile, wire
from simulators.datasets import Builder, Specimen
from simulators.datasets.specimen import PATIENT_ID
from simulators.objects import uid
from simulators.queries import QUERY, TAKES_OBJECTS, send_lying_dataset
from simulators.requestor import ANSWER_S, Requestor
from simulators.wire import uids

SEPARATE = (
    wire.Context(1, uids.SECONDARY_CAPTURE, (uids.EXPLICIT_LE,)),
    wire.Context(3, uids.SECONDARY_CAPTURE, (uids.IMPLICIT_LE,)),
)
"""One context for each transfer syntax, so that we choose it for every object."""

_GET = (wire.Context(5, uids.STUDY_ROOT_GET, (uids.EXPLICIT_LE, uids.IMPLICIT_LE)), *SEPARATE)
_CONTEXT_OF = {context.transfer_syntaxes[0]: context.id for context in SEPARATE}
_PENDING = frozenset((0xFF00, 0xFF01))
_C_STORE_RQ = 0x0001
_WARNING = 0xB
_MOST_MESSAGES = 64
_LEAST_LEFT_S = 20.0
_ATTEMPTS = (1, 2)
_TURN_S = 0.5
_turn = threading.Lock()
"""Some devices lose objects that come at the same time, which is not what is looked for here."""
_LOOK_AGAIN_S = 0.25
_PATIENCE_S = 3.0
_PIXELS = bytes(range(256))


def content_of(stage: Stage, number: int = 1) -> tuple[wire.Element, ...]:
    """The elements of an honest object in a study of its own, with pixels that differ."""
    own: dict[int, str | bytes] = {
        hostile.STUDY_INSTANCE_UID: uid(stage, 2, number),
        hostile.SERIES_INSTANCE_UID: uid(stage, 3, number),
        hostile.PATIENT_ID: f"SYN{stage.token[:10]}{number:02}",
        hostile.PIXEL_DATA: _PIXELS,
    }
    return tuple(
        replace(each, value=own[each.tag]) if each.tag in own else each
        for each in hostile.elements(stage, number)
    )


def offer_and_look_back(stage: Stage, builder: Builder) -> None:
    """Offers one data set, and looks what became of it if the device acknowledged it.

    Witnesses what :func:`offer` and :func:`look_back` do. What is gone altogether is offered once
    more under other UIDs: a device that loses or mixes up what comes at the same time has another
    fault than the one that is looked for here.
    """
    for number in _ATTEMPTS:
        last = number == _ATTEMPTS[-1]
        for taken, status in offer(stage, [builder(content_of(stage, number))]):
            if not look_back(stage, taken, status, final=last):
                break
        else:
            return


def offer(
    stage: Stage, specimens: Iterable[Specimen], wait_s: float | None = None
) -> list[tuple[Specimen, int]]:
    """Sends every data set by a C-STORE of its own, on one association as long as that lasts.

    Every reaction is an outcome. The command is honest. A device that takes its time gets as many
    as the budget of the play permits.

    Args:
        stage: The play.
        specimens: What to send.
        wait_s: How long each answer may take; by default ARTIM and some grace.

    Returns:
        Those that were acknowledged, each with the status: success, or a warning.
    """
    taken: list[tuple[Specimen, int]] = []
    with ExitStack() as ended:
        peer: Requestor | None = None
        for number, specimen in enumerate(specimens):
            if number and stage.remaining_s() < _LEAST_LEFT_S:
                break
            if peer is None:
                peer = ended.enter_context(Requestor(stage))
                peer.associate(SEPARATE)
            outcome = _send(peer, specimen, wait_s)
            if outcome is not Outcome.RESPONDED:
                peer.close()
                peer = None
                continue
            status = _last_status(stage)
            if status == 0 or (status is not None and status >> 12 == _WARNING):
                taken.append((specimen, status))
    return taken


def look_back(stage: Stage, taken: Specimen, status: int, *, final: bool = True) -> bool:
    """Asks for an acknowledged object by C-FIND and C-GET, where the device claims them.

    Witnesses one ``kept``, or a ``missed`` where nothing of the object came and that is not final:
    ``patients`` (permitted Patient IDs), ``listed`` (those that queries show; None when none was
    answered), ``came`` (objects that a C-GET brought; None when none was answered), ``strangers``
    (those of other plays that came with them), ``status`` (how it ended), ``same`` (the octets came
    back as they were sent), ``returned`` (Patient IDs in what came), ``lost`` (tags that were
    promised and are not there), ``owes`` (how many were promised), ``promised`` (acknowledged
    without a warning) and ``fault`` (why what came cannot be read).

    Returns:
        False for a ``missed``.
    """
    claims = stage.profile.claims()
    listed = _listed(stage, taken) if Claim.QUERY_SCP in claims else None
    back = _fetched(stage, taken) if Claim.RETRIEVE_SCP in claims else None
    if not final and taken.owes and back is not None and not back.objects:
        stage.observe("missed", "polite", sop_instance=taken.sop_instance, status=back.status)
        return False
    stage.observe(
        "kept",
        "polite",
        sop_instance=taken.sop_instance,
        promised=status == 0,
        owes=len(taken.owes),
        patients=list(taken.patients),
        listed=listed,
        came=None if back is None else len(back.objects),
        strangers=0 if back is None else back.strangers,
        status=None if back is None else back.status,
        **_compared(taken, back),
    )
    return True


@dataclass(slots=True)
class _Back:
    """What a C-GET brought.

    Attributes:
        objects: Data sets with their transfer syntax.
        strangers: How many more came that are of other plays: none has our mark.
        status: Of the final response.
    """

    objects: list[tuple[bytes, str]] = field(default_factory=list[tuple[bytes, str]])
    strangers: int = 0
    status: int = 0


def _send(peer: Requestor, specimen: Specimen, wait_s: float | None) -> Outcome:
    context_id = _CONTEXT_OF[specimen.syntax]
    accepted = peer.contexts.get(context_id) == specimen.syntax
    peer.stage.require(accepted, f"no context was accepted for {specimen.syntax}")
    command = wire.c_store_rq(specimen.sop_class, specimen.sop_instance, peer.next_message_id())
    with _turn:
        send_lying_dataset(peer, command, specimen.octets, context_id=context_id)
        peer.hear(_TURN_S)
    return peer.wait_for_ending(wait_s)


def _last_status(stage: Stage) -> int | None:
    seen = stage.record({}).last("outcome", "attacker")
    status = seen.data.get("status") if seen else None
    return status if isinstance(status, int) else None


def _listed(stage: Stage, taken: Specimen) -> list[str] | None:
    """Patient IDs that queries show for the study, and for whoever bears the mark."""
    by_study = (("PatientID", ""), ("StudyInstanceUID", taken.study))
    by_mark = (("PatientID", f"*{taken.mark}*"), ("StudyInstanceUID", ""))
    with Requestor(stage, actor="polite") as peer:
        peer.associate((QUERY,))
        deadline = time.monotonic() + _PATIENCE_S
        while True:
            found = _query(peer, dict(by_study))
            if found or found is None or not taken.owes or time.monotonic() >= deadline:
                break
            stage.cancelled.wait(_LOOK_AGAIN_S)
        more = _query(peer, dict(by_mark))
        peer.release()
    if found is None and more is None:
        return None
    return sorted({*(found or ()), *(more or ())})


def _query(peer: Requestor, keys: Mapping[str, str]) -> list[str] | None:
    """The Patient IDs of all matches at the study level; None when it was not answered in order."""
    syntax = peer.contexts[QUERY.id]
    identifier = wire.encode_dataset(
        (
            wire.Element(tag=0x00080052, vr="CS", value="STUDY"),
            wire.Element(tag=PATIENT_ID, vr="LO", value=keys["PatientID"]),
            wire.Element(tag=0x0020000D, vr="UI", value=keys["StudyInstanceUID"]),
        ),
        syntax,
    )
    peer.invoke(wire.c_find_rq(message_id=peer.next_message_id()), identifier, context_id=QUERY.id)
    found: list[str] = []
    for message in _messages(peer):
        if message.command["Status"] not in _PENDING:
            return found if message.command["Status"] == 0 else None
        answer = wire.read_elements(message.dataset or b"", syntax)
        found.append(answer.text(PATIENT_ID) or "")
    return None


def _fetched(stage: Stage, taken: Specimen) -> _Back | None:
    """What a C-GET of the study brings; None when it is not answered to its end."""
    with Requestor(stage, actor="polite") as peer:
        peer.associate(_GET, user_items=(TAKES_OBJECTS,))
        stage.require(_GET[0].id in peer.contexts, "the C-GET context was not accepted")
        identifier = wire.encode_dataset(
            (
                wire.Element(tag=0x00080052, vr="CS", value="STUDY"),
                wire.Element(tag=0x0020000D, vr="UI", value=taken.study),
            ),
            peer.contexts[_GET[0].id],
        )
        command = wire.c_get_rq(message_id=peer.next_message_id())
        peer.invoke(command, identifier, context_id=_GET[0].id)
        back = _Back()
        for message in _messages(peer):
            if message.command["CommandField"] == _C_STORE_RQ:
                octets = message.dataset or b""
                if taken.mark.encode() in octets:
                    back.objects.append((octets, peer.contexts[message.context_id]))
                else:
                    back.strangers += 1
                _confirm(peer, message)
            elif (status := message.command.integer("Status")) not in _PENDING:
                back.status = status or 0
                peer.release()
                return back
    return None


def _messages(peer: Requestor) -> Iterator[wire.Message]:
    for _ in range(_MOST_MESSAGES):
        message = peer.message(ANSWER_S)
        if message is None:
            return
        yield message


def _confirm(peer: Requestor, asked: wire.Message) -> None:
    answer = wire.c_store_rsp(
        asked.command.text("AffectedSOPClassUID") or "",
        asked.command.text("AffectedSOPInstanceUID") or "",
        asked.command.integer("MessageID") or 0,
    )
    peer.invoke(answer, context_id=asked.context_id)


def _compared(taken: Specimen, back: _Back | None) -> Mapping[str, JSON]:
    """How what came differs from what was sent, by our own reading of it."""
    objects = back.objects if back else []
    same = bool(objects) and all(one == (taken.octets, taken.syntax) for one in objects)
    readings = [wire.read_elements(*one) for one in objects]
    return {
        "same": same,
        "fault": next((each.fault for each in readings if each.fault), ""),
        "returned": sorted(
            {value.rstrip(b" \0").decode("latin-1")
             for each in readings for value in each.values(PATIENT_ID)}
        ),
        "lost": [
            f"{tag:08X}"
            for tag, owed in sorted(taken.owes.items())
            if not same and not all(_holds(each, tag, owed) for each in readings)
        ],
    }  # fmt: skip


def _holds(reading: wire.Reading, tag: int, owed: bytes) -> bool:
    """Whether a value is there, but for padding and for how a sequence is written."""
    return any(owed.rstrip(b" \0") in value for value in reading.values(tag))
