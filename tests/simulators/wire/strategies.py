"""Hypothesis strategies: honest values, and the same values with lies in every field."""

from __future__ import annotations

from dataclasses import fields, replace
from typing import Any, TypeVar

from hypothesis import strategies as st

from simulators import wire

T = TypeVar("T")

octet = st.integers(0, 0xFF)
number = st.integers(0, 0xFFFF)
long_number = st.integers(0, 0xFFFF_FFFF)
uid = st.from_regex(rb"[12]\.[1-9][0-9.]{0,20}[0-9]", fullmatch=True)
title = st.from_regex(rb"[A-Z][A-Z_]{0,14}", fullmatch=True)
blob = st.binary(max_size=24)

honest_user_items = st.one_of(
    st.builds(wire.MaximumLength, value=long_number),
    st.builds(wire.ImplementationClassUID, uid=uid),
    st.builds(wire.ImplementationVersionName, name=title),
    st.builds(wire.AsyncWindow, invoked=number, performed=number),
    st.builds(wire.RoleSelection, uid=uid, scu=octet, scp=octet),
    st.builds(wire.ExtendedNegotiation, uid=uid, info=blob),
    st.builds(
        wire.CommonExtendedNegotiation,
        uid=uid,
        service_class_uid=uid,
        related=st.lists(uid, max_size=3).map(tuple),
        tail=blob,
    ),
    st.builds(
        wire.UserIdentityRQ,
        identity_type=octet,
        positive_response=octet,
        primary=blob,
        secondary=blob,
    ),
    st.builds(wire.UserIdentityAC, response=blob),
)
honest_items = st.one_of(
    st.builds(wire.ApplicationContext, name=uid),
    st.builds(
        wire.PresentationContextRQ,
        id=octet,
        abstract_syntax=uid,
        transfer_syntaxes=st.lists(uid, max_size=3).map(tuple),
    ),
    st.builds(wire.PresentationContextAC, id=octet, result=octet, transfer_syntax=uid),
    st.builds(wire.UserInformation, items=st.lists(honest_user_items, max_size=4).map(tuple)),
)
_honest_association = {
    "called": title,
    "calling": title,
    "items": st.lists(honest_items, max_size=4).map(tuple),
}
honest_pdvs = st.builds(
    wire.PDV, context_id=octet, command=st.booleans(), last=st.booleans(), data=blob
)
honest_pdata = st.builds(wire.PDataTF, pdvs=st.lists(honest_pdvs, max_size=3).map(tuple))
honest_pdus = st.one_of(
    st.builds(wire.AssociateRQ, **_honest_association),
    st.builds(wire.AssociateAC, **_honest_association),
    st.builds(wire.AssociateRJ, result=octet, source=octet, reason=octet),
    honest_pdata,
    st.builds(wire.ReleaseRQ),
    st.builds(wire.ReleaseRP),
    st.builds(wire.Abort, source=octet, reason=octet),
    st.builds(wire.RawPDU, type=st.integers(8, 255), body=blob),
)

_WIDTHS = {
    "reserved": octet,
    "control": octet,
    "result": octet,
    "source": octet,
    "reason": octet,
    "id": octet,
    "type": octet,
    "protocol_version": number,
}


def lying(honest: st.SearchStrategy[T], width: st.SearchStrategy[int]) -> st.SearchStrategy[T]:
    """Return ``honest`` values of which any length or number may be replaced by any other."""

    @st.composite
    def build(draw: st.DrawFn) -> T:
        value = draw(honest)
        changes: dict[str, Any] = {}
        for each in fields(value):  # type: ignore[arg-type]
            if each.name == "length" and draw(st.booleans()):
                changes["length"] = draw(width)
            elif each.name.endswith("_length") and draw(st.booleans()):
                changes[each.name] = draw(number)
            elif each.name in _WIDTHS and draw(st.booleans()):
                changes[each.name] = draw(_WIDTHS[each.name])
        return replace(value, **changes)  # type: ignore[type-var]

    return build()


lying_user_items = lying(honest_user_items, number) | blob
_lying_syntaxes = st.one_of(
    uid,
    lying(st.builds(wire.TransferSyntax, uid=uid), number),
    lying(st.builds(wire.AbstractSyntax, uid=uid), number),
    st.builds(wire.Item, type=octet, body=blob),
)
lying_items = st.one_of(
    blob,
    lying(honest_items, number),
    lying_user_items,
    st.builds(
        wire.PresentationContextRQ,
        id=octet,
        reserved2=blob,
        abstract_syntax=st.none() | _lying_syntaxes,
        transfer_syntaxes=st.lists(_lying_syntaxes, max_size=3).map(tuple),
    ),
    st.builds(wire.PresentationContextAC, id=octet, transfer_syntax=st.none() | _lying_syntaxes),
    st.builds(wire.UserInformation, items=st.lists(lying_user_items, max_size=4).map(tuple)),
    st.builds(
        wire.Item,
        type=octet,
        length=st.none() | number,
        body=blob | st.lists(lying_user_items, max_size=3).map(tuple),
    ),
)
_lying_association = {
    "length": st.none() | long_number,
    "reserved": octet,
    "protocol_version": number,
    "reserved2": number,
    "called": blob,
    "calling": blob,
    "reserved3": st.binary(min_size=30, max_size=34),
    "items": st.lists(lying_items, max_size=4).map(tuple),
}
lying_pdata = st.builds(
    wire.PDataTF,
    length=st.none() | long_number,
    reserved=octet,
    pdvs=st.lists(lying(honest_pdvs, long_number) | blob, max_size=3).map(tuple),
)
lying_pdus = st.one_of(
    st.builds(wire.AssociateRQ, **_lying_association),
    st.builds(wire.AssociateAC, **_lying_association),
    lying_pdata,
    lying(st.builds(wire.ReleaseRQ, body=blob), long_number),
    lying(st.builds(wire.ReleaseRP, body=blob), long_number),
    lying(honest_pdus, long_number),
    lying(st.builds(wire.RawPDU, type=octet, body=blob), long_number),
)
