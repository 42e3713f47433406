"""The buffer that cuts a stream into PDUs."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulators import wire
from tests.simulators.wire import strategies as some


def drain(buffer: wire.PduBuffer) -> list[wire.PDU | wire.Unparsed]:
    return list(iter(buffer.next, None))


@given(st.lists(some.honest_pdus, max_size=4), st.integers(1, 50))
def test_pdus_come_out_whole_however_they_are_cut(pdus: list[wire.PDU], step: int) -> None:
    stream = b"".join(wire.encode(pdu) for pdu in pdus)
    buffer = wire.PduBuffer()
    found: list[wire.PDU | wire.Unparsed] = []
    for at in range(0, len(stream), step):
        buffer.feed(stream[at : at + step])
        found += drain(buffer)
    assert found == pdus
    assert buffer.pending == b""


@given(st.lists(st.binary(max_size=40), max_size=10), st.integers(0, 100))
def test_the_buffer_is_total_and_loses_nothing(chunks: list[bytes], limit: int) -> None:
    buffer = wire.PduBuffer(limit)
    out = b""
    for chunk in chunks:
        buffer.feed(chunk)
        out += b"".join(wire.encode(pdu) for pdu in drain(buffer))
    everything = b"".join(chunks)
    assert everything.startswith(out + buffer.pending)
    assert buffer.lost or everything == out + buffer.pending


def test_a_length_above_the_limit_is_not_waited_for() -> None:
    buffer = wire.PduBuffer()
    bomb = wire.encode(wire.AssociateRQ(length=0xFFFF_FFFF))
    buffer.feed(bomb)
    answer = buffer.next()
    assert isinstance(answer, wire.Unparsed)
    assert answer.data == bomb
    assert "4294967295" in answer.reason
    buffer.feed(bytes(100))
    assert buffer.lost
    assert buffer.pending == b""
    assert buffer.next() is None


def test_an_incomplete_pdu_waits() -> None:
    buffer = wire.PduBuffer()
    raw = wire.encode(wire.ReleaseRQ())
    buffer.feed(wire.truncated(raw, 9))
    assert buffer.next() is None
    assert buffer.pending == raw[:9]
    buffer.feed(raw[9:])
    assert buffer.next() == wire.ReleaseRQ()


def test_flipping_an_octet_that_is_not_there_is_our_mistake() -> None:
    assert wire.flipped(b"\x01\x02", 1, 0x80) == b"\x01\x82"
    with pytest.raises(IndexError):
        wire.flipped(b"", 0, 1)
