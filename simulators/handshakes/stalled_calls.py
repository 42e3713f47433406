"""A server that stalls the handshake of a device that calls: silence, and one octet at a time."""

from __future__ import annotations

from harness.stage import Stage
from harness.verdict import Outcome
from simulators import tls
from simulators.acceptor import Acceptor
from simulators.handshakes.evidence import Parts, joined
from simulators.handshakes.hearing import emit, hear
from simulators.handshakes.traps import read_hello
from simulators.lab import lab_of
from simulators.peer import GRACE_S
from simulators.tls.codes import MessageType

MOMENTS = ("the ClientHello", "the ServerHello", "each octet")
"""After what the server falls silent: for good, or for a while."""

_DRIP_S = 0.5


def stall(stage: Stage, moment: str) -> Outcome | None:
    """Answers the device's hello not at all, by a ServerHello alone, or drop by drop.

    The watch lasts as long as the device claims to wait, and some grace; the outcome is how the
    device ended the connection, or TIMEOUT.

    Args:
        stage: The play.
        moment: One of :data:`MOMENTS`.
    """
    with Acceptor(stage, hello_only=True) as server:
        read = read_hello(server)
        if read is None:
            return None
        if moment == MOMENTS[0]:
            server.fall_silent()
        elif moment == MOMENTS[1]:
            alone = _flight(stage, read[0], tls.ServerOffer(messages=(MessageType.SERVER_HELLO,)))
            emit(server, alone, what="ServerHello, and nothing after it", lies=[])
        else:
            # The whole flight, so that the octets last as long as the watch.
            whole = joined(_flight(stage, read[0], tls.ServerOffer()))
            server.drip(whole, size=1, every_s=_DRIP_S, for_s=_patience(stage))
            return server.conclude(server.ended or Outcome.TIMEOUT)
        _, ended = hear(server, _patience(stage), lambda _heard: False)
        return server.conclude(ended or Outcome.TIMEOUT)


def _flight(stage: Stage, hello: tls.ClientHello, offer: tls.ServerOffer) -> Parts:
    return tls.server_flight(hello, offer, lab_of(stage).trust.ours)


def _patience(stage: Stage) -> float:
    section = stage.profile.requestor
    return (section.timeout_s if section else 0.0) + GRACE_S
