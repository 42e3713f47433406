"""TLS on a witnessed connection: the channel, its key log and its handshake in the record."""

from __future__ import annotations

from harness.errors import NotEmittedError
from harness.model import JSON
from harness.stage import Stage
from simulators import tls
from simulators.connection import Connection


class Below:
    """A connection as the transport that a TLS channel runs over."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def send(self, data: bytes, /) -> None:
        """Sends all, or raises ``ConnectionError``."""
        if self._connection.send(data) < len(data):
            raise ConnectionResetError("the device took no more")

    def receive(self, timeout: float, /) -> bytes:
        """As :meth:`Connection.receive`."""
        return self._connection.receive(timeout)


class WitnessedChannel:
    """A TLS channel whose handshake is an observation."""

    def __init__(self, stage: Stage, connection: Connection, channel: tls.SecureChannel) -> None:
        self._stage = stage
        self._connection = connection
        self._channel = channel

    @property
    def engine(self) -> tls.SecureChannel:
        """The channel below, for what only one engine can do."""
        return self._channel

    @property
    def state(self) -> tls.Handshake:
        """What is known by now."""
        return self._channel.state

    def handshake(self, timeout_s: float) -> tls.Handshake:
        """Handshakes and records what was seen."""
        done = self._channel.handshake(timeout_s)
        self._stage.observe(
            "handshake", self._connection.actor, connection=self._connection.number, **told(done)
        )
        return done

    def send(self, data: bytes, /) -> None:
        """Sends through TLS."""
        self._channel.send(data)

    def receive(self, timeout_s: float, /) -> bytes:
        """Receives through TLS."""
        return self._channel.receive(timeout_s)

    def close(self) -> None:
        """Says goodbye in TLS; the connection stays open."""
        self._channel.close()


def secure_channel(
    stage: Stage,
    connection: Connection,
    policy: tls.AnyPolicy,
    *,
    server_side: bool,
) -> WitnessedChannel:
    """A TLS channel over the connection.

    Raises:
        NotEmittedError: Our own library cannot play this policy; nothing was sent.
    """

    def keylog(line: str) -> None:
        if not stage.secretive and not stage.profile.withholds_data_sets:
            stage.witness.keylog(stage.play, line)

    try:
        channel = tls.open_channel(Below(connection), policy, server_side, keylog)
    except tls.TlsPolicyError as error:
        raise NotEmittedError(str(error)) from error
    return WitnessedChannel(stage, connection, channel)


def told(done: tls.Handshake) -> dict[str, JSON]:
    """A handshake as data for the record."""
    received, sent = done.alert_received, done.alert_sent
    return {
        "completed": done.completed,
        "version": str(done.version) if done.version else None,
        "cipher": done.cipher,
        "phase": done.phase.value,
        "ended": done.ended.value if done.ended else None,
        "alert_received": received.number if received else None,
        "alert_received_name": str(received) if received else None,
        "alert_sent": sent.number if sent else None,
        "certificate_sent": done.certificate_sent,
        "certificate_requested": done.certificate_requested,
        "hello_sent": done.hello_sent,
        "close_notify": done.close_notify,
        "error": done.error,
    }
