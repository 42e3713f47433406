"""Plays many scripts at a time on one thread, and tells for each how the device took it.

No observation and no thread for each connection: a campaign plays hundreds a second, and what
matters of each is one letter. Whatever the device does is an outcome, never an error of ours.
"""

from __future__ import annotations

import contextlib
import select
import socket
import struct
import time
from collections import deque
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

from harness.stage import Packet
from simulators.fuzz.mutations import END_RESET
from simulators.fuzz.outcome import Pace, Seen
from simulators.fuzz.script import Script
from simulators.scope import Guard

_BY_TYPE: Final = {2: "A", 3: "R", 4: "S", 6: "L", 7: "B"}
_READ: Final = 1 << 16
_MOST_TYPES: Final = 16
_CONNECT_S: Final = 2.0
_TICK_S: Final = 0.01
_REFUSED_IN_A_ROW: Final = 3
_ANSWERS_KEPT: Final = 64
_ENOUGH_ANSWERS: Final = 16
_TIMES: Final = 5
_LEAST_PATIENCE: Final = 0.05
_LINGER: Final = struct.pack("ii", 1, 0)

Keep = Callable[[Packet], None]
"""Takes what crossed a connection that is kept as evidence."""


@dataclass(slots=True)
class _Play:
    script: Script
    sock: socket.socket
    number: int
    began: float
    due: float
    asked: float = 0.0
    next: int = 0
    out: bytes = b""
    phase: str = "connecting"
    inbox: bytearray = field(default_factory=bytearray)
    types: list[int] = field(default_factory=list[int])
    lost: bool = False
    emitted: int = 0
    kept: bool = False
    case: int = 0
    said: int = 0


class Player:
    """Plays scripts against one address.

    Args:
        address: Where the device listens.
        guard: Keeps the bounds of the scope.
        pace: How many at a time, and how patiently.
        stopped: Tells when to end early.
        keep: Takes the packets of connections that are kept.
        held: Tells when to open no further connection for the moment.
    """

    def __init__(
        self,
        address: tuple[str, int],
        guard: Guard,
        pace: Pace,
        stopped: Callable[[], bool],
        keep: Keep,
        held: Callable[[], bool] = lambda: False,
    ) -> None:
        self._host = guard.permit(address[0])
        self._address = (self._host, address[1])
        self._guard = guard
        self._pace = pace
        self._stopped = stopped
        self._keep = keep
        self._kept: Collection[int] = ()
        self._poll = select.epoll()
        self._plays: dict[int, _Play] = {}
        self._ending = 0
        self._ended: Callable[[Seen], None] = lambda seen: None
        self._held = held
        self._answers: deque[float] = deque(maxlen=_ANSWERS_KEPT)
        self._refused = 0
        self._connections = 0

    def close(self) -> None:
        """Ends whatever is open."""
        for play in list(self._plays.values()):
            self._end(play, "T", cut_short=True)
        self._poll.close()

    def play(
        self,
        scripts: Iterable[Script],
        ended: Callable[[Seen], None],
        kept: Collection[int] = (),
        pace: Pace | None = None,
    ) -> None:
        """Plays scripts; ends early when nobody takes connections any more.

        Args:
            scripts: What to play; taken one by one as there is room.
            ended: Hears how each one went, in the order of endings, once its connection is closed;
                also of those that were cut short because it ended early.
            kept: Numbers of those whose packets are kept as evidence.
            pace: Another one, for this time.

        Raises:
            ScopeError: A bound of the scope is reached.
        """
        # How quick it was before says nothing of a device that was started anew since.
        self._answers.clear()
        usual = self._pace
        self._pace, self._kept = pace or usual, kept
        self._ended, self._refused = ended, 0
        waiting = iter(scripts)
        more = True
        try:
            while (more or self._plays) and not self._stopped():
                more = more and self._open_more(waiting)
                self._turn()
        finally:
            for play in list(self._plays.values()):
                self._end(play, _letter(play, "T"), cut_short=True)
            self._pace = usual

    @property
    def patience_s(self) -> float:
        """How long an answer is waited for now: several times what the last ones took."""
        most = self._pace.patience_s
        if len(self._answers) < _ENOUGH_ANSWERS:
            return most
        slow = sorted(self._answers)[len(self._answers) * 9 // 10]
        return min(most, max(most * _LEAST_PATIENCE, slow * _TIMES))

    def _open_more(self, waiting: Iterator[Script]) -> bool:
        """Opens connections as there is room; False when there is nothing more to play."""
        pace = self._pace
        while not self._held():
            busy = len(self._plays) - min(self._ending, pace.spare)
            if busy >= pace.width:
                return True
            if self._refused >= _REFUSED_IN_A_ROW:
                return False
            script = next(waiting, None)
            if script is None:
                return False
            self._open(script)
        return True

    def _open(self, script: Script) -> None:
        self._guard.opening()
        self._guard.sending(script.size)
        family = socket.AF_INET6 if ":" in self._host else socket.AF_INET
        sock = socket.socket(family, socket.SOCK_STREAM)
        sock.setblocking(False)
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        now = time.monotonic()
        self._connections += 1
        play = _Play(script, sock, self._connections, now, now + _CONNECT_S)
        play.kept = script.number in self._kept
        self._plays[sock.fileno()] = play
        self._poll.register(sock, select.EPOLLOUT | select.EPOLLIN)
        with contextlib.suppress(BlockingIOError):
            try:
                sock.connect(self._address)
            except ConnectionError:
                self._refuse(play)

    def _turn(self) -> None:
        """One look at all connections."""
        for fd, event in self._poll.poll(_TICK_S, 64):
            play = self._plays.get(fd)
            if play is not None:
                self._happened(play, event)
        now = time.monotonic()
        for play in list(self._plays.values()):
            if play.due <= now:
                self._late(play)

    def _happened(self, play: _Play, event: int) -> None:
        if play.phase == "connecting":
            if play.sock.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR):
                self._refuse(play)
                return
            self._refused = 0
            self._note(play, b"", sent=True, event="open")
            self._go_on(play)
            return
        if event & ~select.EPOLLOUT and not self._read(play):
            return
        if event & select.EPOLLOUT and play.phase == "sending":
            self._push(play)

    def _late(self, play: _Play) -> None:
        """Time is up for what a play waits for."""
        if play.phase == "connecting":
            self._refuse(play)
        elif play.phase in ("pausing", "awaiting"):
            self._go_on(play)
        elif play.phase == "ending":
            self._end(play, _letter(play, "T"), lingered=True)
        else:
            self._end(play, _letter(play, "T"))  # the device takes no more octets

    def _go_on(self, play: _Play) -> None:
        """The next segment, or the end of our side."""
        if play.next >= len(play.script.segments) or not self._next_case(play):
            self._finish(play)
            return
        play.out = play.script.segments[play.next].data
        play.phase = "sending"
        play.due = time.monotonic() + self._pace.linger_s
        self._push(play)

    def _next_case(self, play: _Play) -> bool:
        """Notes a case of several that is over; False when the next one is not to be played.

        After a case that was not answered nobody knows what the device still waits for.
        """
        cases = play.script.cases
        if play.case >= len(cases) or play.next != cases[play.case][1] + 1:
            return True
        if len(play.types) == play.said:
            return False
        number = cases[play.case][0]
        now = time.monotonic()
        types = tuple(play.types[play.said :])
        self._ended(Seen(number, _letter(play, "T"), types, play.began, now, False, play.emitted))
        play.case, play.began = play.case + 1, now
        return True

    def _push(self, play: _Play) -> None:
        while play.out:
            try:
                count = play.sock.send(play.out)
            except BlockingIOError:
                self._poll.modify(play.sock, select.EPOLLIN | select.EPOLLOUT)
                return
            except OSError:
                # What the device said before it closed may still be there to be read.
                play.phase, play.due = "ending", time.monotonic() + self._pace.linger_s
                self._ending += 1
                self._poll.modify(play.sock, select.EPOLLIN)
                self._read(play)
                return
            self._note(play, play.out[:count], sent=True)
            play.emitted += count
            play.out = play.out[count:]
        self._sent(play)

    def _sent(self, play: _Play) -> None:
        """A segment has left."""
        segment = play.script.segments[play.next]
        cases = play.script.cases
        if play.case < len(cases) and play.next == cases[play.case][1]:
            play.said = len(play.types)  # what comes from here on answers this case
        play.next += 1
        if segment.answered:
            play.asked = time.monotonic()
            play.phase, play.due = "awaiting", play.asked + self.patience_s
        elif segment.pause_s:
            play.phase, play.due = "pausing", time.monotonic() + segment.pause_s
        else:
            self._go_on(play)
            return
        self._poll.modify(play.sock, select.EPOLLIN)

    def _finish(self, play: _Play) -> None:
        """Ends our side."""
        if play.script.end == END_RESET:
            with contextlib.suppress(OSError):
                play.sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _LINGER)
            self._end(play, _letter(play, "T"))
            return
        with contextlib.suppress(OSError):
            play.sock.shutdown(socket.SHUT_WR)
        self._note(play, b"", sent=True, event="fin")
        play.phase, play.due = "ending", time.monotonic() + self._pace.linger_s
        self._ending += 1
        self._poll.modify(play.sock, select.EPOLLIN)

    def _read(self, play: _Play) -> bool:
        """Takes what came; False when that ended the play."""
        with contextlib.suppress(OSError, AttributeError):
            play.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_QUICKACK, 1)
        try:
            data = play.sock.recv(_READ)
        except BlockingIOError:
            return True
        except OSError:
            self._note(play, b"", sent=False, event="rst")
            self._end(play, _letter(play, "X"))
            return False
        self._note(play, data, sent=False, event="data" if data else "fin")
        if not data:
            self._end(play, _letter(play, "C"))
            return False
        if self._took_pdu(play, data) and play.phase == "awaiting":
            self._answers.append(time.monotonic() - play.asked)
            self._go_on(play)
        return play.phase != "ended"

    def _took_pdu(self, play: _Play, data: bytes) -> bool:
        """Adds octets; True when a whole PDU is there. Bounded, whatever the device sends."""
        whole = False
        inbox = play.inbox
        inbox += data
        while len(inbox) >= 6 and not play.lost:
            size = 6 + int.from_bytes(inbox[2:6], "big")
            if len(inbox) < size:
                play.lost = size > (1 << 24)
                break
            if len(play.types) < _MOST_TYPES + 2 * len(play.script.cases):
                play.types.append(inbox[0])
            del inbox[:size]
            whole = True
        if play.lost:
            inbox.clear()
        return whole

    def _refuse(self, play: _Play) -> None:
        self._refused += 1
        self._end(play, "N")

    def _end(
        self, play: _Play, letter: str, *, lingered: bool = False, cut_short: bool = False
    ) -> None:
        fd = play.sock.fileno()
        self._ending -= play.phase == "ending"
        play.phase = "ended"
        del self._plays[fd]
        with contextlib.suppress(OSError):
            self._poll.unregister(fd)
        play.sock.close()
        self._guard.closed()
        now = time.monotonic()
        cases = play.script.cases
        number = play.script.number
        if cases:
            if play.case >= len(cases):
                return  # what ended was the release after the last one
            number = cases[play.case][0]
        self._ended(
            Seen(number, letter, tuple(play.types), play.began, now, lingered, play.emitted,
                 cut_short)
        )  # fmt: skip
        for later, _ in cases[play.case + 1 :]:
            self._ended(Seen(later, "-", (), now, now, False, 0, cut_short, True))

    def _note(self, play: _Play, data: bytes, *, sent: bool, event: str = "data") -> None:
        if not play.kept:
            return
        try:
            local = play.sock.getsockname()
        except OSError:
            return
        self._keep(
            Packet(at=time.time(), connection=play.number, sent=sent, peer=self._address,
                   local=(local[0], local[1]), data=data, event=event)
        )  # fmt: skip


def _letter(play: _Play, otherwise: str) -> str:
    """The device's last word; what a table of states forbids counts above all."""
    types: Sequence[int] = play.types
    if play.lost:
        return "G"
    if types and 2 not in types and (4 in types or 6 in types):
        return "F"
    return _BY_TYPE.get(types[-1], "G") if types else otherwise
