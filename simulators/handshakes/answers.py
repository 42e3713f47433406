"""Flights of our own making for a device that calls us, and what the device makes of them.

Up to TLS 1.2 a client that goes along answers a flight by its ClientKeyExchange in clear: that is
acceptance. Before each lie the device is called once more and gets the same flight without the
lie, so that a refusal can only mean the lie.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from harness.stage import Stage
from harness.verdict import Outcome
from simulators import tls
from simulators.acceptor import Acceptor
from simulators.handshakes.evidence import Parts, joined
from simulators.handshakes.hearing import conclude_alert, emit, hear, live
from simulators.handshakes.traps import FIRST_WORD_S, attempts, read_hello
from simulators.lab import lab_of
from simulators.peer import Peer
from simulators.pki import Identity
from simulators.tls.codes import FATAL, ContentType, Extension
from simulators.tls.messages import Record, records

Answer = Callable[[tls.ClientHello, Identity], Parts]
"""Makes a flight from what the device offered and from the identity of our side."""

HONEST = tls.ServerOffer()
"""What every lie is compared with: an honest flight of TLS 1.2."""

_MAX_FRAGMENT_LENGTH, _UNASSIGNED = 1, 0x1234
_REFUSED = frozenset({Outcome.ALERT, Outcome.CLOSED, Outcome.RESET})


def flight(offer: tls.ServerOffer) -> Answer:
    """The answer that an offer describes."""
    return partial(_flight, offer)


def try_answer(stage: Stage, answer: Answer, *, what: str, lies: list[str]) -> Outcome | None:
    """Meets the device's call with a flight that lies; its reaction is the outcome.

    Returns:
        The outcome; None when the device sent no ClientHello.

    Raises:
        PreconditionUnmetError: The same flight without the lie is refused too.
    """
    require_flight_taken(stage)
    with Acceptor(stage, hello_only=True) as hostile:
        read = read_hello(hostile)
        if read is None:
            return None
        send_answer(hostile, answer(read[0], lab_of(stage).trust.ours), what=what, lies=lies)
        return hear_reaction(hostile)


def try_offer(
    stage: Stage, offer: tls.ServerOffer, *, what: str, lies: list[str]
) -> Outcome | None:
    """As :func:`try_answer`, with the flight that an offer describes."""
    return try_answer(stage, flight(offer), what=what, lies=lies)


def require_flight_taken(stage: Stage) -> None:
    """An honest flight of the same making must be gone along with, in a call of its own.

    Raises:
        PreconditionUnmetError: It was not, so that a refusal of a lie proves nothing.
    """
    control = Acceptor(stage, hello_only=True)
    control.actor = "control"
    with control:
        read = read_hello(control)
        stage.require(read, "the device sent no ClientHello")
        assert read is not None
        live(control).send(joined(flight(HONEST)(read[0], lab_of(stage).trust.ours)))
        outcome = hear_reaction(control)
    why = f"an honest flight of TLS 1.2 was answered by {outcome.value}"
    stage.require(outcome is Outcome.ACCEPTED, why)


def send_answer(server: Peer, parts: Parts, *, what: str, lies: list[str]) -> None:
    """Sends a flight as the stimulus, with those lies that are names of its parts."""
    names = {name for name, _ in parts}
    emit(server, parts, what=what, lies=[lie for lie in lies if lie in names])


def hear_reaction(server: Peer) -> Outcome:
    """Waits for what the device makes of a flight, and records it.

    ACCEPTED is its next message of the handshake. A warning or a ChangeCipherSpec decides nothing.
    """
    heard, ended = hear(server, FIRST_WORD_S, lambda data: _decisive(data) is not None)
    return conclude_reaction(server, heard, ended)


def conclude_reaction(server: Peer, heard: bytes, ended: Outcome | None) -> Outcome:
    """Records the device's reaction to a flight, or how the connection ended without one."""
    found = _decisive(heard)
    if found is not None and found.type == ContentType.ALERT:
        return conclude_alert(server, tls.Alert(found.body[0], found.body[1]))
    if found is not None:
        return server.conclude(Outcome.ACCEPTED, {"detail": "went on with the handshake"})
    if heard and not records(heard)[0]:
        return server.conclude(Outcome.GARBAGE, {"detail": heard[:16].hex(" ")})
    return server.conclude(ended or Outcome.TIMEOUT)


def refused(outcome: Outcome) -> bool:
    """The device ended the handshake by an alert, or by closing."""
    return outcome in _REFUSED


def garbage(_hello: tls.ClientHello, _identity: Identity) -> Parts:
    """What no reader takes for TLS."""
    return [("garbage", bytes(range(7, 200)))]


def unasked_extension(hello: tls.ClientHello, identity: Identity) -> Parts:
    """An honest flight with an extension of RFC 6066 or RFC 7301 that the device did not send."""
    alpn = (Extension.ALPN, b"\x00\x06\x05dicom")
    known = [(_MAX_FRAGMENT_LENGTH, b"\x04"), alpn]
    unasked = [one for one in known if one[0] not in hello.extensions] or [(_UNASSIGNED, b"")]
    return _flight(tls.ServerOffer(extra_extensions=(unasked[0],)), hello, identity)


def with_heartbeat(claimed: int, payload: bytes) -> Answer:
    """An honest flight with a heartbeat request before its last message."""

    def make(hello: tls.ClientHello, identity: Identity) -> Parts:
        agreed = (
            ((Extension.HEARTBEAT, b"\x01"),) if Extension.HEARTBEAT in hello.extensions else ()
        )
        whole = _flight(tls.ServerOffer(extra_extensions=agreed), hello, identity)
        last = [name for name, _ in whole].index("server_hello_done.record.type")
        return [*whole[:last], *tls.heartbeat_request(claimed, payload), *whole[last:]]

    return make


def meet_with_heartbeat(stage: Stage, *, claimed: int, payload: bytes) -> Outcome | None:
    """As :func:`try_answer`, but RESPONDED when a heartbeat record came back."""
    require_flight_taken(stage)
    with Acceptor(stage, hello_only=True) as hostile:
        read = read_hello(hostile)
        if read is None:
            return None
        parts = with_heartbeat(claimed, payload)(read[0], lab_of(stage).trust.ours)
        what = f"a heartbeat request of {len(payload)} octets that claims {claimed}"
        send_answer(hostile, parts, what=what, lies=["heartbeat.payload_length"])
        heard, ended = hear(hostile, FIRST_WORD_S, lambda data: _decisive(data) is not None)
        for record in records(heard)[0]:
            if record.type == ContentType.HEARTBEAT:
                detail = f"a heartbeat response of {len(record.body)} octets"
                return hostile.conclude(Outcome.RESPONDED, {"detail": detail})
        return conclude_reaction(hostile, heard, ended)


def turn_away(server: Acceptor, parts: Parts, *, what: str) -> None:
    """Answers every hello of the call by the same few octets, and ends the connection.

    Octets that are no whole record are followed by a reset.
    """
    for _ in attempts(server):
        if read_hello(server) is None:
            continue
        emit(server, parts, what=what, lies=[])
        if records(joined(parts))[0]:
            conclude_reaction(server, *hear(server, FIRST_WORD_S, _anything))
            continue
        server.close(reset=True)
        server.conclude(Outcome.CLOSED, {"detail": "by our own reset"})


def ask_to_retry_twice(stage: Stage) -> Outcome | None:
    """Sends a HelloRetryRequest, and another one to the hello that comes back.

    A device that does not offer TLS 1.3 gets one, which it has to refuse as well.

    Raises:
        PreconditionUnmetError: It offers TLS 1.3 but does not answer the first one.
    """
    retry = tls.ServerOffer(version=tls.TlsVersion.TLS1_3, retry=True)
    ours = lab_of(stage).trust.ours
    with Acceptor(stage, hello_only=True) as hostile:
        read = read_hello(hostile)
        if read is None:
            return None
        parts = tls.server_flight(read[0], retry, ours)
        if tls.TlsVersion.TLS1_3 in read[0].versions:
            live(hostile).send(joined(parts))
            heard, _ = hear(hostile, FIRST_WORD_S, lambda data: _decisive(data) is not None)
            went_on = _decisive(heard)
            taken = went_on is not None and went_on.type == ContentType.HANDSHAKE
            stage.require(taken, "a single HelloRetryRequest was not answered by a hello")
        send_answer(hostile, parts, what="a second HelloRetryRequest", lies=["random"])
        return hear_reaction(hostile)


def _flight(offer: tls.ServerOffer, hello: tls.ClientHello, identity: Identity) -> Parts:
    return tls.server_flight(hello, offer, identity)


def _anything(heard: bytes) -> bool:
    return bool(heard)


def _decisive(heard: bytes) -> Record | None:
    """The first record that tells whether the device goes on."""
    for record in records(heard)[0]:
        if record.type in (ContentType.HANDSHAKE, ContentType.APPLICATION_DATA):
            return record
        if record.type == ContentType.ALERT and len(record.body) == 2 and record.body[0] == FATAL:
            return record
    return None
