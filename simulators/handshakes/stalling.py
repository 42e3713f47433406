"""Handshakes that are begun and never finished: what they cost the device, and for how long.

All of it stays below TLS: raw hellos on raw connections, so that no engine of ours gives up first.
"""

from __future__ import annotations

import contextlib
import time

from harness.stage import Stage
from harness.verdict import Outcome
from simulators import tls
from simulators.handshakes.evidence import joined, rows
from simulators.handshakes.hearing import conclude_alert, hear, live
from simulators.handshakes.hellos import every_suite
from simulators.handshakes.trials import client, client_policy, require_served, seek_service
from simulators.lab import lab_of
from simulators.peer import GRACE_S
from simulators.requestor import Requestor

NEWCOMER = "polite"
"""The actor that asks for service while the others stall."""

_PAUSE_S = 1.0


def stall_many(stage: Stage, count: int) -> None:
    """Opens so many connections that stop after their ClientHello; how each ends is its outcome.

    A newcomer asks for a C-ECHO over TLS in the meantime: ``served`` tells how it fared.
    """
    require_served(stage, client_policy(stage, lab_of(stage).trust.ours))
    parts = _hello()
    with contextlib.ExitStack() as stack:
        stalled = [stack.enter_context(Requestor(stage, plain_on_tls=True)) for _ in range(count)]
        for one in stalled:
            left = live(one).send(joined(parts))
            what = "ClientHello, and nothing after it"
            one.witness(joined(parts), left, what=what, parts=rows(parts), stimulus=True)
        deadline = time.monotonic() + stage.artim_s + GRACE_S
        _ask_as_newcomer(stage)
        for one in stalled:
            _conclude_stalled(one, *hear(one, _left(deadline), _never))


def stop_after_hello(stage: Stage) -> Outcome:
    """One client that says no more after the server's first flight."""
    with Requestor(stage, plain_on_tls=True) as peer:
        parts = _hello()
        left = live(peer).send(joined(parts))
        what = "ClientHello, and nothing after it"
        peer.witness(joined(parts), left, what=what, parts=rows(parts), stimulus=True)
        return _conclude_stalled(peer, *hear(peer, stage.artim_s + GRACE_S, _never))


def drip_hello(stage: Stage) -> Outcome:
    """One client whose ClientHello comes octet by octet, for longer than any timer."""
    data = joined(_hello())
    limit = stage.artim_s + GRACE_S
    pace = max(min(_PAUSE_S, stage.artim_s / 10), 3 * stage.artim_s / len(data))
    with Requestor(stage, plain_on_tls=True) as peer:
        deadline = time.monotonic() + limit
        sent, heard, ended = 0, b"", None
        while ended is None and sent < len(data) and time.monotonic() < deadline:
            sent += live(peer).send(data[sent : sent + 1])
            live(peer).stimulated()
            more, ended = hear(peer, min(pace, _left(deadline)), _never)
            heard += more
        what = f"a ClientHello, one octet every {pace:.2g} s"
        peer.witness(data[:sent], sent, what=what, stimulus=True)
        return _conclude_stalled(peer, heard, ended)


def _hello() -> list[tuple[str, bytes]]:
    return tls.named_hello_parts(tls.HelloOffer(suites=every_suite()))


def _ask_as_newcomer(stage: Stage) -> None:
    began = time.monotonic()
    with client(stage, lab_of(stage).trust.client, actor=NEWCOMER) as peer:
        outcome = seek_service(peer) if peer.handshake and peer.handshake.completed else None
    after = round(time.monotonic() - began, 3)
    served = outcome is Outcome.RESPONDED
    stage.observe(
        "served", NEWCOMER, ok=served, after_s=after, recovered_s=after if served else None,
        refused_transiently=False, detail=outcome.value if outcome else "no TLS handshake",
    )  # fmt: skip


def _conclude_stalled(peer: Requestor, heard: bytes, ended: Outcome | None) -> Outcome:
    alert = tls.parse_server_flight(heard).alert
    if alert is not None:
        return conclude_alert(peer, alert)
    return peer.conclude(ended or Outcome.TIMEOUT, {"detail": "in the handshake"})


def _left(deadline: float) -> float:
    return max(0.0, deadline - time.monotonic())


def _never(_heard: bytes) -> bool:
    return False
