"""Round trips, lies and totality of the PDU codec."""

from __future__ import annotations

import copy
import pickle
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulators import wire
from tests.simulators.wire import strategies as some


@given(some.honest_pdus)
def test_honest_values_round_trip(pdu: wire.PDU) -> None:
    assert wire.decode(wire.encode(pdu)) == pdu
    assert wire.lies(pdu) == []


@given(some.lying_pdus)
def test_any_lie_round_trips(pdu: wire.PDU) -> None:
    raw = wire.encode(pdu)
    again = wire.decode(raw)
    assert wire.encode(again) == raw
    assert b"".join(octets for _, octets in wire.named_parts(again)) == raw


@given(some.lying_pdus)
def test_encode_is_the_join_of_named_parts(pdu: wire.PDU) -> None:
    assert wire.encode(pdu) == b"".join(octets for _, octets in wire.named_parts(pdu))


@given(some.lying_pdus)
def test_part_names_are_unique(pdu: wire.PDU) -> None:
    names = [name for name, _ in wire.named_parts(pdu)]
    assert len(names) == len(set(names))


@given(st.binary(max_size=200))
def test_decode_is_total(data: bytes) -> None:
    assert wire.encode(wire.decode(data)) == data


@given(st.sampled_from([1, 2]), st.binary(max_size=200))
def test_decode_is_total_on_item_lists(kind: int, items: bytes) -> None:
    data = bytes((kind, 0)) + (68 + len(items)).to_bytes(4, "big") + bytes(68) + items
    pdu = wire.decode(data)
    assert isinstance(pdu, wire.AssociateRQ | wire.AssociateAC)
    assert wire.encode(pdu) == data
    assert pdu.length is None


@given(some.honest_pdus, st.integers(0, 400), st.integers(0, 400), st.integers(1, 255))
def test_damaged_octets_round_trip(pdu: wire.PDU, cut: int, at: int, xor: int) -> None:
    raw = wire.encode(pdu)
    damaged = wire.truncated(wire.flipped(raw, at % len(raw), xor), cut)
    assert wire.encode(wire.decode(damaged)) == damaged


def test_items_that_nest_without_end_do_not_exhaust_the_stack() -> None:
    body = b""
    while len(body) < 0xFFF0:
        body = b"\x50\x00" + len(body).to_bytes(2, "big") + body
    data = wire.encode(wire.AssociateRQ(items=(body,)))
    assert wire.encode(wire.decode(data)) == data


def test_a_length_is_computed_unless_it_is_set() -> None:
    honest = wire.AssociateRQ(items=(wire.MaximumLength(value=5),))
    assert wire.encode(honest)[2:6] == (68 + 8).to_bytes(4, "big")
    assert wire.encode(replace(honest, length=1))[2:6] == b"\0\0\0\1"
    assert wire.lies(replace(honest, length=1)) == ["length"]
    assert wire.lies(replace(honest, length=76)) == []


def test_every_kind_of_length_is_named_when_it_lies() -> None:
    rq = wire.AssociateRQ(
        items=(
            wire.ApplicationContext(length=9),
            wire.PresentationContextRQ(
                id=1,
                abstract_syntax=wire.AbstractSyntax(uid="1.2", length=9),
                transfer_syntaxes=("1.2", wire.TransferSyntax(uid="1.2", length=9)),
            ),
            wire.UserInformation(
                items=(
                    wire.UserIdentityRQ(primary="me", primary_length=9, secondary_length=9),
                    wire.RoleSelection(uid="1.2", uid_length=9),
                    wire.CommonExtendedNegotiation(
                        uid="1",
                        service_class_uid="2",
                        related=("3",),
                        uid_length=9,
                        service_class_uid_length=9,
                        related_length=9,
                    ),
                    wire.UserIdentityAC(response_length=9),
                    wire.ExtendedNegotiation(uid="1", uid_length=9),
                )
            ),
            wire.Item(type=0x77, length=9, body=(wire.MaximumLength(length=9),)),
        )
    )
    assert wire.lies(rq) == [
        "items[0].length",
        "items[1].abstract_syntax.length",
        "items[1].transfer_syntaxes[1].length",
        "items[2].items[0].primary_length",
        "items[2].items[0].secondary_length",
        "items[2].items[1].uid_length",
        "items[2].items[2].uid_length",
        "items[2].items[2].service_class_uid_length",
        "items[2].items[2].related_length",
        "items[2].items[3].response_length",
        "items[2].items[4].uid_length",
        "items[3].length",
        "items[3].body[0].length",
    ]
    assert wire.lies(wire.PDataTF(pdvs=(b"raw", wire.PDV(length=1)))) == ["pdvs[1].length"]


def test_parts_are_named_by_their_path() -> None:
    rq = wire.associate_rq("A", "B", [wire.Context(3, "1.2", ("1.2.3",))])
    parts = dict(wire.named_parts(rq))
    assert parts["called"] == b"A" + b" " * 15
    assert parts["items[1].id"] == b"\3"
    assert parts["items[1].abstract_syntax.uid"] == b"1.2"
    assert parts["items[1].transfer_syntaxes[0].uid"] == b"1.2.3"
    assert parts["items[2].items[0].value"] == (16384).to_bytes(4, "big")


def test_titles_are_padded_but_never_cut() -> None:
    raw = wire.encode(wire.AssociateRQ(called=b"A" * 20, calling=b"B"))
    assert raw[10:30] == b"A" * 20
    assert raw[30:46] == b"B" + b" " * 15


def test_text_and_octets_are_one_value() -> None:
    assert wire.ImplementationClassUID(uid="1.2") == wire.ImplementationClassUID(uid=b"1.2")
    assert wire.PresentationContextRQ(
        id=1, abstract_syntax="1", transfer_syntaxes=("2",)
    ) == wire.PresentationContextRQ(id=1, abstract_syntax=b"1", transfer_syntaxes=(b"2",))
    wire.encode(wire.AssociateRQ(items=(wire.ApplicationContext(name="\ud800\u00e9"),)))


def test_a_number_too_large_for_its_octets_cannot_be_sent() -> None:
    with pytest.raises((ValueError, OverflowError)):
        wire.encode(wire.AssociateRJ(result=256))


@pytest.mark.parametrize("kind", [3, 7])
def test_a_short_body_of_fixed_size_is_unparsed(kind: int) -> None:
    raw = wire.encode(wire.RawPDU(type=kind, body=b"\0\0\0"))
    answer = wire.decode(raw)
    assert isinstance(answer, wire.Unparsed)
    assert "3 octets" in answer.reason
    assert wire.lies(answer) == []


class TestLazyPData:
    """A decoded P-DATA-TF is not taken apart at once, and nobody can tell."""

    PDU = wire.PDataTF(pdvs=(wire.PDV(data=b"ab"), wire.PDV(data=b"cd", control=0x83)))

    def decoded(self) -> wire.PDataTF:
        pdu = wire.decode(wire.encode(self.PDU))
        assert isinstance(pdu, wire.PDataTF)
        return pdu

    def test_it_is_equal_hashes_alike_and_prints_alike(self) -> None:
        assert self.decoded() == self.decoded()
        assert hash(self.decoded()) == hash(self.decoded())
        assert repr(self.decoded()).startswith("PDataTF(length=None, reserved=0, pdvs=(PDV(")

    def test_replace_forgets_the_octets(self) -> None:
        changed = replace(self.decoded(), length=1)
        assert wire.encode(changed)[2:6] == b"\0\0\0\1"
        assert wire.encode(replace(self.PDU, reserved=9))[1] == 9

    def test_copies_and_pickles_are_equal(self) -> None:
        assert copy.copy(self.decoded()) == self.decoded()
        assert pickle.loads(pickle.dumps(self.decoded())) == self.decoded()

    def test_an_unknown_attribute_is_still_an_error(self) -> None:
        with pytest.raises(AttributeError, match="pdv_list"):
            getattr(self.decoded(), "pdv_list")  # noqa: B009

    @pytest.mark.parametrize("length", [0, 1, 0x7FFFFFFF, 0xFFFFFFFC])
    def test_a_pdv_length_that_lies_is_kept(self, length: int) -> None:
        sent = wire.PDataTF(pdvs=(wire.PDV(length=length, data=b"abcd"),))
        assert wire.decode(wire.encode(sent)) == sent
        assert wire.lies(sent) == ["pdvs[0].length"]
