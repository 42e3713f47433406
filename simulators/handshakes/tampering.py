"""Records that are altered on the line after they were protected, in both roles.

The engine protects the record honestly, and one bit of it is turned over on its way out, as
somebody on the line could do. Which bit hardly matters to TLS; it is one that DICOM does not look
at (a reserved octet of the A-ASSOCIATE PDUs, PS3.8 9.3.2), so that a device that does not check
records goes on and gives itself away.
"""

from __future__ import annotations

from collections.abc import Callable

from harness.errors import NotEmittedError
from harness.model import JSON
from harness.stage import Stage
from harness.verdict import Outcome
from simulators import tls, wire
from simulators.acceptor import Acceptor
from simulators.connection import Connection
from simulators.describe import reaction_of
from simulators.handshakes.evidence import Parts, rows
from simulators.handshakes.hearing import (
    conclude_disagreement,
    conclude_end,
    conclude_handshake,
    live,
)
from simulators.handshakes.traps import FIRST_WORD_S, server_policy
from simulators.handshakes.trials import client_policy, require_served
from simulators.lab import lab_of
from simulators.peer import GRACE_S, Peer
from simulators.requestor import ANSWER_S, Requestor
from simulators.securing import WitnessedChannel
from simulators.tls.codes import TlsVersion

_HEADER = 5
_EXPLICIT_NONCE = 8
_MOST_HEARD = 1 << 20
_RESERVED_OCTET = 50
_WHAT = "{} in a record with one bit turned over"


class Line:
    """A transport that can turn over one bit of what passes next, or let only a part of it pass.

    Attributes:
        altered: What was sent in place of the next record.
        left: How many octets of it left.
        heard: What came from the device, at most 1 MiB.
    """

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._change: Callable[[bytes], bytes] | None = None
        self.altered = b""
        self.left = 0
        self.heard = bytearray()

    def flip(self, at: int) -> None:
        """Turn over the lowest bit of the octet at this place of the next record."""
        self._change = lambda data: data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :]

    def cut(self) -> None:
        """Let only the first half of the next record pass."""
        self._change = lambda data: data[: len(data) // 2]

    def send(self, data: bytes, /) -> None:
        """Sends all that may pass, or raises ``ConnectionError``."""
        change, self._change = self._change, None
        if change is not None:
            data = change(data)
        left = self._connection.send(data)
        if change is not None:
            self.altered, self.left = data, left
        if left < len(data):
            raise ConnectionResetError("the device took no more")

    def receive(self, timeout: float, /) -> bytes:
        """As :meth:`Connection.receive`."""
        data = self._connection.receive(timeout)
        self.heard += data[: max(0, _MOST_HEARD - len(self.heard))]
        return data


def alter_request(stage: Stage) -> Outcome:
    """A client whose A-ASSOCIATE-RQ is altered on the line; what the device does is the outcome.

    Raises:
        PreconditionUnmetError: An honest client of the same policy was not served just before.
        NotEmittedError: The altered record did not leave.
    """
    policy = client_policy(stage, lab_of(stage).trust.ours)
    require_served(stage, policy)
    with Requestor(stage, plain_on_tls=True) as peer:
        line, done = shake_over_line(peer, policy, stage.artim_s + GRACE_S, server_side=False)
        if not done.completed:
            return conclude_handshake(peer, done)
        _send_altered(peer, line, done, peer.request(), "A-ASSOCIATE-RQ")
        return peer.wait_for_ending()


def alter_acceptance(server: Acceptor) -> Outcome:
    """A server whose A-ASSOCIATE-AC is altered on the line; what the device does is the outcome.

    Args:
        server: Entered with ``hello_only=True``.

    Raises:
        NotEmittedError: The altered record did not leave.
    """
    policy = server_policy(server.stage, lab_of(server.stage).trust.ours)
    line, done = shake_over_line(server, policy, FIRST_WORD_S, server_side=True)
    if not done.completed:
        return conclude_disagreement(server, done)
    request = server.receive(ANSWER_S)
    if request is None:
        return conclude_end(server)
    if not isinstance(request, wire.AssociateRQ):
        return server.conclude(*reaction_of(request))
    server.request = request
    _send_altered(server, line, done, server.accept(), "A-ASSOCIATE-AC")
    return server.see_out()


def shake_over_line(
    peer: Peer, policy: tls.AnyPolicy, timeout_s: float, *, server_side: bool
) -> tuple[Line, tls.Handshake]:
    """Handshakes over a line that can be tampered with, and makes the channel the peer's own.

    Raises:
        NotEmittedError: There is no connection, or our own engine cannot play the policy.
    """
    stage, connection = peer.stage, live(peer)
    line = Line(connection)

    def keylog(text: str) -> None:
        stage.witness.keylog(stage.play, text)

    try:
        engine = tls.open_channel(line, policy, server_side, keylog)
    except tls.TlsPolicyError as error:
        raise NotEmittedError(str(error)) from error
    channel = WitnessedChannel(stage, connection, engine)
    peer.channel = channel
    return line, channel.handshake(timeout_s)


def _send_altered(peer: Peer, line: Line, done: tls.Handshake, pdu: wire.PDU, name: str) -> None:
    nonce = _nonce_size(done)
    at = _HEADER + nonce + _RESERVED_OCTET
    line.flip(at)
    if peer.channel is not None:
        peer.channel.send(wire.encode(pdu))
    record = line.altered
    parts: list[list[JSON]] = rows(_parts(record, nonce, at))
    lies = ["flipped octet"]
    what = _WHAT.format(name)
    peer.witness(record, line.left, what=what, parts=parts, lies=lies, stimulus=True)


def _nonce_size(done: tls.Handshake) -> int:
    """Octets before the ciphertext: only GCM and CCM of TLS 1.2 send a part of their nonce."""
    explicit = done.version is TlsVersion.TLS1_2 and "CHACHA20" not in (done.cipher or "")
    return _EXPLICIT_NONCE if explicit else 0


def _parts(record: bytes, nonce: int, at: int) -> Parts:
    """The altered record as named parts; parts without an octet are left out."""
    start = _HEADER + nonce
    cut = (
        ("record.header", record[:_HEADER]),
        ("explicit_nonce", record[_HEADER:start]),
        ("ciphertext", record[start:at]),
        ("flipped octet", record[at : at + 1]),
        ("ciphertext and tag", record[at + 1 :]),
    )
    return [(name, data) for name, data in cut if data]
