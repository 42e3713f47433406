"""An established association, state Sta6: messages in and out (PS3.8 9.2, Table 9-10).

Both sides of an association use it; what differs between them is handed over as values.
"""

import struct
import time
from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from simulators.devices.reference.assembly import Assembler, Message, read_fragments
from simulators.devices.reference.channel import FOREVER, Channel
from simulators.devices.reference.errors import (
    INVALID_PARAMETER,
    UNEXPECTED_PDU,
    UNRECOGNIZED_PDU,
    PeerGoneError,
    ProtocolError,
    ServiceError,
)
from simulators.devices.reference.items import invalid
from simulators.devices.reference.options import MIB
from simulators.devices.reference.uids import IMPLICIT_LE, VERIFICATION
from simulators.wire.codec import encode
from simulators.wire.dimse import Command
from simulators.wire.transfer import p_data

RQ, AC, RJ, P_DATA, RELEASE_RQ, RELEASE_RP, ABORT = range(1, 8)
# A message must come at this mean rate, bytes per second, once its grace is over.
_LEAST_RATE = 1 << 16
_LONGEST_FRAGMENT = 1 << 18
_SMALLEST_MAXIMUM = 8
_FLAW_CAP = 512 * MIB
_ONE_PDV = struct.Struct(">BxIIBB")
_PDV_HEADER, _WHOLE_COMMAND = 6, 3


@dataclass(frozen=True, slots=True)
class Accepted:
    """An accepted presentation context."""

    abstract_syntax: bytes
    transfer_syntax: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Leniency:
    """Rules of PS3.8 that this side does not enforce; one flaw each, all off by default."""

    unknown_pdu: bool = False
    state_table: bool = False
    pdv_length: bool = False
    max_pdu: bool = False
    any_context: bool = False
    peer_max_length: bool = False


STRICT = Leniency()


class Dialogue:
    """Sends and receives whole messages; every violation of the rules is an exception."""

    def __init__(
        self,
        channel: Channel,
        contexts: dict[int, Accepted],
        assembler: Assembler,
        *,
        max_pdu: int,
        peer_max: int,
        idle_s: float,
        leniency: Leniency = STRICT,
        association_answer: bytes = b"",
    ) -> None:
        """Take over a channel on which an association was just accepted.

        Args:
            channel: The transport.
            contexts: Accepted presentation contexts by id.
            assembler: Puts fragments together.
            max_pdu: Longest P-DATA-TF variable field taken, bytes.
            peer_max: The same of the peer; 0 is no limit.
            idle_s: Longest silence, and grace of an unfinished message, seconds.
            leniency: Rules that are not enforced.
            association_answer: What a careless state machine answers to a second request.
        """
        self.channel = channel
        self.contexts = contexts
        self.max_pdu = max_pdu
        self.transmit: Callable[[bytes, float], None] = channel.send
        self._assembler = assembler
        self._peer_max = peer_max
        self._idle_s = idle_s
        self._lenient = leniency
        self._answer = association_answer
        self._complete: deque[Message] = deque()
        self._message_start = 0.0
        self._message_bytes = 0

    def receive(self) -> Message | None:
        """Return the next message, or None when the peer asked for release.

        Raises:
            DeviceError: Silence, a broken rule, an A-ABORT or the end of the connection.
        """
        while not self._complete:
            kind, length = self.channel.header(self._deadline())
            if kind == P_DATA:
                self._take_data(length)
            elif kind == RELEASE_RQ:
                self._fixed_body(length)
                return None
            elif kind == ABORT:
                self._fixed_body(length)
                raise PeerGoneError("aborted by the peer", aborted=True)
            else:
                self._unexpected(kind, length)
        return self._complete.popleft()

    def put_back(self, messages: Iterable[Message]) -> None:
        """Let messages be received again, before those that are still to come."""
        self._complete.extendleft(reversed(list(messages)))

    def drop_what_waits(self) -> None:
        """Throw away the requests that came meanwhile; only a flaw asks for it."""
        self._complete.clear()
        while self.channel.ready() and self.channel.peek(self._deadline()) == P_DATA:
            self._take_data(self.channel.header(self._deadline())[1])
            self._complete.clear()

    def unfinished(self) -> Message | None:
        """Return what has come of a message whose data set was begun; only a flaw asks for it."""
        return self._assembler.cut_short()

    def ready(self) -> bool:
        """Tell, without waiting, whether the peer has sent something."""
        return bool(self._complete) or self.channel.ready()

    def context_of(self, message: Message) -> Accepted:
        """Return the presentation context of a message that was received."""
        return self.contexts.get(message.context_id, Accepted(VERIFICATION, IMPLICIT_LE))

    def send(self, context_id: int, command: Command | bytes, data: bytes | None = None) -> None:
        """Send one message in one call, cut to what the peer takes.

        Args:
            context_id: Presentation context id.
            command: Command set, or one that is encoded.
            data: Data set, encoded.

        Raises:
            ServiceError: The peer's maximum length leaves no room for a fragment.
            DeviceError: The connection ended or the peer does not read.
        """
        limit = min(self._peer_max or _LONGEST_FRAGMENT, _LONGEST_FRAGMENT)
        if self._lenient.peer_max_length:
            limit = _LONGEST_FRAGMENT
        if limit < _SMALLEST_MAXIMUM:
            raise ServiceError(f"maximum length {limit} leaves no room for a fragment")
        deadline = self._now() + self._idle_s
        if isinstance(command, bytes) and data is None and len(command) + _PDV_HEADER <= limit:
            size = len(command)
            header = _ONE_PDV.pack(P_DATA, size + _PDV_HEADER, size + 2, context_id, _WHOLE_COMMAND)
            self.transmit(header + command, deadline)
            return
        pdus = p_data(context_id, command, data, limit)
        self.transmit(b"".join([encode(pdu) for pdu in pdus]), deadline)

    def _deadline(self) -> float:
        if not self._assembler.busy:
            return self._now() + self._idle_s
        return self._message_start + self._grace()

    def _now(self) -> float:
        return time.monotonic()

    def _take_data(self, length: int) -> None:
        if length > self.max_pdu and not (self._lenient.max_pdu and length <= _FLAW_CAP):
            raise invalid(f"P-DATA-TF of {length} bytes, the maximum is {self.max_pdu}")
        if not self._assembler.busy:
            self._message_start, self._message_bytes = self._now(), 0
        # The flaw swallows an oversized PDU however slowly it comes.
        grace = self._grace() if length <= self.max_pdu else FOREVER
        body = self.channel.take(length, self._message_start + grace)
        self._message_bytes += length
        for fragment in read_fragments(body, lenient=self._lenient.pdv_length):
            if fragment.context_id not in self.contexts and not self._lenient.any_context:
                raise ProtocolError(INVALID_PARAMETER, "presentation context not accepted")
            message = self._assembler.feed(fragment)
            if message is not None:
                self._complete.append(message)

    def _grace(self) -> float:
        return self._idle_s + self._message_bytes / _LEAST_RATE

    def _fixed_body(self, length: int) -> None:
        if length != 4:
            raise invalid("PDU length is not 4")
        self.channel.take(length, self._now() + self._idle_s)

    def _unexpected(self, kind: int, length: int) -> None:
        if not RQ <= kind <= ABORT:
            if not self._lenient.unknown_pdu:
                raise ProtocolError(UNRECOGNIZED_PDU, f"PDU type {kind:02X}H unknown")
        elif not self._lenient.state_table:
            raise ProtocolError(UNEXPECTED_PDU, f"PDU type {kind:02X}H unexpected")
        self._idle_s = FOREVER
        self.channel.skip(length, FOREVER)
        if kind == RQ:
            self.channel.send(self._answer, FOREVER)
