"""What is negotiated: the A-ASSOCIATE-RQ of a link, encoded once, and the answer to it."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from simulators import wire
from simulators.load.waiting import INVALID, LinkError

OUR_MAX_PDU: Final = 131_072
"""Longest P-DATA-TF, in octets, that we announce to take."""

LEAST_PDU: Final = 128
"""Least maximum length, in octets, of a device that is loaded."""

RELEASE_RQ: Final = wire.encode(wire.ReleaseRQ())
RELEASE_RP: Final = wire.encode(wire.ReleaseRP())
ABORT: Final = wire.encode(wire.Abort())


@dataclass(frozen=True, slots=True)
class Negotiated:
    """What holds on an association.

    Attributes:
        accepted: Transfer syntax UID of each accepted presentation context, by its id.
        max_pdu: The device's maximum length, in octets; 0 is no limit.
        window: How many requests may be unanswered at a time.
    """

    accepted: Mapping[int, str]
    max_pdu: int
    window: int


def request(
    called: str,
    calling: str,
    contexts: Sequence[wire.Context],
    *,
    receives: Collection[str] = (),
    window: int = 1,
) -> bytes:
    """Returns an A-ASSOCIATE-RQ, encoded.

    Args:
        called: Called AE title.
        calling: Calling AE title.
        contexts: The presentation contexts to propose.
        receives: SOP Classes whose objects shall come back in a C-GET (PS3.7 D.3.3.4).
        window: Most requests in flight; above 1 the asynchronous window is negotiated.
    """
    items: list[wire.ItemLike] = []
    if window > 1:
        items.append(wire.AsyncWindow(invoked=window, performed=1))
    items += [wire.RoleSelection(uid=uid, scu=1, scp=1) for uid in receives]
    return wire.encode(wire.associate_rq(called, calling, contexts, OUR_MAX_PDU, items))


def check(granted: Negotiated) -> None:
    """Checks that a load is possible on an association.

    Raises:
        LinkError: The device takes so little at a time that an object would need millions of PDUs.
    """
    if 0 < granted.max_pdu < LEAST_PDU:
        detail = f"a maximum length of {granted.max_pdu} octets does not hold a command set"
        raise LinkError(INVALID, detail)


@lru_cache(maxsize=256)
def negotiated(answer: bytes, window: int) -> Negotiated | None:
    """Returns what an A-ASSOCIATE-AC grants; None if the octets are none.

    Devices answer alike, so that at a thousand associations a second few are taken apart.

    Args:
        answer: The PDU.
        window: Most requests in flight that were asked for.
    """
    pdu = wire.decode(answer)
    if not isinstance(pdu, wire.AssociateAC):
        return None
    granted = 1
    for item in wire.user_items_of(pdu):
        if isinstance(item, wire.AsyncWindow):
            granted = min(item.invoked or window, window)
    return Negotiated(wire.accepted_contexts(pdu), wire.max_length_of(pdu) or 0, granted)
