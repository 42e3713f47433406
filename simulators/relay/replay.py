"""Says again on a new connection what the requestor said on an earlier one.

In step with the recorded conversation: a recorded unit of the requestor is sent, a recorded unit
of the acceptor is waited for. An acceptor with fresh random values breaks off at the first sealed
unit; one that does not is led through to the end.
"""

from __future__ import annotations

import time

from harness.errors import NotEmittedError
from harness.stage import Stage
from harness.verdict import Outcome
from simulators.connection import Connection, connect
from simulators.lab import lab_of
from simulators.peer import GRACE_S, Peer
from simulators.relay.effects import files_of
from simulators.relay.framing import Framer, Side, Unit
from simulators.relay.relay import TOWARDS_ACCEPTOR, Relay
from simulators.relay.transcript import Transcript
from simulators.tls.codes import ContentType

_WHAT = "the recorded TLS flight of a C-STORE, sent again"


def replay(stage: Stage, recorded: Relay) -> None:
    """Sends the recorded flight again; the acceptor's reaction is an outcome of its actor.

    ACCEPTED is an acceptor that answered what was sealed. ``replayed`` counts the files of the
    acceptor that hold the object and were written meanwhile.

    Raises:
        NotEmittedError: The acceptor takes no connection, or nothing sealed was sent again.
    """
    before = files_of(stage)
    address = lab_of(stage).address(secure=True)
    connection = connect(stage, lab_of(stage).guard, address, actor=TOWARDS_ACCEPTOR)
    if connection is None:
        raise NotEmittedError("the acceptor took no second connection")
    with _Replayer(stage, connection) as replayer:
        replayer.run(recorded)
    after = files_of(stage)
    changed = sum(before.get(path) != state for path, state in after.items())
    stage.observe("replayed", "relay", changed=changed, held=len(after))


class _Replayer(Peer):
    """Our end of the connection on which everything is said again."""

    def __init__(self, stage: Stage, connection: Connection) -> None:
        super().__init__(stage, TOWARDS_ACCEPTOR)
        self.connection = connection
        self._seen = Transcript()
        self._framer = Framer()
        self._heard: list[Unit] = []
        self._sealed_at: int | None = None
        self._sent = bytearray()

    def run(self, recorded: Relay) -> None:
        """Goes through the recorded conversation as far as the acceptor goes along."""
        units = iter(recorded.sent)
        deadline = time.monotonic() + self.stage.artim_s + GRACE_S
        for said in recorded.seen.said:
            if said.side is Side.REQUESTOR:
                if not self._say(next(units)):
                    break
            elif not self._hear(deadline) or self._refused():
                break
        while not self._refused() and self._hear(deadline):
            pass
        if self._sealed_at is None:
            raise NotEmittedError("the acceptor ended before anything sealed was due")
        self.witness(bytes(self._sent), len(self._sent), what=_WHAT, stimulus=True)
        self._conclude_reaction(self._sealed_at)

    def _say(self, unit: Unit) -> bool:
        if self._sealed_at is None and unit.type != ContentType.HANDSHAKE:
            self._sealed_at = len(self._seen.said)
        self._seen.note(Side.REQUESTOR, unit)
        left = self._live().send(unit.data)
        self._sent += unit.data[:left]
        self._live().stimulated()
        return left == len(unit.data)

    def _hear(self, deadline: float) -> bool:
        """Takes one unit of the acceptor down; False when it ended, or time is up."""
        while not self._heard:
            try:
                data = self._live().receive(max(0.0, deadline - time.monotonic()))
            except TimeoutError:
                return False
            except ConnectionError:
                self.ended = Outcome.RESET
                return False
            if not data:
                self.ended = Outcome.CLOSED
                return False
            self._heard = self._framer.feed(data)
        self._seen.note(Side.ACCEPTOR, self._heard.pop(0))
        return True

    def _refused(self) -> bool:
        said = self._seen.alert(Side.ACCEPTOR) is not None
        return said or self._seen.says_goodbye(Side.ACCEPTOR)

    def _conclude_reaction(self, since: int) -> None:
        alert = self._seen.alert(Side.ACCEPTOR)
        if self._seen.answers(Side.ACCEPTOR, since):
            self.conclude(Outcome.ACCEPTED, {"detail": "answered what had been said before"})
        elif alert is not None:
            self.conclude(Outcome.ALERT, {"alert": alert.number, "detail": f"TLS alert {alert}"})
        elif self._seen.says_goodbye(Side.ACCEPTOR):
            self.conclude(Outcome.CLOSED, {"detail": "after a sealed alert"})
        else:
            self.conclude(self.ended or Outcome.TIMEOUT)
