"""One question to a device that listens: a ClientHello of ours, and what came back.

Each question has a connection of its own and proof that it left. A connection that did not come
about is not an answer: it is asked once more, and then raises :class:`UnansweredError`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from harness.errors import NotEmittedError
from harness.stage import Stage
from harness.verdict import Outcome
from simulators import tls
from simulators.handshakes.evidence import Parts, joined
from simulators.handshakes.hearing import emit, hear, live
from simulators.peer import GRACE_S
from simulators.requestor import Requestor
from simulators.tls import strange

ACTOR = "attacker"
_ATTEMPTS = 2
_LEAST_S = 1.0
_ENDINGS = {Outcome.CLOSED: "closed", Outcome.RESET: "reset", None: "silent"}


class UnansweredError(Exception):
    """A question could not be put, for reasons that are not the device's; the text says which."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back.

    Attributes:
        flight: The device's first flight.
        how: "alert protocol_version", "closed", "reset", "silent", "no TLS", or the suite chosen.
    """

    flight: tls.ServerFlight
    how: str

    @property
    def accepted(self) -> bool:
        """It went along: a ServerHello and no alert."""
        return self.flight.accepted

    @property
    def spoke(self) -> bool:
        """It said something: a ServerHello or an alert."""
        return self.flight.accepted or self.flight.alert is not None


def ask(stage: Stage, offer: tls.HelloOffer, what: str) -> Answer:
    """Sends one hello; an end without a word is heard twice before it is believed.

    Raises:
        UnansweredError: No connection came about, or nothing of the hello left.
    """
    return _repeated(stage, tls.named_hello_parts(offer), what)


def ask_ssl2(stage: Stage) -> Answer:
    """Sends the hello of SSL 2.0; accepted only when its own ServerHello comes back.

    Raises:
        UnansweredError: As for :func:`ask`.
    """
    answer = _repeated(stage, strange.ssl2_hello(), "ClientHello of SSL 2.0")
    if answer.accepted and not answer.flight.ssl2_hello:
        return Answer(tls.ServerFlight(), f"answered in {answer.flight.version}")
    return answer


def _repeated(stage: Stage, parts: Parts, what: str) -> Answer:
    why = "not asked"
    answer: Answer | None = None
    for _ in range(_ATTEMPTS):
        if stage.cancelled.is_set() or stage.remaining_s() < _LEAST_S:
            break
        try:
            answer = _once(stage, parts, what)
        except NotEmittedError as error:
            why = str(error)
            continue
        if answer.spoke:
            return answer
    if answer is None:
        raise UnansweredError(why if why != "not asked" else "no time was left to ask")
    return answer


def _once(stage: Stage, parts: Parts, what: str) -> Answer:
    with Requestor(stage, actor=ACTOR, plain_on_tls=True) as peer:
        emit(peer, parts, what=what, lies=[])
        if live(peer).sent_bytes == 0 and joined(parts):
            raise NotEmittedError("nothing of the hello left")
        patience = min(stage.artim_s + GRACE_S, stage.remaining_s())
        heard, ended = hear(peer, patience, flight_is_whole)
    flight = tls.parse_server_flight(heard)
    return Answer(flight, _how(flight, ended))


def _how(flight: tls.ServerFlight, ended: Outcome | None) -> str:
    if flight.alert is not None:
        return f"alert {flight.alert.name}"
    if flight.ssl2_hello:
        return "ServerHello of SSL 2.0"
    if flight.suite is not None:
        return tls.suite_name(flight.suite)
    if flight.not_tls:
        return "no TLS"
    return _ENDINGS.get(ended, "closed")


def flight_is_whole(heard: bytes) -> bool:
    """True when nothing more in clear is to come."""
    flight = tls.parse_server_flight(heard)
    if flight.alert is not None or flight.not_tls or flight.done or flight.ssl2_hello:
        return True
    return flight.version is tls.TlsVersion.TLS1_3


def eliminate(
    left: tuple[int, ...], put: Callable[[tuple[int, ...]], int | None]
) -> tuple[list[int], str]:
    """Finds all that a device takes: offer all that is left, remove its choice, and again.

    Args:
        left: What to offer first.
        put: Puts the question; returns what was chosen, None for a refusal.

    Returns:
        The choices in their order, and why the list may be incomplete (empty: it is complete).
    """
    chosen: list[int] = []
    while left:
        try:
            choice = put(left)
        except UnansweredError as error:
            return chosen, str(error)
        if choice is None:
            return chosen, ""
        if choice not in left:
            return chosen, f"it chose {choice:#06x}, which was not offered"
        chosen.append(choice)
        left = tuple(one for one in left if one != choice)
    return chosen, ""
