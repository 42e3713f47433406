"""Acceptors that do not stop: matches without end, and a release that never comes to one."""

from __future__ import annotations

import time

from harness.verdict import Outcome
from simulators import wire
from simulators.acceptor import Acceptor
from simulators.answers import match, query_response
from simulators.describe import reaction_of
from simulators.peer import GRACE_S
from simulators.wire.messages import C_CANCEL

MATCHES = 5500
MATCH_BYTES = 10_000
"""One match is as large as an honest comment (LT) may be."""

BEYOND = 500
"""How many matches more than its limit a device is sent: what is on the way counts for nothing."""

BUSY_S = 70.0
"""How much longer than usual a device may take over all of them."""

LATE_S = 5.0
"""How long after its limit a device may take to notice it, seconds."""

_AT_ONCE = 50
_DRIP_S = 0.2
_LONGEST_S = 30.0
_CANCELLED, _OUT_OF_RESOURCES = 0xFE00, 0xA700


def send_matches(
    peer: Acceptor,
    asked: wire.Message,
    most: int = MATCHES,
    *,
    size: int = MATCH_BYTES,
    late_s: float = 0.0,
) -> None:
    """Answers a C-FIND by pending matches until the device stops it, or so many have left.

    Then the query fails as one that is out of resources (A700H), and how the device ends is the
    outcome. The ``matches`` observation has ``sent``, ``stopped``: the device did not let it go on,
    and ``by``: how.

    Args:
        peer: The device, which has asked.
        asked: Its C-FIND.
        most: How many matches to send.
        size: How much longer than usual each is, in octets.
        late_s: For how long after that to send one now and then, until the device stops it.
    """
    context_id, command, identifier = match(peer, asked, 1, size=size)
    limit = wire.max_length_of(peer.request) if peer.request is not None else None
    one = b"".join(
        wire.encode(pdu) for pdu in wire.p_data(context_id, command, identifier, limit or 16384)
    )
    deadline = time.monotonic() + _LONGEST_S
    sent, by = 0, ""
    while sent < most and not by and time.monotonic() < deadline:
        count = min(_AT_ONCE, most - sent)
        by = _send(peer, one, count)
        sent += count
    peer.stage.require(by or sent >= most, f"only {sent} matches left us: the device is too slow")
    # What it says to all that may still be on the way; and silence would end a query by itself.
    late = time.monotonic() + late_s
    while not by and time.monotonic() < late:
        by = _send(peer, one, 1, wait_s=_DRIP_S)
        sent += 1
    peer.stage.observe("matches", peer.actor, sent=sent, stopped=bool(by), by=by)
    if by in ("", "cancelled"):
        status = _CANCELLED if by else _OUT_OF_RESOURCES
        peer.invoke(asked.context_id, query_response(asked, status))
        peer.see_out()
    elif peer.ended is None and isinstance(peer.latest, wire.Abort | wire.ReleaseRQ):
        peer.conclude(*reaction_of(peer.latest))
    else:
        peer.conclude(peer.ended or Outcome.CLOSED)


def never_release(peer: Acceptor, instead: wire.PDU | bytes, every_s: float = 0.2) -> Outcome:
    """Answers a request for release by something else, again and again, until the device ends.

    Args:
        peer: The device, which has asked for release.
        instead: What is sent.
        every_s: How long to wait for its reaction each time, seconds.
    """
    deadline = time.monotonic() + peer.reaction_s + GRACE_S
    while time.monotonic() < deadline and peer.ended is None:
        if not peer.send(instead, stimulus=True):
            break
        pdu = peer.receive(every_s)
        if isinstance(pdu, wire.Abort):
            return peer.conclude(*reaction_of(pdu))
    if peer.ended is None:
        peer.receive(every_s)
    return peer.conclude(peer.ended or Outcome.TIMEOUT)


def _send(peer: Acceptor, one: bytes, count: int, *, wait_s: float = 0.0) -> str:
    """Sends so many matches; how the device has stopped the query, or nothing."""
    whole = peer.send(one * count, stimulus=True, what=f"{count} pending match(es)")
    return _stopped(peer, wait_s) or ("" if whole else "closed")


def _stopped(peer: Acceptor, wait_s: float) -> str:
    """How the device stops the query within a time; nothing while it does not."""
    pdu = peer.receive(wait_s)
    if pdu is None:
        return peer.ended.value.lower() if peer.ended is not None else ""
    if isinstance(pdu, wire.PDataTF):
        cancels = [
            message
            for message in wire.Reassembler().feed(pdu)
            if message.command.integer("CommandField") == C_CANCEL
        ]
        return "cancelled" if cancels else ""
    return reaction_of(pdu)[0].value.lower()
