"""What the device reports, and to whom it happened (PS3.15 A.5.3).

Loaded by a device that was told where its audit repository is (``--audit``).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace

from simulators.devices.reference import audit_message as writing
from simulators.devices.reference import command
from simulators.devices.reference.associate import Associate
from simulators.devices.reference.audit_message import Code, Event, Participant, Thing, Writer, aes
from simulators.devices.reference.audit_sender import Sender
from simulators.devices.reference.command import C_FIND, C_GET, C_MOVE, C_STORE, SOP_CLASS
from simulators.devices.reference.exchange import Exchange
from simulators.devices.reference.index import PATIENT_ID, STUDY_UID, Instance
from simulators.devices.reference.log import Log, shown
from simulators.devices.reference.negotiation import ACSE, PERMANENT, USER, Grant, Refusal
from simulators.devices.reference.options import AcceptorOptions, AuditTarget
from simulators.devices.reference.scanner import DataSetError, Scan

_CHARACTER_SET, _PATIENT_NAME = 0x00080005, 0x00100010
_ACTIVITY = Code("110100", "Application Activity")
_TRANSFERRING = Code("110102", "Begin Transferring DICOM Instances")
_TRANSFERRED = Code("110104", "DICOM Instances Transferred")
_QUERY = Code("110112", "Query")
_ALERT = Code("110113", "Security Alert")
_AUTHENTICATION = Code("110114", "User Authentication")
_START, _STOP = Code("110120", "Application Start"), Code("110121", "Application Stop")
_LOGIN = Code("110122", "Login")
_NODE = Code("110126", "Node Authentication")
_RESTRICTED = Code("110132", "Use of Restricted Function")
_WARNING = 0xB

Reader = Callable[[bytes, bytes], Scan]


class Trail:
    """Reports what happens on every association of one device."""

    def __init__(self, options: AcceptorOptions, target: AuditTarget, log: Log) -> None:
        self._options = options
        self._flaws = options.flaws
        self._writer = Writer(options.ae_title, options.flaws)
        self._sender = Sender(target, options.credentials, options.flaws, log)

    @property
    def keeps_from_serving(self) -> bool:
        """The device serves nobody while it cannot report it (flaw)."""
        return self._flaws.has("audit_refuses_when_down") and not self._sender.is_answered

    def started(self) -> None:
        """Report that the device starts."""
        self._of_activity(_START)

    def stopped(self) -> None:
        """Report that it stops, and wait a moment until that has left."""
        self._of_activity(_STOP)
        self._sender.close()

    def admitted(self, host: str, request: Associate, grant: Grant) -> None:
        """Report a user who has proved who he is."""
        if grant.warrant is not None and grant.warrant.role.user:
            self._of_login(host, request, grant.warrant.role.user, writing.SUCCESS)

    def refused(self, host: str, request: Associate, refusal: Refusal) -> None:
        """Report a caller who was turned away for good: his station, or his user."""
        if refusal.source == ACSE and "identity" in refusal.why:
            identity = request.user.identity
            user = identity.primary.decode("utf-8", "replace")[:64] if identity else ""
            self._of_login(host, request, user or "unknown", writing.MINOR)
        elif refusal.result == PERMANENT and refusal.source == USER:
            words = f"{refusal.why}: called {shown(request.called)}"
            self._of_alert(_NODE, host, shown(request.calling), words, writing.MINOR)

    def unshaken(self, host: str, error: OSError) -> None:
        """Report a peer whose TLS handshake failed."""
        if not self._flaws.has("audit_ignores_handshakes"):
            self._of_alert(_NODE, host, "", str(error), writing.SERIOUS)

    def operation(
        self, exchange: Exchange, grant: Grant, read: Reader, stored: Iterable[Instance]
    ) -> None:
        """Report an operation that has been answered."""
        if exchange.status == command.NOT_AUTHORIZED:
            words = f"operation {exchange.field:04X} is not granted"
            self._of_alert(_RESTRICTED, grant.host, grant.calling, words, writing.MINOR)
        elif exchange.field == C_STORE:
            things = self._things(_values(exchange, read))
            self._of_transfer(_TRANSFERRED, "C", exchange, grant, things)
        elif exchange.field == C_FIND:
            self._of_query(exchange, grant)
        elif exchange.field in (C_GET, C_MOVE):
            study = _values(exchange, read).get(STUDY_UID, b"").rstrip(b"\0 ")
            found = next((one for one in stored if study and _study(one) == study), None)
            if found is not None:
                things = self._things(found.shared)
                self._of_transfer(_TRANSFERRING, "E", exchange, grant, things)

    def _of_activity(self, kind: Code) -> None:
        if self._flaws.has("audit_forgets_restarts"):
            return
        device = replace(self._device(), roles=(writing.APPLICATION,))
        self._report(Event(code=_ACTIVITY, action="E", kind=kind, participants=(device,)))

    def _of_login(self, host: str, request: Associate, user: str, outcome: int) -> None:
        person = Participant(user=user, title=shown(request.calling), requestor=True, address=host)
        people = (person, self._device())
        self._report(
            Event(
                code=_AUTHENTICATION, action="E", kind=_LOGIN, outcome=outcome, participants=people
            )
        )

    def _of_alert(self, kind: Code, host: str, title: str, words: str, outcome: int) -> None:
        peer = aes(title, address=host, roles=(), requestor=False)
        subject = Thing(
            key=host,
            kind="2",
            role="13",
            key_type=writing.NODE,
            detail=("Alert Description", words),
        )
        self._report(
            Event(
                code=_ALERT,
                action="E",
                kind=kind,
                outcome=outcome,
                participants=(self._device(), peer),
                things=(subject,),
            )
        )

    def _of_query(self, exchange: Exchange, grant: Grant) -> None:
        if self._flaws.has("audit_misses_queries"):
            return
        asked = exchange.request
        syntax = exchange.context.transfer_syntax.decode("latin-1")
        what = Thing(
            key=asked.command.uid(SOP_CLASS).decode("latin-1"),
            kind="2",
            role="3",
            key_type=writing.QUERIED_CLASS,
            query=asked.data or b"",
            detail=("TransferSyntax", syntax),
        )
        people = self._pair(grant, taking=False)
        outcome = _outcome(exchange.status)
        self._report(
            Event(code=_QUERY, action="E", outcome=outcome, participants=people, things=(what,))
        )

    def _of_transfer(
        self, code: Code, action: str, exchange: Exchange, grant: Grant, things: tuple[Thing, ...]
    ) -> None:
        people = self._pair(grant, taking=exchange.field != C_STORE)
        if exchange.field == C_MOVE:
            title = exchange.request.command.title(command.DESTINATION)
            asker = replace(people[0], roles=())
            taker = aes(title, address="", roles=(writing.DESTINATION,), requestor=False)
            people = (asker, people[1], taker)
        self._report(
            Event(
                code=code,
                action=action,
                outcome=_outcome(exchange.status),
                participants=people,
                things=things,
            )
        )

    def _pair(self, grant: Grant, *, taking: bool) -> tuple[Participant, ...]:
        """Return the caller, in its role, and the device in the other one."""
        theirs, ours = writing.SOURCE, writing.DESTINATION
        if taking:
            theirs, ours = ours, theirs
        title = grant.calling
        if self._flaws.has("audit_wrong_actor"):
            title = self._options.ae_title
        caller = aes(title, address=grant.host, roles=(theirs,), requestor=True)
        return caller, replace(self._device(), roles=(ours,))

    def _device(self) -> Participant:
        return aes(self._options.ae_title, address=self._options.host, roles=(), requestor=False)

    def _things(self, values: Mapping[int, bytes]) -> tuple[Thing, ...]:
        """Return study and patient, as far as they are known."""
        study, patient = _text(values, STUDY_UID), _text(values, PATIENT_ID)
        name = _text(values, _PATIENT_NAME)
        things: list[Thing] = []
        if study:
            things.append(Thing(key=study, kind="2", role="3", key_type=writing.STUDY))
        if patient:
            whose = writing.PATIENT_NUMBER
            things.append(Thing(key=patient, kind="1", role="1", key_type=whose, name=name))
        return tuple(things)

    def _report(self, event: Event) -> None:
        silent = self._flaws.has("audit_says_nothing")
        if silent or (event.outcome and self._flaws.has("audit_failures_missing")):
            return
        self._sender.post(self._writer.message(event))


def _outcome(status: int) -> int:
    good = status == command.SUCCESS or status >> 12 == _WARNING
    return writing.SUCCESS if good else writing.SERIOUS


def _study(instance: Instance) -> bytes:
    return (instance.value(STUDY_UID) or b"").rstrip(b"\0 ")


def _values(exchange: Exchange, read: Reader) -> Mapping[int, bytes]:
    try:
        return read(exchange.request.data or b"", exchange.context.transfer_syntax).values
    except DataSetError:
        return {}


def _text(values: Mapping[int, bytes], tag: int) -> str:
    unicode = b"192" in values.get(_CHARACTER_SET, b"")
    coding = "utf-8" if unicode else "latin-1"
    return values.get(tag, b"").decode(coding, "replace").strip(" \0")
