"""The probe of ``assay init``: a few honest associations, and a ClientHello where they fail.

Nothing here lies. What a wrong AE title does is asked by an association that is honest but for the
name; TLS is asked for only where no PDU answered, because a ClientHello is noise to a plain device.
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from harness.probing import Observed
from harness.profile import Profile
from harness.stage import Stage
from harness.verdict import Outcome
from simulators import tls, wire
from simulators.connection import Connection, connect
from simulators.describe import described, reaction_of
from simulators.lab import Lab
from simulators.requestor import Requestor
from simulators.sentinel import sentinel_stage
from simulators.wire import uids

ANSWER_S: Final = 5.0
"""How long each honest question may stay unanswered."""

CALLING_REASON, CALLED_REASON = 3, 7
"""Reasons "calling/called AE title not recognised" of a service user (PS3.8 Table 9-21)."""

_PRINT: Final = "1.2.840.10008.5.1.1.9"
_CLASSES: Final[dict[str, tuple[str, ...]]] = {
    "verification": (uids.VERIFICATION,),
    "storage": (uids.CT_IMAGE_STORAGE, uids.MR_IMAGE_STORAGE, uids.SECONDARY_CAPTURE),
    "query": (uids.STUDY_ROOT_FIND, uids.PATIENT_ROOT_FIND),
    "retrieve": (uids.STUDY_ROOT_GET, uids.PATIENT_ROOT_GET),
    "worklist": (uids.MODALITY_WORKLIST_FIND,),
    "mpps": (uids.MODALITY_PERFORMED_PROCEDURE_STEP,),
    "storage-commitment": (uids.STORAGE_COMMITMENT_PUSH,),
    "print": (_PRINT,),
}
_MOVE: Final = (uids.STUDY_ROOT_MOVE, uids.PATIENT_ROOT_MOVE)
_FOR_STORAGE: Final = (
    uids.IMPLICIT_LE,
    uids.EXPLICIT_LE,
    uids.EXPLICIT_BE,
    uids.DEFLATED_LE,
    uids.JPEG_BASELINE,
    "1.2.840.10008.1.2.4.70",
    "1.2.840.10008.1.2.4.80",
    "1.2.840.10008.1.2.4.90",
    "1.2.840.10008.1.2.5",
)
_FOR_OTHERS: Final = (uids.IMPLICIT_LE, uids.EXPLICIT_LE)
_MOST_TLS_BYTES: Final = 1 << 16


@dataclass(frozen=True, slots=True)
class _Table:
    """A bench with a laboratory on it and nothing else."""

    lab: Lab


def probe(profile: Profile) -> Observed:
    """Looks at the acceptor of a profile (entry point ``dicom_assay.probes``).

    Raises:
        ScopeError: The address is outside the scope; nothing was sent.
    """
    with tempfile.TemporaryDirectory(prefix="assay-probe-") as folder:
        lab = Lab.equip(profile, Path(folder), lambda _: None)
        try:
            return _look(sentinel_stage(_Table(lab), lab.profile, "probe"), lab)
        finally:
            lab.close()


def _look(stage: Stage, lab: Lab) -> Observed:
    seen = _associate(stage)
    if seen.outcome is Outcome.ACCEPTED:
        called = _refused(stage, CALLED_REASON, called=f"X{stage.token[:14]}")
        calling = _refused(stage, CALLING_REASON, calling=f"X{stage.token[:14]}")
        return replace(seen, refuses_called=called, refuses_calling=calling)
    if seen.outcome in (Outcome.REJECTED, Outcome.ABORTED, Outcome.REFUSED):
        return seen
    return _with_tls(seen, stage, lab)


def _associate(stage: Stage) -> Observed:
    """One association that proposes everything that a profile can claim."""
    with Requestor(stage, actor="probe") as peer:
        if peer.connection is None:
            return Observed(outcome=Outcome.REFUSED, detail="the connection was refused")
        contexts = tuple(_contexts())
        peer.send(peer.request(contexts))
        answer = peer.receive(ANSWER_S)
        if answer is None:
            ended = peer.ended or Outcome.TIMEOUT
            return Observed(outcome=ended, detail=f"an honest association: {ended.value.lower()}")
        if not isinstance(answer, wire.AssociateAC):
            by_user = isinstance(answer, wire.AssociateRJ) and answer.source == 1
            return Observed(
                outcome=reaction_of(answer)[0],
                detail=described(answer),
                reason=answer.reason if isinstance(answer, wire.AssociateRJ) and by_user else None,
            )
        status = _echo(peer, answer)
        peer.release()
    return _told(answer, contexts, status)


def _contexts() -> Iterator[wire.Context]:
    """Each abstract syntax with each transfer syntax on its own: the answer tells them apart."""
    classes = [each for listed in _CLASSES.values() for each in listed] + list(_MOVE)
    number = 1
    for sop_class in classes:
        stored = sop_class in _CLASSES["storage"]
        for syntax in _FOR_STORAGE if stored else _FOR_OTHERS:
            yield wire.Context(number, sop_class, (syntax,))
            number += 2


def _echo(peer: Requestor, answer: wire.AssociateAC) -> int | None:
    accepted = wire.accepted_contexts(answer)
    peer.max_length = wire.max_length_of(answer) or 0
    for context in _contexts():
        if context.abstract_syntax == uids.VERIFICATION and context.id in accepted:
            peer.invoke(wire.c_echo_rq(peer.next_message_id()), context_id=context.id)
            message = peer.message(ANSWER_S)
            return message.command.integer("Status") if message else None
    return None


def _told(
    answer: wire.AssociateAC, contexts: tuple[wire.Context, ...], status: int | None
) -> Observed:
    taken = wire.accepted_contexts(answer)
    accepted = [context for context in contexts if context.id in taken]
    classes = {context.abstract_syntax for context in accepted}
    stored = {
        context.transfer_syntaxes[0]
        for context in accepted
        if context.abstract_syntax in _CLASSES["storage"]
    }
    remarks = []
    if classes & set(_MOVE) and not classes & set(_CLASSES["retrieve"]):
        remarks.append(
            "C-MOVE is accepted and C-GET is not: 'retrieve' means C-GET, so it is left out"
        )
    return Observed(
        outcome=Outcome.ACCEPTED,
        detail=f"{len(accepted)} of {len(contexts)} presentation contexts were accepted",
        services=tuple(name for name, listed in _CLASSES.items() if classes & set(listed)),
        transfer_syntaxes=tuple(syntax for syntax in _FOR_STORAGE if syntax in stored),
        max_pdu=wire.max_length_of(answer),
        implementation=_implementation(answer),
        echo_status=status,
        remarks=tuple(remarks),
    )


def _implementation(answer: wire.AssociateAC) -> str:
    found = []
    for item in wire.user_items_of(answer):
        raw: bytes | str | None = None
        if isinstance(item, wire.ImplementationClassUID):
            raw = item.uid
        elif isinstance(item, wire.ImplementationVersionName):
            raw = item.name
        if raw is not None:
            text = raw if isinstance(raw, str) else raw.decode("latin-1")
            found.append("".join(c if " " <= c <= "~" else "?" for c in text[:64]).strip())
    return " ".join(found)


def _refused(
    stage: Stage, reason: int, *, called: str | None = None, calling: str | None = None
) -> bool | None:
    """Whether a made-up AE title is rejected for that reason; None for any other answer."""
    with Requestor(stage, actor="probe", called=called, calling=calling) as peer:
        if peer.connection is None:
            return None
        peer.send(peer.request())
        answer = peer.receive(ANSWER_S)
        if isinstance(answer, wire.AssociateAC):
            peer.release()
            return False
        if isinstance(answer, wire.AssociateRJ) and (answer.source, answer.reason) == (1, reason):
            return True
    return None


def _with_tls(seen: Observed, stage: Stage, lab: Lab) -> Observed:
    """Asks for TLS 1.3 or 1.2, and then for TLS 1.2 alone, where certificates are in clear."""
    first = _hello(stage, lab, (tls.TlsVersion.TLS1_3, tls.TlsVersion.TLS1_2))
    if first is None or first.version is None:
        return seen
    flights = [first]
    if first.version is tls.TlsVersion.TLS1_3:
        second = _hello(stage, lab, (tls.TlsVersion.TLS1_2,))
        if second is not None and second.version is not None:
            flights.append(second)
    in_clear = [flight for flight in flights if flight.done]
    return replace(
        seen,
        detail="it speaks TLS",
        tls=tuple(str(flight.version).removeprefix("TLS ") for flight in flights),
        asks_for_certificate=in_clear[-1].certificate_requested if in_clear else None,
    )


def _hello(stage: Stage, lab: Lab, versions: tuple[tls.TlsVersion, ...]) -> tls.ServerFlight | None:
    connection = connect(stage, lab.guard, lab.address(secure=False), actor="probe")
    if connection is None:
        return None
    try:
        connection.send(tls.client_hello(tls.HelloOffer(versions=versions)), ANSWER_S)
        return _flight(connection)
    finally:
        connection.close()


def _flight(connection: Connection) -> tls.ServerFlight:
    """What came back until the flight in clear is complete, the peer ended it, or time ran out."""
    data = b""
    deadline = time.monotonic() + ANSWER_S
    while len(data) < _MOST_TLS_BYTES:
        try:
            more = connection.receive(deadline - time.monotonic())
        except (TimeoutError, ConnectionError):
            break
        data += more
        flight = tls.parse_server_flight(data)
        if not more or flight.done or flight.alert or flight.version is tls.TlsVersion.TLS1_3:
            break
    return tls.parse_server_flight(data)
