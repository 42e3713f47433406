"""Honest exchanges with an acceptor, as trees: what mutants are made of.

Deterministic: the same titles, claims and seed give the same octets. What is stored has one of a
few identities, so that a campaign of any length leaves a handful of objects.
"""

from __future__ import annotations

import struct
from collections.abc import Collection
from dataclasses import dataclass

from harness.model import Claim
from simulators import wire
from simulators.fuzz.grammar import pdu_tree
from simulators.fuzz.tree import Node, encode
from simulators.objects import INSTITUTION, PATIENT_NAME
from simulators.wire import uids

_STUDY, _SERIES = "2", "3"
_SIDE = 8


@dataclass(frozen=True, slots=True)
class Exchange:
    """PDUs that an honest requestor sends, each once the one before was answered.

    Attributes:
        name: What it is, for reports.
        pdus: As trees.
        answered: For each PDU, whether an answer is due before the next one leaves.
    """

    name: str
    pdus: tuple[Node, ...]
    answered: tuple[bool, ...]


@dataclass(frozen=True, slots=True)
class Titles:
    """Who calls whom, and the number that makes our identities our own."""

    called: str
    calling: str
    token: str


def exchanges(titles: Titles, claims: Collection[Claim]) -> tuple[Exchange, ...]:
    """The honest exchanges that a device with these claims serves."""
    found: list[Exchange] = []
    if Claim.VERIFICATION_SCP in claims:
        found += [_echo(titles), _rich_echo(titles), _aborted(titles)]
    if Claim.STORAGE_SCP in claims:
        found += [
            _store("store, explicit VR", titles, uids.EXPLICIT_LE),
            _store("store, implicit VR", titles, uids.IMPLICIT_LE),
            _store("store in fragments", titles, uids.EXPLICIT_LE, room=256),
        ]
    if Claim.QUERY_SCP in claims:
        found.append(_query(titles))
    if Claim.RETRIEVE_SCP in claims:
        found.append(_retrieve(titles))
    return tuple(found)


def stores(titles: Titles) -> tuple[Exchange, ...]:
    """A C-STORE of each of ten base objects: kinds of images, syntaxes, shapes of the data set."""
    kinds = (
        ("secondary capture", uids.SECONDARY_CAPTURE),
        ("CT image", uids.CT_IMAGE_STORAGE),
        ("MR image", uids.MR_IMAGE_STORAGE),
    )
    found = [
        _store(f"store of a {name}, {'explicit' if explicit else 'implicit'} VR", titles,
               uids.EXPLICIT_LE if explicit else uids.IMPLICIT_LE, sop_class=sop_class)
        for name, sop_class in kinds for explicit in (True, False)
    ]  # fmt: skip
    more = (
        ("sequences of undefined length", _sequences(undefined=True)),
        ("sequences of defined length", _sequences(undefined=False)),
        ("private elements", _private()),
        ("character sets and many values", _texts()),
    )
    found += [
        _store(f"store with {name}", titles, uids.EXPLICIT_LE, extra=extra) for name, extra in more
    ]
    return tuple(found)


def _exchange(name: str, *pdus: wire.PDU, answered: tuple[bool, ...], explicit: bool) -> Exchange:
    trees = tuple(pdu_tree(wire.encode(pdu), explicit=explicit) for pdu in pdus)
    honest = [wire.encode(pdu) for pdu in pdus]
    assert [encode(tree) for tree in trees] == honest, f"{name}: the grammar lost octets"
    return Exchange(name, trees, answered)


def _associate(
    titles: Titles, *contexts: wire.Context, items: tuple[wire.ItemLike, ...] = ()
) -> wire.AssociateRQ:
    return wire.associate_rq(titles.called, titles.calling, contexts, user_items=items)


_VERIFICATION = wire.Context(1, uids.VERIFICATION, (uids.IMPLICIT_LE,))


def _echo(titles: Titles) -> Exchange:
    ask = wire.p_data(1, wire.c_echo_rq())[0]
    request = _associate(titles, _VERIFICATION)
    return _exchange(
        "echo", request, ask, wire.ReleaseRQ(), answered=(True, True, True), explicit=False
    )


def _rich_echo(titles: Titles) -> Exchange:
    """An association that negotiates all that can be negotiated."""
    request = _associate(
        titles,
        _VERIFICATION,
        wire.Context(3, uids.SECONDARY_CAPTURE, (uids.EXPLICIT_LE, uids.IMPLICIT_LE)),
        items=(
            wire.AsyncWindow(),
            wire.RoleSelection(uid=uids.SECONDARY_CAPTURE, scu=1, scp=0),
            wire.ExtendedNegotiation(uid=uids.SECONDARY_CAPTURE, info=b"\2\0\1\0\1\0"),
            wire.CommonExtendedNegotiation(
                uid=uids.SECONDARY_CAPTURE, service_class_uid="1.2.840.10008.4.2"
            ),
            wire.UserIdentityRQ(identity_type=1, primary=b"assay"),
        ),
    )
    asks = [wire.p_data(1, wire.c_echo_rq(number))[0] for number in (1, 2)]
    return _exchange(
        "echo, everything negotiated", request, *asks, wire.ReleaseRQ(),
        answered=(True, True, True, True), explicit=False,
    )  # fmt: skip


def _aborted(titles: Titles) -> Exchange:
    request = _associate(titles, _VERIFICATION)
    return _exchange("abort", request, wire.Abort(), answered=(True, False), explicit=False)


def _store(
    name: str,
    titles: Titles,
    syntax: str,
    *,
    room: int = 16384,
    sop_class: str = uids.SECONDARY_CAPTURE,
    extra: tuple[wire.Element, ...] = (),
) -> Exchange:
    instance = f"2.25.{titles.token}.1.{len(name)}"
    content = sorted((*_object(titles, sop_class, instance), *extra), key=lambda each: each.tag)
    request = _associate(titles, wire.Context(1, sop_class, (syntax,)))
    command = wire.c_store_rq(sop_class, instance)
    pdus = wire.p_data(1, command, wire.encode_dataset(content, syntax), room)
    answered = (True, *(pdu is pdus[-1] for pdu in pdus), True)
    explicit = syntax == uids.EXPLICIT_LE
    return _exchange(name, request, *pdus, wire.ReleaseRQ(), answered=answered, explicit=explicit)


def _query(titles: Titles) -> Exchange:
    keys = (
        wire.Element(tag=0x00080020, vr="DA", value="20200101-20201231"),
        wire.Element(tag=0x00080052, vr="CS", value="STUDY"),
        wire.Element(tag=0x00100010, vr="PN", value="NOBODY*"),
        wire.Element(tag=0x0020000D, vr="UI", value=f"2.25.{titles.token}.9"),
    )
    request = _associate(titles, wire.Context(1, uids.STUDY_ROOT_FIND, (uids.EXPLICIT_LE,)))
    pdus = wire.p_data(1, wire.c_find_rq(), wire.encode_dataset(keys, uids.EXPLICIT_LE))
    return _exchange(
        "query", request, *pdus, wire.ReleaseRQ(), answered=(True, False, True, True), explicit=True
    )


def _retrieve(titles: Titles) -> Exchange:
    keys = (
        wire.Element(tag=0x00080052, vr="CS", value="STUDY"),
        wire.Element(tag=0x0020000D, vr="UI", value=f"2.25.{titles.token}.9"),
    )
    request = _associate(
        titles,
        wire.Context(1, uids.STUDY_ROOT_GET, (uids.EXPLICIT_LE,)),
        wire.Context(3, uids.SECONDARY_CAPTURE, (uids.EXPLICIT_LE,)),
        items=(wire.RoleSelection(uid=uids.SECONDARY_CAPTURE, scu=1, scp=1),),
    )
    pdus = wire.p_data(1, wire.c_get_rq(), wire.encode_dataset(keys, uids.EXPLICIT_LE))
    return _exchange(
        "retrieve", request, *pdus, wire.ReleaseRQ(), answered=(True, False, True, True),
        explicit=True,
    )  # fmt: skip


def _object(titles: Titles, sop_class: str, instance: str) -> tuple[wire.Element, ...]:
    """A small, complete image, marked as synthetic."""
    side = struct.pack("<H", _SIDE)
    rows: tuple[tuple[int, str, str | bytes], ...] = (
        (0x00080005, "CS", "ISO_IR 100"),
        (0x00080016, "UI", sop_class),
        (0x00080018, "UI", instance),
        (0x00080020, "DA", "20200101"),
        (0x00080030, "TM", "120000"),
        (0x00080050, "SH", "A1"),
        (0x00080060, "CS", "OT"),
        (0x00080064, "CS", "SYN"),
        (0x00080080, "LO", INSTITUTION),
        (0x00080090, "PN", ""),
        (0x00100010, "PN", PATIENT_NAME),
        (0x00100020, "LO", f"SYN{titles.token[:8]}"),
        (0x00100030, "DA", ""),
        (0x00100040, "CS", "O"),
        (0x0020000D, "UI", f"2.25.{titles.token}.{_STUDY}"),
        (0x0020000E, "UI", f"2.25.{titles.token}.{_SERIES}"),
        (0x00200010, "SH", "1"),
        (0x00200011, "IS", "1"),
        (0x00200013, "IS", "1"),
        (0x00280002, "US", b"\1\0"),
        (0x00280004, "CS", "MONOCHROME2"),
        (0x00280010, "US", side),
        (0x00280011, "US", side),
        (0x00280100, "US", b"\x08\0"),
        (0x00280101, "US", b"\x08\0"),
        (0x00280102, "US", b"\x07\0"),
        (0x00280103, "US", b"\0\0"),
        (0x7FE00010, "OW", bytes(_SIDE * _SIDE)),
    )
    return tuple(wire.Element(tag=tag, vr=vr, value=value) for tag, vr, value in rows)


def _sequences(*, undefined: bool) -> tuple[wire.Element, ...]:
    """Code sequences in a referenced-image sequence, two levels deep."""
    code = wire.Element(tag=0x00080100, vr="SH", value="T-D1100")
    inner = wire.Element(
        tag=0x00081140, vr="SQ", undefined=undefined,
        value=(wire.DataItem(elements=(code,), undefined=undefined),) * 2,
    )  # fmt: skip
    outer = wire.DataItem(elements=(inner, wire.Element(tag=0x00081150, vr="UI", value="1.2")),
                          undefined=undefined)  # fmt: skip
    return (wire.Element(tag=0x00081115, vr="SQ", value=(outer,), undefined=undefined),)


def _private() -> tuple[wire.Element, ...]:
    return (
        wire.Element(tag=0x00090010, vr="LO", value="ASSAY PRIVATE"),
        wire.Element(tag=0x00091001, vr="UN", value=b"\1\2\3\4"),
        wire.Element(tag=0x00091002, vr="FD", value=struct.pack("<2d", 1.5, -1.5)),
        wire.Element(tag=0x00091003, vr="AT", value=struct.pack("<2H", 0x0010, 0x0010)),
        wire.Element(tag=0x00091004, vr="UT", value="text of any length " * 4),
    )


def _texts() -> tuple[wire.Element, ...]:
    return (
        wire.Element(tag=0x00080008, vr="CS", value="DERIVED\\PRIMARY\\OTHER"),
        wire.Element(tag=0x00101001, vr="PN", value="A^B=C^D=E^F"),
        wire.Element(tag=0x00104000, vr="LT", value="line\r\nline"),
        wire.Element(tag=0x00181164, vr="DS", value="0.5\\0.5"),
        wire.Element(tag=0x00280030, vr="DS", value="1.0\\-1e-3"),
    )
