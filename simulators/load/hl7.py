"""HL7 version 2 orders and results over MLLP, for load: encoded once, the control id patched.

An order names a synthetic patient; control id, order numbers and accession number are the
object's number, so that a listener can be asked for every one of them afterwards.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal, get_args

from harness.errors import RequestError
from simulators.load import naming
from simulators.load.plan import Target
from simulators.load.stream import Stream
from simulators.load.waiting import INVALID, LinkError, WaiterFactory
from simulators.objects import PATIENT_NAME

Kind = Literal["ORM^O01", "ORU^R01"]
KINDS: tuple[Kind, ...] = get_args(Kind)

START: Final = b"\x0b"
END: Final = b"\x1c\r"
"""Before and behind a message (MLLP release 1)."""

LONGEST_ANSWER: Final = 2**20
"""Octets of an acknowledgement that we take."""

_ACCEPTED: Final = ("AA", "CA")
_REFUSED: Final = ("AE", "AR", "CE", "CR")
_LINE: Final = 72
_BLANK: Final = b"\r\n"


@dataclass(frozen=True, slots=True)
class Ack:
    """An acknowledgement, as far as it concerns the sender (HL7 2.5.1, 2.9.2).

    Attributes:
        code: MSA-1, "AA", "AE", "AR", or "CA", "CE", "CR" in enhanced mode.
        control_id: MSA-2, of the message that it answers.
        text: MSA-3; whatever the device says.
    """

    code: str
    control_id: str
    text: str


class Order:
    """One message, encoded; its octets are in use by one connection at a time.

    Attributes:
        name: "ORM^O01" or "ORU^R01".
        octets: Octets of the message, without framing.
    """

    def __init__(self, kind: Kind, lane: int, *, size_bytes: int = 0) -> None:
        """Encodes the message.

        Args:
            kind: An order, or a result.
            lane: Which connection sends it; part of every number in it.
            size_bytes: About how long it shall be, in octets; filled up with notes.
        """
        self.name = kind
        mark = naming.content_mark(lane).decode()
        segments = _segments(kind, f"SYNTHETIC-{lane}", mark)
        while size_bytes - sum(len(one) + 1 for one in segments) >= _LINE:
            note = f"NTE|{len(segments)}||synthetic, not a patient "
            segments.append(note.ljust(_LINE - 1, "."))
        message = "".join(f"{one}\r" for one in segments).encode("ascii")
        self.octets = len(message)
        self._own = bytearray(START + message + END)
        self._buffers = [memoryview(self._own)]
        self._places = _places(bytes(self._own), mark.encode())
        self._lane = lane

    def patch(self, number: int, message_id: int = 0) -> list[memoryview]:
        """Returns the buffers of the message, valid until the next call.

        Args:
            number: Which message, 0 to 8 999 999 999.
            message_id: Not used: the number is the control id.
        """
        del message_id
        digits = naming.digits(number)
        for place in self._places:
            self._own[place] = digits
        return self._buffers

    def control_id(self, number: int) -> str:
        """Returns MSH-10 of a message: 16 digits."""
        return naming.content_mark(self._lane, number).decode()

    def sop_instance(self, number: int) -> str:
        """Returns the empty text: an order names no SOP Instance."""
        del number
        return ""


class Hl7Link:
    """One connection to an MLLP listener, one message in flight."""

    def __init__(
        self,
        target: Target,
        *,
        timeout_s: float = 30.0,
        waiter: WaiterFactory | None = None,
        tls: bool = False,
    ) -> None:
        """Prepares a connection; nothing is sent.

        Args:
            target: Host and `hl7_port`; for TLS its files too.
            timeout_s: How long connecting, and each acknowledgement, may take.
            waiter: How to wait for a socket; None: it blocks, as a thread likes it.
            tls: The listener speaks TLS.

        Raises:
            RequestError: The target has no MLLP port.
        """
        if not target.hl7_port:
            raise RequestError("hl7_port: the target has no MLLP listener: give its port")
        place = {"port": target.hl7_port, "tls": tls}
        self._stream = Stream(target.model_copy(update=place), timeout_s, waiter)
        self._answer = bytearray()

    @property
    def is_open(self) -> bool:
        """Whether messages can be sent."""
        return self._stream.is_open

    def open(self) -> None:
        """Connects.

        Raises:
            LinkError: The listener could not be reached.
        """
        self._answer.clear()
        self._stream.open()

    def perform(self, order: Order, number: int) -> int | str:
        """Sends one message.

        Returns:
            0 when it was accepted, otherwise the acknowledgement code: "AE", "AR", "CE" or "CR".

        Raises:
            LinkError: The connection ended, time is up, or what came does not acknowledge this
                message.
        """
        try:
            self._stream.send(order.patch(number))
            answer = self._read()
            named = order.control_id(number)
            if b"\rMSA|AA|" + named.encode() in answer and answer.startswith(b"MSH|"):
                return 0
            return _judged(parse_ack(answer), named)
        except LinkError:
            self._stream.close()
            raise

    def close(self) -> None:
        """Closes the connection. Idempotent; MLLP has no other goodbye."""
        self._stream.close()

    release = close
    abort = close

    def interrupt(self) -> None:
        """Ends the connection under whoever waits for it; may be called from another thread."""
        self._stream.interrupt()

    def _read(self) -> bytes:
        """The next message, without framing."""
        answer = self._answer
        answer.clear()
        searched = 0
        while (end := answer.find(END, searched)) < 0:
            searched = max(0, len(answer) - 1)
            answer += self._stream.read()
            if len(answer) > LONGEST_ANSWER or not _may_be_framed(answer):
                raise LinkError(INVALID, "no message in the framing of MLLP")
        if answer[end + len(END) :].strip(_BLANK):
            raise LinkError(INVALID, "more than one answer to one message")
        return bytes(answer[answer.index(START) + 1 : end])


def parse_ack(message: bytes) -> Ack | None:
    """Reads an acknowledgement with any separators and line ends; None if it is none."""
    text = message.decode("latin-1")
    if not text.startswith("MSH") or len(text) < 4:
        return None
    separator = text[3]
    for segment in text.replace("\n", "\r").split("\r"):
        fields = [*segment.split(separator), "", "", ""]
        if fields[0] == "MSA":
            return Ack(fields[1].strip(), fields[2].strip(), fields[3][:200])
    return None


def _may_be_framed(answer: bytearray) -> bool:
    begun = answer.lstrip(_BLANK)
    return not begun or begun.startswith(START)


def _judged(ack: Ack | None, named: str) -> int | str:
    if ack is None:
        raise LinkError(INVALID, "the answer is no acknowledgement")
    if ack.control_id != named:
        raise LinkError(INVALID, f"acknowledges {ack.control_id[:40]!r} instead of {named!r}")
    if ack.code in _ACCEPTED:
        return 0
    if ack.code not in _REFUSED:
        raise LinkError(INVALID, f"no acknowledgement code: {ack.code[:10]!r}")
    return ack.code


def _segments(kind: Kind, patient: str, mark: str) -> list[str]:
    """The segments of a message whose every number is the mark."""
    control = "NW" if kind == "ORM^O01" else "RE"
    sender = "ASSAY|SYNTHETIC|DEVICE|SYNTHETIC|20200101120000"
    segments = [
        f"MSH|^~\\&|{sender}||{kind}|{mark}|P|2.3.1",
        f"PID|1||{patient}^^^ASSAY||{PATIENT_NAME}||19000101|O",
        "PV1|1|O",
        f"ORC|{control}|{mark}^ASSAY|{mark}^ASSAY||SC||1^^^20200101120000^^R",
        f"OBR|1|{mark}^ASSAY|{mark}^ASSAY|CHEST^Synthetic chest^L|R|||||||||||||{mark}",
    ]
    if kind == "ORU^R01":
        segments.append("OBX|1|TX|CHEST^Synthetic chest^L||Synthetic, not a patient||||||F")
    return segments


def _places(message: bytes, mark: bytes) -> tuple[slice, ...]:
    """Where the number stands in a message: behind the lane in every copy of the mark."""
    places: list[slice] = []
    at = message.find(mark)
    while at >= 0:
        end = at + len(mark)
        places.append(slice(end - naming.DIGITS, end))
        at = message.find(mark, end)
    return tuple(places)
