"""Rebuilt frames: checksums, sequence numbers, both families, endings."""

from __future__ import annotations

import struct
from dataclasses import dataclass

import pytest

from harness.frames import SEGMENT_BYTES, Flow, checksum
from harness.stage import Packet

V4 = (("127.0.0.1", 50505), ("127.0.0.2", 11112))
V6 = (("::1", 50505), ("::1", 11112))
FIN, SYN, RST, ACK = 0x01, 0x02, 0x04, 0x10


@dataclass(frozen=True)
class Seen:
    """A frame taken apart again, independently of the builder."""

    source: int
    target: int
    sequence: int
    acknowledged: int
    flags: int
    data: bytes


def taken_apart(frame: bytes) -> Seen:
    if frame[0] >> 4 == 4:
        head, addresses = 20, frame[12:20]
        assert struct.unpack("!H", frame[2:4]) == (len(frame),)
        assert folded(frame[:20]) == 0xFFFF
    else:
        head, addresses = 40, frame[8:40]
        assert struct.unpack("!H", frame[4:6]) == (len(frame) - 40,)
    segment = frame[head:]
    assert folded(addresses + struct.pack("!II", len(segment), 6) + segment) == 0xFFFF
    source, target, sequence, acknowledged, words, flags = struct.unpack("!HHIIBB", segment[:14])
    return Seen(source, target, sequence, acknowledged, flags, segment[(words >> 4) * 4 :])


def folded(data: bytes) -> int:
    """RFC 1071 word by word: valid data with their checksum sum up to 0xFFFF."""
    total = 0
    for (word,) in struct.iter_unpack("!H", data + bytes(len(data) % 2)):
        total += word
        total = (total & 0xFFFF) + (total >> 16)
    return total


def packet(sent: bool, data: bytes = b"", event: str = "data") -> Packet:
    return Packet(at=1.0, connection=1, sent=sent, peer=V4[1], local=V4[0], data=data, event=event)


def played(flow: Flow, *packets: Packet) -> list[Seen]:
    return [taken_apart(frame) for each in packets for frame in flow.frames(each)]


@pytest.mark.parametrize("ends", [V4, V6, (("127.0.0.1", 50505), ("::1", 11112))])
def test_an_exchange_has_consistent_sequence_numbers(
    ends: tuple[tuple[str, int], tuple[str, int]],
) -> None:
    syn, syn_ack, ack, request, answer, fin, fin_ack = played(
        Flow(*ends),
        packet(True, event="open"),
        packet(True, b"request"),
        packet(False, b"odd"),
        packet(True, event="fin"),
    )
    assert (syn.flags, syn_ack.flags, ack.flags) == (SYN, SYN | ACK, ACK)
    assert (syn.source, syn_ack.source) == (50505, 11112)
    assert (request.sequence, request.acknowledged, request.data) == (1, 1, b"request")
    assert (answer.sequence, answer.acknowledged, answer.data) == (1, 8, b"odd")
    assert (fin.flags, fin.sequence, fin.acknowledged) == (FIN | ACK, 8, 4)
    assert (fin_ack.flags, fin_ack.sequence, fin_ack.acknowledged) == (ACK, 4, 9)


def test_a_device_that_calls_us_sends_the_syn() -> None:
    syn, *_ = played(Flow(*V4), packet(False, event="open"))
    assert (syn.source, syn.target) == (11112, 50505)


def test_large_data_are_split_without_loss() -> None:
    data = bytes(range(256)) * 400
    seen = played(Flow(*V4), packet(True, data))
    assert b"".join(each.data for each in seen) == data
    assert [each.sequence for each in seen] == list(range(0, len(data), SEGMENT_BYTES))


def test_sequence_numbers_wrap() -> None:
    flow = Flow(*V4)
    flow.skip(sent=True, count=2**32 - 1)
    first, second = played(flow, packet(True, b"ab"), packet(True, b"c"))
    assert (first.sequence, second.sequence) == (2**32 - 1, 1)


def test_nothing_follows_a_reset_and_no_end_comes_twice() -> None:
    assert len(played(Flow(*V4), *[packet(False, event="fin")] * 3)) == 2
    reset, *rest = played(
        Flow(*V4), packet(False, event="rst"), packet(True, event="fin"), packet(True, b"x")
    )
    assert reset.flags & RST
    assert rest == []


def test_a_name_that_is_no_address_does_not_raise() -> None:
    assert played(Flow(("unix", 1), ("fe80::1%lo", 2)), packet(True, b"x"))[0].data == b"x"


@pytest.mark.parametrize("data", [b"", b"\0\0", b"\xff\xff", b"\x01", bytes(range(255))])
def test_the_checksum_completes_the_sum(data: bytes) -> None:
    padded = data + bytes(len(data) % 2)
    assert folded(padded + struct.pack("!H", checksum(data))) in (0, 0xFFFF)
