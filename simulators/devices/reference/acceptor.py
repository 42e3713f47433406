"""The acceptor's side of one association: Sta2, Sta3, Sta6, Sta8 and Sta13 of PS3.8 9.2.

It never asks for release itself, so the acceptor states Sta7, Sta10 and Sta12 are not reached. Its
own decision to end an association (idle peer, DIMSE violation) is an A-ABORT with source 0.
"""

from __future__ import annotations

import time
from contextlib import nullcontext, suppress
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Protocol

from simulators.devices.reference.assembly import assembler_for
from simulators.devices.reference.associate import (
    Associate,
    read_associate,
    read_proposals,
    take_by_items,
)
from simulators.devices.reference.channel import FOREVER, Channel
from simulators.devices.reference.closing import wait_for_close
from simulators.devices.reference.dialogue import (
    ABORT,
    P_DATA,
    RELEASE_RQ,
    RQ,
    Accepted,
    Dialogue,
    Leniency,
)
from simulators.devices.reference.errors import (
    UNEXPECTED_PDU,
    UNRECOGNIZED_PDU,
    DeviceError,
    ExpiredError,
    PeerGoneError,
    ProtocolError,
    ServiceError,
)
from simulators.devices.reference.flaws import Flaws
from simulators.devices.reference.items import invalid
from simulators.devices.reference.log import Log, shown
from simulators.devices.reference.negotiation import (
    BUSY,
    CONGESTED,
    EARLY_CONTEXT,
    Grant,
    Negotiator,
    Refusal,
    acceptance,
)
from simulators.devices.reference.options import MIB, AcceptorOptions
from simulators.devices.reference.slots import Slots, WaitingRoom
from simulators.devices.reference.worker import WorkerDiedError, die
from simulators.wire import Abort, AssociateRJ, ReleaseRP, encode

if TYPE_CHECKING:
    from simulators.devices.reference.auditing import Trail
    from simulators.devices.reference.strain import Strain

_FLAW_CAP = 512 * MIB
# How much earlier than ARTIM the twin FO-3 closes, as a share of ARTIM.
_JUST_UNDER = 0.07
_GREETING = b"220 DICOM service ready\r\n"


class Server(Protocol):
    """Answers one DIMSE message after the other."""

    def __call__(self, dialogue: Dialogue, grant: Grant) -> bool:
        """Serve until the peer asks for release; True when that was during an operation."""
        ...


@dataclass(frozen=True, slots=True)
class Device:
    """What all associations of one device share.

    Attributes:
        strain: What load does to it; None for a sound device.
        trail: Where it reports what happens; None for a device without an audit trail.
    """

    options: AcceptorOptions
    negotiator: Negotiator
    slots: Slots
    waiting: WaitingRoom
    log: Log
    serve: Server
    strain: Strain | None = None
    trail: Trail | None = None


class Acceptor:
    """Drives one connection from Sta2 to Sta1."""

    def __init__(self, device: Device, channel: Channel, number: int, host: str) -> None:
        """Take a connection.

        Args:
            device: What is shared.
            channel: The transport, in Sta2.
            number: Number of the connection, for the log.
            host: Address of the peer.
        """
        self._device = device
        self._channel = channel
        self._number = number
        self._host = host
        self._flaws: Flaws = device.options.flaws
        self._limits = device.options.limits
        self._holds_slot = False
        self._slot_of = ""
        self._untimed = False
        self._established = False
        self._released = False

    def run(self, deadline: float) -> None:
        """Serve the connection until it has ended; never raises a :class:`DeviceError`.

        Args:
            deadline: When ARTIM of Sta2 expires, monotonic seconds.
        """
        try:
            self._converse(deadline)
        except ProtocolError as error:
            self._device.slots.internal_error()
            source = 2 if self._established else 0
            self._abort(source, error.reason if source else 0, error)
        except ServiceError as error:
            self._device.slots.internal_error()
            self._abort(0, 0, error)
        except ExpiredError as error:
            self._expired(error)
        except PeerGoneError as error:
            self._release_slot(orderly=error.aborted)
            self._log(f"ended: {error}")
        except WorkerDiedError as error:
            self._log(f"closed: {error}")
        finally:
            self._release_slot(orderly=True)
            self._device.waiting.leave(self._number)
            self._channel.close()
            if self._device.strain is not None and not self._released:
                self._device.strain.refused()

    def _converse(self, deadline: float) -> None:
        if self._flaws.has("no_artim") or self._flaws.has("FO-3"):
            deadline = (
                FOREVER
                if self._flaws.has("no_artim")
                else deadline - _JUST_UNDER * self._limits.artim_s
            )
            self._holds_slot = self._device.slots.take()
        request = self._sta2(deadline)
        if request is None:
            return
        grant = self._sta3(request)
        if grant is None:
            self._sta13()
            return
        self._sta6(request, grant)

    def _sta2(self, deadline: float) -> Associate | None:
        """Wait for the A-ASSOCIATE-RQ; None when the peer gave up."""
        if self._flaws.has("answers_any_protocol") and not 0 <= self._channel.peek(deadline) <= 7:
            self._channel.send(_GREETING, deadline)
            wait_for_close(self._channel, FOREVER, forever=True)
            return None
        while True:
            limit = FOREVER if self._untimed else deadline
            kind, length = self._channel.header(limit)
            if kind == RQ:
                return self._read_request(length, limit)
            if kind == P_DATA and self._flaws.has("processes_early_pdata"):
                self._serve_early(length)
                return None
            if kind == ABORT:
                return None
            self._out_of_place(kind, length)

    def _out_of_place(self, kind: int, length: int) -> None:
        """Act on anything but a request in Sta2: AA-1, unless a flaw knows better."""
        known = RQ < kind < ABORT
        if self._flaws.has("ignores_state_table") and known:
            self._channel.skip(length, FOREVER)
            if kind == RELEASE_RQ:
                self._channel.send(encode(ReleaseRP()), FOREVER)
        elif self._flaws.has("unknown_pdu_ignored") and not known:
            self._channel.skip(length, FOREVER)
        else:
            reason = UNEXPECTED_PDU if known else UNRECOGNIZED_PDU
            raise ProtocolError(reason, f"PDU type {kind:02X}H instead of A-ASSOCIATE-RQ")
        self._untimed = True

    def _read_request(self, length: int, deadline: float) -> Associate:
        if self._flaws.has("trusts_pdu_length"):
            body = self._channel.allocate_and_take(length, _FLAW_CAP, deadline)
        elif length > self._limits.associate:
            raise invalid(f"A-ASSOCIATE-RQ of {length} bytes")
        elif self._flaws.has("ignores_pdu_length_mismatch"):
            body = take_by_items(self._channel, self._limits.associate, deadline)
        else:
            body = self._channel.take(length, deadline)
        if self._flaws.has("dies_of_repeated_empty_items"):
            # Only a device with this flaw loads it.
            from simulators.devices.reference.fragile import meet_items

            meet_items(body)
        return read_associate(RQ, body, lenient_items=self._flaws.has("ignores_subitem_length"))

    def _sta3(self, request: Associate) -> Grant | None:
        """Decide; None when the association was refused."""
        self._log(
            f"request called={shown(request.called)!s} calling={shown(request.calling)!s} "
            f"from={self._host}"
        )
        if self._flaws.has("logs_user_secrets") and request.user.identity is not None:
            self._log(f"user identity {request.user.identity}")
        proposals = read_proposals(
            request.contexts,
            any_uid=self._flaws.has("accepts_any_uid"),
            any_id=self._flaws.has("accepts_bad_context_ids"),
        )
        shown_certificate = self._channel.peer_certificate
        decision = self._device.negotiator.decide(request, proposals, self._host, shown_certificate)
        if isinstance(decision, Grant) and not self._may_have_slot(decision.calling):
            decision = CONGESTED if self._flaws.has("FO-3") else BUSY
        trail = self._device.trail
        if isinstance(decision, Refusal):
            if trail is not None:
                trail.refused(self._host, request, decision)
            self._refuse(decision)
            return None
        if trail is not None:
            trail.admitted(self._host, request, decision)
            return replace(decision, host=self._host)
        return decision

    def _may_have_slot(self, calling: str) -> bool:
        """Take a slot for the caller, or give it the one that its connection holds."""
        slots = self._device.slots
        if self._holds_slot:
            if not slots.name(calling):
                return False
        elif not slots.take(calling):
            return False
        self._holds_slot, self._slot_of = True, calling
        return True

    def _refuse(self, refusal: Refusal) -> None:
        self._log(f"refused: {refusal.why}")
        self._release_slot(orderly=True)
        if refusal is BUSY and self._flaws.has("hangs_up_at_limit"):
            self._channel.interrupt()
            return
        self._channel.send(
            encode(
                AssociateRJ(result=refusal.result, source=refusal.source, reason=refusal.reason)
            ),
            self._soon(),
        )

    def _sta6(self, request: Associate, grant: Grant) -> None:
        self._established = True
        if self._channel.ready() and not self._flaws.has("processes_early_pdata"):
            self._early_pdu()
        answer = acceptance(request, grant, self._limits)
        self._device.waiting.leave(self._number)
        strain = self._device.strain
        if strain is not None:
            strain.admit()
        self._channel.send(answer, self._soon())
        self._log(f"accepted calling={grant.calling}")
        dialogue = self._dialogue(grant.contexts, request.user.max_length, answer)
        with nullcontext() if strain is None else strain.association(dialogue, grant.calling):
            during = self._device.serve(dialogue, grant)
        self._release(during_operation=during)

    def _early_pdu(self) -> None:
        """Act on what came before the answer: AA-8 in Sta3, or AA-3 and AA-4."""
        kind, _ = self._channel.header(self._soon())
        if kind == ABORT:
            raise PeerGoneError("aborted by the peer", aborted=True)
        raise ProtocolError(UNEXPECTED_PDU, f"PDU type {kind:02X}H before the answer")

    def _release(self, *, during_operation: bool) -> None:
        """AR-2 and AR-4: confirm the release, then wait for the peer to close."""
        self._released = True
        # The slot is free before the peer hears it, so that it can come back at once.
        self._release_slot(orderly=True)
        self._channel.send(encode(ReleaseRP()), self._soon())
        self._log("released")
        if self._flaws.has("dies_on_release_collision") and (
            during_operation or self._channel.header(self._soon())[0] == RELEASE_RQ
        ):
            die()
        self._sta13()

    def _serve_early(self, length: int) -> None:
        """Answer P-DATA that came without an association (flaw ``processes_early_pdata``)."""
        self._established = True
        self._channel.unread(P_DATA, length)
        grant = Grant("", (), EARLY_CONTEXT, {}, "")
        during = self._device.serve(self._dialogue(EARLY_CONTEXT, 0, b""), grant)
        self._release(during_operation=during)

    def _dialogue(self, contexts: dict[int, Accepted], peer_max: int, answer: bytes) -> Dialogue:
        has = self._flaws.has
        forever = self._untimed or has("never_times_out_idle")
        return Dialogue(
            self._channel,
            contexts,
            assembler_for(self._flaws, self._limits.message),
            max_pdu=self._limits.pdu,
            peer_max=peer_max,
            idle_s=FOREVER if forever else self._limits.idle_s,
            leniency=Leniency(
                unknown_pdu=has("unknown_pdu_ignored"),
                state_table=has("ignores_state_table"),
                pdv_length=has("ignores_pdv_length"),
                max_pdu=has("max_pdu_not_enforced"),
                any_context=has("answers_unaccepted_context"),
                peer_max_length=has("ignores_peer_max_length"),
            ),
            association_answer=answer,
        )

    def _expired(self, error: ExpiredError) -> None:
        """Close in Sta2 (AA-2); an established association is aborted by its user."""
        if self._established:
            self._abort(0, 0, error)
        else:
            self._log(f"closed: {error}")

    def _abort(self, source: int, reason: int, error: Exception) -> None:
        """AA-1 and AA-8."""
        self._release_slot(orderly=True)
        self._log(f"aborting: {error}")
        with suppress(DeviceError):
            self._channel.send(encode(Abort(source=source, reason=reason)), self._soon())
            self._sta13()

    def _sta13(self) -> None:
        close = self._channel.interrupt
        self._device.waiting.enter(self._number, close)
        forever = self._flaws.has("no_artim_after_abort")
        wait_for_close(self._channel, self._limits.artim_s, forever=forever)

    def _release_slot(self, *, orderly: bool) -> None:
        if self._holds_slot:
            self._holds_slot = False
            self._device.slots.give_back(self._slot_of, orderly=orderly)

    def _soon(self) -> float:
        return time.monotonic() + self._limits.artim_s

    def _log(self, text: str) -> None:
        self._device.log.event(f"#{self._number} {text}")
