"""DIMSE messages in P-DATA-TF (PS3.8 Annex E): cut them up, put them together."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from simulators.wire.dimse import NO_DATA_SET, Command, decode_command, encode_command
from simulators.wire.pdata import PDV, PDV_OVERHEAD, PDataTF, one_fragment, only_fragment

_LONGEST_FRAGMENT: Final = 1 << 24
_MOST_FAULTS: Final = 64
_FRAGMENT_COST: Final = 64


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """One complete DIMSE message.

    Attributes:
        context_id: Presentation context id.
        command: The command set.
        dataset: The data set as received; None when the command announces none.
    """

    context_id: int
    command: Command
    dataset: bytes | None = None


def p_data(
    context_id: int,
    command: Command | bytes | None,
    dataset: bytes | None = None,
    max_length: int = 16384,
) -> list[PDataTF]:
    """Return a DIMSE message as P-DATA-TFs, one PDV each.

    Args:
        context_id: Presentation context id.
        command: Command set, raw octets for one, or None for a data set alone.
        dataset: Encoded data set, or None for a command set alone.
        max_length: The peer's maximum length, in octets of the variable field; 0 is no limit.
    """
    pdus: list[PDataTF] = []
    if command is not None:
        raw = command if isinstance(command, bytes) else encode_command(command)
        pdus += _fragments(context_id, raw, max_length, command=True)
    if dataset is not None:
        pdus += _fragments(context_id, dataset, max_length, command=False)
    return pdus


def _fragments(context_id: int, raw: bytes, max_length: int, *, command: bool) -> list[PDataTF]:
    # Fragments have an even number of octets (PS3.8 E.1); no limit still needs some cut.
    room = max(2, (max_length - PDV_OVERHEAD) & ~1) if max_length else _LONGEST_FRAGMENT
    view = memoryview(raw)
    end = len(raw)
    return [
        one_fragment(context_id, command | (at + room >= end) << 1, view[at : at + room])
        for at in range(0, end or 1, room)
    ]


class Reassembler:
    """Puts fragments together again; total and bounded.

    What breaks the rules of PS3.8 Annex E is written to `faults` and assembly goes on as well as
    it can, so that a strict device can abort and the harness can go on watching.

    Attributes:
        faults: What was wrong so far, at most 64 sentences.
    """

    def __init__(self, limit: int = 64 * 1024 * 1024) -> None:
        """Start with no message.

        Args:
            limit: Most octets that one message may gather before it is dropped.
        """
        self.faults: list[str] = []
        self._limit = limit
        self._context_id = 0
        self._command: Command | None = None
        self._chunks: list[bytes | memoryview] = []
        self._size = 0

    @property
    def busy(self) -> bool:
        """True while a message is incomplete."""
        return bool(self._chunks) or self._command is not None

    def feed(self, pdu: PDataTF) -> list[Message]:
        """Take one P-DATA-TF; return the messages that it completes."""
        alone = only_fragment(pdu)
        if alone is not None:
            message = self._take(*alone)
            return [message] if message is not None else []
        return [message for pdv in self._honest(pdu) if (message := self._take_pdv(pdv))]

    def _honest(self, pdu: PDataTF) -> Iterator[PDV]:
        """Note what is wrong with the framing and pass on what is there."""
        if not pdu.pdvs:
            self._fault("P-DATA-TF without a PDV")
        if pdu.length is not None:
            self._fault(f"P-DATA-TF declares {pdu.length} octets")
        for pdv in pdu.pdvs:
            if isinstance(pdv, bytes):
                self._fault(f"{len(pdv)} octets are no PDV")
                continue
            if pdv.length is not None:
                self._fault(f"PDV declares {pdv.length} octets, {len(pdv.data) + 2} are there")
            yield pdv

    def _take_pdv(self, pdv: PDV) -> Message | None:
        flags = pdv.command | pdv.last << 1
        return self._take(pdv.context_id, flags if pdv.control is None else pdv.control, pdv.data)

    def _take(self, context_id: int, control: int, data: bytes | memoryview) -> Message | None:
        if self.busy and context_id != self._context_id:
            self._fault(f"context {context_id} interrupts a message on {self._context_id}")
            self._reset()
        if control & 1 and self._command is not None:
            self._fault("command fragment where a data set was announced")
            self._reset()
        if not control & 1 and self._command is None:
            self._fault("data set fragment before its command is complete")
            return None
        self._context_id = context_id
        self._chunks.append(data)
        # An empty fragment costs memory too, so it counts.
        self._size += len(data) + _FRAGMENT_COST
        if self._size > self._limit:
            self._fault(f"message above the limit of {self._limit} octets")
            self._reset()
            return None
        return self._finish() if control & 2 else None

    def _finish(self) -> Message | None:
        raw = b"".join(self._chunks)
        self._chunks = []
        if self._command is not None:
            message = Message(context_id=self._context_id, command=self._command, dataset=raw)
            self._reset()
            return message
        command = decode_command(raw)
        announced = command.integer("CommandDataSetType")
        if announced is None:
            self._fault("command without a CommandDataSetType")
        if announced is None or announced == NO_DATA_SET:
            self._reset()
            return Message(context_id=self._context_id, command=command)
        self._command = command
        return None

    def _reset(self) -> None:
        self._command = None
        self._chunks = []
        self._size = 0

    def _fault(self, sentence: str) -> None:
        if len(self.faults) < _MOST_FAULTS:
            self.faults.append(sentence)
