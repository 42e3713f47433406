"""The requestor's side of one association: Sta4, Sta5, Sta6, Sta7, Sta9, Sta11 of PS3.8 9.2."""

from __future__ import annotations

import socket
import time
from collections.abc import Iterable, Sequence
from contextlib import suppress
from types import TracebackType

from simulators.devices.reference.assembly import Assembler, Message, announces_data
from simulators.devices.reference.associate import (
    Associate,
    Proposal,
    read_answers,
    read_associate,
    take_by_items,
)
from simulators.devices.reference.channel import FOREVER, Channel, PlainStream, Stream
from simulators.devices.reference.closing import wait_for_close
from simulators.devices.reference.command import C_STORE, FIELD, RESPONDED_TO, RESPONSE, STATUS
from simulators.devices.reference.dialogue import (
    ABORT,
    AC,
    P_DATA,
    RELEASE_RP,
    RELEASE_RQ,
    RJ,
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
from simulators.devices.reference.items import invalid
from simulators.devices.reference.options import MIB, RequestorOptions
from simulators.devices.reference.uids import (
    APPLICATION_CONTEXT,
    IMPLEMENTATION_CLASS,
    IMPLEMENTATION_VERSION,
)
from simulators.devices.reference.worker import die
from simulators.wire import (
    Abort,
    ApplicationContext,
    AssociateRQ,
    ImplementationClassUID,
    ImplementationVersionName,
    MaximumLength,
    PresentationContextRQ,
    ReleaseRP,
    ReleaseRQ,
    RoleSelection,
    UserInformation,
    encode,
)
from simulators.wire.messages import c_store_rq

_LONGEST_AC = MIB
_LONGEST_MESSAGE = 256 * MIB
_FLAW_CAP = 512 * MIB
# How long the peer may take to close after our A-ABORT, seconds.
_AFTER_ABORT_S = 0.2


class RefusedError(DeviceError):
    """The peer refused the association, or released it while an answer was due."""


class ReleasedError(RefusedError):
    """The peer released the association while an answer was due."""


def proposals_for(pairs: Iterable[tuple[bytes, bytes]]) -> list[Proposal]:
    """Return one proposal for each distinct (SOP Class, transfer syntax), ids odd from 1."""
    distinct = list(dict.fromkeys(pairs))
    return [Proposal(2 * n + 1, uid, (syntax,)) for n, (uid, syntax) in enumerate(distinct[:128])]


class Requestor:
    """An association that we asked for; a context manager that always closes it."""

    def __init__(
        self,
        options: RequestorOptions,
        proposals: Sequence[Proposal],
        roles: Sequence[bytes] = (),
    ) -> None:
        """Connect and establish the association.

        Args:
            options: Whom to call, and how.
            proposals: Presentation contexts.
            roles: SOP Classes for which we also offer to be SCP.

        Raises:
            DeviceError: There is no association; the connection is closed.
        """
        self._options = options
        self._flaws = options.flaws
        self._proposals = {proposal.id: proposal for proposal in proposals}
        self._untimed = self._flaws.has("scu_waits_forever")
        self._channel = Channel(self._connect())
        try:
            self.dialogue = self._establish(roles)
        except BaseException as error:
            self._end(error)
            raise

    def __enter__(self) -> Requestor:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._end(error)

    def context_for(self, abstract_syntax: bytes, transfer_syntax: bytes = b"") -> int:
        """Return an accepted context id.

        Raises:
            ServiceError: The peer accepted none.
        """
        for number, accepted in self.dialogue.contexts.items():
            if accepted.abstract_syntax == abstract_syntax and (
                transfer_syntax in (b"", accepted.transfer_syntax)
            ):
                return number
        raise ServiceError("no presentation context was accepted")

    def answer(self, field: int, message_id: int) -> Message:
        """Return the next message, which must be the response to a request.

        Raises:
            ServiceError: It is something else.
        """
        message = self.message()
        if self._flaws.has("scu_takes_any_response"):
            return message
        return checked(message, field, message_id)

    def message(self) -> Message:
        """Return the next message.

        Raises:
            ReleasedError: The peer asks for release instead; that is granted.
        """
        message = self.dialogue.receive()
        if message is None:
            self._send(encode(ReleaseRP()))
            raise ReleasedError("released by the peer")
        return message

    def store(
        self,
        sop_class: bytes,
        sop_instance: bytes,
        transfer_syntax: bytes,
        data: bytes,
        message_id: int = 1,
        originator: tuple[str, int] | None = None,
    ) -> int:
        """Send one object by C-STORE and return the status.

        Args:
            sop_class: SOP Class UID.
            sop_instance: SOP Instance UID.
            transfer_syntax: Transfer syntax of ``data``; a context with it is needed.
            data: Data set, encoded.
            message_id: Message ID.
            originator: AE title and Message ID of the C-MOVE behind it.
        """
        title, move_id = originator or (None, None)
        request = c_store_rq(
            sop_class.decode("latin-1"),
            sop_instance.decode("latin-1"),
            message_id,
            move_originator=title,
            move_originator_message_id=move_id,
        )
        self.dialogue.send(self.context_for(sop_class, transfer_syntax), request, data)
        return self.answer(C_STORE, message_id).command.word(STATUS) or 0

    def release(self) -> None:
        """Release the association (Sta7; Sta9 and Sta11 after a collision).

        Raises:
            DeviceError: The peer does not confirm.
        """
        self._send(encode(ReleaseRQ()))
        deadline = self._soon()
        while True:
            if self._flaws.has("scu_releases_for_ever"):
                deadline = self._soon()
            kind, length = self._channel.header(deadline)
            if kind not in (P_DATA, RELEASE_RQ, RELEASE_RP, ABORT):
                deadline = self._out_of_place(kind, length)
                continue
            if length > self._options.max_pdu if kind == P_DATA else length != 4:
                raise invalid("PDU length impossible while waiting for A-RELEASE-RP")
            self._channel.take(length, deadline)
            if kind == ABORT:
                raise PeerGoneError("aborted by the peer", aborted=True)
            if kind == RELEASE_RQ:
                self._send(encode(ReleaseRP()))
            if kind == RELEASE_RP:
                break
        if self._flaws.has("scu_lingers_after_release"):
            wait_for_close(self._channel, 0, forever=True)

    def _connect(self) -> Stream:
        options = self._options
        limit = None if self._untimed else options.timeout_s
        try:
            sock = self._dial(limit)
            if options.credentials is None:
                return PlainStream(sock)
            # TLS costs start-up time, so that plain calls do without it.
            from simulators.devices.reference.tls_client import HandshakeError, client_stream

            try:
                return client_stream(sock, options, limit)
            except (HandshakeError, TimeoutError):
                sock.close()
                if not self._flaws.has("scu_falls_back_to_plain"):
                    raise
                return PlainStream(self._dial(limit))
        except TimeoutError:
            raise ExpiredError("no connection in time") from None
        except OSError as error:
            raise PeerGoneError(f"no connection: {error}") from None

    def _dial(self, limit: float | None) -> socket.socket:
        sock = socket.create_connection((self._options.host, self._options.port), limit)
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return sock

    def _establish(self, roles: Sequence[bytes]) -> Dialogue:
        self._send(self._request(roles))
        answer = self._await_answer()
        if answer.application_context != APPLICATION_CONTEXT:
            if self._flaws.has("scu_dies_on_application_context"):
                die()
            raise invalid("application context name is not the one proposed")
        has = self._flaws.has
        if has("scu_spins"):
            self._channel.spins = True
        return Dialogue(
            self._channel,
            self._accepted(answer),
            Assembler(announces_data, _LONGEST_MESSAGE),
            max_pdu=self._options.max_pdu,
            peer_max=answer.user.max_length,
            idle_s=FOREVER if self._untimed else self._options.timeout_s,
            leniency=Leniency(
                unknown_pdu=has("scu_skips_unknown_pdu"),
                state_table=has("scu_ignores_state_table"),
                pdv_length=has("scu_ignores_pdv_length"),
                max_pdu=has("scu_max_pdu_not_enforced"),
                any_context=has("scu_ignores_context"),
            ),
        )

    def _request(self, roles: Sequence[bytes]) -> bytes:
        contexts = tuple(
            PresentationContextRQ(
                id=each.id,
                abstract_syntax=each.abstract_syntax,
                transfer_syntaxes=each.transfer_syntaxes,
            )
            for each in self._proposals.values()
        )
        user = UserInformation(
            items=(
                MaximumLength(value=self._options.max_pdu),
                ImplementationClassUID(uid=IMPLEMENTATION_CLASS),
                *(RoleSelection(uid=uid, scu=1, scp=1) for uid in roles),
                ImplementationVersionName(name=IMPLEMENTATION_VERSION),
            )
        )
        return encode(
            AssociateRQ(
                called=self._options.called.encode("ascii", "replace")[:16],
                calling=self._options.calling.encode("ascii", "replace")[:16],
                items=(ApplicationContext(), *contexts, user),
            )
        )

    def _await_answer(self) -> Associate:
        """Sta5: wait for AC or RJ."""
        deadline = self._soon()
        while True:
            kind, length = self._channel.header(deadline)
            if kind == AC:
                body = self._answer_body(length, deadline)
                lenient = self._flaws.has("scu_ignores_subitem_length")
                return read_associate(AC, body, lenient_items=lenient)
            if kind in (RJ, ABORT):
                if length != 4:
                    raise invalid("PDU length is not 4")
                body = self._channel.take(length, deadline)
                if kind == ABORT:
                    raise PeerGoneError("aborted by the peer", aborted=True)
                raise RefusedError(f"refused: result {body[1]}, source {body[2]}, reason {body[3]}")
            deadline = self._out_of_place(kind, length)

    def _answer_body(self, length: int, deadline: float) -> bytes:
        if self._flaws.has("scu_trusts_pdu_length"):
            return self._channel.allocate_and_take(length, _FLAW_CAP, deadline)
        if length > _LONGEST_AC:
            raise invalid(f"A-ASSOCIATE-AC of {length} bytes")
        if self._flaws.has("scu_ignores_pdu_length_mismatch"):
            return take_by_items(self._channel, _LONGEST_AC, deadline)
        return self._channel.take(length, deadline)

    def _accepted(self, answer: Associate) -> dict[int, Accepted]:
        careless = self._flaws.has("scu_uses_unproposed_context")
        contexts: dict[int, Accepted] = {}
        strange: dict[int, Accepted] = {}
        for each in read_answers(answer.contexts, any_id=careless):
            proposal = self._proposals.get(each.id)
            if each.result:
                continue
            if proposal is not None and each.transfer_syntax in proposal.transfer_syntaxes:
                contexts[each.id] = Accepted(proposal.abstract_syntax, each.transfer_syntax)
            elif careless:
                first = next(iter(self._proposals.values()))
                strange[each.id] = Accepted(first.abstract_syntax, each.transfer_syntax)
            else:
                raise invalid(f"presentation context {each.id} was not proposed like this")
        return strange | contexts

    def _out_of_place(self, kind: int, length: int) -> float:
        """AA-8, unless a flaw skips the PDU; return the deadline of the next one."""
        known = RQ <= kind <= ABORT
        if not self._flaws.has("scu_ignores_state_table" if known else "scu_skips_unknown_pdu"):
            reason = UNEXPECTED_PDU if known else UNRECOGNIZED_PDU
            raise ProtocolError(reason, f"PDU type {kind:02X}H is out of place")
        self._untimed = True
        self._channel.skip(length, FOREVER)
        return FOREVER

    def _end(self, error: BaseException | None) -> None:
        """Abort where the other side has to hear it, and close."""
        reply: Abort | None = None
        if isinstance(error, ProtocolError):
            reply = Abort(source=2, reason=error.reason)
        elif error is not None and not isinstance(error, (PeerGoneError, RefusedError)):
            reply = Abort(source=0)
        if reply is not None:
            with suppress(DeviceError):
                self._channel.send(encode(reply), time.monotonic() + _AFTER_ABORT_S)
                wait_for_close(self._channel, _AFTER_ABORT_S)
        self._channel.close()

    def _send(self, data: bytes) -> None:
        self._channel.send(data, self._soon())

    def _soon(self) -> float:
        return FOREVER if self._untimed else time.monotonic() + self._options.timeout_s


def checked(message: Message, field: int, message_id: int) -> Message:
    """Return a message that is a response to a request.

    Raises:
        ServiceError: It responds to something else, or has no status.
    """
    answer = message.command
    if answer.word(FIELD) != field | RESPONSE or answer.word(RESPONDED_TO) != message_id:
        raise ServiceError("the message is no response to the request")
    if answer.word(STATUS) is None:
        raise ServiceError("the response has no status")
    return message
