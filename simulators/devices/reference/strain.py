"""The flaws that show under load: what a strained device does to the associations that it has.

Loaded only by a device that has one of them.
"""

import os
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from itertools import count

from simulators.devices.reference.channel import Channel, touch
from simulators.devices.reference.dialogue import Dialogue
from simulators.devices.reference.flaws import Flaws
from simulators.devices.reference.worker import die

_LEAK = 1 << 16
_BUSY, _CROWDED, _PEAK = 3, 8, 12
_FORGOTTEN = 20
_LATE_S, _AFTERMATH_S, _SLOW_S, _STALL_S = 0.4, 30.0, 3.0, 1.0
_ACCEPTING_S, _CHURN_S, _LONGEST_CHURN_S = 0.3, 0.005, 2.0
_PAUSE_S, _LOOK_S = 0.1, 0.01
_PIECE = 1 << 14

_Send = Callable[[bytes, float], None]


class Strain:
    """What all associations of a strained device share."""

    def __init__(self, flaws: Flaws) -> None:
        self._flaws = flaws
        self._lock = threading.Lock()
        self._door = threading.Lock()
        self._line: AbstractContextManager[object] = (
            threading.Lock() if flaws.has("starved_by_slow_readers") else nullcontext()
        )
        self._open: Counter[str] = Counter()
        self._asked: dict[str, float] = {}
        self._admitted = count()
        self._answers = count(1)
        self._busy_until = 0.0
        self._stalled_until = 0.0
        self._leaked: list[bytearray] = []

    def admit(self) -> None:
        """Let an association in, before it is answered."""
        if self._flaws.has("slows_with_churn"):
            time.sleep(min(_LONGEST_CHURN_S, _CHURN_S * next(self._admitted)))
        if self._flaws.has("accepts_slowly"):
            with self._door:
                time.sleep(_ACCEPTING_S)
        self._sit_out_stall()

    @contextmanager
    def association(self, dialogue: Dialogue, calling: str) -> Iterator[None]:
        """Serve one association inside."""
        self._begin(calling)
        if self._flaws.has("spins_for_slow_readers"):
            dialogue.transmit = _spinning(dialogue.channel)
        dialogue.transmit = self._transmit(dialogue.transmit, calling)
        try:
            yield
        finally:
            self._end(calling)

    def refused(self) -> None:
        """Note an association that was refused, or ended without release."""
        if self._flaws.has("leaks_per_refused"):
            self._leaked.append(touch(_LEAK))

    def error(self) -> None:
        """Note an internal error."""
        if self._flaws.has("stalls_on_error"):
            self._stalled_until = time.monotonic() + _STALL_S

    def _begin(self, calling: str) -> None:
        with self._lock:
            self._open[calling] += 1
            if self._open.total() > _BUSY:
                self._busy_until = time.monotonic() + _AFTERMATH_S
        if self._flaws.has("dies_at_peak") and self._open.total() > _PEAK:
            die()

    def _end(self, calling: str) -> None:
        with self._lock:
            if self._open.total() > _BUSY:
                self._busy_until = time.monotonic() + _AFTERMATH_S
            self._open[calling] -= 1
        if self._flaws.has("leaks_threads"):
            threading.Thread(target=threading.Event().wait, daemon=True).start()
        if self._flaws.has("leaks_descriptors"):
            os.dup(sys.stderr.fileno())

    def _transmit(self, send: _Send, calling: str) -> _Send:
        """Return how an association sends its answers."""
        aftermath = self._open.total() <= _BUSY and time.monotonic() < self._busy_until

        def transmit(data: bytes, deadline: float) -> None:
            began = time.monotonic()
            self._wait(calling, aftermath=aftermath)
            if self._forgets():
                return
            with self._line:
                send(data, deadline + time.monotonic() - began)

        return transmit

    def _wait(self, calling: str, *, aftermath: bool) -> None:
        self._sit_out_stall()
        if self._flaws.has("answers_late_under_load") and self._open.total() > _BUSY:
            time.sleep(_LATE_S)
        if self._flaws.has("stays_slow_after_load") and aftermath:
            time.sleep(_SLOW_S)
        if self._flaws.has("serves_one_ae"):
            self._wait_for_turn(calling)

    def _sit_out_stall(self) -> None:
        while (left := self._stalled_until - time.monotonic()) > 0:
            time.sleep(left)

    def _forgets(self) -> bool:
        """Tell whether this answer is never sent."""
        crowded = self._flaws.has("forgets_answers_under_load") and self._open.total() > _CROWDED
        return crowded and next(self._answers) % _FORGOTTEN == 0

    def _wait_for_turn(self, calling: str) -> None:
        """Wait while an AE with more associations, or an older one, asks without a pause."""
        self._asked.setdefault(calling, 0.0)
        while self._others_first(calling):
            time.sleep(_LOOK_S)
        self._asked[calling] = time.monotonic()

    def _others_first(self, calling: str) -> bool:
        lately = time.monotonic() - _PAUSE_S
        ranks = {ae: (self._open[ae], -n) for n, ae in enumerate(list(self._asked))}
        return any(
            self._asked[ae] > lately and rank > ranks[calling]
            for ae, rank in ranks.items()
            if ae != calling
        )


def _spinning(channel: Channel) -> _Send:
    """Return a way to send that asks again and again whether there is room."""

    def send(data: bytes, deadline: float) -> None:
        for start in range(0, len(data), _PIECE):
            while not channel.has_room() and time.monotonic() < deadline:
                pass
            channel.send(data[start : start + _PIECE], deadline)

    return send
