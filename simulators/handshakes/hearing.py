"""What both TLS trials share: a transport that remembers, raw listening, and endings in words."""

from __future__ import annotations

import time
from collections.abc import Callable

from harness.errors import NotEmittedError, PreconditionUnmetError
from harness.model import JSON
from harness.stage import Stage
from harness.verdict import Outcome
from simulators import tls
from simulators.connection import Connection
from simulators.handshakes.evidence import Parts, joined, rows
from simulators.peer import Peer
from simulators.securing import WitnessedChannel
from simulators.tls.codes import Extension

SPANS = ("lowest claimed", "highest claimed")
"""Up to which of the versions that the device claims a case is played."""

_KEPT_BYTES = 1 << 16
_VERSIONS = {"1.2": tls.TlsVersion.TLS1_2, "1.3": tls.TlsVersion.TLS1_3}
_ENDINGS = {
    tls.Ending.FIN: Outcome.CLOSED,
    tls.Ending.RST: Outcome.RESET,
    tls.Ending.TIMEOUT: Outcome.TIMEOUT,
}


class Overheard:
    """The transport below a TLS channel; gives back what was read ahead, keeps what we send.

    Attributes:
        sent: Our first bytes, at most 64 KiB.
    """

    def __init__(self, connection: Connection, ahead: bytes = b"") -> None:
        self._connection = connection
        self._ahead = ahead
        self.sent = bytearray()

    def send(self, data: bytes, /) -> None:
        """Sends all, or raises ``ConnectionError``."""
        left = self._connection.send(data)
        self.sent += data[: min(left, _KEPT_BYTES - len(self.sent))]
        if left < len(data):
            raise ConnectionResetError("the device took no more")

    def receive(self, timeout: float, /) -> bytes:
        """What was read ahead, then as :meth:`Connection.receive`."""
        if self._ahead:
            data, self._ahead = self._ahead, b""
            return data
        return self._connection.receive(timeout)


def claimed_versions(stage: Stage) -> tuple[tls.TlsVersion, tls.TlsVersion]:
    """Lowest and highest version that our side speaks, from ``stage.case["version"]``.

    "lowest claimed" is that version alone. "highest claimed" leaves the lower ones open: whether
    the device then takes the highest is for other scenarios to judge.
    """
    section = stage.profile.tls
    claimed = sorted(_VERSIONS[name] for name in (section.versions if section else ("1.2",)))
    highest = claimed[0] if stage.case.get("version") == SPANS[0] else claimed[-1]
    return claimed[0], highest


def shake(
    peer: Peer,
    policy: tls.AnyPolicy,
    timeout_s: float,
    *,
    server_side: bool,
    ahead: bytes = b"",
) -> tuple[tls.Handshake, bytes]:
    """Handshakes on the peer's open connection and makes the channel the peer's own.

    Returns:
        The handshake, and the first bytes that we sent in it.

    Raises:
        NotEmittedError: There is no connection, or our own engine cannot play the policy.
    """
    connection = live(peer)
    stage = peer.stage

    def keylog(line: str) -> None:
        stage.witness.keylog(stage.play, line)

    transport = Overheard(connection, ahead)
    try:
        engine = tls.open_channel(transport, policy, server_side, keylog)
    except tls.TlsPolicyError as error:
        raise NotEmittedError(str(error)) from error
    channel = WitnessedChannel(stage, connection, engine)
    peer.channel = channel
    done = channel.handshake(timeout_s)
    return done, bytes(transport.sent)


def live(peer: Peer) -> Connection:
    """The peer's connection.

    Raises:
        NotEmittedError: The device took none.
    """
    if peer.connection is None:
        raise NotEmittedError("there is no connection to the device")
    return peer.connection


def emit(peer: Peer, parts: Parts, *, what: str, lies: list[str]) -> None:
    """Sends raw bytes below TLS as the stimulus, with their named parts."""
    data = joined(parts)
    left = live(peer).send(data)
    peer.witness(data, left, what=what, parts=rows(parts), lies=lies, stimulus=True)


def hear(
    peer: Peer, timeout_s: float, enough: Callable[[bytes], bool]
) -> tuple[bytes, Outcome | None]:
    """Raw bytes below TLS until there are enough, the connection ends, or the time is up.

    Returns:
        The bytes, and how the connection ended: CLOSED, RESET, or None while it is open.
    """
    connection = live(peer)
    deadline = time.monotonic() + timeout_s
    heard = b""
    while len(heard) < _KEPT_BYTES and not (heard and enough(heard)):
        try:
            data = connection.receive(max(0.0, deadline - time.monotonic()))
        except TimeoutError:
            return heard, None
        except ConnectionError:
            return heard, Outcome.RESET
        if not data:
            return heard, Outcome.CLOSED
        heard += data
    return heard, None


def conclude_alert(peer: Peer, alert: tls.Alert, more: str = "") -> Outcome:
    """Records that the device refused by an alert."""
    detail = f"TLS alert {alert}{f', {more}' if more else ''}"
    return peer.conclude(Outcome.ALERT, {"alert": alert.number, "detail": detail})


def conclude_handshake(peer: Peer, done: tls.Handshake) -> Outcome:
    """Records how a handshake that did not complete ended.

    Raises:
        PreconditionUnmetError: We ended it, or our engine gave up: no word about the device.
    """
    if done.alert_received is not None:
        return conclude_alert(peer, done.alert_received, f"phase {done.phase.value}")
    if done.alert_sent is not None:
        raise PreconditionUnmetError(f"our own side ended the handshake: alert {done.alert_sent}")
    if done.ended is None:
        raise PreconditionUnmetError(f"our TLS engine gave up: {done.error or 'no reason given'}")
    detail: dict[str, JSON] = {"detail": f"in phase {done.phase.value}"}
    return peer.conclude(_ENDINGS[done.ended], detail)


def conclude_disagreement(peer: Peer, done: tls.Handshake) -> Outcome:
    """Records that an honest handshake failed, whoever of both sides found nothing to agree on."""
    if done.alert_received is None and done.alert_sent is not None:
        detail = f"our honest side had to end the handshake: alert {done.alert_sent}"
        return peer.conclude(Outcome.CLOSED, {"detail": detail})
    if done.alert_received is None and done.ended is None:
        return peer.conclude(Outcome.GARBAGE, {"detail": f"no TLS came back: {done.error}"})
    return conclude_handshake(peer, done)


def conclude_end(peer: Peer) -> Outcome:
    """Records how a connection ended after the handshake; the late alert of TLS 1.3 is here."""
    alert = peer.channel.state.alert_received if peer.channel is not None else None
    if alert is not None:
        return conclude_alert(peer, alert, "after the handshake")
    return peer.conclude(peer.ended or Outcome.TIMEOUT, {"detail": "after the handshake"})


def observe_hello(stage: Stage, hello: tls.ClientHello, *, by: str) -> None:
    """Records what a ClientHello offers, whoever sent it."""
    stage.observe(
        "hello",
        by=by,
        versions=list(hello.versions),
        explicit=Extension.SUPPORTED_VERSIONS in hello.extensions,
        suites=list(hello.suite_names),
        groups=list(hello.group_names),
        server_name=hello.server_name,
        client_version=hello.client_version,
        compression=list(hello.compression),
        point_formats=list(hello.point_formats),
        signature_schemes=list(hello.signature_names),
        alpn=list(hello.alpn),
        extensions=list(hello.extensions),
        secures_renegotiation=hello.secures_renegotiation,
        problem=hello.problem,
    )
