"""Trials of a device that listens by a single hello: what it answers to bytes of our own making.

Judged by the flight that comes back; it never depends on what the host's OpenSSL still speaks.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from harness.model import JSON
from harness.stage import Stage
from harness.verdict import Outcome
from simulators import tls, wire
from simulators.describe import reaction_of
from simulators.handshakes.evidence import Parts, dns_names, joined, rows
from simulators.handshakes.hearing import conclude_alert, emit, hear, live, observe_hello
from simulators.peer import GRACE_S, Peer
from simulators.requestor import ANSWER_S, Requestor
from simulators.tls.codes import (
    GROUPS,
    SIGNATURE_SCHEMES,
    WARNING,
    ContentType,
    Extension,
    curve_bits,
)
from simulators.tls.messages import records
from simulators.tls.strange import heartbeat_request
from simulators.tls.suites import all_suites

Door = Callable[[Stage, str], Peer]
"""Opens a connection, without a word of TLS yet, for an actor."""

_MARKS = {b"DOWNGRD\x01": "TLS 1.2", b"DOWNGRD\x00": "TLS 1.1"}
# A server that goes on shows a certificate, and none is so small; one that refuses after its
# ServerHello has an alert of 19 octets to say, encrypted like all else under TLS 1.3.
_NO_CERTIFICATE = 200
_HEARTBEAT_S = 3.0
_RESPONSE = 2


def dicom_door(stage: Stage, actor: str) -> Peer:
    """The device's port for DICOM with TLS."""
    return Requestor(stage, actor=actor, plain_on_tls=True)


def offer_hello(
    stage: Stage,
    offer: tls.HelloOffer,
    *,
    what: str,
    lies: list[str],
    segment: int | None = None,
    door: Door = dicom_door,
) -> tls.ServerFlight:
    """Sends one ClientHello as the stimulus; the device's first flight becomes the outcome.

    ACCEPTED is a ServerHello (or a request to retry) without an alert; what it says is in the
    ``handshake`` observation.

    Args:
        stage: The play.
        offer: What to offer.
        what: Its name in the evidence.
        lies: Which of its parts deviate.
        segment: Send so many octets at a time, each a TCP segment of its own.
        door: Where to.
    """
    parts = tls.named_hello_parts(offer)
    return offer_parts(stage, parts, what=what, lies=lies, segment=segment, door=door)


def offer_parts(
    stage: Stage,
    parts: Parts,
    *,
    what: str,
    lies: list[str],
    segment: int | None = None,
    door: Door = dicom_door,
) -> tls.ServerFlight:
    """As :func:`offer_hello`, for bytes that are no sound hello."""
    with door(stage, "attacker") as peer:
        observe_hello(stage, tls.parse_client_hello(joined(parts)), by="us")
        if segment is None:
            emit(peer, parts, what=what, lies=lies)
        else:
            _emit_in_segments(peer, parts, segment, what)
        heard, ended = hear(peer, stage.artim_s + GRACE_S, _flight_is_whole)
        flight = tls.parse_server_flight(heard)
        _observe_flight(stage, peer, flight, ended)
        _conclude_flight(peer, flight, ended)
    return flight


def every_suite() -> tuple[int, ...]:
    """Every suite that is known, good or weak, for hellos that are about something else."""
    return tuple(one.code_point for one in all_suites() if one.weakness != "signal")


def require_hello_answered(
    stage: Stage,
    offer: tls.HelloOffer | None = None,
    *,
    than: str = "a hello that offers all",
    door: Door = dicom_door,
) -> tls.ServerFlight:
    """A sound hello of the same making must be answered, just now.

    Args:
        stage: The play.
        offer: The hello without the deviation; None offers every version and suite in use.
        than: What it is, for the reason.
        door: Where to.

    Raises:
        PreconditionUnmetError: It was not, so that a refusal of the other one proves nothing.
    """
    hello = offer or tls.HelloOffer(suites=every_suite())
    with door(stage, "control") as peer:
        live(peer).send(tls.client_hello(hello))
        heard, ended = hear(peer, ANSWER_S, _flight_is_whole)
        flight = tls.parse_server_flight(heard)
        outcome = _conclude_flight(peer, flight, ended)
    seen = f"{outcome.value} {flight.alert or ''}".strip()
    stage.require(outcome is Outcome.ACCEPTED, f"{than} was not answered: {seen}")
    return flight


def lie_in_a_heartbeat(stage: Stage, offer: tls.HelloOffer, *, more: int) -> None:
    """Offers heartbeats, and after the device's flight sends a request whose length lies.

    The heartbeat is the stimulus; whether a response came is the ``heartbeat`` observation, and
    how the connection went on is the outcome: a silence of some seconds is TIMEOUT.

    Raises:
        PreconditionUnmetError: The hello itself was not answered.
    """
    with Requestor(stage, plain_on_tls=True) as peer:
        observe_hello(stage, tls.parse_client_hello(tls.client_hello(offer)), by="us")
        live(peer).send(tls.client_hello(offer))
        heard, ended = hear(peer, ANSWER_S, _flight_is_whole)
        flight = tls.parse_server_flight(heard)
        _observe_flight(stage, peer, flight, ended)
        stage.require(flight.accepted and ended is None, "the hello itself was not answered")
        request = heartbeat_request(b"dicom-assay", more=more)
        what = "heartbeat request whose length lies"
        emit(peer, request, what=what, lies=["heartbeat.payload_length"])
        heard, ended = hear(peer, _HEARTBEAT_S, lambda data: bool(records(data)[0]))
        found = [one for one in records(heard)[0] if one.type == ContentType.HEARTBEAT]
        response = next((one.body for one in found if one.body[:1] == bytes([_RESPONSE])), None)
        stage.observe(
            "heartbeat",
            announced=Extension.HEARTBEAT in flight.extensions,
            octets=None if response is None else len(response),
        )
        _conclude_flight(peer, tls.parse_server_flight(heard), ended)


def offer_on_the_plain_port(stage: Stage, offer: tls.HelloOffer) -> Outcome:
    """Sends a ClientHello to the port that is claimed for DICOM in clear.

    The outcome is ACCEPTED for a ServerHello, ALERT for an alert of TLS, and otherwise what DICOM
    has to say.
    """
    with Requestor(stage) as peer:
        emit(peer, tls.named_hello_parts(offer), what="ClientHello on the plain port", lies=[])
        return hear_tls_or_dicom(peer)


def hear_tls_or_dicom(peer: Requestor) -> Outcome:
    """Records what a device answers to the wrong protocol: a ServerHello, an alert, DICOM, or none.

    Of several PDUs the first one counts.
    """
    heard, ended = hear(peer, peer.stage.artim_s + GRACE_S, _is_one_message)
    flight = tls.parse_server_flight(heard)
    if flight.accepted or flight.alert is not None or not heard:
        return _conclude_flight(peer, flight, ended)
    return peer.conclude(*reaction_of(_first_pdu(heard)))


def name_of_the_device(stage: Stage, flight: tls.ServerFlight) -> str:
    """The first DNS name in the certificate that the device showed.

    Raises:
        PreconditionUnmetError: There is none, so that no name can be called its own.
    """
    der = flight.certificate_der
    names = dns_names(der) if der is not None else []
    stage.require(names, "the device's certificate holds no DNS name")
    return names[0]


def tls12(offer: tls.HelloOffer | None = None) -> tls.HelloOffer:
    """The hello as one of TLS 1.2 alone, whose answer comes in clear."""
    return replace(offer or tls.HelloOffer(), versions=(tls.TlsVersion.TLS1_2,))


def tls13(offer: tls.HelloOffer | None = None) -> tls.HelloOffer:
    """The hello as one of TLS 1.3 alone."""
    return replace(offer or tls.HelloOffer(), versions=(tls.TlsVersion.TLS1_3,))


def _emit_in_segments(peer: Peer, parts: Parts, size: int, what: str) -> None:
    """TCP_NODELAY is set, so that each write leaves as a segment."""
    data, connection = joined(parts), live(peer)
    left = 0
    for at in range(0, len(data), size):
        count = connection.send(data[at : at + size])
        left += count
        if count < len(data[at : at + size]):
            break
    peer.witness(data, left, what=what, parts=rows(parts), stimulus=True)


def _is_one_message(heard: bytes) -> bool:
    record = bool(records(heard)[0])
    return record or not isinstance(_first_pdu(heard), wire.Unparsed)


def _first_pdu(heard: bytes) -> wire.PDU | wire.Unparsed:
    buffer = wire.PduBuffer()
    buffer.feed(heard)
    return buffer.next() or wire.decode(heard)


def _flight_is_whole(heard: bytes) -> bool:
    flight = tls.parse_server_flight(heard)
    if flight.alert is not None and flight.alert.level != WARNING:
        return True
    if flight.not_tls or flight.done or flight.ssl2_hello:
        return True
    if flight.version is tls.TlsVersion.TLS1_3:
        return flight.hello_retry_request or flight.encrypted > _NO_CERTIFICATE
    return False


def _conclude_flight(peer: Peer, flight: tls.ServerFlight, ended: Outcome | None) -> Outcome:
    if flight.alert is not None:
        return conclude_alert(peer, flight.alert)
    if flight.accepted:
        said = f"ServerHello: {flight.version or 'of another version'}"
        if flight.suite is not None:
            said = f"{said}, {tls.suite_name(flight.suite)}"
        encrypted = flight.version is tls.TlsVersion.TLS1_3 and not flight.hello_retry_request
        if encrypted and ended is not None and flight.encrypted <= _NO_CERTIFICATE:
            return peer.conclude(
                ended, {"detail": f"{said}, then the end instead of a certificate"}
            )
        return peer.conclude(Outcome.ACCEPTED, {"detail": said})
    if flight.not_tls:
        return peer.conclude(Outcome.GARBAGE, {"detail": "bytes that are no TLS"})
    return peer.conclude(ended or Outcome.TIMEOUT, {"detail": "no ServerHello"})


def _observe_flight(
    stage: Stage, peer: Peer, flight: tls.ServerFlight, ended: Outcome | None
) -> None:
    """What the device's flight tells, in the words of a ``handshake`` observation."""
    phase = tls.Phase.HELLO if flight.server_hello is None else tls.Phase.HANDSHAKE
    stage.observe(
        "handshake",
        peer.actor,
        connection=live(peer).number,
        completed=False,
        version=str(flight.version) if flight.version else None,
        cipher=tls.suite_name(flight.suite) if flight.suite is not None else None,
        phase=phase.value,
        ended=ended.value if ended else None,
        alert_received=flight.alert.number if flight.alert else None,
        alert_received_name=str(flight.alert) if flight.alert else None,
        certificate_requested=flight.certificate_requested,
        retry_request=flight.hello_retry_request,
        hello_sent=True,
        **_parameters(flight),
    )


def _parameters(flight: tls.ServerFlight) -> dict[str, JSON]:
    """What the device chose, for oracles on single parameters; None where it chose nothing."""
    suite = tls.suite(flight.suite) if flight.suite is not None else None
    group, scheme = flight.key_exchange_group, flight.signature_scheme
    return {
        "suite_class": suite.weakness if suite else None,
        "compression": flight.compression,
        "extensions": list(flight.extensions),
        "alpn": flight.alpn,
        "downgrade_mark": _MARKS.get(flight.random[-8:], ""),
        "group": None if group is None else GROUPS.get(group, f"group {group:#06x}"),
        "group_bits": None if group is None else curve_bits(group),
        "dh_bits": flight.dh_bits,
        "signature": None
        if scheme is None
        else SIGNATURE_SCHEMES.get(scheme, f"scheme {scheme:#06x}"),
    }
