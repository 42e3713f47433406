"""Requests that do not wait for the answers to those before them, and a tally of what came back."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Sequence

from harness.model import JSON
from harness.verdict import Outcome
from simulators import wire
from simulators.queries import converse
from simulators.requestor import ANSWER_S, Requestor

_PENDING = frozenset((0xFF00, 0xFF01))
_RELEASE_S = 2.0

Request = tuple[wire.Command, bytes | None]
"""A command set, and its data set if it has one; its message number is ours to set."""


def agree_on_window(
    peer: Requestor, contexts: Sequence[wire.Context], invoked: int | None
) -> int | None:
    """Establishes an association and returns how many operations may be outstanding on it.

    Args:
        peer: A fresh connection.
        contexts: What to propose.
        invoked: How many to ask for (PS3.7 D.3.3.3); None asks for no window.

    Returns:
        The agreed number, 1 without an agreement; None for no limit.

    Raises:
        PreconditionUnmetError: The device did not accept the association.
    """
    window = () if invoked is None else (wire.AsyncWindow(invoked=invoked, performed=1),)
    answer = peer.associate(contexts, user_items=window)
    agreed = 1
    for item in wire.user_items_of(answer):
        if isinstance(item, wire.AsyncWindow):
            agreed = item.invoked
    peer.stage.observe("window", peer.actor, asked=invoked, agreed=agreed)
    return agreed or None


def send_ahead(peer: Requestor, requests: Sequence[Request], numbers: Sequence[int]) -> None:
    """Sends all requests in one piece, and counts their final answers; witnesses ``tally``.

    After the last expected answer the association is released, so that one too many is heard.

    Args:
        peer: The association; everything goes over its first context.
        requests: As many as there are numbers.
        numbers: The message number of each.
    """
    most, first = peer.max_length or 16384, next(iter(peer.contexts))
    pdus: list[wire.PDataTF] = []
    for (command, dataset), number in zip(requests, numbers, strict=True):
        pdus += wire.p_data(first, command.replacing("MessageID", number), dataset, most)
    words = f"{len(numbers)} requests without waiting"
    peer.send(b"".join(wire.encode(pdu) for pdu in pdus), what=words, stimulus=True)
    tally = _Tally(numbers)
    outcome, _ = converse(peer, tally.take, ANSWER_S)
    quiet_s = round(time.monotonic() - tally.latest, 3)
    if outcome is Outcome.RESPONDED:
        peer.send(wire.ReleaseRQ())
        converse(peer, tally.take_more, _RELEASE_S)
    peer.stage.observe(
        "tally", peer.actor, sent=_pairs(tally.sent), answered=_pairs(tally.answered),
        strange=tally.strange, outcome=outcome.value, quiet_s=quiet_s,
    )  # fmt: skip
    peer.conclude(outcome)


class _Tally:
    """Final answers by message number."""

    def __init__(self, numbers: Sequence[int]) -> None:
        self.sent = Counter(numbers)
        self.answered = Counter[int]()
        self.strange = 0
        self.latest = time.monotonic()

    def take(self, message: wire.Message) -> bool:
        """Counts a response; True when as many came as were asked for."""
        self.latest = time.monotonic()
        if message.command["Status"] in _PENDING:
            return False
        number = message.command.integer("MessageIDBeingRespondedTo")
        if number is not None and number in self.sent:
            self.answered[number] += 1
        else:
            self.strange += 1
        return self.answered.total() + self.strange >= self.sent.total()

    def take_more(self, message: wire.Message) -> bool:
        """Counts what comes after the last expected answer, to the end."""
        self.take(message)
        return False


def _pairs(counted: Counter[int]) -> list[JSON]:
    return [[number, times] for number, times in sorted(counted.items())]
