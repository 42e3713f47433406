"""What hostile requestor and hostile acceptor share: sending lies, and telling how it ended.

A peer sends PDUs (or raw bytes) with proof of emission, decodes whatever comes back, and turns the
end of an exchange into one ``outcome`` observation.
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Mapping, Sequence
from types import TracebackType
from typing import Self

from harness.errors import NotEmittedError
from harness.model import JSON
from harness.stage import Stage
from harness.verdict import Outcome
from simulators import tls, wire
from simulators.blanking import blanked
from simulators.connection import Connection
from simulators.describe import described, parts_of, reaction_of

HEAD_BYTES = 2048
"""How much of each message the record holds; the capture file has more."""

GRACE_S = 6.0
"""How long past ARTIM we watch, so that a late device is told from one that never acts."""


class Peer:
    """One end of an association that may lie; see Requestor and Acceptor."""

    def __init__(self, stage: Stage, actor: str) -> None:
        self.stage = stage
        self.actor = actor
        self.connection: Connection | None = None
        self.channel: tls.SecureChannel | None = None
        self.ended: Outcome | None = None
        self._buffer = wire.PduBuffer()
        self._messages = wire.Reassembler()
        self._waiting: list[wire.Message] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def send(
        self,
        pdu: wire.PDU | bytes,
        *,
        lie: str | Sequence[str] = (),
        stimulus: bool = False,
        what: str = "",
    ) -> bool:
        """Sends a PDU, or raw bytes, and records how much of it left.

        Args:
            pdu: What to send. Lying length fields mark it as the stimulus by themselves.
            lie: Name(s) of the parts that deviate, as ``wire.named_parts`` calls them.
            stimulus: This is the deviation, though no single part of it lies.
            what: Its name in the evidence; made from the PDU when left out.

        Returns:
            True when all of it left.
        """
        data = pdu if isinstance(pdu, bytes) else wire.encode(pdu)
        named = [lie] if isinstance(lie, str) else list(lie)
        if not isinstance(pdu, bytes):
            named += [part for part in wire.lies(pdu) if part not in named]
        left = self._transmit(data)
        self.witness(
            data,
            left,
            what=what or described(pdu),
            parts=parts_of(pdu),
            lies=named,
            stimulus=stimulus or bool(named),
        )
        return left == len(data)

    def witness(
        self,
        data: bytes,
        left: int,
        *,
        what: str,
        parts: Sequence[Sequence[JSON]] = (),
        lies: Sequence[str] = (),
        stimulus: bool = False,
    ) -> None:
        """Records an emission, secrets masked; it counts as stimulus only if something left."""
        data = self.stage.masked(data)
        self.stage.observe(
            "emitted",
            self.actor,
            connection=self._live().number,
            what=what,
            bytes=len(data),
            sent=left,
            sha256=hashlib.sha256(data).hexdigest(),
            head=data[:HEAD_BYTES].hex(),
            parts=[list(part) for part in parts[:200]],
            lies=list(lies),
            stimulus=stimulus and left > 0,
        )
        if stimulus and left > 0:
            self._live().stimulated()

    def drip(self, data: bytes, *, size: int, every_s: float, for_s: float) -> bool:
        """Sends bytes slowly as the stimulus, until all left, the time is up, or the peer ends it.

        Returns:
            True when the peer was still taking bytes at the end.
        """
        until = time.monotonic() + for_s
        sent = 0
        while sent < len(data) and time.monotonic() < until:
            chunk = data[sent : sent + size]
            left = self._transmit(chunk)
            sent += left
            if sent == left:
                self._live().stimulated()
            if left < len(chunk) or self._ended_within(every_s):
                break
        self.witness(data[:sent], sent, what=f"{size} byte(s) every {every_s:g} s", stimulus=True)
        return self.ended is None

    def receive(self, timeout_s: float) -> wire.PDU | wire.Unparsed | None:
        """The next PDU; None when time ran out (``ended`` is None) or the connection ended."""
        deadline = time.monotonic() + timeout_s
        while True:
            pdu = self._buffer.next()
            if pdu is not None:
                self._note_received(pdu)
                return pdu
            if self.ended is not None or not self._fill(deadline - time.monotonic()):
                return None

    def message(self, timeout_s: float) -> wire.Message | None:
        """The next whole DIMSE message; None when something else ended the exchange."""
        deadline = time.monotonic() + timeout_s
        while not self._waiting:
            pdu = self.receive(deadline - time.monotonic())
            if not isinstance(pdu, wire.PDataTF):
                return None
            self._waiting += self._messages.feed(pdu)
        return self._waiting.pop(0)

    def wait_for_ending(self, timeout_s: float | None = None) -> Outcome:
        """Waits for the device's reaction and records it as the outcome.

        The first decisive PDU decides: A-ASSOCIATE-AC or -RJ, A-ABORT, A-RELEASE-RP, a whole DIMSE
        response; otherwise the end of the connection, or TIMEOUT.

        Args:
            timeout_s: How long to watch; by default the device's ARTIM timer and some grace.
        """
        limit = self.stage.artim_s + GRACE_S if timeout_s is None else timeout_s
        deadline = time.monotonic() + limit
        while True:
            pdu = self.receive(deadline - time.monotonic())
            if pdu is None:
                return self.conclude(self.ended or Outcome.TIMEOUT, self._ending_detail())
            if isinstance(pdu, wire.PDataTF):
                self._waiting += self._messages.feed(pdu)
                if not self._waiting:
                    continue
                return self.conclude(*reaction_of(self._waiting.pop(0)))
            return self.conclude(*reaction_of(pdu))

    def hear(self, timeout_s: float) -> None:
        """Waits until the device says something or ends the connection; it is kept for later."""
        if self.ended is None:
            self._fill(timeout_s)

    def conclude(self, outcome: Outcome, detail: Mapping[str, JSON] | None = None) -> Outcome:
        """Records how the exchange ended, with the time since the stimulus."""
        after = self.connection.since_stimulus() if self.connection else 0.0
        self.stage.observe(
            "outcome", self.actor, outcome=outcome.value, after_s=round(after, 4), **(detail or {})
        )
        return outcome

    def close(self, *, reset: bool = False) -> None:
        """Ends our side of the connection."""
        if self.connection is not None:
            self.connection.close(reset=reset)

    def _live(self) -> Connection:
        if self.connection is None:
            raise NotEmittedError("there is no connection to the device to send on")
        return self.connection

    def _transmit(self, data: bytes) -> int:
        if self.channel is None:
            return self._live().send(data)
        try:
            self.channel.send(data)
        except ConnectionError:
            return 0
        return len(data)

    def _ended_within(self, seconds: float) -> bool:
        """Waits, but ends early when the peer ends the connection; keeps what it says."""
        deadline = time.monotonic() + seconds
        while (rest := deadline - time.monotonic()) > 0:
            self._fill(rest)
            if self.ended is not None:
                return True
        return False

    def _fill(self, timeout_s: float) -> bool:
        """Reads once into the buffer; False when there was nothing more to have."""
        source = self.channel or self._live()
        try:
            data = source.receive(max(0.0, timeout_s))
        except TimeoutError:
            return False
        except ConnectionError:
            self.ended = self._alert() or Outcome.RESET
            return False
        if not data:
            self.ended = self._alert() or Outcome.CLOSED
            return False
        self._buffer.feed(data)
        return True

    def _alert(self) -> Outcome | None:
        if self.channel is not None and self.channel.state.alert_received is not None:
            return Outcome.ALERT
        return None

    def _ending_detail(self) -> dict[str, JSON]:
        detail: dict[str, JSON] = {}
        if self.ended is Outcome.ALERT and self.channel is not None:
            alert = self.channel.state.alert_received
            detail = {"alert": alert.number if alert else None, "detail": f"TLS alert {alert}"}
        if rest := self._buffer.pending:
            self.stage.observe(
                "received", self.actor, what="an unfinished PDU", bytes=len(rest),
                head=self._kept(rest)[:HEAD_BYTES].hex(), parts=[],
            )  # fmt: skip
        return detail

    def _kept(self, received: bytes) -> bytes:
        """What may be kept of a PDU that was received."""
        if self.stage.profile.withholds_data_sets:
            received = blanked(received)
        return self.stage.masked(received)

    def _note_received(self, pdu: wire.PDU | wire.Unparsed) -> None:
        raw = self._kept(wire.encode(pdu))
        self.stage.observe(
            "received",
            self.actor,
            connection=self._live().number,
            what=described(pdu),
            bytes=len(raw),
            head=raw[:HEAD_BYTES].hex(),
            parts=[list(part) for part in parts_of(pdu)[:200]],
        )
