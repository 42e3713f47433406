"""The relay: the requestor is made to call us, and we pass its bytes on to the acceptor.

One thread and one ``poll`` for both connections; every socket error is an observation. Both hops
are captured. Whatever the deviation does, the relay then goes on passing what is said, so that
each device is told of the other's reaction as it would be on a real line.
"""

from __future__ import annotations

import select
import time
from enum import StrEnum
from pathlib import Path
from types import TracebackType
from typing import Self

from harness.errors import PreconditionUnmetError
from harness.stage import Stage
from harness.verdict import Outcome
from simulators.callback import Callback
from simulators.connection import Connection, connect
from simulators.handshakes.evidence import rows
from simulators.lab import lab_of
from simulators.objects import part10
from simulators.peer import GRACE_S, Peer
from simulators.relay.deviations import PIXEL_OCTETS, Act, Deviation
from simulators.relay.framing import Framer, Side, Unit
from simulators.relay.transcript import Transcript

TOWARDS_ACCEPTOR = "upstream"
"""The actor under whose name the acceptor's hop is observed; the requestor's is ``attacker``."""

_SLICE_MS = 200
_COLUMNS = 256


class Upstream(StrEnum):
    """Which port of the acceptor the relay leads to."""

    TLS = "tls"
    PLAIN = "plain"


class Relay:
    """Two devices, with us between them.

    Args:
        stage: The play.
        service: What the requestor is asked to do: "verification" or "storage".
        deviation: What happens to one of the units; None passes all of them.
        upstream: Where the requestor is led to.

    Attributes:
        requestor: Our end towards the requestor.
        acceptor: Our end towards the acceptor.
        seen: What both said on the connection that is open now.
        marked: How many units had been said when the deviation came; None before it.
        sent: What the requestor said, as it was passed on.
        order: Who ended its connection first, and who after it.
    """

    def __init__(
        self,
        stage: Stage,
        service: str = "storage",
        *,
        deviation: Deviation | None = None,
        upstream: Upstream = Upstream.TLS,
    ) -> None:
        self.stage = stage
        self.requestor = Peer(stage, "attacker")
        self.acceptor = Peer(stage, TOWARDS_ACCEPTOR)
        self.seen = Transcript()
        self.marked: int | None = None
        self.sent: list[Unit] = []
        self._lab = lab_of(stage)
        self._deviation = deviation
        self._upstream = upstream
        self._target: Side | None = None
        self._cut = False
        self.order: list[Side] = []
        self._framers = {side: Framer() for side in Side}
        # The acceptor must know both titles, and it is the acceptor whom a pinning device pins.
        values = {
            "called_ae": self._lab.called,
            "calling_ae": self._lab.calling,
            "peer": str(self._lab.trust.cert),
        }
        if service == "storage":
            values["file"] = str(self._object())
        called = self._lab.called
        self._callback = Callback(stage, service, called_ae=called, secure=True, values=values)

    def __enter__(self) -> Self:
        try:
            self._callback.begin()
            if not self.next_call(self._callback.patience_s):
                self.requestor.conclude(Outcome.NOT_CALLED)
                why = f"the requestor did not call: {self._callback.why_not()}"
                raise PreconditionUnmetError(why)
        except BaseException:
            self._finish()
            raise
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._finish()

    def next_call(self, timeout_s: float) -> bool:
        """Takes the requestor's next connection and opens one to the acceptor for it.

        Raises:
            PreconditionUnmetError: The acceptor takes no connection.
        """
        self._close()
        called = self._callback.accept(self.requestor.actor, timeout_s)
        self.requestor.connection = called
        if called is None:
            return False
        address = self._lab.address(secure=self._upstream is Upstream.TLS)
        onward = connect(self.stage, self._lab.guard, address, actor=self.acceptor.actor)
        if onward is None:
            raise PreconditionUnmetError("the acceptor took no connection")
        self.acceptor.connection = onward
        self.seen = Transcript()
        self.order = []
        self._cut, self._target = False, None
        self._framers = {side: Framer() for side in Side}
        return True

    def run(self) -> None:
        """Passes on what both say, until both have ended or their time is over.

        How each of them ended is recorded as an outcome under its actor. ACCEPTED is a side that
        associates in clear, or the one that was meant by the deviation and went on: the other may
        still be saying what it began before. TIMEOUT is one that was meant and kept still until
        the other gave up, or one whose time was over.
        """
        poll = select.poll()
        speakers: dict[int, Side] = {}
        for side in Side:
            descriptor = self._hop(side).fileno()
            speakers[descriptor] = side
            poll.register(descriptor, select.POLLIN)
        deadline = time.monotonic() + self._limit_s
        while speakers and time.monotonic() < deadline and not self.stage.cancelled.is_set():
            for descriptor, _ in poll.poll(_SLICE_MS):
                if self._take(speakers[descriptor]):
                    poll.unregister(descriptor)
                    self._conclude(speakers.pop(descriptor))
        for side in speakers.values():
            self._conclude(side)

    def witness_honest(self) -> None:
        """Records that the first unit was passed as it was: the stimulus of an honest play."""
        first = self.sent[0].data if self.sent else b""
        what = "the requestor's first bytes, passed unaltered"
        self.acceptor.witness(first, len(first), what=what, stimulus=True)

    @property
    def _limit_s(self) -> float:
        """Both devices' own timers, one after the other, and some grace."""
        return self._callback.reaction_s + self.stage.artim_s + GRACE_S

    def _object(self) -> Path:
        path = self._lab.sandbox / "pki" / f"{self.stage.token}.dcm"
        height = PIXEL_OCTETS // _COLUMNS
        pixels = bytes(range(_COLUMNS)) * height
        path.write_bytes(part10(self.stage, Rows=height, Columns=_COLUMNS, PixelData=pixels))
        return path

    def _peer(self, side: Side) -> Peer:
        return self.requestor if side is Side.REQUESTOR else self.acceptor

    def _hop(self, side: Side) -> Connection:
        connection = self._peer(side).connection
        assert connection is not None  # next_call opens both
        return connection

    def _take(self, side: Side) -> bool:
        """Reads once from one side and passes it on; True when that side has ended."""
        framer = self._framers[side]
        try:
            data = self._hop(side).receive(0.0)
        except TimeoutError:
            return False
        except ConnectionError:
            return self._ended(side, Outcome.RESET)
        if not data:
            self._pass_raw(side, framer.rest())
            return self._ended(side, Outcome.CLOSED)
        for unit in framer.feed(data):
            self._pass(side, unit)
        return False

    def _ended(self, side: Side, how: Outcome) -> bool:
        """A reset is passed on as FIN too: it would destroy what the other has yet to read."""
        self._peer(side).ended = how
        self.order.append(side)
        if not self._cut:
            self._hop(side.other).half_close()
        return True

    def _pass(self, side: Side, unit: Unit) -> None:
        act = None
        if self._deviation is not None and self.marked is None:
            act = self._deviation(side, unit, self.seen)
        self.seen.note(side, unit)
        if act is None:
            if self._pass_raw(side, unit.data) and side is Side.REQUESTOR:
                self.sent.append(unit)
        else:
            self._deviate(side, act)

    def _pass_raw(self, side: Side, data: bytes) -> bool:
        """True when all of it left."""
        return not self._cut and self._hop(side.other).send(data) == len(data)

    def _deviate(self, side: Side, act: Act) -> None:
        self.marked = len(self.seen.said)  # the unit itself is noted already: it is not after it
        self._target = side if act.back else side.other
        hop, peer = self._hop(self._target), self._peer(self._target)
        left = hop.send(act.data) if act.data else 0
        if act.cut:
            self._cut = True
            for each in Side:
                self._hop(each).half_close()
        if act.data:
            parts = rows(act.parts)
            peer.witness(act.data, left, what=act.what, parts=parts, lies=act.lies, stimulus=True)
        else:
            self._witness_end(peer, hop, act.what)

    def _witness_end(self, peer: Peer, hop: Connection, what: str) -> None:
        """Where nothing but the end is the stimulus, the end itself is what was emitted."""
        self.stage.observe(
            "emitted", peer.actor, connection=hop.number, what=what, bytes=0, sent=0, sha256="",
            head="", parts=[], lies=[], stimulus=True,
        )  # fmt: skip
        hop.stimulated()

    def _conclude(self, side: Side) -> None:
        peer, seen = self._peer(side), self.seen
        alert = seen.alert(side)
        sealed = "after a sealed alert" if seen.says_goodbye(side) else "without a word"
        if seen.speaks_in_clear(side):
            peer.conclude(Outcome.ACCEPTED, {"detail": "spoke DICOM in clear"})
        elif side is self._target and seen.answers(side, self.marked or 0):
            peer.conclude(Outcome.ACCEPTED, {"detail": "went on after what was altered"})
        elif alert is not None:
            peer.conclude(Outcome.ALERT, {"alert": alert.number, "detail": f"TLS alert {alert}"})
        elif peer.ended is None:
            peer.conclude(Outcome.TIMEOUT, {"detail": "the connection was still open"})
        elif self._kept_still(side):
            peer.conclude(Outcome.TIMEOUT, {"detail": "kept still until the other gave up"})
        else:
            peer.conclude(peer.ended, {"detail": sealed})

    def _kept_still(self, side: Side) -> bool:
        """It was meant by what was altered, said nothing to it, and ended after the other."""
        if side is not self._target or self._cut:
            return False
        spoke = any(one.side is side for one in self.seen.said[self.marked or 0 :])
        return not spoke and bool(self.order) and self.order[0] is not side

    def _close(self) -> None:
        for peer in (self.requestor, self.acceptor):
            peer.close()
            peer.connection, peer.ended = None, None

    def _finish(self) -> None:
        self._close()
        self._callback.finish()
