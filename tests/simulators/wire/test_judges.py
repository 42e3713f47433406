"""Golden vectors in both directions against pynetdicom's PDUs."""

from __future__ import annotations

from typing import Any

import pytest
from pynetdicom import pdu as judge

from simulators import wire

CLASSES = {
    1: judge.A_ASSOCIATE_RQ,
    2: judge.A_ASSOCIATE_AC,
    3: judge.A_ASSOCIATE_RJ,
    4: judge.P_DATA_TF,
    5: judge.A_RELEASE_RQ,
    6: judge.A_RELEASE_RP,
    7: judge.A_ABORT_RQ,
}
RQ = wire.associate_rq(
    "CALLED",
    "CALLING",
    [
        wire.Context(1, wire.uids.VERIFICATION),
        wire.Context(3, wire.uids.CT_IMAGE_STORAGE, (wire.uids.EXPLICIT_LE, "1.2.840.10008.1.2.2")),
    ],
    user_items=(
        wire.AsyncWindow(invoked=3, performed=2),
        wire.RoleSelection(uid=wire.uids.CT_IMAGE_STORAGE, scu=1, scp=1),
        wire.ExtendedNegotiation(uid=wire.uids.CT_IMAGE_STORAGE, info=b"\2\0\0\0"),
        wire.CommonExtendedNegotiation(
            uid=wire.uids.CT_IMAGE_STORAGE,
            service_class_uid="1.2.840.10008.4.2",
            related=("1.2.840.10008.5.1.4.1.1.22", "1.2.3"),
        ),
        wire.UserIdentityRQ(identity_type=2, positive_response=1, primary="u", secondary="p"),
    ),
)
AC = wire.associate_ac(
    RQ,
    {1: (0, wire.uids.IMPLICIT_LE), 3: (4, wire.uids.IMPLICIT_LE)},
    user_items=(
        wire.AsyncWindow(invoked=1, performed=1),
        wire.RoleSelection(uid=wire.uids.CT_IMAGE_STORAGE, scu=1, scp=0),
        wire.UserIdentityAC(response="ticket"),
    ),
)
PDUS: list[wire.PDU] = [
    RQ,
    AC,
    wire.AssociateRJ(result=1, source=1, reason=7),
    wire.PDataTF(
        pdvs=(
            wire.PDV(context_id=1, command=True, last=True, data=b"\1\2"),
            wire.PDV(context_id=1, command=False, last=False, data=b"\3\4\5\6"),
        )
    ),
    wire.ReleaseRQ(),
    wire.ReleaseRP(),
    wire.Abort(source=2, reason=6),
]


def named(pdu: wire.PDU) -> str:
    return type(pdu).__name__


def judged(raw: bytes) -> Any:
    read = CLASSES[raw[0]]()
    read.decode(raw)
    return read


@pytest.mark.parametrize("pdu", PDUS, ids=named)
def test_pynetdicom_reads_ours_and_writes_the_same(pdu: wire.PDU) -> None:
    raw = wire.encode(pdu)
    theirs = judged(raw)
    assert theirs.encode() == raw
    assert wire.decode(theirs.encode()) == pdu


def test_pynetdicom_sees_the_same_fields() -> None:
    theirs = judged(wire.encode(RQ))
    assert theirs.called_ae_title.strip() == "CALLED"
    assert theirs.application_context_name == wire.uids.APPLICATION_CONTEXT
    contexts = [(c.context_id, c.abstract_syntax) for c in theirs.presentation_context]
    assert contexts == [(1, wire.uids.VERIFICATION), (3, wire.uids.CT_IMAGE_STORAGE)]
    assert theirs.user_information.maximum_length == 16384
    assert theirs.user_information.async_ops_window.maximum_number_operations_invoked == 3
    assert theirs.user_information.user_identity.primary_field == b"u"
    (common,) = theirs.user_information.common_ext_neg
    assert common.related_general_sop_class_identification[1] == "1.2.3"


def test_we_read_what_pynetdicom_builds() -> None:
    from pynetdicom.pdu_primitives import (
        A_ASSOCIATE,
        ImplementationClassUIDNotification,
        MaximumLengthNotification,
        UserIdentityNegotiation,
    )
    from pynetdicom.presentation import build_context

    primitive = A_ASSOCIATE()
    primitive.application_context_name = wire.uids.APPLICATION_CONTEXT
    primitive.calling_ae_title, primitive.called_ae_title = "US", "THEM"
    context = build_context(wire.uids.VERIFICATION, [wire.uids.IMPLICIT_LE, wire.uids.EXPLICIT_LE])
    context.context_id = 5
    primitive.presentation_context_definition_list = [context]
    length, ours, who = (
        MaximumLengthNotification(),
        ImplementationClassUIDNotification(),
        UserIdentityNegotiation(),
    )
    length.maximum_length_received = 1234
    ours.implementation_class_uid = "1.2.3"
    who.user_identity_type, who.primary_field = 1, b"me"
    primitive.user_information = [length, ours, who]
    theirs = judge.A_ASSOCIATE_RQ()
    theirs.from_primitive(primitive)
    pdu = wire.decode(theirs.encode())
    assert isinstance(pdu, wire.AssociateRQ)
    assert wire.lies(pdu) == []
    assert (pdu.called, pdu.calling) == (b"THEM", b"US")
    assert wire.proposed_contexts(pdu) == [
        wire.Context(5, wire.uids.VERIFICATION, (wire.uids.IMPLICIT_LE, wire.uids.EXPLICIT_LE))
    ]
    assert wire.max_length_of(pdu) == 1234
    assert wire.UserIdentityRQ(primary=b"me") in wire.user_items_of(pdu)
