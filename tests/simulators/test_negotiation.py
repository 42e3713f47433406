"""What an honest acceptor answers to a proposal."""

from __future__ import annotations

from simulators import wire
from simulators.negotiation import answered_roles, honest_results
from simulators.wire import uids

CONTEXTS = (
    wire.Context(1, uids.VERIFICATION, (uids.IMPLICIT_LE,)),
    wire.Context(3, uids.CT_IMAGE_STORAGE, (uids.JPEG_BASELINE, uids.EXPLICIT_LE)),
    wire.Context(5, uids.CT_IMAGE_STORAGE, (uids.JPEG_BASELINE,)),
)


def test_each_context_is_answered_with_a_syntax_that_it_proposed_or_refused() -> None:
    request = wire.associate_rq("ASSAY", "DEVICE", CONTEXTS)
    assert honest_results(request) == {
        1: (0, uids.IMPLICIT_LE),
        3: (0, uids.EXPLICIT_LE),
        5: (4, uids.IMPLICIT_LE),
    }


def test_roles_are_granted_as_proposed_and_only_those() -> None:
    role = wire.RoleSelection(uid=uids.CT_IMAGE_STORAGE, scu=0, scp=1)
    request = wire.associate_rq("ASSAY", "DEVICE", CONTEXTS, user_items=(role,))
    assert answered_roles(request) == (role,)
    assert answered_roles(wire.associate_rq("ASSAY", "DEVICE", CONTEXTS)) == ()
