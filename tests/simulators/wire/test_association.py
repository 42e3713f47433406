"""Honest associations in one line, and what is read from received ones."""

from __future__ import annotations

from simulators import wire

CONTEXTS = [
    wire.Context(1, wire.uids.VERIFICATION, (wire.uids.IMPLICIT_LE,)),
    wire.Context(3, wire.uids.CT_IMAGE_STORAGE, (wire.uids.EXPLICIT_LE, wire.uids.IMPLICIT_LE)),
]


def test_a_request_and_its_answer() -> None:
    rq = wire.associate_rq(
        "SCP", b"SCU", CONTEXTS, 4096, user_items=(wire.UserIdentityRQ(primary="me"),)
    )
    assert wire.decode(wire.encode(rq)) == rq
    assert wire.proposed_contexts(rq) == CONTEXTS
    assert wire.max_length_of(rq) == 4096
    assert wire.application_context_of(rq) == wire.uids.APPLICATION_CONTEXT
    assert wire.user_items_of(rq)[-1] == wire.UserIdentityRQ(primary="me")
    ac = wire.associate_ac(rq, {1: (0, wire.uids.IMPLICIT_LE), 3: (3, wire.uids.IMPLICIT_LE)})
    assert wire.decode(wire.encode(ac)) == ac
    assert wire.accepted_contexts(ac) == {1: wire.uids.IMPLICIT_LE}
    assert (ac.called, ac.calling) == (b"SCP", b"SCU")


def test_reading_is_total() -> None:
    bare = wire.AssociateAC(items=(b"\1", wire.PresentationContextAC(id=1, transfer_syntax=None)))
    assert wire.accepted_contexts(bare) == {1: ""}
    assert wire.max_length_of(bare) is None
    assert wire.application_context_of(bare) is None
    odd = wire.AssociateRQ(
        items=(
            wire.PresentationContextRQ(
                id=2,
                abstract_syntax=wire.AbstractSyntax(uid=b"\xff", length=9),
                transfer_syntaxes=(wire.Item(type=1), wire.TransferSyntax(uid="1.2", length=1)),
            ),
        )
    )
    assert wire.proposed_contexts(odd) == [wire.Context(2, "\xff", ("1.2",))]


def test_no_uid_breaks_the_rules_of_annex_f() -> None:
    for name in dir(wire.uids):
        value = getattr(wire.uids, name)
        if name.isupper() and "VERSION" not in name:
            assert len(value) <= 64, name
            assert all(part == "0" or not part.startswith("0") for part in value.split(".")), name
