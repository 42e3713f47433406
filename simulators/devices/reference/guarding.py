"""A device that tells those who guess AE titles nothing, and soon does not hear them at all.

Loaded only where the device was told to (``--guesses``).
"""

import threading
import time
from collections import deque
from collections.abc import Sequence
from dataclasses import replace

from simulators.devices.reference.associate import Associate, Proposal
from simulators.devices.reference.negotiation import (
    PRESENTATION,
    TRANSIENT,
    USER,
    Grant,
    Negotiator,
    Refusal,
)
from simulators.devices.reference.options import AcceptorOptions
from simulators.devices.reference.storage import Store

_WINDOW_S = 60.0
_MOST_HOSTS = 1024
_NO_REASON = 1
_TITLES = (3, 7)

UNHEARD = Refusal(TRANSIENT, PRESENTATION, 1, "too many wrong AE titles from this host")


class GuardedNegotiator(Negotiator):
    """Gives no reason for a wrong AE title, and turns a host away that was wrong too often."""

    def __init__(self, options: AcceptorOptions, store: Store) -> None:
        super().__init__(options, store)
        self._lock = threading.Lock()
        self._guesses: dict[str, deque[float]] = {}

    def decide(
        self,
        request: Associate,
        proposals: Sequence[Proposal],
        host: str,
        certificate: bytes = b"",
    ) -> Grant | Refusal:
        """Decide as :meth:`.Negotiator.decide` does, for hosts that may still guess."""
        if self._wrong_too_often(host):
            return UNHEARD
        decision = super().decide(request, proposals, host, certificate)
        if isinstance(decision, Grant) or decision.source != USER:
            return decision
        if decision.reason not in _TITLES:
            return decision
        self._note(host)
        if self._flaws.has("tells_which_title"):
            return decision
        return replace(decision, reason=_NO_REASON)

    def _wrong_too_often(self, host: str) -> bool:
        most = self._options.limits.guesses
        if most is None or self._flaws.has("never_throttles"):
            return False
        with self._lock:
            times = self._guesses.get(host, deque[float]())
            while times and times[0] < time.monotonic() - _WINDOW_S:
                times.popleft()
            return len(times) >= most

    def _note(self, host: str) -> None:
        with self._lock:
            if len(self._guesses) >= _MOST_HOSTS:
                self._guesses.pop(next(iter(self._guesses)))
            self._guesses.setdefault(host, deque(maxlen=1024)).append(time.monotonic())
