"""Honest answers of an acceptor to what an A-ASSOCIATE-RQ proposes (PS3.8 9.3.3, PS3.7 D.3.3)."""

from __future__ import annotations

from simulators import wire
from simulators.wire import uids

_SUPPORTED = (uids.EXPLICIT_LE, uids.IMPLICIT_LE)
_ACCEPTANCE = 0
_TRANSFER_SYNTAXES_NOT_SUPPORTED = 4


def honest_results(request: wire.AssociateRQ) -> dict[int, tuple[int, str]]:
    """Accepts each proposed context with the first transfer syntax that we know, else refuses it.

    Returns:
        ``{context id: (result, transfer syntax)}`` (PS3.8 Table 9-18).
    """
    results: dict[int, tuple[int, str]] = {}
    for context in wire.proposed_contexts(request):
        known = [syntax for syntax in context.transfer_syntaxes if syntax in _SUPPORTED]
        results[context.id] = (
            (_ACCEPTANCE, known[0])
            if known
            else (_TRANSFER_SYNTAXES_NOT_SUPPORTED, uids.IMPLICIT_LE)
        )
    return results


def answered_roles(request: wire.AssociateRQ) -> tuple[wire.RoleSelection, ...]:
    """Grants each role selection as it was proposed (PS3.7 D.3.3.4); C-GET needs that."""
    return tuple(
        wire.RoleSelection(uid=item.uid, scu=item.scu, scp=item.scp)
        for item in wire.user_items_of(request)
        if isinstance(item, wire.RoleSelection)
    )
