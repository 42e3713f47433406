"""Fragmentation and reassembly of DIMSE messages."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulators import wire
from tests.simulators.wire import strategies as some


def feed(assembler: wire.Reassembler, *pdus: wire.PDataTF) -> list[wire.Message]:
    return [message for pdu in pdus for message in assembler.feed(pdu)]


def pdv(data: bytes, *, context: int = 1, command: bool = True, last: bool = True) -> wire.PDataTF:
    fragment = wire.PDV(context_id=context, command=command, last=last, data=data)
    return wire.PDataTF(pdvs=(fragment,))


@given(st.binary(max_size=300), st.sampled_from([0, 1, 8, 14, 15, 60, 16384]))
def test_a_message_survives_any_maximum_length(dataset: bytes, max_length: int) -> None:
    command = wire.c_store_rq("1.2", "1.2.3")
    pdus = wire.p_data(5, command, dataset, max_length)
    assembler = wire.Reassembler()
    assert feed(assembler, *pdus) == [wire.Message(context_id=5, command=command, dataset=dataset)]
    assert assembler.faults == []
    assert not assembler.busy
    for pdu in pdus:
        raw = wire.encode(pdu)
        assert len(raw) - 6 <= max(max_length or len(raw), 8)
        assert raw == b"".join(octets for _, octets in wire.named_parts(pdu))
        assert all(isinstance(each, wire.PDV) and each.length is None for each in pdu.pdvs)


def test_all_fragments_but_the_last_are_even_and_full() -> None:
    pdus = wire.p_data(1, None, bytes(25), 17)
    assert [len(each.data) for pdu in pdus for each in pdu.pdvs if isinstance(each, wire.PDV)] == [
        10,
        10,
        5,
    ]


def test_raw_octets_pass_as_a_command() -> None:
    (pdu,) = wire.p_data(1, b"junk")
    assert pdu == pdv(b"junk")
    assert wire.p_data(1, None) == []


@given(st.lists(st.binary(max_size=60), max_size=12), st.integers(0, 200))
def test_the_reassembler_is_total(bodies: list[bytes], limit: int) -> None:
    assembler = wire.Reassembler(limit)
    for body in bodies:
        pdu = wire.decode(wire.encode(wire.RawPDU(type=4, body=body)))
        assert isinstance(pdu, wire.PDataTF)
        assembler.feed(pdu)
    assert len(assembler.faults) <= 64


@given(st.lists(some.honest_pdata, max_size=12))
def test_the_reassembler_is_total_on_whole_pdvs(pdus: list[wire.PDataTF]) -> None:
    feed(wire.Reassembler(100), *pdus)


@given(st.lists(some.honest_pdata | some.lying_pdata, max_size=8))
def test_received_and_built_pdus_are_taken_alike(pdus: list[wire.PDataTF]) -> None:
    built, received = wire.Reassembler(), wire.Reassembler()
    for raw in [wire.encode(pdu) for pdu in pdus]:
        again = wire.decode(raw)
        assert isinstance(again, wire.PDataTF)
        # `replace` forgets the octets, so that this one is taken PDV by PDV.
        assert feed(built, replace(again)) == feed(received, again)
    assert built.faults == received.faults


STORE = wire.encode_command(wire.c_store_rq("1.2", "1.2.3"))


@pytest.mark.parametrize(
    ("pdus", "fault"),
    [
        ([pdv(b"", command=False)], "before its command"),
        ([pdv(STORE), pdv(STORE)], "where a data set was announced"),
        ([pdv(STORE[:9], last=False), pdv(STORE, context=3)], "interrupts"),
        ([wire.PDataTF()], "without a PDV"),
        ([wire.PDataTF(pdvs=(b"abc",))], "no PDV"),
        ([wire.PDataTF(pdvs=(wire.PDV(length=99, command=True),))], "PDV declares 99"),
        ([wire.PDataTF(length=7)], "P-DATA-TF declares 7"),
        ([pdv(b"")], "CommandDataSetType"),
        ([pdv(bytes(500), last=False)], "above the limit"),
    ],
)
def test_what_breaks_the_rules_is_noted(pdus: list[wire.PDataTF], fault: str) -> None:
    assembler = wire.Reassembler(400)
    feed(assembler, *pdus)
    assert any(fault in sentence for sentence in assembler.faults), assembler.faults


def test_an_endless_command_is_dropped_and_the_next_message_is_heard() -> None:
    assembler = wire.Reassembler(limit=1000)
    for _ in range(1000):
        assert assembler.feed(pdv(b"", last=False)) == []
    assembler.feed(pdv(bytes(2000)))
    echo = wire.p_data(1, wire.c_echo_rq(7))
    assert [message.command for message in feed(assembler, *echo)] == [wire.c_echo_rq(7)]
