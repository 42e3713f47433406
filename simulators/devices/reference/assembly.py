"""From P-DATA-TF to DIMSE messages (PS3.8 9.3.5.1, Annex E)."""

import struct
from collections.abc import Callable
from dataclasses import dataclass

from simulators.devices.reference.command import (
    DATA_SET_TYPE,
    FIELD,
    NO_DATA_SET,
    RULES,
    CommandSet,
    read_command,
)
from simulators.devices.reference.errors import (
    INVALID_PARAMETER,
    UNEXPECTED_PARAMETER,
    ProtocolError,
    ServiceError,
)
from simulators.devices.reference.flaws import Flaws
from simulators.devices.reference.items import invalid

_HEADER = struct.Struct(">IBB")
_COMMAND_LIMIT = 1 << 16
# A fragment costs memory even when it is empty.
_FRAGMENT_COST = 64


@dataclass(frozen=True, slots=True)
class Fragment:
    """One PDV."""

    context_id: int
    command: bool
    last: bool
    data: bytes


@dataclass(frozen=True, slots=True)
class Message:
    """One DIMSE message; ``data`` is None when no data set came with it."""

    context_id: int
    command: CommandSet
    data: bytes | None


def read_fragments(body: bytes, *, lenient: bool = False) -> list[Fragment]:
    """Take the PDVs out of the body of a P-DATA-TF.

    Args:
        body: Everything after the six-byte header.
        lenient: Let an impossible PDV take the rest of the PDU (a flaw).

    Raises:
        ProtocolError: A PDV does not fit, or there is none.
    """
    fragments: list[Fragment] = []
    at = 0
    while at < len(body):
        if at + _HEADER.size > len(body):
            raise invalid("PDV header cut")
        length, context_id, control = _HEADER.unpack_from(body, at)
        end = at + 4 + length
        if length < 2 or end > len(body):
            if not lenient:
                raise invalid(f"PDV length {length} does not fit its PDU")
            end = len(body)
        data = body[at + _HEADER.size : end]
        fragments.append(Fragment(context_id, bool(control & 1), bool(control & 2), data))
        at = end
    if not fragments:
        raise invalid("P-DATA-TF without a PDV")
    return fragments


class Assembler:
    """Puts fragments together, one message at a time, in bounded memory."""

    def __init__(self, expects_data: Callable[[CommandSet], bool], limit: int) -> None:
        """Start without a message.

        Args:
            expects_data: Tells whether a data set follows this command.
            limit: Longest data set, bytes.
        """
        self._expects_data = expects_data
        self._limit = limit
        self._chunks: list[bytes] = []
        self._size = 0
        self._context_id = 0
        self._command: CommandSet | None = None

    @property
    def busy(self) -> bool:
        """True while a message is unfinished."""
        return bool(self._chunks) or self._command is not None

    def feed(self, fragment: Fragment) -> Message | None:
        """Take one fragment; return the message that it completes.

        Raises:
            ProtocolError: The fragment is not the next one of this message.
            ServiceError: The command set cannot be read.
        """
        if self.busy and fragment.context_id != self._context_id:
            raise ProtocolError(UNEXPECTED_PARAMETER, "messages interleaved")
        if fragment.command != (self._command is None):
            raise ProtocolError(UNEXPECTED_PARAMETER, "command and data fragments out of order")
        self._context_id = fragment.context_id
        self._keep(fragment)
        if not fragment.last:
            return None
        return self._finish_command() if fragment.command else self._finish()

    def cut_short(self) -> Message | None:
        """Return a message whose data set was begun as if it were whole."""
        return self._finish() if self._command is not None else None

    def _keep(self, fragment: Fragment) -> None:
        self._chunks.append(fragment.data)
        self._size += len(fragment.data) + _FRAGMENT_COST
        if self._size > (_COMMAND_LIMIT if fragment.command else self._limit):
            raise ProtocolError(INVALID_PARAMETER, "message too long")

    def _finish_command(self) -> Message | None:
        command = read_command(self._take())
        if self._expects_data(command):
            self._command = command
            return None
        return Message(self._context_id, command, None)

    def _finish(self) -> Message:
        assert self._command is not None
        message = Message(self._context_id, self._command, self._take())
        self._command = None
        return message

    def _take(self) -> bytes:
        data = b"".join(self._chunks)
        self._chunks, self._size = [], 0
        return data


class CarelessAssembler(Assembler):
    """The flaw ``ignores_fragment_flags``: order and last flags mean nothing."""

    def __init__(self, expects_data: Callable[[CommandSet], bool], limit: int) -> None:
        super().__init__(expects_data, limit)
        self._early = b""

    def feed(self, fragment: Fragment) -> Message | None:
        """Take one fragment, in whatever order it comes."""
        if fragment.command:
            return self._feed_command(fragment)
        if self._command is None:
            self._early = (self._early + fragment.data)[: self._limit]
            return None
        self._keep(fragment)
        return self._finish() if fragment.last else None

    def _feed_command(self, fragment: Fragment) -> Message | None:
        self._context_id = fragment.context_id
        self._command = None
        self._keep(fragment)
        so_far = self._take()
        if len(so_far) < 12 or len(so_far) < 12 + int.from_bytes(so_far[8:12], "little"):
            self._chunks = [so_far] if so_far else []
            return None
        self._chunks = [so_far]
        message = self._finish_command()
        if message is None and self._early:
            self._chunks, self._early = [self._early], b""
            return self._finish()
        return message


class TypelessAssembler(Assembler):
    """The flaw ``ignores_data_set_type``: data that nobody expects are dropped."""

    def feed(self, fragment: Fragment) -> Message | None:
        """Take one fragment; a data set where none is expected is forgotten."""
        if not fragment.command and self._command is None:
            return None
        return super().feed(fragment)


def announces_data(command: CommandSet) -> bool:
    """Tell whether Command Data Set Type announces a data set.

    Raises:
        ServiceError: The element is missing or no number, so nobody can know what follows.
    """
    announced = command.word(DATA_SET_TYPE)
    if announced is None:
        raise ServiceError("Command Data Set Type missing")
    return announced != NO_DATA_SET


def usually_has_data(command: CommandSet) -> bool:
    """Tell whether a data set belongs to this kind of command, whatever it announces."""
    rule = RULES.get(command.word(FIELD) or 0)
    return rule is not None and rule.data_set


def assembler_for(flaws: Flaws, limit: int) -> Assembler:
    """Return the assembler of an acceptor.

    Args:
        flaws: What is switched on.
        limit: Longest data set, bytes.
    """
    if flaws.has("ignores_data_set_type"):
        return TypelessAssembler(usually_has_data, limit)

    def announces(command: CommandSet) -> bool:
        if DATA_SET_TYPE not in command.values and flaws.has("tolerates_missing_command_elements"):
            return usually_has_data(command)
        return announces_data(command)

    if flaws.has("stops_at_empty_fragment"):
        from simulators.devices.reference.fragile import StoppingAssembler

        return StoppingAssembler(announces, limit)
    kind = CarelessAssembler if flaws.has("ignores_fragment_flags") else Assembler
    return kind(announces, limit)
