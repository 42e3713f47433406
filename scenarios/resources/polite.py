"""Polite peers: how others fare while somebody misbehaves."""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Iterator

from harness.errors import NotEmittedError
from harness.stage import Stage
from harness.verdict import Outcome
from simulators import wire
from simulators.describe import described
from simulators.load.scene import callers
from simulators.peer import GRACE_S
from simulators.requestor import ANSWER_S, VERIFICATION, Requestor

ACTOR = "polite"
RETRY_S = 0.25
_TRANSIENT = 2


def ask_politely(stage: Stage, for_s: float | None = None) -> None:
    """Asks for one C-ECHO, again after a refusal; ``served`` tells how it went.

    Args:
        stage: The play.
        for_s: How long to go on; by default ARTIM and some grace, by when a device must have
            freed what silent peers hold.
    """
    began = time.monotonic()
    limit = stage.artim_s + GRACE_S if for_s is None else for_s
    transient, detail = False, "not connected"
    while (rest := began + limit - time.monotonic()) > 0 and not stage.cancelled.is_set():
        answer, served, detail = _asked_once(stage, rest)
        if served:
            after = round(time.monotonic() - began, 3)
            stage.observe(
                "served", ACTOR, ok=True, after_s=after, recovered_s=after,
                refused_transiently=transient, detail="answered",
            )  # fmt: skip
            return
        if isinstance(answer, wire.AssociateRJ):
            transient |= answer.result == _TRANSIENT
        stage.cancelled.wait(RETRY_S)
    stage.observe(
        "served", ACTOR, ok=False, after_s=round(time.monotonic() - began, 3), recovered_s=None,
        refused_transiently=transient, detail=detail,
    )  # fmt: skip


def _asked_once(
    stage: Stage, patience_s: float
) -> tuple[wire.PDU | wire.Unparsed | None, bool, str]:
    """One attempt: the answer to the request, whether the C-ECHO was served, and what was seen."""
    try:
        with Requestor(stage, actor=ACTOR) as peer:
            answer = None
            if peer.connection is not None:
                peer.send(peer.request())
                answer = peer.receive(patience_s)
            served = isinstance(answer, wire.AssociateAC) and _echoed(peer, answer)
            seen = described(answer) if answer else f"no service ({peer.ended or 'silence'})"
            return answer, served, seen
    except NotEmittedError as unheard:  # not even a TLS handshake: it is not served either
        return None, False, f"no service ({unheard})"


@contextlib.contextmanager
def served_meanwhile(stage: Stage) -> Iterator[None]:
    """A polite peer asks while the body goes on; leaving waits for how it fared."""
    thread = threading.Thread(
        target=ask_politely, args=(stage,), name=f"polite {stage.play}", daemon=True
    )
    thread.start()
    try:
        yield
    finally:
        thread.join(stage.artim_s + GRACE_S + 2 * ANSWER_S)


def use_all(stage: Stage, stack: contextlib.ExitStack, count: int, for_s: float) -> None:
    """Opens honest associations until so many are open at one time; ``capacity`` tells.

    Args:
        stage: The play.
        stack: Keeps the associations open.
        count: How many the device claims to serve.
        for_s: How long refused ones are tried again, seconds.
    """
    began = time.monotonic()
    reached = 0
    titles = callers(stage)
    while reached < count and not stage.cancelled.is_set():
        calling = titles[reached % len(titles)]
        peer = stack.enter_context(Requestor(stage, actor=ACTOR, calling=calling))
        if _accepted(peer):
            reached += 1
            continue
        peer.close()
        if time.monotonic() - began > for_s:
            break
        stage.cancelled.wait(RETRY_S)
    after = round(time.monotonic() - began, 3)
    stage.observe("capacity", ACTOR, expected=count, reached=reached, after_s=after)


def _accepted(peer: Requestor) -> bool:
    if peer.connection is None:
        return False
    peer.send(peer.request())
    return isinstance(peer.receive(ANSWER_S), wire.AssociateAC)


def _echoed(peer: Requestor, acceptance: wire.AssociateAC) -> bool:
    if VERIFICATION.id not in wire.accepted_contexts(acceptance):
        return False
    peer.max_length = wire.max_length_of(acceptance) or 0
    served = peer.echo() is Outcome.RESPONDED
    if served:
        peer.release()
    return served
