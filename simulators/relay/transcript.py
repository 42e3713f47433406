"""What an eavesdropper learns of one connection between two devices; sans-IO.

Bodies are sealed, but types and sizes are not: TLS 1.2 shows an alert as an alert, and in TLS 1.3
a sealed alert is the only record of 19 octets that occurs (RFC 8446 5.2: two octets, the inner
type, and 16 of the tag). Whoever answers a DIMSE request needs more octets than whoever ends.
"""

from __future__ import annotations

from dataclasses import dataclass

from simulators import tls
from simulators.relay.framing import HEADER_BYTES, Side, Unit
from simulators.tls.codes import ContentType, Extension

ANSWER_OCTETS = 50
"""From this size on a sealed record is more than an alert, an A-ABORT or a release: the largest of
those has 34 octets, the smallest DIMSE response above 90, a Finished of TLS 1.3 at least 53."""

_SEALED_ALERT = 19
_ALERT = 2
_KEPT_BYTES = 1 << 16
_KEPT_UNITS = 1 << 16
_IN_CLEAR = {Side.REQUESTOR: b"\x01", Side.ACCEPTOR: b"\x02"}


@dataclass(frozen=True, slots=True)
class Said:
    """One unit that somebody said: whose, its content type, octets of its body, its alert."""

    side: Side
    type: int | None
    size: int
    alert: tls.Alert | None = None


class Transcript:
    """Both directions of one connection, in the order in which they reached the relay.

    Attributes:
        said: Every unit, at most 65536.
        first: The first 64 KiB of each side.
    """

    def __init__(self) -> None:
        self.said: list[Said] = []
        self.first: dict[Side, bytearray] = {side: bytearray() for side in Side}

    def note(self, side: Side, unit: Unit) -> None:
        """Takes down one unit as it arrived, before any deviation."""
        if len(self.said) < _KEPT_UNITS:
            body = unit.data[HEADER_BYTES:]
            clear = unit.type == ContentType.ALERT and len(body) == _ALERT
            alert = tls.Alert(body[0], body[1]) if clear else None
            self.said.append(Said(side, unit.type, unit.size, alert))
        kept = self.first[side]
        kept += unit.data[: _KEPT_BYTES - len(kept)]

    @property
    def hello(self) -> tls.ClientHello:
        """What the requestor offered."""
        return tls.parse_client_hello(bytes(self.first[Side.REQUESTOR]))

    @property
    def flight(self) -> tls.ServerFlight:
        """What the acceptor answered, as far as it is in clear; its last hello counts."""
        return tls.parse_server_flight(bytes(self.first[Side.ACCEPTOR]))

    @property
    def version(self) -> tls.TlsVersion | None:
        """The version of the ServerHello."""
        return self.flight.version

    def speaks_in_clear(self, side: Side) -> bool:
        """The side associates without TLS: A-ASSOCIATE-RQ, or -AC (PS3.8 9.3.2, 9.3.3)."""
        return bytes(self.first[side][:1]) == _IN_CLEAR[side]

    def sealed(self, side: Side) -> int:
        """Octets of the side's application-data records so far."""
        return sum(one.size for one in self.said if one.side is side and _is_data(one))

    def alert(self, side: Side) -> tls.Alert | None:
        """The side's first alert in clear, other than close_notify."""
        told = (one.alert for one in self.said if one.side is side and one.alert is not None)
        return next((alert for alert in told if alert.number), None)

    def says_goodbye(self, side: Side) -> bool:
        """The side sent a sealed alert: close_notify, or a fatal one; nobody on the line knows."""
        return any(self._is_sealed_alert(one) for one in self.said if one.side is side)

    def answers(self, side: Side, since: int) -> bool:
        """The side went on after that many units: with the handshake, or with data.

        In TLS 1.2 a server that goes on with the handshake changes its cipher (RFC 5246 7.1). In
        TLS 1.3 its first flight is sealed already, so that only what follows a sealed message of
        the requestor counts.
        """
        if self.version is tls.TlsVersion.TLS1_3 and side is Side.ACCEPTOR:
            since = max(since, self._first_of_requestor())
        return any(one.side is side and self._goes_on(one) for one in self.said[since:])

    def resumed(self) -> bool:
        """The acceptor took up an earlier session (RFC 8446 4.2.11, RFC 5077 3.4)."""
        hello, server = self.hello, self.flight.server_hello
        if server is None:
            return False
        if self.version is tls.TlsVersion.TLS1_3:
            return any(kind == Extension.PRE_SHARED_KEY for kind, _ in server.extensions)
        return bool(hello.session_id) and server.session_id == hello.session_id

    def _first_of_requestor(self) -> int:
        """Where its first sealed message stands that is no alert; the end where there is none."""
        for at, one in enumerate(self.said):
            if one.side is Side.REQUESTOR and _is_long(one):
                return at
        return len(self.said)

    def _goes_on(self, one: Said) -> bool:
        if one.side is Side.ACCEPTOR and self.version is not tls.TlsVersion.TLS1_3:
            return one.type == ContentType.CHANGE_CIPHER_SPEC or _is_long(one)
        return _is_long(one)

    def _is_sealed_alert(self, one: Said) -> bool:
        if self.version is tls.TlsVersion.TLS1_3:
            return _is_data(one) and one.size == _SEALED_ALERT
        return one.type == ContentType.ALERT and one.alert is None


def _is_data(one: Said) -> bool:
    return one.type == ContentType.APPLICATION_DATA


def _is_long(one: Said) -> bool:
    return _is_data(one) and one.size >= ANSWER_OCTETS
