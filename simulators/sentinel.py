"""The sentinel: is the device in service? Asked by an honest exchange, before, during and after."""

from __future__ import annotations

import contextlib
import random
import threading
import time
from collections.abc import Iterator

from harness.errors import HarnessError
from harness.model import Claim, Observation, Role, Safety, Scenario, Severity
from harness.profile import Profile
from harness.stage import Packet, Stage
from harness.verdict import Outcome
from simulators import wire
from simulators.requestor import VERIFICATION, Requestor
from simulators.wire import uids

SERVICE_S = 5.0
"""How soon an honest peer must be served for the device to count as in service."""

_STORAGE = wire.Context(3, uids.SECONDARY_CAPTURE, (uids.EXPLICIT_LE, uids.IMPLICIT_LE))


class _Nobody:
    """A witness that keeps nothing: the sentinel's own bytes are not evidence of a play."""

    def observed(self, play: str, seen: Observation) -> None:
        """Drops it."""

    def packet(self, play: str, packet: Packet) -> None:
        """Drops it."""

    def keylog(self, play: str, line: str) -> None:
        """Drops it."""


def echo(stage: Stage) -> tuple[bool, str, float]:
    """One honest exchange on a stage: served or not, what was seen, seconds it took."""
    began = time.monotonic()
    try:
        with Requestor(stage, actor="sentinel", handshake_s=SERVICE_S) as peer:
            if peer.connection is None:
                return False, "the connection was refused", time.monotonic() - began
            ok, detail = _exchange(peer)
    except HarnessError as error:
        ok, detail = False, str(error)
    return ok, detail, time.monotonic() - began


def _exchange(peer: Requestor) -> tuple[bool, str]:
    peer.send(peer.request((VERIFICATION, _STORAGE)))
    answer = peer.receive(SERVICE_S)
    if not isinstance(answer, wire.AssociateAC):
        return False, _told(peer, answer)
    contexts = wire.accepted_contexts(answer)
    peer.max_length = wire.max_length_of(answer) or 0
    if VERIFICATION.id in contexts:
        outcome = peer.echo()
        if outcome is not Outcome.RESPONDED:
            return False, f"no answer to C-ECHO: {outcome.value}"
    elif not contexts:
        return False, "accepted no presentation context"
    peer.send(wire.ReleaseRQ())
    peer.receive(1.0)
    return True, "answered"


def _told(peer: Requestor, answer: wire.PDU | wire.Unparsed | None) -> str:
    if isinstance(answer, wire.AssociateRJ):
        codes = f"{answer.result}/{answer.source}/{answer.reason}"
        return f"an honest association was rejected ({codes})"
    if answer is None and peer.ended is None:
        return f"no answer to an honest association within {SERVICE_S:g} s"
    return f"an honest association ended: {peer.ended or answer}"


def sentinel_stage(bench: object, profile: Profile, play: str = "sentinel") -> Stage:
    """A stage whose observations nobody keeps."""
    return Stage(
        play=play,
        scenario=_SENTINEL,
        case={},
        profile=profile,
        bench=bench,
        witness=_Nobody(),
        seed=0,
        run=str(random.random()),
    )


class Bystander:
    """One honest peer for all plays that are in flight.

    An exchange that began after the stimulus of a play had left speaks for that play, whoever asked
    for it: so a device meets one honest peer at a time, however many plays there are.
    """

    def __init__(self, bench: object) -> None:
        self._bench = bench
        self._lock = threading.Lock()
        self._began = float("-inf")
        self._last = (False, "never asked", 0.0)

    @contextlib.contextmanager
    def beside(self, stage: Stage) -> Iterator[None]:
        """Is served once the stimulus of the play has left, and observes it."""
        done = threading.Event()
        thread = threading.Thread(
            target=self._stand_by, args=(stage, done), name=f"bystander {stage.play}", daemon=True
        )
        thread.start()
        try:
            yield
        finally:
            done.set()
            thread.join(SERVICE_S * 8)

    def _stand_by(self, stage: Stage, done: threading.Event) -> None:
        while not stage.stimulated.wait(0.05):
            if done.is_set():
                return
        ok, detail, latency = self._served_since(time.monotonic(), stage)
        stage.observe(
            "bystander", "bystander", ok=ok, detail=detail, latency_s=round(latency, 4),
            during=not done.is_set(),
        )  # fmt: skip
        if stage.ends_with_bystander:
            stage.cancelled.set()

    def _served_since(self, asked: float, stage: Stage) -> tuple[bool, str, float]:
        with self._lock:
            if self._began < asked:
                self._began = time.monotonic()
                own = sentinel_stage(self._bench, stage.profile, f"{stage.play} bystander")
                self._last = echo(own)
            return self._last


def _nothing(stage: Stage) -> None:
    """The sentinel's scenario has no body of its own."""


_SENTINEL = Scenario(
    id="SEN-000",
    title="The device is in service.",
    rationale="",
    remediation="",
    role=Role.ACCEPTOR,
    severity=Severity.INFO,
    verifies=(),
    threats=(),
    weakness=(),
    references=(),
    needs=frozenset({Claim.ACCEPTOR}),
    twin=None,
    control="",
    oracles=(),
    budget_s=SERVICE_S * 4,
    safety=Safety.NON_DESTRUCTIVE,
    alone=False,
    bystander=False,
    vary=(),
    body=_nothing,
    source=__file__,
)
