"""A peer that should not be served: asks for an association, and goes on only if it is let in."""

from __future__ import annotations

from collections.abc import Sequence

from harness.stage import Stage
from harness.verdict import Outcome
from simulators import wire
from simulators.describe import reaction_of
from simulators.requestor import ANSWER_S, VERIFICATION, Requestor


def is_let_in(
    peer: Requestor,
    contexts: Sequence[wire.Context] = (VERIFICATION,),
    *,
    lie: str,
    user_items: Sequence[wire.ItemLike] = (),
) -> bool:
    """Sends the request as the stimulus; True when its first context was accepted.

    Otherwise the refusal is recorded as the outcome; an acceptance without the context stands as
    RELEASED with ``contexts`` 0.

    Args:
        peer: A fresh connection.
        contexts: What to propose; the first is the one that matters.
        lie: The part of the request that must not be let in: ``calling`` or ``called``.
        user_items: Further user-information sub-items.
    """
    peer.send(peer.request(contexts, user_items=user_items), lie=lie)
    answer = peer.receive(ANSWER_S)
    if answer is None:
        peer.conclude(peer.ended or Outcome.TIMEOUT)
        return False
    if not isinstance(answer, wire.AssociateAC):
        outcome, detail = reaction_of(answer)
        peer.conclude(outcome, detail)
        return False
    peer.contexts = wire.accepted_contexts(answer)
    peer.max_length = wire.max_length_of(answer) or 0
    if contexts[0].id in peer.contexts:
        return True
    peer.release()
    peer.conclude(
        Outcome.RELEASED, {"contexts": 0, "detail": "the context of the service was refused"}
    )
    return False


def stranger(stage: Stage) -> str:
    """An AE title that nobody can have configured."""
    return f"X{stage.token[:15]}"
