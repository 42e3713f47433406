"""Steps that several scenarios of this folder share."""

from __future__ import annotations

import time

from harness.verdict import Outcome
from simulators import wire
from simulators.describe import reaction_of
from simulators.peer import GRACE_S
from simulators.requestor import Requestor

_MOST_PDUS = 1000


def hear_answer(attacker: Requestor) -> wire.AssociateAC | None:
    """Waits for the answer to a request; it is the outcome, with the contexts that it accepts.

    Returns:
        The acceptance, or None when something else happened.
    """
    answer = attacker.receive(attacker.stage.artim_s + GRACE_S)
    if answer is None:
        attacker.conclude(attacker.ended or Outcome.TIMEOUT)
        return None
    if isinstance(answer, wire.AssociateAC):
        items = [item for item in answer.items if isinstance(item, wire.PresentationContextAC)]
        attacker.stage.observe(
            "negotiated",
            attacker.actor,
            accepted=[item.id for item in items if item.result == 0],
            refused=[[item.id, item.result] for item in items if item.result != 0],
        )
    attacker.conclude(*reaction_of(answer))
    return answer if isinstance(answer, wire.AssociateAC) else None


def watch_until_closed(attacker: Requestor) -> Outcome:
    """Waits for the end of the connection, whatever PDUs still come; it is the outcome."""
    deadline = time.monotonic() + attacker.stage.artim_s + GRACE_S
    for _ in range(_MOST_PDUS):
        if attacker.receive(deadline - time.monotonic()) is None:
            break
    return attacker.conclude(attacker.ended or Outcome.TIMEOUT)


def conclude_without_acceptance(
    attacker: Requestor, answer: wire.PDU | wire.Unparsed | None
) -> Outcome:
    """Records what came instead of an acceptance as the outcome."""
    if answer is None:
        return attacker.conclude(attacker.ended or Outcome.TIMEOUT)
    return attacker.conclude(*reaction_of(answer))
