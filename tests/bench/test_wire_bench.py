"""How fast the codec is beside pynetdicom's, both measured in one run.

Run it with ``pytest tests/bench/test_wire_bench.py -s``. It prints ratios, asserts nothing about
time and writes nothing. Both sides start from a PDU object that is already built.

A P-DATA-TF remembers its octets once it was encoded, and a decoded one is taken apart when it is
looked at. Three lines keep that honest: encoding again, encoding for the first time, and a whole
C-STORE message from data set to octets and back, in which every octet is looked at.
"""

from __future__ import annotations

import sys
import timeit
from collections.abc import Callable
from io import BytesIO

import pytest
from pydicom.uid import UID
from pynetdicom.dimse_messages import C_STORE_RQ
from pynetdicom.dimse_primitives import C_STORE
from pynetdicom.pdu import A_ASSOCIATE_RQ, P_DATA_TF

from simulators import wire

pytestmark = pytest.mark.slow

REPEATS = 9
MESSAGE = 512 * 1024
INSTANCE = "1.2.3.4"


def best_us(*functions: Callable[[], object], number: int) -> list[float]:
    """Return the best time of each function, in microseconds, taken in turns."""
    timers = [timeit.Timer(function) for function in functions]
    rounds = [[timer.timeit(number) for timer in timers] for _ in range(REPEATS)]
    return [min(column) / number * 1e6 for column in zip(*rounds, strict=True)]


def report(name: str, ours: list[float], theirs: list[float]) -> None:
    ratio = sum(theirs) / sum(ours)
    mine, other = (" + ".join(f"{each:.2f}" for each in side) for side in (ours, theirs))
    sys.stdout.write(f"\n{name}: {mine} us, pynetdicom {other} us: {ratio:.1f}x\n")


def test_associate_rq_with_ten_contexts() -> None:
    syntaxes = (wire.uids.EXPLICIT_LE, wire.uids.IMPLICIT_LE)
    contexts = [
        wire.Context(2 * index + 1, f"{wire.uids.CT_IMAGE_STORAGE}.{index}", syntaxes)
        for index in range(10)
    ]
    pdu = wire.associate_rq("ANY-SCP", "ASSAY", contexts)
    raw = wire.encode(pdu)
    judge = A_ASSOCIATE_RQ()
    judge.decode(raw)
    assert judge.encode() == raw
    times = best_us(
        lambda: wire.encode(pdu),
        lambda: wire.decode(raw),
        lambda: judge.encode(),
        lambda: A_ASSOCIATE_RQ().decode(raw),
        number=100,
    )
    report("A-ASSOCIATE-RQ, 10 contexts, encode + decode (goal 5x)", times[:2], times[2:])


@pytest.mark.parametrize(("count", "size"), [(1, 16378), (1, 1024), (16, 1024)])
def test_p_data(count: int, size: int) -> None:
    pdvs = (wire.PDV(data=bytes(size)),) * count

    def build() -> wire.PDataTF:
        return wire.PDataTF(pdvs=pdvs)

    pdu = build()
    raw = wire.encode(pdu)
    judge = P_DATA_TF()
    judge.decode(raw)
    assert judge.encode() == raw
    number = 1000
    fresh = [build() for _ in range(number * REPEATS)]
    times = best_us(
        lambda: wire.encode(pdu),
        lambda: wire.encode(fresh.pop()),
        lambda: wire.decode(raw),
        lambda: judge.encode(),
        lambda: P_DATA_TF().decode(raw),
        number=number,
    )
    again, first, decode, *theirs = times
    name = f"P-DATA-TF, {count} x {size}, encode"
    report(f"{name} again + decode (goal 10x)", [again, decode], theirs)
    report(f"{name} for the first time + decode", [first, decode], theirs)


def our_message(dataset: bytes) -> bytes | None:
    """Cut a C-STORE-RQ up, encode, decode and put it together again."""
    assembler = wire.Reassembler()
    for pdu in wire.p_data(1, wire.c_store_rq(wire.uids.CT_IMAGE_STORAGE, INSTANCE), dataset):
        received = wire.decode(wire.encode(pdu))
        assert isinstance(received, wire.PDataTF)
        for message in assembler.feed(received):
            return message.dataset
    return None


def their_message(dataset: bytes) -> bytes | None:
    """Do the same with pynetdicom."""
    primitive = C_STORE()
    primitive.MessageID, primitive.Priority = 1, 0
    primitive.AffectedSOPClassUID = UID(wire.uids.CT_IMAGE_STORAGE)
    primitive.AffectedSOPInstanceUID = UID(INSTANCE)
    primitive.DataSet = BytesIO(dataset)
    sent, received = C_STORE_RQ(), C_STORE_RQ()
    sent.primitive_to_message(primitive)
    for p_data in sent.encode_msg(1, 16384):
        pdu, answer = P_DATA_TF(), P_DATA_TF()
        pdu.from_primitive(p_data)
        answer.decode(pdu.encode())
        if received.decode_msg(answer.to_primitive()):
            stream = received.data_set
            assert isinstance(stream, BytesIO)
            return stream.getvalue()
    return None


def test_a_whole_message() -> None:
    dataset = bytes(MESSAGE)
    assert our_message(dataset) == their_message(dataset) == dataset
    times = best_us(lambda: our_message(dataset), lambda: their_message(dataset), number=10)
    report(f"C-STORE-RQ of {MESSAGE} octets, there and back", times[:1], times[1:])
